//! The companion: hears messages and sees that each is answered once, in its channel's lane, until it is told to stop.

use std::sync::Arc;
use std::time::Duration;

use dashmap::DashMap;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use ledger::{Ledger, Spent};
use safety::clean::Cleaner;
use store::id::{ChannelId, MessageId};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::arrival;
use crate::bots::BotTurns;
use crate::consolidate::Consolidations;
use crate::doorstep::Doorstep;
use crate::house::House;
use crate::incoming::Incoming;
use crate::lanes::Lanes;
use crate::line::{Line, Place};
use crate::pace::Pace;
use crate::queue::Caller;
use crate::quiet::Quiet;
use crate::reading;
use crate::speaker::Speaker;
use crate::versions::Edits;

/// Of the time that a stop may take, this much is left for settling what was cut off.
const TO_SETTLE: Duration = Duration::from_secs(2);

/// Cleaners that are kept; when there are more, all are made anew.
const CLEANERS: usize = 1_000;

/// Closings that a slow looker-on may be behind.
const CLOSINGS: usize = 64;

/// A message that is done with.
#[derive(Clone, Debug)]
pub struct Closed {
    /// The message.
    pub message: MessageId,
    /// What answers it, in order; empty where it got no answer.
    pub answer: Vec<MessageId>,
}

impl Closed {
    /// Waits until this message is done with, by news that were asked for before it was written. `None` where the companion
    /// has ended without.
    pub async fn of(message: MessageId, closings: &mut broadcast::Receiver<Self>) -> Option<Self> {
        loop {
            match closings.recv().await {
                Ok(closed) if closed.message == message => return Some(closed),
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

/// Hears and answers. Cheap to clone.
#[derive(Clone)]
pub struct Companion {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) house: Arc<House>,
    pub(crate) speaker: Arc<dyn Speaker>,
    /// Messages that are looked at, each channel's in their order.
    pub(crate) arrivals: Line,
    /// Messages that are ours to answer and do not wait in their lane yet, likewise.
    pub(crate) entrances: Line,
    pub(crate) doorstep: Doorstep,
    pub(crate) lanes: Lanes,
    pub(crate) pace: Pace,
    pub(crate) quiet: Quiet,
    pub(crate) bots: BotTurns,
    /// Messages that are in charge of a turn, with what shows their answer so far.
    pub(crate) answering: DashMap<MessageId, Vec<MessageId>>,
    /// The newest words of messages that are not remembered yet.
    pub(crate) edits: Edits,
    pub(crate) consolidations: Consolidations,
    /// Told when something was said that could be read for its meaning.
    pub(crate) said: Notify,
    /// Cleaners by who speaks to whom: their patterns are compiled from the names.
    cleaners: DashMap<(String, String), Cleaner>,
    /// Tells who looks on which messages are done with.
    pub(crate) closings: broadcast::Sender<Closed>,
    tracker: TaskTracker,
    /// No further message is taken in.
    pub(crate) closing: CancellationToken,
    /// Running generations end where they are.
    pub(crate) cut: CancellationToken,
}

impl Companion {
    /// A companion of this house that speaks through `speaker`.
    pub fn new(house: Arc<House>, speaker: Arc<dyn Speaker>) -> Self {
        let tracker = TaskTracker::new();
        let shared = Shared {
            arrivals: Line::default(),
            entrances: Line::default(),
            doorstep: Doorstep::new(house.manner.pause),
            lanes: Lanes::new(house.manner.bounds, tracker.clone(), spent(&house.ledger)),
            pace: Pace::new(house.manner.rates, Arc::clone(&house.clock)),
            quiet: Quiet::default(),
            bots: BotTurns::new(house.manner.bot_turns_per_hour),
            house,
            speaker,
            answering: DashMap::new(),
            edits: Edits::default(),
            consolidations: Consolidations::default(),
            said: Notify::new(),
            cleaners: DashMap::new(),
            closings: broadcast::Sender::new(CLOSINGS),
            tracker,
            closing: CancellationToken::new(),
            cut: CancellationToken::new(),
        };
        let shared = Arc::new(shared);
        reading::start(&shared);
        Self { shared }
    }

    /// What this companion shares with the commands.
    pub fn house(&self) -> &Arc<House> {
        &self.shared.house
    }

    /// Takes a message in, whether it came just now or while the bot was away; the answer comes by itself. A message that
    /// was seen before is passed over.
    pub fn hear(&self, message: Incoming) {
        self.start(message, arrival::Before::New);
    }

    /// Keeps a message's place in its channel's line until it has been read and [`Companion::hear`] takes it in, so that
    /// no newer one overtakes it.
    pub fn keep_place(&self, channel: ChannelId, message: MessageId) -> Place {
        self.shared.arrivals.stand(channel, message)
    }

    /// News of messages that are done with, from now on.
    pub fn closings(&self) -> broadcast::Receiver<Closed> {
        self.shared.closings.subscribe()
    }

    /// Whether no further message is taken in.
    pub fn is_stopping(&self) -> bool {
        self.shared.closing.is_cancelled()
    }

    pub(crate) fn start(&self, message: Incoming, before: arrival::Before) {
        // A message that comes while stopping is left unclaimed: the next run finds it.
        if self.shared.closing.is_cancelled() {
            return;
        }
        let place = self.shared.arrivals.stand(message.channel, message.id);
        let shared = Arc::clone(&self.shared);
        self.shared
            .tracker
            .spawn(arrival::take(shared, message, before, place));
    }

    /// Stops within `grace`: running turns finish, or are cut off and settled. What waits is left for the next start, and
    /// so is a message whose answer has no word yet.
    pub async fn stop(&self, grace: Duration) {
        self.shared.closing.cancel();
        self.shared.lanes.close();
        self.shared.house.slots.close();
        self.shared.tracker.close();
        let calls = &self.shared.house.calls;
        calls.close();
        let finish = grace.saturating_sub(TO_SETTLE);
        let all = async { tokio::join!(self.shared.tracker.wait(), calls.wait()) };
        // A turn that was cut before its first words has shown nothing.
        let mut ended = true;
        if tokio::time::timeout(finish, all).await.is_err() {
            self.shared.cut.cancel();
            let settled = tokio::time::timeout(TO_SETTLE, self.shared.tracker.wait());
            ended = settled.await.is_ok();
            if !ended {
                tracing::warn!(
                    "some turns did not end in time; their holds are posted in full at the next start"
                );
            }
        }
        let house = &self.shared.house;
        match house
            .store
            .let_go_of_claims(house.ledger.run(), ended)
            .await
        {
            Ok(0) => {}
            Ok(left) => tracing::info!(left, "messages are left for the next start to answer"),
            Err(error) => tracing::warn!(%error, "what is left to answer could not be let go of"),
        }
    }
}

/// Looks up what a caller has spent today. Whose spend cannot be read counts as having spent nothing.
fn spent(ledger: &Ledger) -> impl Fn(Caller) -> BoxFuture<'static, Spent> + use<> {
    let ledger = ledger.clone();
    move |caller| {
        let ledger = ledger.clone();
        async move {
            let spent = ledger.spent_today(&caller.spender()).await;
            spent.unwrap_or_else(|error| {
                tracing::warn!(%error, "what a member has spent could not be read");
                Spent::default()
            })
        }
        .boxed()
    }
}

impl Shared {
    /// Runs work that a stop waits for.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(work);
    }

    /// Cleans what this persona says to this person.
    pub(crate) fn cleaner(&self, persona: &str, person: &str) -> Cleaner {
        let names = (persona.to_owned(), person.to_owned());
        if let Some(known) = self.cleaners.get(&names) {
            return known.clone();
        }
        if self.cleaners.len() >= CLEANERS {
            self.cleaners.clear();
        }
        let made = || Cleaner::new(persona, [person]);
        self.cleaners.entry(names).or_insert_with(made).clone()
    }
}
