//! Lists the personas in `personas/` at the top of the repository, so that they are compiled into the program and an installed
//! binary needs no files.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../personas");
    println!("cargo::rerun-if-changed={}", root.display());

    let mut folders: Vec<PathBuf> = match fs::read_dir(&root) {
        Ok(entries) => entries
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .filter(|path| path.is_dir())
            .collect(),
        Err(_) => Vec::new(),
    };
    folders.sort();

    let mut list = String::from("&[\n");
    for folder in folders {
        // The folder itself, so that a file which appears in it later counts.
        println!("cargo::rerun-if-changed={}", folder.display());
        let Some(slug) = folder.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        // A persona without a face is still being made.
        let files = (
            included(&folder.join("card.json"))?,
            included(&folder.join("avatar.png"))?,
        );
        let (Some(card), Some(avatar)) = files else {
            continue;
        };
        list.push_str(&format!("    ({slug:?}, {card}, {avatar}),\n"));
    }
    list.push(']');
    fs::write(Path::new(&env::var("OUT_DIR")?).join("bundled.rs"), list)?;
    Ok(())
}

/// The expression that embeds a file, if the file is there.
fn included(file: &Path) -> Result<Option<String>, Box<dyn Error>> {
    if !file.is_file() {
        return Ok(None);
    }
    let path = file.canonicalize()?;
    println!("cargo::rerun-if-changed={}", path.display());
    let path = path
        .to_str()
        .ok_or("the path of the repository is not valid Unicode")?;
    Ok(Some(format!("include_bytes!({path:?})")))
}
