//! Ballast: a few megabytes beside the database that are given up when the disk is full, so that what runs can still be
//! settled and the log be emptied.
//!
//! The bytes are really written, and no file system can compress them away.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// How much is kept.
pub(crate) const BALLAST: u64 = 4 << 20;
/// How much more must be free before a disk that was full counts as having room, or it would be full again at once.
const SPARE: u64 = 1 << 20;
/// How much is written at a time.
const PIECE: usize = 64 << 10;

/// The ballast of one database.
#[derive(Clone, Debug)]
pub(crate) struct Ballast {
    path: PathBuf,
    bytes: u64,
}

impl Ballast {
    pub(crate) fn new(path: PathBuf, bytes: u64) -> Self {
        Self { path, bytes }
    }

    /// Takes it on board, if it is not there. Fails where there is no room for it and a little more, and leaves
    /// nothing behind then.
    pub(crate) async fn load(&self) -> io::Result<()> {
        let Self { path, bytes } = self.clone();
        tokio::task::spawn_blocking(move || load(&path, bytes))
            .await
            .unwrap_or_else(|lost| Err(io::Error::other(lost)))
    }

    /// Throws it overboard. Says whether there was any.
    pub(crate) async fn drop_it(&self) -> bool {
        tokio::fs::remove_file(&self.path).await.is_ok()
    }

    /// Whether not even the spare room is there, for errors that do not say whether it is the room that is missing.
    pub(crate) async fn is_room_missing(&self) -> bool {
        let path = neighbour(&self.path, ".probe");
        let tried = tokio::task::spawn_blocking(move || {
            let tried = fill(&path, SPARE);
            let _ = std::fs::remove_file(&path);
            tried
        });
        matches!(tried.await, Ok(Err(error)) if is_full(&error))
    }
}

fn load(path: &Path, bytes: u64) -> io::Result<()> {
    if bytes == 0 || std::fs::metadata(path).is_ok_and(|file| file.len() == bytes) {
        return Ok(());
    }
    // Beside its place first: ballast that is only half there would be taken for whole, or half the room for enough.
    let unfinished = neighbour(path, ".loading");
    let loaded = fill(&unfinished, bytes + SPARE).and_then(|file| {
        file.set_len(bytes)?;
        std::fs::rename(&unfinished, path)
    });
    if loaded.is_err() {
        let _ = std::fs::remove_file(&unfinished);
    }
    loaded
}

/// Writes a file of bytes that look random (xorshift), and waits until the file system has found room for them.
fn fill(path: &Path, bytes: u64) -> io::Result<File> {
    let mut file = File::create(path)?;
    let mut piece = vec![0; PIECE];
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut left = bytes;
    while left > 0 {
        for word in piece.chunks_exact_mut(8) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            word.copy_from_slice(&state.to_le_bytes());
        }
        let now = left.min(PIECE as u64);
        file.write_all(&piece[..now as usize])?;
        left -= now;
    }
    Ok(file)
}

/// A file of the ballast's own beside it.
fn neighbour(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// Whether an error says that there is no room, or that no more of it may be used.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn ballast_is_as_large_as_it_says_and_can_be_thrown_overboard_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db-ballast");
        let ballast = Ballast::new(path.clone(), 300_000);
        ballast.load().await.unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().len(), 300_000);
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            File::open(&path).unwrap().sync_all().unwrap();
            assert!(
                std::fs::metadata(&path).unwrap().blocks() * 512 >= 300_000,
                "it takes no room"
            );
        }
        assert!(ballast.drop_it().await);
        assert!(!ballast.drop_it().await);
    }

    #[tokio::test]
    async fn where_there_is_no_room_nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let ballast = Ballast::new(folder.path().join("missing/x.db-ballast"), 1000);
        assert!(ballast.load().await.is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
