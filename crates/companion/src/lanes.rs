//! One bounded lane a channel: turns of one channel follow each other, turns of different channels wait for each other
//! only where a server or the whole bot runs as many as it may. [`Queue`] decides who is next.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use ledger::Spent;
use tokio_util::task::TaskTracker;

use crate::queue::{Bounds, Caller, Queue};

/// What became of somebody who waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Called {
    /// It is their turn.
    Up,
    /// The lane was full, and others had spent less.
    NoRoom,
}

/// What is done then.
type Work = Box<dyn FnOnce(Called) -> BoxFuture<'static, ()> + Send>;

/// Looks up what somebody has spent.
type Weigh = Box<dyn Fn(Caller) -> BoxFuture<'static, Spent> + Send + Sync>;

/// The lanes of all channels.
#[derive(Clone)]
pub(crate) struct Lanes(Arc<Inner>);

struct Inner {
    // Held for a few instructions only.
    queue: Mutex<Queue<Work>>,
    weigh: Weigh,
    tracker: TaskTracker,
    is_closed: AtomicBool,
}

/// A turn that runs. However it ends, its lane goes on.
struct Running {
    lanes: Lanes,
    caller: Caller,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.lanes.lock().done(&self.caller);
        self.lanes.begin();
    }
}

impl Lanes {
    /// Lanes within these bounds; turns are spawned on `tracker`.
    pub(crate) fn new(
        bounds: Bounds,
        tracker: TaskTracker,
        weigh: impl Fn(Caller) -> BoxFuture<'static, Spent> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(Inner {
            queue: Mutex::new(Queue::new(bounds)),
            weigh: Box::new(weigh),
            tracker,
            is_closed: AtomicBool::new(false),
        }))
    }

    /// Begins no further turn. What those who wait would have done is dropped.
    pub(crate) fn close(&self) {
        self.0.is_closed.store(true, Ordering::SeqCst);
        let left = self.lock().send_away();
        // Outside of the lock: it may do whatever it does when it is dropped.
        drop(left);
    }

    /// Has `work` done when it is the caller's turn, or when there is no room for them to wait.
    pub(crate) async fn enter<F>(
        &self,
        caller: Caller,
        work: impl FnOnce(Called) -> F + Send + 'static,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        if self.0.is_closed.load(Ordering::SeqCst) {
            return;
        }
        let work: Work = Box::new(move |called| work(called).boxed());
        let left = {
            let mut queue = self.lock();
            match queue.is_free(&caller) {
                true => {
                    queue.enter(caller, Spent::default(), work);
                    None
                }
                false => Some(work),
            }
        };
        if let Some(work) = left {
            let spent = (self.0.weigh)(caller).await;
            let no_room = self.lock().enter(caller, spent, work);
            if let Some((caller, work)) = no_room {
                let told = run(caller, work, Called::NoRoom);
                self.0.tracker.spawn(told);
            }
        }
        self.begin();
    }

    /// Begins every turn that may begin.
    fn begin(&self) {
        loop {
            if self.0.is_closed.load(Ordering::SeqCst) {
                drop(self.lock().send_away());
                return;
            }
            let Some((caller, work)) = self.lock().begin() else {
                return;
            };
            let running = Running {
                lanes: self.clone(),
                caller,
            };
            self.0.tracker.spawn(async move {
                run(caller, work, Called::Up).await;
                running.lanes.weigh_again(caller).await;
                drop(running);
            });
        }
    }

    /// After a turn of this caller, who may wait for another one.
    async fn weigh_again(&self, caller: Caller) {
        let waits = self.lock().waits(&caller);
        if waits {
            let spent = (self.0.weigh)(caller).await;
            self.lock().weigh(&caller, spent);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue<Work>> {
        // Nothing panics while it is held; a poisoned queue would still be whole.
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A turn that panics must not silence its channel.
async fn run(caller: Caller, work: Work, called: Called) {
    let turn = async move { work(called).await };
    if AssertUnwindSafe(turn).catch_unwind().await.is_err() {
        tracing::error!(channel = %caller.channel, "a turn panicked; the lane goes on with the next");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::{mpsc, oneshot};

    const BOUNDS: Bounds = Bounds {
        waiting: 2,
        per_guild: 100,
        in_all: 100,
    };

    /// Lanes in which a member has spent as much as their number.
    fn lanes(bounds: Bounds, tracker: &TaskTracker) -> Lanes {
        let weigh = |caller: Caller| {
            let usd = i64::try_from(caller.member.get()).unwrap();
            std::future::ready(Spent { usd, tokens: 0 }).boxed()
        };
        Lanes::new(bounds, tracker.clone(), weigh)
    }

    fn caller(channel: u64, member: u64, message: u64) -> Caller {
        Caller {
            guild: Some(1.into()),
            channel: channel.into(),
            member: member.into(),
            message: message.into(),
        }
    }

    async fn end(tracker: &TaskTracker) {
        tracker.close();
        tracker.wait().await;
    }

    /// Occupies a channel until the sender is used.
    async fn occupy(lanes: &Lanes, caller: Caller) -> oneshot::Sender<()> {
        let (release, held) = oneshot::channel::<()>();
        lanes
            .enter(caller, |_| async move { held.await.unwrap() })
            .await;
        release
    }

    #[tokio::test]
    async fn those_who_wait_are_called_the_lightest_first_and_the_heaviest_gives_way() {
        let tracker = TaskTracker::new();
        let lanes = lanes(BOUNDS, &tracker);
        let release = occupy(&lanes, caller(1, 50, 1)).await;
        let (sender, mut heard) = mpsc::unbounded_channel();
        for (member, message) in [(40, 2), (30, 3), (10, 4)] {
            let sender = sender.clone();
            lanes
                .enter(caller(1, member, message), move |called| async move {
                    sender.send((member, called)).unwrap();
                })
                .await;
        }
        drop(sender);
        assert_eq!(heard.recv().await, Some((40, Called::NoRoom)));
        release.send(()).unwrap();
        assert_eq!(heard.recv().await, Some((10, Called::Up)));
        assert_eq!(heard.recv().await, Some((30, Called::Up)));
        end(&tracker).await;
        assert!(lanes.lock().is_empty());
    }

    #[tokio::test]
    async fn a_slow_channel_holds_up_no_other() {
        let tracker = TaskTracker::new();
        let lanes = lanes(BOUNDS, &tracker);
        let release = occupy(&lanes, caller(1, 1, 1)).await;
        let (done, other) = oneshot::channel();
        lanes
            .enter(caller(2, 2, 2), |_| async move { done.send(()).unwrap() })
            .await;
        other.await.unwrap();
        release.send(()).unwrap();
        end(&tracker).await;
    }

    #[tokio::test]
    async fn closed_lanes_let_the_running_turn_end_and_begin_no_other() {
        let tracker = TaskTracker::new();
        let lanes = lanes(BOUNDS, &tracker);
        let release = occupy(&lanes, caller(1, 1, 1)).await;
        let (done, waiting) = oneshot::channel::<()>();
        lanes
            .enter(caller(1, 2, 2), |_| async move { done.send(()).unwrap() })
            .await;
        lanes.close();
        assert!(waiting.await.is_err(), "whoever waits is sent away at once");
        let (done, late) = oneshot::channel::<()>();
        lanes
            .enter(caller(1, 2, 3), |_| async move { done.send(()).unwrap() })
            .await;
        assert!(late.await.is_err());
        release.send(()).unwrap();
        end(&tracker).await;
        assert!(lanes.lock().is_empty());
    }

    #[tokio::test]
    async fn a_lookup_that_panics_does_not_silence_its_channel() {
        let tracker = TaskTracker::new();
        let weigh = |caller: Caller| -> BoxFuture<'static, Spent> {
            let panics = caller.message == 1.into();
            async move {
                assert!(!panics, "on purpose");
                Spent::default()
            }
            .boxed()
        };
        let lanes = Lanes::new(BOUNDS, tracker.clone(), weigh);
        let release = occupy(&lanes, caller(1, 1, 1)).await;
        let (done, heard) = oneshot::channel();
        lanes
            .enter(caller(1, 1, 2), |_| async move { done.send(()).unwrap() })
            .await;
        release.send(()).unwrap();
        heard.await.unwrap();
        end(&tracker).await;
    }

    #[tokio::test]
    async fn a_panicking_turn_does_not_silence_its_channel() {
        let tracker = TaskTracker::new();
        let lanes = lanes(BOUNDS, &tracker);
        lanes
            .enter(caller(1, 1, 1), |_| async { panic!("on purpose") })
            .await;
        let (done, heard) = oneshot::channel();
        lanes
            .enter(caller(1, 1, 2), |_| async move { done.send(()).unwrap() })
            .await;
        heard.await.unwrap();
        end(&tracker).await;
    }
}
