//! Remember: what was said is kept word for word, in this persona's memory of this place.

use memory::{Author, NewTurn, TurnKind};
use store::StoreError;
use store::id::{MessageId, TurnId};
use store::reports::NewReport;

use crate::house::House;
use crate::reply::Reply;

/// Keeps the person's message, unless they have paused memory here. A failure costs the memory, not the reply.
pub(crate) async fn heard(house: &House, reply: &Reply<'_>) -> Option<TurnId> {
    let message = reply.message;
    let paused = house
        .store
        .is_memory_paused(message.author.id, message.guild, message.channel)
        .await;
    // If it cannot be read whether they have, nothing is kept.
    if paused.unwrap_or(true) {
        return None;
    }
    let turn = NewTurn {
        scope: reply.scope(),
        author: Author::Person(message.author.id),
        author_name: message.author.name.clone(),
        kind: TurnKind::Chat,
        text: message.to_remember(),
        messages: vec![message.id],
        at: message.at,
        reply_to: message.reply_to.as_ref().map(|replied| replied.id),
        answers: None,
    };
    kept(house.memory.remember_turn(turn).await)
}

/// Keeps the persona's words, without the lines that the house put around them, and why they are as they are. Where what
/// they answer was not kept, only who said them is, so that a reply finds its persona.
pub(crate) async fn said(
    house: &House,
    reply: &Reply<'_>,
    heard: Option<TurnId>,
    text: &str,
    shown: &[MessageId],
    report: NewReport,
) {
    if heard.is_none() {
        let (scope, now) = (reply.scope(), house.clock.now());
        if let Err(error) = house.store.note_unkept(&scope, shown.to_vec(), now).await {
            tracing::error!(%error, "it could not be noted who said a message");
        }
        return;
    }
    let turn = NewTurn {
        scope: reply.scope(),
        author: Author::Persona,
        author_name: reply.persona.name.clone(),
        kind: TurnKind::Chat,
        text: text.to_owned(),
        messages: shown.to_vec(),
        at: house.clock.now(),
        reply_to: Some(reply.message.id),
        answers: heard,
    };
    kept(house.memory.remember_reply(turn, report).await);
}

fn kept(done: Result<TurnId, StoreError>) -> Option<TurnId> {
    done.inspect_err(|error| tracing::error!(%error, "a turn could not be remembered"))
        .ok()
}
