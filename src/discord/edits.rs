//! The one scheduler of all edits: it says when a message that is being written may be changed again.
//!
//! Whoever waits has one ticket, and takes the newest text only when its turn comes: so edits coalesce by themselves, the
//! queue is no longer than the messages being written, and going to its end after each edit is the round robin. As load
//! rises every message is edited less often. [`Schedule`] decides and is tested without I/O; [`Edits`] carries it out.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use serenity::model::id::ChannelId;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Time between two edits of a reply in a channel. Discord documents no number; its headers commonly say 5 in 5 s.
pub const LANE_GAP: Duration = Duration::from_millis(1_200);
/// Edits and posts in any second above which a reply that is still being written waits.
pub const STREAMING_PER_SECOND: usize = 30;
/// The same for a finished reply. Discord allows a bot 50 requests a second; the rest is for all else that it does.
pub const FINAL_PER_SECOND: usize = 45;
const SECOND: Duration = Duration::from_secs(1);
/// Tickets on their way to the scheduler; who comes when it is full waits at the door.
const DOOR: usize = 1_024;

/// How much an edit matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// A reply that is still being written; the next edit will hold more.
    Streaming,
    /// The finished reply. It always goes, before all others, and does not wait for its channel's gap.
    Final,
}

/// What the schedule says.
#[derive(Debug, PartialEq, Eq)]
pub enum Next<T> {
    /// This one goes now.
    Go(T),
    /// Nobody may go before then.
    At(Instant),
    /// Nobody waits.
    Idle,
}

/// Who waits, and what has lately been sent.
pub struct Schedule<T> {
    finals: VecDeque<(ChannelId, T)>,
    streaming: VecDeque<(ChannelId, T)>,
    /// When a channel may have its next edit.
    free_at: HashMap<ChannelId, Instant>,
    /// What was sent in the last second.
    lately: VecDeque<Instant>,
}

impl<T> Default for Schedule<T> {
    fn default() -> Self {
        Self {
            finals: VecDeque::new(),
            streaming: VecDeque::new(),
            free_at: HashMap::new(),
            lately: VecDeque::new(),
        }
    }
}

impl<T> Schedule<T> {
    /// Takes a place at the end of the queue.
    pub fn ask(&mut self, lane: ChannelId, urgency: Urgency, ticket: T) {
        match urgency {
            Urgency::Final => self.finals.push_back((lane, ticket)),
            Urgency::Streaming => self.streaming.push_back((lane, ticket)),
        }
    }

    /// Counts something that was sent without asking, such as a new message.
    pub fn sent(&mut self, lane: ChannelId, now: Instant) {
        self.lately.push_back(now);
        // What comes too early pushes the next one back, so the channel's average holds.
        let free = self.free_at.entry(lane).or_insert(now);
        *free = (*free).max(now) + LANE_GAP;
    }

    /// Who goes next. Tickets that are no longer `wanted` fall out unseen.
    pub fn next(&mut self, now: Instant, wanted: impl Fn(&T) -> bool) -> Next<T> {
        while self
            .lately
            .front()
            .is_some_and(|sent| now.duration_since(*sent) >= SECOND)
        {
            self.lately.pop_front();
        }
        self.free_at.retain(|_, free| *free > now);
        self.finals.retain(|(_, ticket)| wanted(ticket));
        self.streaming.retain(|(_, ticket)| wanted(ticket));

        if !self.finals.is_empty() {
            if let Some(at) = self.full_until(FINAL_PER_SECOND) {
                return Next::At(at);
            }
            if let Some((lane, ticket)) = self.finals.pop_front() {
                self.sent(lane, now);
                return Next::Go(ticket);
            }
        }
        if self.streaming.is_empty() {
            return Next::Idle;
        }
        if let Some(at) = self.full_until(STREAMING_PER_SECOND) {
            return Next::At(at);
        }
        let free = self
            .streaming
            .iter()
            .position(|(lane, _)| !self.free_at.contains_key(lane));
        if let Some((lane, ticket)) = free.and_then(|i| self.streaming.remove(i)) {
            self.sent(lane, now);
            return Next::Go(ticket);
        }
        let soonest = self
            .streaming
            .iter()
            .filter_map(|(lane, _)| self.free_at.get(lane))
            .min();
        soonest.map_or(Next::Idle, |at| Next::At(*at))
    }

    /// Drops those who are still writing: at a stop only finished replies count.
    pub fn only_finals(&mut self) {
        self.streaming.clear();
    }

    /// When fewer than `limit` will have been sent within a second, if that is not now.
    fn full_until(&self, limit: usize) -> Option<Instant> {
        let over = self.lately.len().checked_sub(limit)?;
        self.lately.get(over).map(|sent| *sent + SECOND)
    }
}

enum Ask {
    Permit {
        lane: ChannelId,
        urgency: Urgency,
        grant: oneshot::Sender<()>,
    },
    Sent {
        lane: ChannelId,
    },
}

/// The scheduler, as those who write see it.
#[derive(Clone)]
pub struct Edits {
    asks: mpsc::Sender<Ask>,
}

impl Edits {
    /// Starts the scheduler. After `stop` it lets the finished replies that wait go, and ends.
    pub fn start(stop: CancellationToken, tasks: &TaskTracker) -> Self {
        let (asks, door) = mpsc::channel(DOOR);
        tasks.spawn(serve(door, stop));
        Self { asks }
    }

    /// Waits for the turn of an edit; `false` means that it shall not be made. Dropping the future gives up the place.
    pub async fn permit(&self, lane: ChannelId, urgency: Urgency) -> bool {
        let (grant, granted) = oneshot::channel();
        let asked = self
            .asks
            .send(Ask::Permit {
                lane,
                urgency,
                grant,
            })
            .await;
        // A finished reply always goes, also after the scheduler has ended.
        (asked.is_ok() && granted.await.is_ok()) || urgency == Urgency::Final
    }

    /// Counts a message that was posted.
    pub fn sent(&self, lane: ChannelId) {
        // Lost only when a thousand others knock: the count is then full anyway.
        let _ = self.asks.try_send(Ask::Sent { lane });
    }
}

async fn serve(mut door: mpsc::Receiver<Ask>, stop: CancellationToken) {
    let mut schedule: Schedule<oneshot::Sender<()>> = Schedule::default();
    let mut open = true;
    loop {
        let wake = match schedule.next(Instant::now(), |grant| !grant.is_closed()) {
            Next::Go(grant) => {
                let _ = grant.send(());
                continue;
            }
            Next::At(at) => Some(at),
            Next::Idle if !open => return,
            Next::Idle => None,
        };
        tokio::select! {
            biased;
            () = stop.cancelled(), if open => {
                door.close();
                while let Ok(ask) = door.try_recv() {
                    take(&mut schedule, ask);
                }
                schedule.only_finals();
                open = false;
            }
            ask = door.recv(), if open => match ask {
                Some(ask) => take(&mut schedule, ask),
                None => open = false,
            },
            () = until(wake), if wake.is_some() => {}
        }
    }
}

fn take(schedule: &mut Schedule<oneshot::Sender<()>>, ask: Ask) {
    match ask {
        Ask::Permit {
            lane,
            urgency,
            grant,
        } => schedule.ask(lane, urgency, grant),
        Ask::Sent { lane } => schedule.sent(lane, Instant::now()),
    }
}

async fn until(wake: Option<Instant>) {
    if let Some(at) = wake {
        tokio::time::sleep_until(at).await;
    }
}

#[cfg(test)]
mod tests;
