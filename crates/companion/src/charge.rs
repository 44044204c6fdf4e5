//! A message in somebody's charge: from the moment that it is claimed until its claim is closed.
//!
//! However a turn ends, its message does not stay in charge of nobody. One that a stop cuts off before its answer began is
//! left open, and the next start answers it. One whose turn panicked is told so and closed: it might bring the next start
//! down too.

use std::sync::Arc;

use safety::language::{self, Language};
use store::id::MessageId;

use crate::companion::{Closed, Shared};
use crate::incoming::Incoming;
use crate::slots::{Address, Coming};
use crate::speaker::Destination;
use crate::texts;

/// Keeps a message in charge as long as its turn goes on.
pub(crate) struct Charge {
    shared: Arc<Shared>,
    message: MessageId,
    to: Destination,
    language: Language,
    /// Already while the message waits in its lane, a reply is on its way to the model that usually speaks.
    _coming: Option<Coming>,
}

impl Charge {
    /// Takes a message in charge.
    pub(crate) fn take(shared: &Arc<Shared>, message: &Incoming) -> Self {
        shared.answering.insert(message.id, vec![]);
        let house = &shared.house;
        let speaks = Address::of(&*house.model.provider);
        Self {
            shared: Arc::clone(shared),
            message: message.id,
            to: message.destination(),
            language: language::of(&message.words()),
            _coming: house.slots.expect(speaks),
        }
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        // Whoever closes the claim takes it out.
        let Some((message, shown)) = self.shared.answering.remove(&self.message) else {
            return;
        };
        if self.shared.closing.is_cancelled() {
            tracing::info!(%message, "left for the next start to answer");
            return;
        }
        if tokio::runtime::Handle::try_current().is_err() {
            return;
        }
        let (shared, to, language) = (Arc::clone(&self.shared), self.to, self.language);
        self.shared
            .spawn(async move { stumbled(&shared, to, language, shown).await });
    }
}

/// The turn panicked. What is shown of its answer is the answer; where nothing is, the person is told.
async fn stumbled(shared: &Shared, to: Destination, language: Language, mut shown: Vec<MessageId>) {
    if shown.is_empty() {
        match shared
            .speaker
            .notice(to, texts::stumbled(language).to_owned())
            .await
        {
            Ok(id) => shown.push(id),
            Err(error) => {
                tracing::warn!(%error, channel = %to.channel, "a notice could not be shown");
            }
        }
    }
    end(shared, to.reply_to, shown).await;
}

/// Closes a message's claim: these messages are its answer.
pub(crate) async fn end(shared: &Shared, message: MessageId, shown: Vec<MessageId>) {
    shared.answering.remove(&message);
    shared.edits.forget(message);
    let (store, now) = (&shared.house.store, shared.house.clock.now());
    let closed = match shown.is_empty() {
        true => store.claim_declined(message, now).await,
        false => store.claim_answered(message, shown.clone(), now).await,
    };
    // An error means that nobody looks on.
    let _ = shared.closings.send(Closed {
        message,
        answer: shown,
    });
    if let Err(error) = closed {
        tracing::warn!(%error, %message, "a claim could not be closed");
    }
}
