//! The one task that writes. All writes that wait are made in one transaction and reach the disk with one `fsync`:
//! a hundred holds at once cost little more than one.
//!
//! Each job runs in a savepoint of its own, so that its failure undoes its own changes only. Nobody is answered before
//! the commit is on disk.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{mpsc, oneshot};

use crate::error::StoreError;

/// How many jobs share a transaction at most: a bound on how long the first of them waits.
const GROUP: usize = 256;
/// How many jobs may wait before writers are made to wait for room.
const QUEUE: usize = 1024;

/// The sending side of the writer task.
#[derive(Clone)]
pub(crate) struct Writer {
    errands: mpsc::Sender<Errand>,
}

enum Errand {
    Write(Box<dyn Job>),
    Checkpoint(oneshot::Sender<Result<(), StoreError>>),
    Close(oneshot::Sender<Result<(), StoreError>>),
}

/// One caller's work, its types erased.
trait Job: Send {
    /// Runs the work; the answer is kept until the commit is known.
    fn run<'c>(self: Box<Self>, conn: &'c mut SqliteConnection) -> BoxFuture<'c, Ran>;
    /// Answers without having run.
    fn refuse(self: Box<Self>, error: StoreError);
}

/// Work that has run and waits for the commit.
struct Ran {
    succeeded: bool,
    answer: Box<dyn FnOnce(Fate) + Send>,
}

/// What became of the transaction that a job was part of.
#[derive(Clone)]
enum Fate {
    Committed,
    /// The commit failed. What a job saw of its neighbours never happened, so even its refusal is void.
    CommitFailed(StoreError),
    /// SQLite gave up the transaction while a job ran; that job's own error says why.
    Broken,
}

struct Work<F, T, E> {
    work: F,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Job for Work<F, T, E>
where
    F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, E>> + Send,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    fn run<'c>(self: Box<Self>, conn: &'c mut SqliteConnection) -> BoxFuture<'c, Ran> {
        let Self { work, answer } = *self;
        let running = work(conn);
        Box::pin(async move {
            let result = running.await;
            let succeeded = result.is_ok();
            let answer = Box::new(move |fate| {
                let told = match (fate, result) {
                    (Fate::Committed, result) => result,
                    (Fate::CommitFailed(error), _) => Err(error.into()),
                    (Fate::Broken, Err(own)) => Err(own),
                    (Fate::Broken, Ok(_)) => Err(StoreError::Undone.into()),
                };
                // A caller that no longer listens is no reason to undo what it asked for.
                let _ = answer.send(told);
            });
            Ran { succeeded, answer }
        })
    }

    fn refuse(self: Box<Self>, error: StoreError) {
        let _ = self.answer.send(Err(error.into()));
    }
}

impl Writer {
    /// Starts the task on a connection that is already open.
    pub(crate) fn start(options: SqliteConnectOptions, conn: SqliteConnection) -> Self {
        let (errands, inbox) = mpsc::channel(QUEUE);
        tokio::spawn(serve(
            inbox,
            Desk {
                options,
                conn: Some(conn),
            },
        ));
        Self { errands }
    }

    pub(crate) async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job = Errand::Write(Box::new(Work { work, answer }));
        self.errands
            .send(job)
            .await
            .map_err(|_| StoreError::Closed)?;
        answered
            .await
            .unwrap_or_else(|_| Err(StoreError::Abandoned.into()))
    }

    pub(crate) async fn checkpoint(&self) -> Result<(), StoreError> {
        self.errand(Errand::Checkpoint).await
    }

    /// Does what is queued, then stops. Closing twice is no error.
    pub(crate) async fn close(&self) -> Result<(), StoreError> {
        match self.errand(Errand::Close).await {
            Err(StoreError::Closed | StoreError::Abandoned) => Ok(()),
            other => other,
        }
    }

    async fn errand(
        &self,
        errand: impl FnOnce(oneshot::Sender<Result<(), StoreError>>) -> Errand,
    ) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        self.errands
            .send(errand(answer))
            .await
            .map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Abandoned)?
    }
}

/// The task: takes whatever waits, writes it as one group, and does the rest of the errands after it.
async fn serve(mut inbox: mpsc::Receiver<Errand>, mut desk: Desk) {
    let mut waiting = Vec::with_capacity(GROUP);
    let mut closing = Vec::new();
    while inbox.recv_many(&mut waiting, GROUP).await > 0 {
        let mut group = Vec::with_capacity(waiting.len());
        let mut checkpoints = Vec::new();
        for errand in waiting.drain(..) {
            match errand {
                Errand::Write(job) => group.push(job),
                Errand::Checkpoint(answer) => checkpoints.push(answer),
                Errand::Close(answer) => {
                    // No new errands; those already queued are still received and done.
                    inbox.close();
                    closing.push(answer);
                }
            }
        }
        if !group.is_empty() {
            desk.write_group(group).await;
        }
        for answer in checkpoints {
            let _ = answer.send(desk.checkpoint().await);
        }
    }
    let closed = desk.close().await;
    for answer in closing {
        let _ = answer.send(closed.clone());
    }
}

/// The connection that writes, opened anew after an error that leaves its state in doubt.
struct Desk {
    options: SqliteConnectOptions,
    conn: Option<SqliteConnection>,
}

impl Desk {
    async fn write_group(&mut self, group: Vec<Box<dyn Job>>) {
        let mut conn = match self.take().await {
            Ok(conn) => conn,
            Err(error) => return refuse(group, error),
        };
        let mut ran = Vec::with_capacity(group.len());
        let fate = write_together(&mut conn, group, &mut ran).await;
        if matches!(fate, Fate::Committed) {
            self.conn = Some(conn);
        } else {
            tracing::error!("a group of {} writes was undone", ran.len());
            // The connection's idea of its transaction may be wrong now; closing it undoes what is left of it.
            let _ = conn.close().await;
        }
        for job in ran {
            (job.answer)(fate.clone());
        }
    }

    async fn checkpoint(&mut self) -> Result<(), StoreError> {
        let mut conn = self.take().await?;
        let outcome = truncate_wal(&mut conn).await;
        self.conn = Some(conn);
        outcome
    }

    async fn close(&mut self) -> Result<(), StoreError> {
        let mut conn = self.take().await?;
        let outcome = truncate_wal(&mut conn).await;
        conn.close().await?;
        outcome
    }

    async fn take(&mut self) -> Result<SqliteConnection, StoreError> {
        match self.conn.take() {
            Some(conn) => Ok(conn),
            None => Ok(self.options.connect().await?),
        }
    }
}

fn refuse(group: Vec<Box<dyn Job>>, error: StoreError) {
    for job in group {
        job.refuse(error.clone());
    }
}

/// One group, one transaction. Jobs that have run are pushed to `ran`; jobs that could not run are answered here.
async fn write_together(
    conn: &mut SqliteConnection,
    group: Vec<Box<dyn Job>>,
    ran: &mut Vec<Ran>,
) -> Fate {
    let mut transaction = match conn.begin_with("begin immediate").await {
        Ok(transaction) => transaction,
        Err(error) => {
            let error = StoreError::from(error);
            refuse(group, error.clone());
            return Fate::CommitFailed(error);
        }
    };
    if run_group(&mut transaction, group, ran).await.is_err() {
        return Fate::Broken;
    }
    match transaction.commit().await {
        Ok(()) => Fate::Committed,
        Err(error) => Fate::CommitFailed(error.into()),
    }
}

/// Runs every job in its savepoint. Fails if SQLite has given up the transaction: after a full disk it rolls back by
/// itself, and then the savepoint is gone.
async fn run_group(
    transaction: &mut SqliteConnection,
    group: Vec<Box<dyn Job>>,
    ran: &mut Vec<Ran>,
) -> Result<(), ()> {
    let mut group = group.into_iter();
    while let Some(job) = group.next() {
        let Ok(mut savepoint) = transaction.begin().await else {
            job.refuse(StoreError::Undone);
            refuse(group.collect(), StoreError::Undone);
            return Err(());
        };
        let done = AssertUnwindSafe(job.run(&mut savepoint))
            .catch_unwind()
            .await;
        let succeeded = done.as_ref().is_ok_and(|job| job.succeeded);
        let kept = if succeeded {
            savepoint.commit().await
        } else {
            savepoint.rollback().await
        };
        // A job that panicked has dropped its answer, which its caller sees as `Abandoned`.
        ran.extend(done.ok());
        if kept.is_err() {
            refuse(group.collect(), StoreError::Undone);
            return Err(());
        }
    }
    Ok(())
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
