//! The database's age: a count of its durable groups of writes, kept in the database and in a small file beside it.
//!
//! A restored backup brings an older count than the file beside it, and is known by that. The file is brought up to
//! date once a second at most, never on the way of a write, and without forcing it to the disk: it survives a kill, and
//! after a power cut it may be a little behind, which hides no backup that was made before.
//!
//! What cannot be known by this: a whole folder that is restored with its file (a snapshot of the machine or the
//! volume), and a backup of the last second before a kill. See [`crate::restores`] for what follows.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::SqliteConnection;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::watch;

use crate::StoreError;

/// How often the file is brought up to date at most.
const EVERY: Duration = Duration::from_secs(1);

/// Which database, and how old.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Age {
    name: String,
    pub(crate) writes: i64,
}

impl Age {
    pub(crate) async fn read(conn: &mut SqliteConnection) -> Result<Self, StoreError> {
        let (name, writes) = sqlx::query_as("select name, writes from database_age where only = 1")
            .fetch_one(conn)
            .await?;
        Ok(Self { name, writes })
    }

    /// What the file says; `None` if there is none, or none that can be read.
    pub(crate) async fn seen(path: &Path) -> Option<Self> {
        let text = tokio::fs::read_to_string(path).await.ok()?;
        let (name, writes) = text.trim_end().split_once(' ')?;
        Some(Self {
            name: name.to_owned(),
            writes: writes.parse().ok()?,
        })
    }

    /// What to make of this database: `Some` if it is a backup, with the count that the machine had seen.
    pub(crate) fn is_restored(&self, seen: Option<&Self>) -> bool {
        match seen {
            Some(seen) if seen.name == self.name => self.writes < seen.writes,
            // Another database than the machine knows, or the machine knows none. One that nothing was written to is new.
            _ => self.writes > 0,
        }
    }

    /// Writes the file in place: as long as it was, so that it needs no room on a full disk.
    async fn write(&self, path: &Path) -> std::io::Result<()> {
        let mut file = tokio::fs::OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)
            .await?;
        let line = format!("{} {:020}\n", self.name, self.writes);
        file.write_all(line.as_bytes()).await?;
        file.flush().await
    }
}

/// Counts a group of writes, in its transaction. Returns the new count.
pub(crate) async fn count(conn: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "update database_age set writes = writes + 1 where only = 1 returning writes",
    )
    .fetch_one(conn)
    .await
}

/// Where the writer reports the counts that are on disk.
#[derive(Clone, Debug)]
pub(crate) struct Almanac {
    path: PathBuf,
    age: watch::Sender<Age>,
}

impl Almanac {
    /// Starts the task that keeps the file. It ends with the writer.
    pub(crate) fn start(path: PathBuf, age: Age) -> Self {
        let (sender, news) = watch::channel(age);
        tokio::spawn(keep(path.clone(), news));
        Self { path, age: sender }
    }

    pub(crate) fn report(&self, writes: i64) {
        self.age.send_modify(|age| age.writes = writes);
    }

    /// Brings the file up to date now.
    pub(crate) async fn write(&self) {
        let age = self.age.borrow().clone();
        note(&self.path, &age).await;
    }
}

async fn keep(path: PathBuf, mut news: watch::Receiver<Age>) {
    news.mark_changed();
    while news.changed().await.is_ok() {
        let age = news.borrow_and_update().clone();
        note(&path, &age).await;
        tokio::time::sleep(EVERY).await;
    }
}

/// Another process on the same database may have noted a higher count; it stays.
async fn note(path: &Path, age: &Age) {
    let seen = Age::seen(path).await;
    if seen.is_some_and(|seen| seen.name == age.name && seen.writes >= age.writes) {
        return;
    }
    if let Err(error) = age.write(path).await {
        tracing::warn!(%error, path = %path.display(), "the database's age could not be noted beside it; a backup that is restored might not be recognised");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn age(name: &str, writes: i64) -> Age {
        Age {
            name: name.into(),
            writes,
        }
    }

    #[test]
    fn a_database_is_a_backup_if_it_is_older_than_what_was_seen_or_never_seen_but_not_new() {
        let seen = age("a", 10);
        assert!(age("a", 9).is_restored(Some(&seen)));
        assert!(!age("a", 10).is_restored(Some(&seen)));
        assert!(!age("a", 11).is_restored(Some(&seen)));
        assert!(age("b", 11).is_restored(Some(&seen)), "another database");
        assert!(!age("b", 0).is_restored(Some(&seen)), "a new one");
        assert!(age("a", 1).is_restored(None), "on another machine");
        assert!(!age("a", 0).is_restored(None));
    }

    #[tokio::test]
    async fn the_file_says_what_was_written_and_only_ever_more() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db-seen");
        assert_eq!(Age::seen(&path).await, None);
        note(&path, &age("a", 7)).await;
        note(&path, &age("a", 5)).await;
        assert_eq!(Age::seen(&path).await, Some(age("a", 7)));
        note(&path, &age("b", 1)).await;
        assert_eq!(Age::seen(&path).await, Some(age("b", 1)));
        std::fs::write(&path, "nonsense").unwrap();
        assert_eq!(Age::seen(&path).await, None);
    }
}
