//! The one task that writes. All writes that wait are made in one transaction and reach the disk with one `fsync`:
//! a hundred holds at once cost little more than one.
//!
//! Each job runs in a savepoint of its own, so that its failure undoes its own changes only. Nobody is answered before
//! the commit is on disk; a group that only settles is the exception, see [`Haste`].
//!
//! When the disk is full the ballast goes overboard, and until there is room again only what closes something is
//! written, with the room that this gave. All else is refused without a try.

use futures_util::future::BoxFuture;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::{mpsc, oneshot};

use crate::desk::Desk;
use crate::error::StoreError;
use crate::job::{Job, Work};

/// How many jobs share a transaction at most: a bound on how long the first of them waits.
const GROUP: usize = 256;
/// How many jobs may wait before writers are made to wait for room.
const QUEUE: usize = 1024;

/// What a write must survive, and what it need not wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Haste {
    /// On disk when it is answered; refused while the disk has no room.
    Opens,
    /// On disk when it is answered, and let through while the disk has no room.
    Closes,
    /// Let through as well. A power cut (not a kill) may take it back, which its caller can bear: a lost settlement
    /// leaves its hold open, and the next start posts that in full.
    Settles,
}

/// The sending side of the writer task.
#[derive(Clone)]
pub(crate) struct Writer {
    errands: mpsc::Sender<Errand>,
}

enum Errand {
    Write(Haste, Box<dyn Job>),
    Checkpoint(oneshot::Sender<Result<(), StoreError>>),
    Close(oneshot::Sender<Result<(), StoreError>>),
}

impl Writer {
    /// Starts the task on a connection that is already open. It has a thread of its own: every statement wakes it
    /// and lets it wait again, which among the workers of the bot's runtime takes several times as long.
    pub(crate) fn start(desk: Desk) -> std::io::Result<Self> {
        let (errands, inbox) = mpsc::channel(QUEUE);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()?;
        std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    tokio::spawn(desk.sweeping());
                    serve(inbox, desk).await;
                });
            })?;
        Ok(Self { errands })
    }

    pub(crate) async fn write<T, E, F>(&self, haste: Haste, work: F) -> Result<T, E>
    where
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job = Errand::Write(haste, Box::new(Work { work, answer }));
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
    loop {
        let receiving = inbox.recv_many(&mut waiting, GROUP);
        let received = match desk.looks_again_at() {
            None => receiving.await,
            Some(at) => match tokio::time::timeout_at(at, receiving).await {
                Ok(received) => received,
                Err(_) => {
                    desk.look_for_room().await;
                    continue;
                }
            },
        };
        if received == 0 {
            break;
        }
        let mut group = Vec::with_capacity(waiting.len());
        let mut checkpoints = Vec::new();
        for errand in waiting.drain(..) {
            match errand {
                Errand::Write(haste, job) => group.push((haste, job)),
                Errand::Checkpoint(answer) => checkpoints.push(answer),
                Errand::Close(answer) => {
                    // No new errands; those already queued are still received and done.
                    inbox.close();
                    closing.push(answer);
                }
            }
        }
        desk.write(group).await;
        for answer in checkpoints {
            let _ = answer.send(desk.checkpoint().await);
        }
    }
    let closed = desk.close().await;
    for answer in closing {
        let _ = answer.send(closed.clone());
    }
}
