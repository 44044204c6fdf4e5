//! What of a model is on this disk.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::{Pin, Pinned};

/// Bytes that are read at once.
const CHUNK: usize = 1024 * 1024;

/// What is at a file's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The file, byte for byte.
    Whole,
    /// Another file, or a part.
    Other,
    /// Nothing.
    Missing,
}

/// A model's folder in the data folder.
pub fn folder(data: &Path, pin: &Pin) -> PathBuf {
    data.join("models").join(&pin.model)
}

/// What is there, file by file. Reads all of it, so it takes a moment; blocks.
pub fn look(folder: &Path, pin: &Pin) -> Vec<(Pinned, State)> {
    let files = pin.files.iter();
    files
        .map(|file| {
            let state = match is_pinned(&folder.join(&file.name), file) {
                Ok(true) => State::Whole,
                Ok(false) => State::Other,
                Err(error) if error.kind() == io::ErrorKind::NotFound => State::Missing,
                Err(_) => State::Other,
            };
            (file.clone(), state)
        })
        .collect()
}

/// Whether all files are there in their full size. A start has no time for more.
pub fn looks_whole(folder: &Path, pin: &Pin) -> bool {
    pin.files.iter().all(|file| {
        std::fs::metadata(folder.join(&file.name)).is_ok_and(|there| there.len() == file.bytes)
    })
}

/// Whether a file is the pinned one. Blocks.
pub(super) fn is_pinned(path: &Path, file: &Pinned) -> io::Result<bool> {
    let mut opened = File::open(path)?;
    if opened.metadata()?.len() != file.bytes {
        return Ok(false);
    }
    let mut hash = Sha256::new();
    let mut buffer = vec![0; CHUNK];
    loop {
        match opened.read(&mut buffer) {
            Ok(0) => return Ok(hexadecimal(&hash.finalize()) == file.sha256),
            Ok(read) => hash.update(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Bytes as checksums are written.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
