//! The doorstep: in a server a message waits a moment before anything is set aside for it.
//!
//! Bots such as PluralKit and Tupperbox let one account speak under several names: they post a person's message anew through
//! a webhook, under that name, and delete the original about a second later. For the persona that is one message by one
//! person, so the original waits here to see whether it is reposted, and the repost is taken as the person's own
//! ([`Repost`] says when). A message that is deleted while it waits is not answered.
//!
//! What is kept here is kept for some seconds, and never written.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use store::id::{ChannelId, MessageId, UserId};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::incoming::Incoming;
use crate::proxied;

/// How long after the repost the original may still be deleted. PluralKit does it a second later.
const LATE: Duration = Duration::from_millis(2_500);
/// The pause of somebody whose messages are reposted is longer by this factor.
const PROXIED: u32 = 3;
/// How long a message can be found by its repost.
const KEPT: Duration = proxied::LATEST;
/// Messages that are kept of a channel.
const OF_A_CHANNEL: usize = 50;
/// Accounts that are known to be proxied; when there are more, all are learned anew.
const ACCOUNTS: usize = 1_000;
/// Deletions that are remembered, in case one is heard of before its message.
const DELETIONS: usize = 500;

/// What becomes of a message that waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is to be answered.
    Begin,
    /// It is deleted.
    Gone,
}

/// Whose message a webhook's is.
#[derive(Clone, Debug)]
pub(crate) enum Repost {
    /// A person's, who speaks under another name.
    Person(Incoming),
    /// The same, but the original is being answered.
    Answered(Incoming),
    /// The webhook's own.
    Stranger,
}

/// Where messages wait.
pub(crate) struct Doorstep {
    pause: Duration,
    // Held for a few instructions only.
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    channels: HashMap<ChannelId, VecDeque<Original>>,
    proxied: HashSet<UserId>,
    deleted: VecDeque<MessageId>,
}

/// A person's message of the last seconds.
struct Original {
    message: Incoming,
    came: Instant,
    is_deleted: bool,
    /// The webhook's message that says the same, and when it came.
    repost: Option<(MessageId, Instant)>,
    /// Its turn is so far that what comes of it is the answer: see [`Doorstep::begin`].
    has_begun: bool,
}

/// What is known of a wait by now.
enum So<T> {
    Far(T),
    Until(Instant),
}

impl Doorstep {
    /// A doorstep on which messages wait so long.
    pub(crate) fn new(pause: Duration) -> Self {
        Self {
            pause,
            state: Mutex::default(),
            changed: Notify::new(),
        }
    }

    /// A person wrote something in a server.
    pub(crate) fn came(&self, message: &Incoming) {
        if message.guild.is_none() || message.author.automated {
            return;
        }
        let now = Instant::now();
        let mut state = self.lock();
        state.sweep(now);
        let is_deleted = state.deleted.contains(&message.id);
        let channel = state.channels.entry(message.channel).or_default();
        if channel.iter().any(|known| known.message.id == message.id) {
            return;
        }
        if channel.len() >= OF_A_CHANNEL {
            channel.pop_front();
        }
        channel.push_back(Original {
            message: message.clone(),
            came: now,
            is_deleted,
            repost: None,
            has_begun: false,
        });
    }

    /// Messages were deleted.
    pub(crate) fn deleted(&self, messages: &[MessageId]) {
        let mut state = self.lock();
        for id in messages {
            if state.deleted.len() >= DELETIONS {
                state.deleted.pop_front();
            }
            state.deleted.push_back(*id);
        }
        for known in state.channels.values_mut().flatten() {
            known.is_deleted |= messages.contains(&known.message.id);
        }
        drop(state);
        self.changed.notify_waiters();
    }

    /// Drops what a person wrote.
    pub(crate) fn forget_person(&self, user: UserId) {
        let mut state = self.lock();
        for known in state.channels.values_mut() {
            known.retain(|original| original.message.author.id != user);
        }
        state.proxied.remove(&user);
        drop(state);
        self.changed.notify_waiters();
    }

    /// Drops what is too old for a repost.
    pub(crate) fn sweep(&self) {
        self.lock().sweep(Instant::now());
    }

    /// Whether a webhook says what a person has just said; if so, [`Doorstep::reveal`] tells whose it is.
    pub(crate) fn is_repost(&self, message: &Incoming) -> bool {
        if !message.author.by_webhook {
            return false;
        }
        let now = Instant::now();
        let mut state = self.lock();
        let Some(channel) = state.channels.get_mut(&message.channel) else {
            return false;
        };
        let mut originals = channel.iter_mut().rev();
        let original = originals.find(|known| {
            known.repost.is_none()
                && known.came + KEPT > now
                && known.message.id < message.id
                // After a gap both come at once, however long ago they were written.
                && proxied::follows(known.message.at, message.at)
                && proxied::says_the_same(&known.message, message)
        });
        let Some(original) = original else {
            return false;
        };
        original.repost = Some((message.id, now));
        drop(state);
        self.changed.notify_waiters();
        true
    }

    /// Waits until it is clear whose message this is: the proxied person's, once the original is gone.
    pub(crate) async fn reveal(&self, message: &Incoming) -> Repost {
        self.wait(|| self.lock().reveal(message, Instant::now()))
            .await
    }

    /// Something is about to be said to a message, after the last look at whether it still stands: from now on its repost is
    /// answered by that. `false` if it is deleted; then its repost, if there is one, is answered instead.
    pub(crate) fn begin(&self, message: &Incoming) -> bool {
        let mut state = self.lock();
        let channel = state.channels.get_mut(&message.channel);
        let known = channel.and_then(|known| {
            let mut known = known.iter_mut();
            known.find(|original| original.message.id == message.id)
        });
        let Some(original) = known else {
            return true;
        };
        original.has_begun |= !original.is_deleted;
        original.has_begun
    }

    /// Waits out the pause of a message.
    pub(crate) async fn pause(&self, message: &Incoming) -> Fate {
        self.wait(|| self.lock().fate(message, self.pause, Instant::now()))
            .await
    }

    async fn wait<T>(&self, look: impl Fn() -> So<T>) -> T {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // What changes from here on is heard of.
            changed.as_mut().enable();
            match look() {
                So::Far(outcome) => return outcome,
                So::Until(until) => {
                    // It does not matter which it was.
                    let _ = tokio::time::timeout_at(until, changed).await;
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn sweep(&mut self, now: Instant) {
        self.channels.retain(|_, known| {
            known.retain(|original| original.came + KEPT > now);
            !known.is_empty()
        });
    }

    fn fate(&self, message: &Incoming, pause: Duration, now: Instant) -> So<Fate> {
        let is_proxied = self.proxied.contains(&message.author.id);
        let channel = self.channels.get(&message.channel);
        let known = channel.and_then(|known| {
            let mut known = known.iter();
            known.find(|original| original.message.id == message.id)
        });
        let Some(original) = known else {
            return So::Far(Fate::Begin);
        };
        let until = match original.repost {
            Some((_, at)) => at + LATE,
            None if is_proxied => original.came + pause * PROXIED,
            None => original.came + pause,
        };
        match original.is_deleted {
            true => So::Far(Fate::Gone),
            false if now < until => So::Until(until),
            false => So::Far(Fate::Begin),
        }
    }

    fn reveal(&mut self, repost: &Incoming, now: Instant) -> So<Repost> {
        let channel = self.channels.get(&repost.channel);
        let known = channel.and_then(|known| {
            let is_it =
                |original: &&Original| original.repost.is_some_and(|(id, _)| id == repost.id);
            known.iter().find(is_it)
        });
        let Some((original, (_, at))) = known.and_then(|known| Some((known, known.repost?))) else {
            return So::Far(Repost::Stranger);
        };
        if original.is_deleted {
            let person = proxied::person(&original.message, repost);
            let has_begun = original.has_begun;
            if self.proxied.len() >= ACCOUNTS {
                self.proxied.clear();
            }
            self.proxied.insert(person.author.id);
            return So::Far(match has_begun {
                true => Repost::Answered(person),
                false => Repost::Person(person),
            });
        }
        match now < at + LATE {
            true => So::Until(at + LATE),
            false => So::Far(Repost::Stranger),
        }
    }
}

#[cfg(test)]
mod tests;
