//! The broom: words that are deleted leave their old bytes in the log until it is moved into the database and emptied.
//! Whoever deletes need not think of it: SQLite itself tells which rows go, whatever statement took them.
//!
//! Deletions that come together are swept together, on a connection of its own, so that no write waits for it longer than
//! a lock takes. Whoever must know that the bytes are gone calls [`crate::Store::checkpoint`] beside that.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteOperation};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{Mutex, Notify};

use crate::error::StoreError;

/// The tables that hold what people said, wrote or are known for. A table without rowids would not be told of.
const WORDS: [&str; 5] = [
    "turns",
    "facts",
    "summaries",
    "personas",
    "persona_versions",
];
/// How long deletions gather before they are swept.
const GATHER: Duration = Duration::from_millis(200);
/// How long a sweep holds others up at most, while it waits for those who still read the log.
const PATIENCE: Duration = Duration::from_millis(100);
/// After how long a sweep is tried again that others were in the way of.
const AGAIN: Duration = Duration::from_secs(1);
/// How long another program's sweep is waited for by who closes the database, and how often that is looked at.
const TURN_WAIT: Duration = Duration::from_millis(500);
const TURN_PAUSE: Duration = Duration::from_millis(20);

/// Knows whether there is something to sweep. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Broom {
    /// Set while a statement runs, by the connection that writes.
    dirty: Arc<AtomicBool>,
    told: Arc<Notify>,
    /// SQLite lets one sweep at a time and does not let another wait for it.
    turn: Arc<Mutex<()>>,
}

impl Broom {
    /// Has this connection say when words go.
    pub(crate) async fn watch(&self, conn: &mut SqliteConnection) -> Result<(), StoreError> {
        let dirty = Arc::clone(&self.dirty);
        conn.lock_handle().await?.set_update_hook(move |change| {
            let takes = matches!(
                change.operation,
                SqliteOperation::Delete | SqliteOperation::Update
            );
            if takes && WORDS.contains(&change.table) {
                dirty.store(true, Ordering::Relaxed);
            }
        });
        Ok(())
    }

    /// What was written is on disk: if words went with it, they are swept soon.
    pub(crate) fn committed(&self) {
        if self.dirty.swap(false, Ordering::Relaxed) {
            self.told.notify_one();
        }
    }

    /// Empties the log on this connection.
    pub(crate) async fn empty_log(&self, conn: &mut SqliteConnection) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        truncate_wal(conn).await
    }

    /// Like [`Broom::empty_log`], and asks again for a moment while another program sweeps: SQLite does not wait for that.
    pub(crate) async fn empty_log_in_turn(
        &self,
        conn: &mut SqliteConnection,
    ) -> Result<(), StoreError> {
        let began = Instant::now();
        loop {
            match self.empty_log(conn).await {
                Err(StoreError::Locked) if began.elapsed() < TURN_WAIT => {
                    tokio::time::sleep(TURN_PAUSE).await;
                }
                done => return done,
            }
        }
    }

    /// Sweeps whenever there is something to sweep, and at once: a run that was killed may have left something.
    pub(crate) async fn keep_sweeping(self, options: SqliteConnectOptions) {
        let options = options.busy_timeout(PATIENCE);
        self.told.notify_one();
        loop {
            self.told.notified().await;
            tokio::time::sleep(GATHER).await;
            while let Err(error) = self.sweep(&options).await {
                tracing::debug!(%error, "deleted words are not yet gone from the database's log");
                tokio::time::sleep(AGAIN).await;
            }
        }
    }

    async fn sweep(&self, options: &SqliteConnectOptions) -> Result<(), StoreError> {
        let mut conn = options.connect().await?;
        let turn = self.turn.lock().await;
        // What can be moved without a lock is moved first.
        let moved = sqlx::query("pragma wal_checkpoint(passive)")
            .execute(&mut conn)
            .await;
        let swept = match moved {
            Ok(_) => truncate_wal(&mut conn).await,
            Err(error) => Err(error.into()),
        };
        drop(turn);
        conn.close().await?;
        swept
    }
}

/// Moves the log into the database file and empties it, so that what was deleted is gone from both.
async fn truncate_wal(conn: &mut SqliteConnection) -> Result<(), StoreError> {
    let (busy, _, _): (i64, i64, i64) = sqlx::query_as("pragma wal_checkpoint(truncate)")
        .fetch_one(conn)
        .await?;
    if busy == 0 {
        Ok(())
    } else {
        Err(StoreError::Locked)
    }
}
