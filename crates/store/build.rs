//! `sqlx::migrate!` reads a folder that Cargo does not watch: without this a new migration would not be compiled in.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
