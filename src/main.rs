//! The `familiar` program.
fn main() {}
