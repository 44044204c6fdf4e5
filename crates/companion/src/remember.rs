//! Remember: what was said is kept word for word, in this persona's memory of this place.

use std::borrow::Cow;

use memory::{Author, Kept, NewTurn, Prompted, TurnKind};
use store::id::{MessageId, ScopeId, TurnId};
use store::reports::NewReport;

use crate::cast::Seat;
use crate::companion::Shared;
use crate::house::House;
use crate::reply::Reply;

/// What became of a person's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// It is kept.
    Kept(TurnId),
    /// It is not, and may be answered all the same.
    NotKept,
    /// It was deleted meanwhile.
    Gone,
}

/// Keeps the person's message in its newest version, unless they have paused memory here or, in a thread, in the channel
/// above, or had it forgotten meanwhile. A failure costs the memory, not the reply.
pub(crate) async fn heard(shared: &Shared, reply: &Reply<'_>) -> Heard {
    let (house, message) = (&shared.house, reply.message);
    if message.unplaced
        && !matches!(
            house.store.channel_above(message.channel).await,
            Ok(Some(_))
        )
    {
        // Nobody knows whether it is a thread, nor what is paused above it.
        return Heard::NotKept;
    }
    if !may_keep(house, message.seat()).await {
        return Heard::NotKept;
    }
    let mut newest = Cow::Borrowed(message);
    loop {
        let turn = NewTurn {
            scope: reply.scope(),
            author: Author::Person(message.author.id),
            author_name: message.author.name.clone(),
            kind: TurnKind::Chat,
            text: newest.to_remember(),
            messages: vec![message.id],
            at: message.at,
            reply_to: message.reply_to.as_ref().map(|replied| replied.id),
            answers: None,
            proxied: message.author.proxied,
        };
        match house.memory.remember_heard(turn, newest.edited_at).await {
            Ok(Kept::As(turn)) => return Heard::Kept(turn),
            Ok(Kept::Gone) => return Heard::Gone,
            Ok(Kept::Outdated) => match shared.edits.newer_than(&newest) {
                Some(edited) => newest = Cow::Owned(edited),
                None => return Heard::NotKept,
            },
            Err(error) => {
                tracing::error!(%error, "a turn could not be remembered");
                return Heard::NotKept;
            }
        }
    }
}

/// Whether what this person says or is told in a place may be kept. If it may, it is noted below which channel a thread
/// lies, so that it goes when that channel does. If it cannot be read whether they have paused memory, nothing is kept.
pub(crate) async fn may_keep(house: &House, seat: Seat) -> bool {
    let Seat {
        guild,
        channel,
        parent,
        user,
    } = seat;
    let paused = (house.store).memory_pause(user, guild, channel, parent);
    if !matches!(paused.await, Ok(None)) {
        return false;
    }
    if let Some(parent) = parent
        && let Err(error) = house.store.note_thread(channel, parent, guild).await
    {
        tracing::warn!(%error, "it could not be noted below which channel a thread lies");
    }
    true
}

/// A persona's answer, as people see it.
pub(crate) struct Answer<'a> {
    /// Its words, without the lines that the house put around them.
    pub(crate) text: String,
    /// The messages that show it.
    pub(crate) shown: &'a [MessageId],
    /// What stood in its prompt.
    pub(crate) prompted: Prompted,
    /// Why it is as it is.
    pub(crate) report: NewReport,
}

/// Keeps the persona's words, whose words they repeat, and why they are as they are. Where what they answer or repeat was not
/// kept, or was taken back while they were written, only who said them is, so that a reply finds its persona.
pub(crate) async fn said(house: &House, reply: &Reply<'_>, heard: Heard, answer: Answer<'_>) {
    let Answer {
        text,
        shown,
        prompted,
        report,
    } = answer;
    let Heard::Kept(heard) = heard else {
        return note_unkept(house, &reply.scope(), shown).await;
    };
    let turn = NewTurn {
        scope: reply.scope(),
        author: Author::Persona,
        author_name: reply.persona.name.clone(),
        kind: TurnKind::Chat,
        text,
        messages: shown.to_vec(),
        at: house.clock.now(),
        reply_to: Some(reply.message.id),
        answers: Some(heard),
        proxied: false,
    };
    match house
        .memory
        .remember_reply(turn, reply.message.to_remember(), &prompted, report)
        .await
    {
        Ok(Kept::As(_)) => {}
        Ok(Kept::Gone | Kept::Outdated) => note_unkept(house, &reply.scope(), shown).await,
        Err(error) => tracing::error!(%error, "a turn could not be remembered"),
    }
}

/// Notes who said messages whose words are not kept.
pub(crate) async fn note_unkept(house: &House, scope: &ScopeId, shown: &[MessageId]) {
    let now = house.clock.now();
    if let Err(error) = house.store.note_unkept(scope, shown.to_vec(), now).await {
        tracing::error!(%error, "it could not be noted who said a message");
    }
}
