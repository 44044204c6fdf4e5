//! What can go wrong with the database, told apart by what the operator can do about it.

use std::path::PathBuf;
use std::sync::Arc;

use sqlx::migrate::MigrateError;

/// An error of the database. Each text says the next step.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Another program holds the file's lock.
    #[error(
        "the database is locked by another program; stop the other Familiar (or the tool that has the file open) and try again"
    )]
    Locked,
    /// All readers are taken and none came back in time.
    #[error("the database has too much to do just now; try again in a moment")]
    Busy,
    /// The file or its folder may not be written.
    #[error(
        "the database is read-only; let the user that runs Familiar write to the file and to its folder, then try again"
    )]
    ReadOnly,
    /// The disk has no room left.
    #[error(
        "the disk under the database is full; make room and try again, nothing that was confirmed is lost"
    )]
    Full,
    /// The file is no database, or a damaged one.
    #[error(
        "the database file is damaged or is not a database; move it away and restore a backup, or start with a new file"
    )]
    Corrupt,
    /// A newer Familiar has been here.
    #[error(
        "the database was written by a newer Familiar (its schema is {version}); install that version, or restore an older backup"
    )]
    TooNew {
        /// The schema version that this program does not know.
        version: i64,
    },
    /// The schema could not be brought up to date.
    #[error(
        "the database's schema could not be brought up to date ({detail}); restore a backup, and report this if it happens again"
    )]
    Migration {
        /// What the migration met.
        detail: String,
    },
    /// The file or its folder cannot be opened or created.
    #[error(
        "cannot open the database at {path}; check that the folder exists and that the user that runs Familiar may use it"
    )]
    CannotOpen {
        /// The database's path.
        path: PathBuf,
    },
    /// The lock file of a run cannot be made or asked about.
    #[error(
        "the lock files in {folder} cannot be used ({detail}); the database must lie on a local disk whose file system knows locks, in a folder that the user that runs Familiar may write to"
    )]
    RunLock {
        /// The folder of lock files.
        folder: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// The disk or file system failed.
    #[error("the disk under the database answered with an error; check the disk, then try again")]
    Disk(#[source] Arc<sqlx::Error>),
    /// A row that had to be there is not.
    #[error("{what} is not there any more; look at the list again")]
    Missing {
        /// What was looked for: "that persona".
        what: &'static str,
    },
    /// It was forgotten while it was on its way.
    #[error("that was forgotten before it could be kept, and is not kept")]
    Forgotten,
    /// A write that shared the transaction broke it.
    #[error(
        "the database could not write and undid a whole group of changes, this one among them; try again"
    )]
    Undone,
    /// The write was dropped before it was done; nothing was changed.
    #[error("the write was given up before it was done, nothing was changed; try again")]
    Abandoned,
    /// [`crate::Store::close`] was called.
    #[error("the database is closed because Familiar is stopping; start it again")]
    Closed,
    /// Anything else that SQLite or its driver says. It means a fault in Familiar.
    #[error(
        "the database did not accept a statement; this is a fault in Familiar, please report it ({0})"
    )]
    Sql(#[source] Arc<sqlx::Error>),
}

/// SQLite's primary result codes, <https://sqlite.org/rescode.html>.
mod code {
    pub const BUSY: u32 = 5;
    pub const LOCKED: u32 = 6;
    pub const READONLY: u32 = 8;
    pub const IOERR: u32 = 10;
    pub const CORRUPT: u32 = 11;
    pub const FULL: u32 = 13;
    pub const NOTADB: u32 = 26;
}

impl StoreError {
    /// Whether a `unique` or `primary key` constraint refused the row.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Sql(error) if error.as_database_error().is_some_and(|e| e.is_unique_violation()))
    }

    /// Whether a `check` constraint refused the row.
    pub fn is_check_violation(&self) -> bool {
        matches!(self, Self::Sql(error) if error.as_database_error().is_some_and(|e| e.is_check_violation()))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match primary_code(&error) {
            Some(code::BUSY | code::LOCKED) => Self::Locked,
            Some(code::READONLY) => Self::ReadOnly,
            Some(code::FULL) => Self::Full,
            Some(code::CORRUPT | code::NOTADB) => Self::Corrupt,
            Some(code::IOERR) => Self::Disk(Arc::new(error)),
            _ => match error {
                sqlx::Error::PoolTimedOut => Self::Busy,
                sqlx::Error::PoolClosed => Self::Closed,
                other => Self::Sql(Arc::new(other)),
            },
        }
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) => {
                Self::TooNew { version }
            }
            MigrateError::Execute(error) => Self::from(error),
            MigrateError::ExecuteMigration(error, version) => match Self::from(error) {
                Self::Sql(error) => Self::Migration {
                    detail: format!("step {version}: {error}"),
                },
                known => known,
            },
            other => Self::Migration {
                detail: other.to_string(),
            },
        }
    }
}

/// The low byte of SQLite's extended result code.
fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let extended: u32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(extended & 0xff)
}
