//! Loose ends: holds that were dropped instead of settled, and settlements that the database would not take.
//!
//! `Drop` cannot wait, so it hands the hold's number to a task, which closes the hold in the database. The channel has
//! no bound of its own; it never carries more than there are holds.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use store::clock::Clock;
use store::holds::{self, End};
use store::id::HoldId;
use store::runs::{self, RunLock};
use store::{Store, StoreError};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use crate::counts::Counts;
use crate::pricebook::PriceBook;
use crate::recovery::recover;
use crate::refusal::LedgerError;
use crate::settle::Settlement;

/// How long the task waits before it tries again to close holds that the database would not close.
const AGAIN: Duration = Duration::from_secs(1);
/// How often it looks for what other processes have left open.
const PATROL: Duration = Duration::from_secs(60);
/// How many holds it takes in one go.
const BATCH: usize = 256;

/// A hold that nobody has any more.
#[derive(Clone, Debug)]
pub(crate) enum LooseEnd {
    /// A caller had it and may have used it: post it in full.
    Post(HoldId),
    /// Provably nothing was sent for it: give it back.
    Void(HoldId),
    /// What it came to is known, and the database would not write it.
    Settle(Box<Settlement>),
}

enum Message {
    TieUp(LooseEnd),
    /// Answer when all that was said before is done.
    Drain(oneshot::Sender<()>),
}

/// The sending side, kept by the ledger and by every hold.
#[derive(Clone)]
pub(crate) struct LooseEnds {
    inbox: mpsc::UnboundedSender<Message>,
    /// A run lives as long as one of its holds.
    _alive: Arc<RunLock>,
}

impl LooseEnds {
    /// Starts the task. It ends when the ledger and all its holds are gone.
    pub(crate) fn start(store: Store, clock: Arc<dyn Clock>, life: Life) -> Self {
        let (sender, inbox) = mpsc::unbounded_channel();
        let alive = Arc::clone(&life.lock);
        tokio::spawn(serve(inbox, Office { store, clock, life }));
        Self {
            inbox: sender,
            _alive: alive,
        }
    }

    /// Hands a hold over. Once the task is gone the hold stays open, and the next start posts it in full.
    pub(crate) fn tie_up(&self, end: LooseEnd) {
        let _ = self.inbox.send(Message::TieUp(end));
    }

    /// Waits until every hold that was handed over before has been tried.
    pub(crate) async fn drain(&self) {
        let (answer, answered) = oneshot::channel();
        if self.inbox.send(Message::Drain(answer)).is_ok() {
            let _ = answered.await;
        }
    }
}

/// The run that the task works for.
pub(crate) struct Life {
    pub(crate) run: i64,
    /// What is owed is still closed by this run.
    pub(crate) lock: Arc<RunLock>,
    pub(crate) counts: Counts,
    pub(crate) book: PriceBook,
}

/// What the task works with.
struct Office {
    store: Store,
    clock: Arc<dyn Clock>,
    life: Life,
}

async fn serve(mut inbox: mpsc::UnboundedReceiver<Message>, office: Office) {
    let mut owed = Vec::new();
    let mut batch = Vec::new();
    let mut patrol = Instant::now() + PATROL;
    loop {
        // Nothing may come any more, and what is owed is tried again all the same.
        let until = if owed.is_empty() {
            patrol
        } else {
            patrol.min(Instant::now() + AGAIN)
        };
        let _ = timeout_at(until, inbox.recv_many(&mut batch, BATCH)).await;
        let killed = office.life.lock.is_let_go();
        if killed || (batch.is_empty() && inbox.is_closed()) {
            return;
        }
        let mut waiting = Vec::new();
        let before = owed.len();
        for message in batch.drain(..) {
            match message {
                Message::TieUp(end) => owed.push(end),
                Message::Drain(answer) => waiting.push(answer),
            }
        }
        owed = office.tie_up(owed).await;
        if owed.len() != before && !owed.is_empty() {
            tracing::warn!(
                holds = owed.len(),
                "holds stay pending until the database can be written"
            );
        }
        for answer in waiting {
            let _ = answer.send(());
        }
        if Instant::now() >= patrol {
            patrol = Instant::now() + PATROL;
            office.patrol().await;
        }
    }
}

impl Office {
    /// Tries to close these holds, each for itself but in one commit. Returns those that are still open.
    async fn tie_up(&self, ends: Vec<LooseEnd>) -> Vec<LooseEnd> {
        let mut left = Vec::new();
        let mut ends = ends.into_iter().peekable();
        while ends.peek().is_some() {
            let batch: Vec<LooseEnd> = ends.by_ref().take(BATCH).collect();
            let tried = join_all(batch.iter().map(|end| self.close(end.clone()))).await;
            left.extend(
                batch
                    .into_iter()
                    .zip(tried)
                    .filter(|(_, closed)| closed.is_err())
                    .map(|(end, _)| end),
            );
        }
        left
    }

    async fn close(&self, end: LooseEnd) -> Result<(), LedgerError> {
        let ended = match end {
            LooseEnd::Post(id) => self.close_as(id, End::PostedFull).await?,
            LooseEnd::Void(id) => self.close_as(id, End::Void).await?,
            LooseEnd::Settle(settlement) => {
                let model = settlement.model();
                match settlement.write(&self.store).await {
                    Ok((receipt, end)) => {
                        if receipt.breach {
                            self.life.counts.breach();
                            self.life.book.strike(&model);
                        }
                        end
                    }
                    Err(LedgerError::NoHold(_)) => None,
                    Err(error) => return Err(error),
                }
            }
        };
        if let Some(end) = ended {
            self.life.counts.closed(end, 1);
        }
        Ok(())
    }

    /// One that is closed already, or whose making was undone, needs nothing.
    async fn close_as(&self, id: HoldId, how: End) -> Result<Option<End>, StoreError> {
        let now = self.clock.now();
        self.store
            .write_settling(move |conn| {
                Box::pin(async move {
                    let Some(held) = holds::find(conn, id).await?.filter(|held| held.open) else {
                        return Ok(None);
                    };
                    let amounts = match how {
                        End::Void => (0, 0),
                        _ => (held.held_usd, held.held_tokens),
                    };
                    holds::close(conn, id, how, amounts, None, now).await?;
                    Ok(Some(how))
                })
            })
            .await
    }

    /// Posts what a process that shared the database has left open, if there is one and it died.
    async fn patrol(&self) {
        let runs = self
            .store
            .read(|conn| Box::pin(runs::with_open_holds(conn)))
            .await;
        if !runs.is_ok_and(|runs| runs.iter().any(|run| *run != self.life.run)) {
            return;
        }
        if let Err(error) = recover(&self.store, &self.clock, &self.life.counts).await {
            tracing::warn!(%error, "what another run may have left open stays pending for now");
        }
    }
}
