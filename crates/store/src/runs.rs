//! Runs: each start of the ledger, and whether it is still alive.
//!
//! A run holds the lock of a file of its own, in a folder beside the database, for as long as it or one of its holds
//! lives. The system lets go of the lock when the process ends, also by kill -9, so a run whose lock can be taken is
//! dead. Locks are only looked at and taken inside a write transaction: while somebody decides that a run is dead, no
//! other run starts or holds.

use std::collections::HashSet;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};

use crate::clock::to_millis;
use crate::windows::Connection;
use crate::{Store, StoreError};

/// What the folder of lock files is called: the database's name and this.
const FOLDER: &str = "-runs";

/// A run's proof of life. The file goes with it.
#[derive(Debug)]
pub struct RunLock {
    file: File,
    path: PathBuf,
    let_go: AtomicBool,
}

impl RunLock {
    /// Lets the lock go and leaves the file, as the system does when a process is killed. For tests.
    #[doc(hidden)]
    pub fn let_go(&self) {
        self.let_go.store(true, Ordering::Relaxed);
        let _ = self.file.unlock();
    }

    /// Whether it was let go, and the run is to do nothing more.
    #[doc(hidden)]
    pub fn is_let_go(&self) -> bool {
        self.let_go.load(Ordering::Relaxed)
    }

    /// Takes the lock of a run; `None` if somebody has it.
    async fn take(folder: &Path, run: i64, make: bool) -> io::Result<Option<Self>> {
        let path = folder.join(run.to_string());
        let file = tokio::fs::OpenOptions::new()
            .create(make)
            .truncate(false)
            .write(true)
            .open(&path)
            .await?
            .into_std()
            .await;
        // It never waits.
        match file.try_lock() {
            Ok(()) => Ok(Some(Self {
                file,
                path,
                let_go: AtomicBool::new(false),
            })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Drop for RunLock {
    /// Without its file a run counts as dead, which it is now. That the file stays would do no harm either.
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

impl Store {
    /// Where the runs of this database have their lock files.
    pub fn runs_folder(&self) -> PathBuf {
        self.beside(FOLDER)
    }
}

/// Counts a start of the ledger, gives it its number and takes its lock.
pub async fn start(
    conn: &mut Connection,
    folder: &Path,
    at: DateTime<Utc>,
) -> Result<(i64, RunLock), StoreError> {
    let run: i64 =
        sqlx::query_scalar("insert into ledger_runs (started_at) values (?) returning id")
            .bind(to_millis(at))
            .fetch_one(&mut *conn)
            .await?;
    let cannot_lock = |error: io::Error| StoreError::RunLock {
        folder: folder.to_owned(),
        detail: error.to_string(),
    };
    tokio::fs::create_dir_all(folder)
        .await
        .map_err(cannot_lock)?;
    sweep(conn, folder).await.map_err(cannot_lock)?;
    match RunLock::take(folder, run, true)
        .await
        .map_err(cannot_lock)?
    {
        Some(lock) => Ok((run, lock)),
        // The number is new in this database, so a process still works with one that has been moved away.
        None => Err(StoreError::Locked),
    }
}

/// The runs that have open holds and are dead, with their locks, which are to be kept until their holds are posted.
pub async fn dead(
    conn: &mut Connection,
    folder: &Path,
) -> Result<Vec<(i64, Option<RunLock>)>, StoreError> {
    let mut dead = Vec::new();
    for run in with_open_holds(conn).await? {
        match RunLock::take(folder, run, false).await {
            Ok(Some(lock)) => dead.push((run, Some(lock))),
            Ok(None) => {}
            // A run that lives has its file.
            Err(error) if error.kind() == io::ErrorKind::NotFound => dead.push((run, None)),
            Err(error) => {
                return Err(StoreError::RunLock {
                    folder: folder.to_owned(),
                    detail: error.to_string(),
                });
            }
        }
    }
    Ok(dead)
}

/// Whether a run is still at work, in this process or another. To be asked inside a write transaction.
pub async fn is_alive(folder: &Path, run: i64) -> Result<bool, StoreError> {
    match RunLock::take(folder, run, false).await {
        Ok(taken) => Ok(taken.is_none()),
        // A run that lives has its file.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(StoreError::RunLock {
            folder: folder.to_owned(),
            detail: error.to_string(),
        }),
    }
}

/// The runs that have open holds.
pub async fn with_open_holds(conn: &mut Connection) -> Result<Vec<i64>, StoreError> {
    let runs = sqlx::query_scalar("select distinct run from holds where state = 'open'")
        .fetch_all(conn)
        .await?;
    Ok(runs)
}

/// Takes the files away that killed runs have left, once they have no open holds.
async fn sweep(conn: &mut Connection, folder: &Path) -> io::Result<()> {
    let open: HashSet<i64> = with_open_holds(conn)
        .await
        .unwrap_or_default()
        .into_iter()
        .collect();
    let mut files = tokio::fs::read_dir(folder).await?;
    while let Some(file) = files.next_entry().await? {
        let name = file.file_name();
        let Some(run) = name.to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        if !open.contains(&run) {
            drop(RunLock::take(folder, run, false).await?);
        }
    }
    Ok(())
}
