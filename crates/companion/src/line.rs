//! The line before a channel's door: who wrote first goes first, however long it takes to look things up about them.
//!
//! Discord's library hands every message to a task of its own, and each task looks things up before it comes to the
//! channel's lane. So a message stands in the line from the moment it is known of, by its id, which grows with time.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dashmap::DashMap;
use store::id::{ChannelId, MessageId};
use tokio::sync::Notify;

/// The longest that a message waits for one that stands before it. What takes longer than this hangs.
const PATIENCE: Duration = Duration::from_secs(15);

/// One line a channel. Cheap to clone; all clones are one.
#[derive(Clone, Default)]
pub(crate) struct Line(Arc<Inner>);

#[derive(Default)]
struct Inner {
    // A channel has a row while somebody stands in it.
    channels: DashMap<ChannelId, Row>,
    // The same message may stand twice: Discord sends it again, or it is known of before it is read.
    tickets: AtomicU64,
}

#[derive(Default)]
struct Row {
    standing: BTreeSet<Key>,
    moved: Arc<Notify>,
}

type Key = (MessageId, u64);

/// A place in a channel's line; whoever drops it leaves.
pub struct Place {
    line: Line,
    channel: ChannelId,
    key: Key,
    moved: Arc<Notify>,
}

impl Line {
    /// Takes a place, before everybody whose message is newer.
    pub(crate) fn stand(&self, channel: ChannelId, message: MessageId) -> Place {
        let key = (message, self.0.tickets.fetch_add(1, Ordering::Relaxed));
        let mut row = self.0.channels.entry(channel).or_default();
        row.standing.insert(key);
        Place {
            line: self.clone(),
            channel,
            key,
            moved: Arc::clone(&row.moved),
        }
    }
}

impl Place {
    /// Waits until nobody stands before this place.
    pub(crate) async fn first(&self) {
        let come = async {
            loop {
                let moved = self.moved.notified();
                tokio::pin!(moved);
                // Whoever leaves from here on is heard of.
                moved.as_mut().enable();
                if self.is_first() {
                    return;
                }
                moved.await;
            }
        };
        if tokio::time::timeout(PATIENCE, come).await.is_err() {
            tracing::warn!(channel = %self.channel, "a message before this one takes very long; it is passed by");
        }
    }

    fn is_first(&self) -> bool {
        let row = self.line.0.channels.get(&self.channel);
        row.is_none_or(|row| row.standing.first().is_none_or(|first| *first == self.key))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let channels = &self.line.0.channels;
        channels.remove_if_mut(&self.channel, |_, row| {
            row.standing.remove(&self.key);
            row.standing.is_empty()
        });
        self.moved.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[tokio::test]
    async fn the_older_message_goes_first_although_it_was_read_later() {
        let line = Line::default();
        let order = Arc::new(Mutex::new(vec![]));
        let older = line.stand(1.into(), 10.into());
        let newer = line.stand(1.into(), 11.into());
        let behind = tokio::spawn({
            let order = Arc::clone(&order);
            async move {
                newer.first().await;
                order.lock().unwrap().push(11);
            }
        });
        tokio::task::yield_now().await;
        older.first().await;
        order.lock().unwrap().push(10);
        drop(older);
        behind.await.unwrap();
        assert_eq!(*order.lock().unwrap(), [10, 11]);
        assert!(line.0.channels.is_empty(), "nobody is remembered");
    }

    #[tokio::test]
    async fn another_channel_does_not_wait() {
        let line = Line::default();
        let _first = line.stand(1.into(), 10.into());
        line.stand(2.into(), 11.into()).first().await;
    }

    #[tokio::test]
    async fn whoever_panics_leaves_the_line() {
        let line = Line::default();
        let first = line.stand(1.into(), 10.into());
        let second = line.stand(1.into(), 11.into());
        let panicking = tokio::spawn(async move {
            let _first = first;
            panic!("on purpose");
        });
        second.first().await;
        assert!(panicking.await.unwrap_err().is_panic());
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_hangs_holds_nobody_up_for_ever() {
        let line = Line::default();
        let _stuck = line.stand(1.into(), 10.into());
        line.stand(1.into(), 11.into()).first().await;
    }
}
