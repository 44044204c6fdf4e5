//! The store against real SQLite files.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod claims;
mod files;
mod people;
mod turns;
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
