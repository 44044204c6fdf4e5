//! The store: every SQL statement of Familiar. Nothing outside this crate knows which database it is.
//!
//! One SQLite file in WAL mode, a few connections that read and one task that writes ([`Store::write`]). To add a table,
//! add a migration in `migrations/` and one file here with its row type and an `impl Store` of its functions. SQL is
//! written in lower case beside the function that runs it, with its columns named; a write that must touch one row
//! says so with `touched_one`.

pub mod breaches;
pub mod certifications;
pub mod choices;
pub mod claims;
pub mod clock;
pub mod consents;
pub mod consolidations;
pub mod emojis;
pub mod error;
pub mod export;
pub mod facts;
pub mod forgetting;
pub mod holds;
pub mod id;
pub mod limits;
pub mod lookups;
pub mod notices;
pub mod overview;
pub mod personas;
pub mod prices;
mod reader;
pub mod roster;
pub mod search;
pub mod settings;
pub mod spend;
pub mod turns;
pub mod windows;
mod words;
mod writer;

use std::path::Path;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteQueryResult, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection};

pub use error::StoreError;

use writer::Writer;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// How long a statement waits for a lock that another program holds.
const LOCK_WAIT: Duration = Duration::from_secs(5);
/// Connections that read. SQLite reads are short; more would only take memory.
const READERS: u32 = 4;
/// How long a read waits for a free connection.
const READER_WAIT: Duration = Duration::from_secs(10);

/// The database. Cheap to clone; all clones share one writer.
#[derive(Clone)]
pub struct Store {
    readers: SqlitePool,
    writer: Writer,
}

impl Store {
    /// Opens the database file, creating it and its folder where they are missing, and brings its schema up to date.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::open_waiting(path, LOCK_WAIT).await
    }

    /// Like [`Store::open`], waiting at most `lock_wait` for another program's lock, now and at every later statement.
    pub async fn open_waiting(
        path: impl AsRef<Path>,
        lock_wait: Duration,
    ) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let cannot_open = || StoreError::CannotOpen {
            path: path.to_owned(),
        };
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            tokio::fs::create_dir_all(folder)
                .await
                .map_err(|_| cannot_open())?;
        }
        let options = connection(path, lock_wait);
        let writing = options
            .clone()
            .journal_mode(SqliteJournalMode::Wal)
            .create_if_missing(true)
            // Confirmed means on disk: holds and claims must survive a power cut.
            .synchronous(SqliteSynchronous::Full)
            // What is forgotten is overwritten with zeros, not only unlinked.
            .pragma("secure_delete", "on")
            .pragma("cache_size", "-4096")
            .pragma("journal_size_limit", "8388608");
        let mut conn = writing
            .connect()
            .await
            .map_err(|error| match StoreError::from(error) {
                StoreError::Sql(error) if error.as_database_error().is_some() => cannot_open(),
                other => other,
            })?;
        if let Err(error) = MIGRATIONS.run(&mut conn).await {
            let _ = conn.close().await;
            return Err(error.into());
        }
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .min_connections(0)
            .acquire_timeout(READER_WAIT)
            .test_before_acquire(false)
            .connect_lazy_with(
                options
                    .pragma("query_only", "on")
                    .pragma("cache_size", "-1024"),
            );
        Ok(Self {
            readers,
            writer: Writer::start(writing, conn),
        })
    }

    /// Runs `work` in the writer's next transaction and returns after it is on disk. An error undoes what `work` did,
    /// and nothing else. Other writes may share the transaction, so `work` must not wait for anything but its own
    /// statements. Dropping the returned future does not take back what was asked for.
    ///
    /// ```ignore
    /// store.write(|conn| Box::pin(async move {
    ///     sqlx::query("delete from things where id = ?").bind(id).execute(conn).await?;
    ///     Ok(())
    /// })).await
    /// ```
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer.write(work).await
    }

    /// The connections that read. They refuse to write.
    pub(crate) fn pool(&self) -> &SqlitePool {
        &self.readers
    }

    /// Moves the log into the database file and empties it. After something was forgotten this takes its last bytes
    /// from the disk.
    pub async fn checkpoint(&self) -> Result<(), StoreError> {
        self.writer.checkpoint().await
    }

    /// Finishes the writes that wait, empties the log and closes the file. Later calls get [`StoreError::Closed`].
    pub async fn close(&self) -> Result<(), StoreError> {
        self.readers.close().await;
        self.writer.close().await
    }
}

/// What every connection has in common.
fn connection(path: &Path, lock_wait: Duration) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(lock_wait)
        .foreign_keys(true)
        .statement_cache_capacity(64)
        .pragma("mmap_size", "0")
}

/// Asserts that a write touched exactly one row; `what` names the thing for the person who asked ("that persona").
pub(crate) fn touched_one(
    result: &SqliteQueryResult,
    what: &'static str,
) -> Result<(), StoreError> {
    match result.rows_affected() {
        1 => Ok(()),
        _ => Err(StoreError::Missing { what }),
    }
}
