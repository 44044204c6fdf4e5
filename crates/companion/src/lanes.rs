//! One bounded lane a channel: turns of one channel follow each other, turns of different channels never wait for
//! each other.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use store::id::ChannelId;
use tokio_util::task::TaskTracker;

/// The lane is full: this many turns wait in the channel already.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("many messages wait here already; please try again in a moment")]
pub struct LaneFull;

/// What waits, by channel. An entry means that a worker runs for the channel; the lock orders `enter` against the
/// worker's leaving. It is held for a few instructions only.
#[derive(Clone, Default)]
struct Waiting(Arc<Mutex<HashMap<ChannelId, VecDeque<BoxFuture<'static, ()>>>>>);

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, HashMap<ChannelId, VecDeque<BoxFuture<'static, ()>>>> {
        // Nothing panics while it is held; a poisoned map would still be whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The lanes of all channels. A lane exists only while something waits or runs in it.
pub struct Lanes {
    waiting: Waiting,
    depth: usize,
    tracker: TaskTracker,
}

impl Lanes {
    /// Lanes in which up to `depth` turns wait behind the running one; workers are spawned on `tracker`.
    pub fn new(depth: usize, tracker: TaskTracker) -> Self {
        Self {
            waiting: Waiting::default(),
            depth,
            tracker,
        }
    }

    /// Runs `turn` after those that entered the channel's lane before it.
    pub fn enter(
        &self,
        channel: ChannelId,
        turn: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), LaneFull> {
        match self.waiting.lock().entry(channel) {
            Entry::Occupied(mut lane) if lane.get().len() < self.depth => {
                lane.get_mut().push_back(turn.boxed());
            }
            Entry::Occupied(_) => return Err(LaneFull),
            Entry::Vacant(lane) => {
                lane.insert(VecDeque::new());
                self.tracker
                    .spawn(work(self.waiting.clone(), channel, turn.boxed()));
            }
        }
        Ok(())
    }
}

async fn work(waiting: Waiting, channel: ChannelId, first: BoxFuture<'static, ()>) {
    let mut next = Some(first);
    while let Some(turn) = next {
        // A turn that panics must not silence its channel.
        if AssertUnwindSafe(turn).catch_unwind().await.is_err() {
            tracing::error!(%channel, "a turn panicked; the lane goes on with the next");
        }
        next = leave_or_next(&waiting, channel);
    }
}

/// The next turn; where none waits the lane is closed under the same lock, so that no turn can slip in unseen.
fn leave_or_next(waiting: &Waiting, channel: ChannelId) -> Option<BoxFuture<'static, ()>> {
    let mut lanes = waiting.lock();
    let next = lanes.get_mut(&channel)?.pop_front();
    if next.is_none() {
        lanes.remove(&channel);
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::{mpsc, oneshot};

    #[tokio::test]
    async fn turns_of_one_channel_keep_their_order() {
        let lanes = Lanes::new(100, TaskTracker::new());
        let (sender, mut heard) = mpsc::unbounded_channel();
        for n in 0..50 {
            let sender = sender.clone();
            lanes
                .enter(1.into(), async move {
                    tokio::task::yield_now().await;
                    sender.send(n).unwrap();
                })
                .unwrap();
        }
        drop(sender);
        let mut order = vec![];
        while let Some(n) = heard.recv().await {
            order.push(n);
        }
        assert_eq!(order, (0..50).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn a_slow_channel_holds_up_no_other() {
        let lanes = Lanes::new(1, TaskTracker::new());
        let (release, held) = oneshot::channel::<()>();
        lanes
            .enter(1.into(), async move { held.await.unwrap() })
            .unwrap();
        let (done, other) = oneshot::channel();
        lanes
            .enter(2.into(), async move { done.send(()).unwrap() })
            .unwrap();
        other.await.unwrap();
        release.send(()).unwrap();
    }

    #[tokio::test]
    async fn a_full_lane_says_so_and_is_free_again_afterwards() {
        let tracker = TaskTracker::new();
        let lanes = Lanes::new(1, tracker.clone());
        let (release, held) = oneshot::channel::<()>();
        lanes
            .enter(1.into(), async move { held.await.unwrap() })
            .unwrap();
        lanes.enter(1.into(), async {}).unwrap();
        assert_eq!(lanes.enter(1.into(), async {}), Err(LaneFull));
        release.send(()).unwrap();
        tracker.close();
        tracker.wait().await;
        assert!(lanes.waiting.lock().is_empty());
        lanes.enter(1.into(), async {}).unwrap();
    }

    #[tokio::test]
    async fn a_panicking_turn_does_not_silence_its_channel() {
        let tracker = TaskTracker::new();
        let lanes = Lanes::new(4, tracker.clone());
        let heard = Arc::new(Mutex::new(false));
        lanes
            .enter(1.into(), async { panic!("on purpose") })
            .unwrap();
        let heard_in = Arc::clone(&heard);
        lanes
            .enter(1.into(), async move { *heard_in.lock().unwrap() = true })
            .unwrap();
        tracker.close();
        tracker.wait().await;
        assert!(*heard.lock().unwrap());
    }
}
