//! Remember: what was said is kept word for word, in this persona's memory of this place.

use memory::{Author, NewTurn, TurnKind};
use store::id::{MessageId, TurnId};

use crate::house::House;
use crate::incoming::to_remember;
use crate::reply::Reply;

/// Keeps the person's message. A failure costs the memory, not the reply.
pub(crate) async fn heard(house: &House, reply: &Reply<'_>) -> Option<TurnId> {
    let message = reply.message;
    let files = message.attachments.iter();
    let text = to_remember(&message.text, files.map(|file| file.filename.as_str()));
    let turn = NewTurn {
        scope: reply.scope(),
        author: Author::Person(message.author.id),
        author_name: message.author.name.clone(),
        kind: TurnKind::Chat,
        text,
        messages: vec![message.id],
        at: message.at,
        reply_to: message.reply_to.as_ref().map(|replied| replied.id),
        answers: None,
    };
    keep(house, turn).await
}

/// Keeps the persona's words, without the lines that the house put around them.
pub(crate) async fn said(
    house: &House,
    reply: &Reply<'_>,
    heard: Option<TurnId>,
    text: &str,
    shown: &[MessageId],
) {
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
    keep(house, turn).await;
}

async fn keep(house: &House, turn: NewTurn) -> Option<TurnId> {
    match house.memory.remember_turn(turn).await {
        Ok(id) => Some(id),
        Err(error) => {
            tracing::error!(%error, "a turn could not be remembered");
            None
        }
    }
}
