//! The store: every SQL statement of Familiar. Nothing outside this crate knows which database it is.
//!
//! One SQLite file in WAL mode, a few connections that read and one task that writes ([`Store::write`]). To add a table,
//! add a migration in `migrations/` and one file here with its row type and an `impl Store` of its functions. SQL is
//! written in lower case beside the function that runs it, with its columns named; a write that must touch one row
//! says so with `touched_one`.

mod age;
mod ballast;
pub mod breaches;
mod broom;
pub mod certifications;
pub mod channels;
pub mod choices;
pub mod claims;
pub mod clock;
pub mod consents;
pub mod consolidations;
pub mod copies;
mod desk;
pub mod echoes;
pub mod emojis;
pub mod error;
pub mod export;
pub mod facts;
pub mod forgetting;
pub mod guild_budgets;
pub mod holds;
pub mod id;
mod job;
pub mod limits;
pub mod lookups;
pub mod manners;
pub mod notices;
pub mod overview;
pub mod personas;
pub mod prices;
pub mod privacy;
pub mod profiles;
mod reader;
pub mod reports;
pub mod restores;
pub mod retention;
pub mod roster;
pub mod runs;
pub mod search;
pub mod seen;
pub mod settings;
pub mod shares;
pub mod speakers;
pub mod spend;
pub mod summaries;
mod tombstones;
pub mod turns;
pub mod unkept;
pub mod vectors;
pub mod versions;
pub mod warnings;
pub mod windows;
mod words;
mod writer;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteQueryResult, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection};

pub use error::StoreError;

use age::Almanac;
use ballast::{BALLAST, Ballast};
use broom::Broom;
use desk::Desk;
use writer::{Haste, Writer};

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
    path: Arc<Path>,
}

/// How a database is opened.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    /// How long a statement waits at most for a lock that another program holds.
    pub lock_wait: Duration,
    /// Bytes that are kept beside the file, to be given up when the disk is full.
    pub ballast: u64,
    /// Whether what is confirmed may be lost with the power. Only for databases that are thrown away.
    pub volatile: bool,
}

impl Default for Opening {
    fn default() -> Self {
        Self {
            lock_wait: LOCK_WAIT,
            ballast: BALLAST,
            volatile: false,
        }
    }
}

impl Store {
    /// Opens the database file, creating it and its folder where they are missing, and brings its schema up to date.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::open_with(path, Opening::default()).await
    }

    /// Like [`Store::open`], waiting at most `lock_wait` for another program's lock, now and at every later statement.
    pub async fn open_waiting(
        path: impl AsRef<Path>,
        lock_wait: Duration,
    ) -> Result<Self, StoreError> {
        Self::open_with(
            path,
            Opening {
                lock_wait,
                ..Opening::default()
            },
        )
        .await
    }

    /// Like [`Store::open`], in another manner.
    pub async fn open_with(path: impl AsRef<Path>, opening: Opening) -> Result<Self, StoreError> {
        let path = path.as_ref();
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            tokio::fs::create_dir_all(folder)
                .await
                .map_err(|_| cannot_open(path))?;
        }
        match Self::open_file(path, opening).await {
            Err(StoreError::Full | StoreError::Disk(_))
                // The ballast of an earlier start may be what is missing to open at all.
                if Ballast::new(beside(path, "-ballast"), 0).drop_it().await =>
            {
                Self::open_file(path, opening).await
            }
            opened => opened,
        }
    }

    async fn open_file(path: &Path, opening: Opening) -> Result<Self, StoreError> {
        let options = connection(path, opening.lock_wait);
        let writing = options
            .clone()
            .journal_mode(SqliteJournalMode::Wal)
            .create_if_missing(true)
            // Confirmed means on disk: holds and claims must survive a power cut.
            .synchronous(match opening.volatile {
                true => SqliteSynchronous::Off,
                false => SqliteSynchronous::Full,
            })
            // What is forgotten is overwritten with zeros, not only unlinked.
            .pragma("secure_delete", "on")
            .pragma("cache_size", "-4096")
            .pragma("journal_size_limit", "8388608");
        let mut conn = writing
            .connect()
            .await
            .map_err(|error| match StoreError::from(error) {
                StoreError::Sql(error) if error.as_database_error().is_some() => cannot_open(path),
                other => other,
            })?;
        if let Err(error) = MIGRATIONS.run(&mut conn).await {
            let _ = conn.close().await;
            return Err(error.into());
        }
        // One name for all that open it, whichever way they came: their files beside it must be the same.
        let path: Arc<Path> = tokio::fs::canonicalize(path)
            .await
            .map_err(|_| cannot_open(path))?
            .into();
        let seen = beside(&path, "-seen");
        let age = match restores::examine(&mut conn, &seen).await {
            Ok(age) => age,
            Err(error) => {
                let _ = conn.close().await;
                return Err(error);
            }
        };
        let almanac = Almanac::start(seen, age);
        // Before the first write: another start would take a database that the machine has not seen for a backup.
        almanac.write().await;
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
        let ballast = Ballast::new(beside(&path, "-ballast"), opening.ballast);
        let broom = Broom::default();
        broom.watch(&mut conn).await?;
        let desk = Desk::new(writing, conn, opening.volatile, almanac, ballast, broom);
        Ok(Self {
            readers,
            writer: Writer::start(desk).map_err(sqlx::Error::Io)?,
            path,
        })
    }

    /// A file or folder of the database's own: its name with `suffix`.
    pub(crate) fn beside(&self, suffix: &str) -> PathBuf {
        beside(&self.path, suffix)
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
        self.writer.write(Haste::Opens, work).await
    }

    /// Like [`Store::write`], for work that closes something, so that a full disk gets no fuller: it is let through
    /// with the room that the ballast gave.
    pub async fn write_closing<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer.write(Haste::Closes, work).await
    }

    /// Like [`Store::write_closing`], for work that may be lost to a power cut (never to a kill) because losing it errs on the
    /// safe side: a settlement that is lost leaves its hold open, and the next start posts that in full.
    pub async fn write_settling<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer.write(Haste::Settles, work).await
    }

    /// The connections that read. They refuse to write.
    pub(crate) fn pool(&self) -> &SqlitePool {
        &self.readers
    }

    /// Moves the log into the database file and empties it. After something was forgotten this takes its last bytes
    /// from the disk; by itself that happens a moment later, see `broom`.
    pub async fn checkpoint(&self) -> Result<(), StoreError> {
        self.writer.checkpoint().await
    }

    /// Finishes the writes that wait, empties the log and closes the file. Later calls get [`StoreError::Closed`].
    pub async fn close(&self) -> Result<(), StoreError> {
        self.readers.close().await;
        self.writer.close().await
    }
}

fn cannot_open(path: &Path) -> StoreError {
    StoreError::CannotOpen {
        path: path.to_owned(),
    }
}

/// A neighbour of the database's file.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// What every connection has in common.
fn connection(path: &Path, lock_wait: Duration) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(lock_wait)
        .foreign_keys(true)
        .statement_cache_capacity(64)
        .pragma("mmap_size", "0")
        // Savepoints and sorting need no files of their own, which a full disk would refuse.
        .pragma("temp_store", "memory")
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
