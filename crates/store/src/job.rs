//! One caller's work for the writer: run first, answered when it is known what became of its transaction.

use futures_util::future::BoxFuture;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::oneshot;

use crate::error::StoreError;

/// One caller's work, its types erased.
pub(crate) trait Job: Send {
    /// Runs the work; the answer is kept until the commit is known.
    fn run<'c>(self: Box<Self>, conn: &'c mut SqliteConnection) -> BoxFuture<'c, Ran>;
    /// Answers without having run.
    fn refuse(self: Box<Self>, error: StoreError);
}

/// Work that has run and waits for the commit.
pub(crate) struct Ran {
    pub(crate) succeeded: bool,
    pub(crate) answer: Box<dyn FnOnce(Fate) + Send>,
}

/// What became of the transaction that a job was part of.
#[derive(Clone)]
pub(crate) enum Fate {
    Committed,
    /// The commit failed. What a job saw of its neighbours never happened, so even its refusal is void.
    CommitFailed(StoreError),
    /// SQLite gave up the transaction while a job ran; that job's own error says why.
    Broken,
}

/// Work with its types.
pub(crate) struct Work<F, T, E> {
    pub(crate) work: F,
    pub(crate) answer: oneshot::Sender<Result<T, E>>,
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
