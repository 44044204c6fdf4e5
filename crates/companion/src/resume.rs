//! After a kill: a message that an earlier run claimed gets one answer, whatever that run had already shown of it.
//!
//! A message of a webhook carries no nonce and no reference to what it answers, so that what was begun is known by where
//! it stands: behind the message, by our webhook, and in no record of an answer.

use std::sync::Arc;

use store::StoreError;
use store::id::MessageId;

use crate::companion::Companion;
use crate::incoming::Incoming;
use crate::turn;

impl Companion {
    /// Takes a message in that was claimed by an earlier run and whose claim was never closed. `behind` are the
    /// messages of personas that stand behind it in its channel.
    ///
    /// If the answer was given and remembered, it stands. Otherwise what was begun is taken back, and the message is
    /// answered anew.
    pub async fn hear_again(&self, message: Incoming, behind: Vec<MessageId>) {
        let shared = &self.shared;
        let answer = shared.house.store.remembered_answer(message.id).await;
        match answer {
            Ok(answer) if !answer.is_empty() => {
                return turn::close(shared, &message, answer).await;
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, message = %message.id, "whether a message was answered could not be read");
            }
        }
        match self.begun(behind).await {
            Ok(begun) => {
                let speaker = Arc::clone(&shared.speaker);
                speaker.take_back(message.destination(), begun).await;
            }
            Err(error) => {
                tracing::warn!(%error, message = %message.id, "what was begun of an answer could not be read");
            }
        }
        self.start(message, turn::Before::Claimed);
    }

    /// Those of these messages that belong to no answer and are in nobody's memory.
    async fn begun(&self, behind: Vec<MessageId>) -> Result<Vec<MessageId>, StoreError> {
        let store = &self.shared.house.store;
        let mut begun = Vec::new();
        for id in behind {
            if !store.is_answer(id).await? && store.persona_of_message(id).await?.is_none() {
                begun.push(id);
            }
        }
        Ok(begun)
    }
}
