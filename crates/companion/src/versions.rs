//! Versions: a message that waits, or is being answered, is asked and kept as it says now, and not at all once it is gone.
//!
//! That it was edited or deleted stands in the store, by its id alone. The new words of an edit are kept here, in memory,
//! until the message is done with.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use store::StoreError;
use store::id::{ChannelId, MessageId, UserId};
use tokio::time::Instant;

use crate::companion::{Companion, Shared};
use crate::incoming::Incoming;

/// Edits that are kept of messages that nobody is known to wait for: an edit may be told of before its message is.
const EARLY: usize = 256;

/// How long they are kept.
const EARLY_FOR: Duration = Duration::from_secs(60);

/// The newest words of messages that are not remembered yet, and when they came.
#[derive(Default)]
pub(crate) struct Edits(Mutex<BTreeMap<MessageId, (Incoming, Instant)>>);

/// How a message that waited is now.
pub(crate) enum Newest {
    /// As it was heard.
    AsHeard,
    /// Edited since.
    Edited(Box<Incoming>),
    /// Deleted, or edited into words that nobody told.
    Gone,
}

impl Companion {
    /// A message was edited and is this now; one that was never edited is passed over. Nothing changes if its words are no
    /// news.
    pub async fn edited(&self, message: Incoming) -> Result<(), StoreError> {
        let Some(at) = message.edited_at else {
            return Ok(());
        };
        let (id, words) = (message.id, message.to_remember());
        let shared = &self.shared;
        // First the words, then the note that there are newer ones: whoever finds the note finds the words.
        shared
            .edits
            .note(message, |other| shared.answering.contains_key(&other));
        shared.house.memory.message_edited(id, at, words).await?;
        Ok(())
    }

    /// Forgets a person everywhere, also the words of theirs that are not remembered yet. Of their messages that are older
    /// than `before` none is kept that is still on its way. Says how many turns that took.
    pub async fn forget_person(&self, user: UserId, before: MessageId) -> Result<u64, StoreError> {
        self.shared.edits.forget_person(user);
        self.shared.doorstep.forget_person(user);
        self.shared.house.memory.forget_person(user, before).await
    }

    /// Lets go of words that nobody waits for any more.
    pub fn let_go(&self) {
        let shared = &self.shared;
        shared
            .edits
            .sweep(|other| shared.answering.contains_key(&other));
        shared.doorstep.sweep();
    }

    /// Messages were deleted.
    pub async fn deleted(&self, messages: Vec<MessageId>) -> Result<(), StoreError> {
        for message in &messages {
            self.shared.edits.forget(*message);
        }
        self.shared.doorstep.deleted(&messages);
        self.shared.house.memory.messages_deleted(messages).await?;
        Ok(())
    }

    /// A channel or thread was deleted, which deletes its messages, and those of its threads.
    pub async fn channel_deleted(&self, channel: ChannelId) -> Result<(), StoreError> {
        let house = &self.shared.house;
        let now = house.clock.now();
        house.memory.channel_deleted(channel, now).await?;
        Ok(())
    }
}

/// How a message is now that it is somebody's turn. If that cannot be read, it is as it was heard: the same database
/// will refuse the hold.
pub(crate) async fn newest(shared: &Shared, message: &Incoming) -> Newest {
    let known = (shared.house.store).version_of(message.id, message.channel, message.parent);
    let version = match known.await {
        Ok(version) => version,
        Err(error) => {
            tracing::error!(%error, message = %message.id, "the newest version of a message could not be looked up");
            return Newest::AsHeard;
        }
    };
    if version.gone {
        return Newest::Gone;
    }
    if version.edited_at <= message.edited_at {
        return Newest::AsHeard;
    }
    match shared.edits.newer_than(message) {
        Some(edited) => Newest::Edited(Box::new(edited)),
        None => Newest::Gone,
    }
}

impl Edits {
    /// Keeps an edited message, if it is the newest version. `waits` tells for which messages somebody waits.
    fn note(&self, edited: Incoming, waits: impl Fn(MessageId) -> bool) {
        self.sweep(&waits);
        let mut edits = self.lock();
        let known = edits.get(&edited.id);
        if known.is_none_or(|(known, _)| known.edited_at < edited.edited_at) {
            edits.insert(edited.id, (edited, Instant::now()));
        }
        if edits.len() > EARLY
            && let Some(oldest) = edits.keys().copied().find(|message| !waits(*message))
        {
            edits.remove(&oldest);
        }
    }

    /// The message in a newer version than this one, if there is one.
    pub(crate) fn newer_than(&self, message: &Incoming) -> Option<Incoming> {
        let edits = self.lock();
        let (edited, _) = edits.get(&message.id)?;
        // An edit changes what a message says, not where it stands.
        (edited.edited_at > message.edited_at).then(|| Incoming {
            guild: message.guild,
            parent: message.parent,
            unplaced: message.unplaced,
            author: message.author.clone(),
            reply_to: message.reply_to.clone(),
            at: message.at,
            age_restricted: message.age_restricted,
            ..edited.clone()
        })
    }

    /// A message is done with.
    pub(crate) fn forget(&self, message: MessageId) {
        self.lock().remove(&message);
    }

    /// Drops what a person wrote.
    fn forget_person(&self, user: UserId) {
        self.lock()
            .retain(|_, (edited, _)| edited.author.id != user);
    }

    /// Drops what nobody has come to wait for.
    fn sweep(&self, waits: impl Fn(MessageId) -> bool) {
        let now = Instant::now();
        let is_early = |came: &Instant| *came + EARLY_FOR > now;
        self.lock()
            .retain(|message, (_, came)| is_early(came) || waits(*message));
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<MessageId, (Incoming, Instant)>> {
        // Nothing panics while it is held; a poisoned map would still be whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incoming::tests::message;
    use chrono::DateTime;

    fn edit(id: u64, at: i64, text: &str) -> Incoming {
        Incoming {
            id: id.into(),
            text: text.into(),
            edited_at: DateTime::from_timestamp(at, 0),
            ..message()
        }
    }

    #[test]
    fn the_newest_edit_wins_whichever_is_told_of_first() {
        let edits = Edits::default();
        for one in [edit(1, 20, "second"), edit(1, 10, "first")] {
            edits.note(one, |_| true);
        }
        let newest = edits.newer_than(&message()).unwrap();
        assert_eq!(newest.text, "second");
        assert!(edits.newer_than(&newest).is_none(), "it is the newest");
        edits.forget(1.into());
        assert!(edits.newer_than(&message()).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn words_that_nobody_waits_for_go_within_a_minute_and_a_forgotten_persons_at_once() {
        let edits = Edits::default();
        for id in 1..=3 {
            edits.note(edit(id, 10, "edited"), |_| false);
        }
        tokio::time::advance(EARLY_FOR).await;
        edits.sweep(|message| message.get() == 1);
        let kept: Vec<MessageId> = edits.lock().keys().copied().collect();
        assert_eq!(kept, [1.into()]);
        edits.forget_person(9.into());
        assert_eq!(edits.lock().len(), 1);
        edits.forget_person(message().author.id);
        assert!(edits.lock().is_empty());
    }

    #[test]
    fn however_many_edit_the_words_of_those_who_wait_stay() {
        let edits = Edits::default();
        for id in 1..=2_000 {
            edits.note(edit(id, 10, "edited"), |message| message.get() == 1);
        }
        assert_eq!(edits.lock().len(), EARLY);
        assert_eq!(edits.newer_than(&message()).unwrap().text, "edited");
    }
}
