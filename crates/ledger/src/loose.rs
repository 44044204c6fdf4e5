//! Loose ends: holds that were dropped instead of settled.
//!
//! `Drop` cannot wait, so it hands the hold's number to a task, which closes the hold in the database. The channel has
//! no bound of its own; it never carries more than there are holds.

use std::sync::Arc;
use std::time::Duration;

use store::clock::Clock;
use store::holds::{self, End};
use store::id::HoldId;
use store::{Store, StoreError};
use tokio::sync::{mpsc, oneshot};

use crate::counts::Counts;

/// How long the task waits before it tries again to close holds that the database would not close.
const AGAIN: Duration = Duration::from_secs(5);
/// How many holds it takes in one go.
const BATCH: usize = 256;

/// A hold that nobody has any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LooseEnd {
    /// A caller had it and may have used it: post it in full.
    Post(HoldId),
    /// Provably nothing was sent for it: give it back.
    Void(HoldId),
}

enum Message {
    TieUp(LooseEnd),
    /// Answer when all that was said before is done.
    Drain(oneshot::Sender<()>),
}

/// The sending side, kept by the ledger and by every hold.
#[derive(Clone)]
pub(crate) struct LooseEnds(mpsc::UnboundedSender<Message>);

impl LooseEnds {
    /// Starts the task. It ends when the ledger and all its holds are gone.
    pub(crate) fn start(store: Store, clock: Arc<dyn Clock>, counts: Counts) -> Self {
        let (sender, inbox) = mpsc::unbounded_channel();
        tokio::spawn(serve(inbox, store, clock, counts));
        Self(sender)
    }

    /// Hands a hold over. Once the task is gone the hold stays open, and the next start posts it in full.
    pub(crate) fn tie_up(&self, end: LooseEnd) {
        let _ = self.0.send(Message::TieUp(end));
    }

    /// Waits until every hold that was handed over before has been tried.
    pub(crate) async fn drain(&self) {
        let (answer, answered) = oneshot::channel();
        if self.0.send(Message::Drain(answer)).is_ok() {
            let _ = answered.await;
        }
    }
}

async fn serve(
    mut inbox: mpsc::UnboundedReceiver<Message>,
    store: Store,
    clock: Arc<dyn Clock>,
    counts: Counts,
) {
    let mut owed = Vec::new();
    let mut batch = Vec::new();
    loop {
        let receiving = inbox.recv_many(&mut batch, BATCH);
        if owed.is_empty() {
            receiving.await;
        } else {
            // Nothing may come any more, and what is owed is tried again all the same.
            let _ = tokio::time::timeout(AGAIN, receiving).await;
        }
        if batch.is_empty() && inbox.is_closed() {
            return;
        }
        let mut waiting = Vec::new();
        for message in batch.drain(..) {
            match message {
                Message::TieUp(end) => owed.push(end),
                Message::Drain(answer) => waiting.push(answer),
            }
        }
        match tie_up(&store, &clock, &owed).await {
            Ok(closed) => {
                closed.into_iter().for_each(|end| counts.closed(end, 1));
                owed.clear();
            }
            Err(error) => {
                tracing::warn!(%error, holds = owed.len(), "dropped holds stay pending for now");
            }
        }
        for answer in waiting {
            let _ = answer.send(());
        }
    }
}

async fn tie_up(
    store: &Store,
    clock: &Arc<dyn Clock>,
    ends: &[LooseEnd],
) -> Result<Vec<End>, StoreError> {
    if ends.is_empty() {
        return Ok(Vec::new());
    }
    let (ends, clock) = (ends.to_vec(), Arc::clone(clock));
    store
        .write(move |conn| {
            Box::pin(async move {
                let mut closed = Vec::new();
                for end in ends {
                    let (id, how) = match end {
                        LooseEnd::Post(id) => (id, End::PostedFull),
                        LooseEnd::Void(id) => (id, End::Void),
                    };
                    // One that is closed already, or whose making was undone, needs nothing.
                    let Some(held) = holds::find(conn, id).await?.filter(|held| held.open) else {
                        continue;
                    };
                    let amounts = match how {
                        End::Void => (0, 0),
                        _ => (held.held_usd, held.held_tokens),
                    };
                    holds::close(conn, id, how, amounts, None, clock.now()).await?;
                    closed.push(how);
                }
                Ok(closed)
            })
        })
        .await
}
