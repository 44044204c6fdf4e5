//! The writer's desk: its connection, and how a group of jobs becomes one transaction.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::time::Instant;

use crate::age::{self, Almanac};
use crate::ballast::{self, Ballast};
use crate::broom::Broom;
use crate::error::StoreError;
use crate::job::{Fate, Job, Ran};
use crate::writer::Haste;

/// How often a disk that was full is looked at again.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// The connection that writes, opened anew after an error that leaves its state in doubt.
pub(crate) struct Desk {
    options: SqliteConnectOptions,
    conn: Option<SqliteConnection>,
    /// Whether the open connection waits for the disk at each commit.
    durable: bool,
    /// Whether it ever does: not for databases that are thrown away.
    durably: bool,
    almanac: Almanac,
    ballast: Ballast,
    broom: Broom,
    /// Whether the disk has no room, and the ballast is overboard.
    short: bool,
    /// When to look whether there is room for the ballast.
    looks_again_at: Option<Instant>,
}

impl Desk {
    /// `options` open connections that wait for the disk at each commit, unless the database is `volatile`.
    pub(crate) fn new(
        options: SqliteConnectOptions,
        conn: SqliteConnection,
        volatile: bool,
        almanac: Almanac,
        ballast: Ballast,
        broom: Broom,
    ) -> Self {
        Self {
            options,
            conn: Some(conn),
            durable: !volatile,
            durably: !volatile,
            almanac,
            ballast,
            broom,
            // The ballast is taken on board at once, after whoever opened the database has gone on.
            short: false,
            looks_again_at: Some(Instant::now()),
        }
    }

    /// Empties the log after deletions, for as long as it is polled.
    pub(crate) fn sweeping(&self) -> impl Future<Output = ()> + Send + use<> {
        self.broom.clone().keep_sweeping(self.options.clone())
    }

    /// When [`Desk::look_for_room`] is due.
    pub(crate) fn looks_again_at(&self) -> Option<Instant> {
        self.looks_again_at
    }

    /// Takes the ballast on board, if there is room for it; then the disk is no longer short.
    pub(crate) async fn look_for_room(&mut self) {
        match self.ballast.load().await {
            Ok(()) => {
                if self.short {
                    tracing::info!("the disk has room again, and all is written as before");
                }
                (self.short, self.looks_again_at) = (false, None);
            }
            Err(error) if ballast::is_full(&error) => {
                self.run_short().await;
                self.looks_again_at = Some(Instant::now() + LOOK_AGAIN);
            }
            Err(error) => {
                tracing::warn!(%error, "no ballast can be kept beside the database; if the disk gets full, what runs then is settled only when there is room again");
                (self.short, self.looks_again_at) = (false, None);
            }
        }
    }

    /// Looks whether an error means that the disk is full. SQLite does not always say so.
    async fn mind_the_room(&mut self, error: Option<&StoreError>) {
        let suspicious = match error {
            Some(StoreError::Full | StoreError::Disk(_)) | None => true,
            Some(_) => false,
        };
        if suspicious && self.ballast.is_room_missing().await {
            self.run_short().await;
        }
    }

    /// Goes on with the room that the ballast gives, and looks again soon.
    async fn run_short(&mut self) {
        if !self.short {
            self.short = true;
            self.looks_again_at = Some(Instant::now() + LOOK_AGAIN);
            tracing::error!(
                "the disk is full: until there is room, running calls are settled, and nothing new is begun"
            );
        }
        if self.ballast.drop_it().await {
            // The log's pages move into the database, and their room is free too.
            let _ = self.checkpoint().await;
        }
    }

    /// Writes what may be written as one group.
    pub(crate) async fn write(&mut self, group: Vec<(Haste, Box<dyn Job>)>) {
        let (mut jobs, mut lazy) = (Vec::with_capacity(group.len()), true);
        for (haste, job) in group {
            if haste == Haste::Opens && self.short {
                job.refuse(StoreError::Full);
                continue;
            }
            lazy &= haste == Haste::Settles;
            jobs.push(job);
        }
        if !jobs.is_empty() {
            self.write_group(jobs, lazy).await;
        }
    }

    async fn write_group(&mut self, group: Vec<Box<dyn Job>>, lazy: bool) {
        let mut conn = match self.take().await {
            Ok(conn) => conn,
            Err(error) => {
                self.mind_the_room(Some(&error)).await;
                return refuse(group, error);
            }
        };
        let mut ran = Vec::with_capacity(group.len());
        let durable = self.durably && !lazy;
        let fate = match self.be_durable(&mut conn, durable).await {
            Ok(()) => write_together(&mut conn, group, &mut ran, durable).await,
            Err(error) => {
                refuse(group, error.clone());
                Err(Fate::CommitFailed(error))
            }
        };
        let fate = match fate {
            Ok(counted) => {
                self.conn = Some(conn);
                self.broom.committed();
                if let Some(writes) = counted {
                    self.almanac.report(writes);
                }
                Fate::Committed
            }
            Err(fate) => {
                tracing::error!("a group of {} writes was undone", ran.len());
                // The connection's idea of its transaction may be wrong now; closing it undoes what is left of it.
                let _ = conn.close().await;
                match &fate {
                    Fate::CommitFailed(error) => self.mind_the_room(Some(error)).await,
                    _ => self.mind_the_room(None).await,
                }
                fate
            }
        };
        for job in ran {
            (job.answer)(fate.clone());
        }
    }

    /// Sets how the connection's next commits are made. It cannot be set within a transaction.
    async fn be_durable(
        &mut self,
        conn: &mut SqliteConnection,
        durable: bool,
    ) -> Result<(), StoreError> {
        if self.durable != durable {
            let how = match durable {
                true => "pragma synchronous = full",
                false => "pragma synchronous = normal",
            };
            sqlx::query(how).execute(conn).await?;
            self.durable = durable;
        }
        Ok(())
    }

    /// See [`crate::Store::checkpoint`].
    pub(crate) async fn checkpoint(&mut self) -> Result<(), StoreError> {
        let mut conn = self.take().await?;
        let outcome = self.broom.empty_log(&mut conn).await;
        self.conn = Some(conn);
        outcome
    }

    /// Empties the log and closes the connection. Another program that has the file open may be in the way (a command
    /// beside the bot that runs): then the log stays to whoever is the last to close, as SQLite has it, or sweeps next.
    pub(crate) async fn close(&mut self) -> Result<(), StoreError> {
        let mut conn = self.take().await?;
        let outcome = match self.broom.empty_log_in_turn(&mut conn).await {
            Err(StoreError::Locked) => {
                tracing::debug!("another program uses the database, and its log is left to it");
                Ok(())
            }
            other => other,
        };
        conn.close().await?;
        self.almanac.write().await;
        outcome
    }

    async fn take(&mut self) -> Result<SqliteConnection, StoreError> {
        if let Some(conn) = self.conn.take() {
            return Ok(conn);
        }
        self.durable = self.durably;
        let mut conn = self.options.connect().await?;
        self.broom.watch(&mut conn).await?;
        Ok(conn)
    }
}

fn refuse(group: Vec<Box<dyn Job>>, error: StoreError) {
    for job in group {
        job.refuse(error.clone());
    }
}

/// One group, one transaction, counted in the database's age. Jobs that have run are pushed to `ran`; jobs that could
/// not run are answered here.
async fn write_together(
    conn: &mut SqliteConnection,
    group: Vec<Box<dyn Job>>,
    ran: &mut Vec<Ran>,
    durable: bool,
) -> Result<Option<i64>, Fate> {
    let mut transaction = match conn.begin_with("begin immediate").await {
        Ok(transaction) => transaction,
        Err(error) => {
            let error = StoreError::from(error);
            refuse(group, error.clone());
            return Err(Fate::CommitFailed(error));
        }
    };
    if run_group(&mut transaction, group, ran).await.is_err() {
        return Err(Fate::Broken);
    }
    let failed = |error: sqlx::Error| Fate::CommitFailed(error.into());
    // Only what a power cut cannot take back is counted, or the count beside the file could be ahead of it.
    let counted = match durable && ran.iter().any(|job| job.succeeded) {
        true => Some(age::count(&mut transaction).await.map_err(failed)?),
        false => None,
    };
    transaction.commit().await.map_err(failed)?;
    Ok(counted)
}

/// Runs every job in its savepoint. Fails if SQLite has given up the transaction: after a full disk it rolls back by
/// itself, and then the savepoint is gone. The last savepoint stays for the commit to close.
async fn run_group(
    transaction: &mut SqliteConnection,
    group: Vec<Box<dyn Job>>,
    ran: &mut Vec<Ran>,
) -> Result<(), ()> {
    let mut between = "savepoint job";
    let mut group = group.into_iter();
    while let Some(job) = group.next() {
        if sqlx::query(between)
            .execute(&mut *transaction)
            .await
            .is_err()
        {
            job.refuse(StoreError::Undone);
            refuse(group.collect(), StoreError::Undone);
            return Err(());
        }
        let done = AssertUnwindSafe(job.run(transaction)).catch_unwind().await;
        let succeeded = done.as_ref().is_ok_and(|job| job.succeeded);
        // A job that panicked has dropped its answer, which its caller sees as `Abandoned`.
        ran.extend(done.ok());
        between = match succeeded {
            // One statement for both: each costs a change of threads.
            true => "release job; savepoint job",
            false => "rollback to job",
        };
    }
    if between == "rollback to job" {
        let undone = sqlx::query(between).execute(transaction).await;
        return undone.map(drop).map_err(drop);
    }
    Ok(())
}
