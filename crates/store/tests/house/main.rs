//! The store against real SQLite files.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod claims;
mod files;
mod manners;
mod people;
mod privacy;
mod profiles;
mod put_off;
mod reports;
mod turns;
mod upgrade;
mod versions;
mod whole_people;
mod writer;

use chrono::{DateTime, TimeDelta, Utc};
use store::Store;
use tempfile::TempDir;

/// A database in a folder that goes with it.
struct House {
    folder: TempDir,
    store: Store,
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("familiar.db"))
            .await
            .unwrap();
        Self { folder, store }
    }

    /// Every byte of the database's files, as text.
    fn bytes(&self) -> String {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        let mut all = String::new();
        for file in files
            .map(|file| file.unwrap().path())
            .filter(|path| path.is_file())
        {
            all.push_str(&String::from_utf8_lossy(&std::fs::read(file).unwrap()));
        }
        all
    }

    /// Closes the database and opens it again, as a restart does.
    async fn restarted(self) -> Self {
        self.store.close().await.unwrap();
        let store = Store::open(self.folder.path().join("familiar.db"))
            .await
            .unwrap();
        Self {
            folder: self.folder,
            store,
        }
    }
}

/// A moment, counted in minutes.
fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap() + TimeDelta::minutes(minutes)
}
