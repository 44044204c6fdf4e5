//! After a stop or a kill: a message that an earlier start had in hand gets one answer, whatever that start had already
//! shown of it.
//!
//! A message of a webhook carries no nonce and no reference to what it answers, so that what was begun is known by where
//! it stands: behind the message, by our webhook, and in no record of an answer.

use std::sync::Arc;

use store::StoreError;
use store::claims::OpenClaim;
use store::id::{MessageId, UserId};

use crate::arrival;
use crate::charge;
use crate::companion::Companion;
use crate::incoming::Incoming;
use crate::proxied;
use crate::speaker::{Begun, Destination};
use crate::turn;

/// Starts that may try to answer a message. One that has brought several down is left alone.
const ATTEMPTS: u32 = 3;

impl Companion {
    /// Takes over the claim of a message that an earlier start had in hand. Says how often it was tried before; `None`
    /// where somebody else has it in hand, or where it is not tried again, and its claim is closed.
    pub async fn take_up(&self, message: MessageId) -> Option<u8> {
        let house = &self.shared.house;
        match house.store.take_up(message, house.ledger.run()).await {
            Ok(Some(attempt)) if attempt <= ATTEMPTS => u8::try_from(attempt - 1).ok(),
            Ok(Some(_)) => {
                tracing::warn!(%message, "this message was tried to be answered {ATTEMPTS} times; it stays unanswered");
                charge::end(&self.shared, message, vec![]).await;
                None
            }
            Ok(None) => None,
            Err(error) => {
                tracing::warn!(%error, %message, "a cut-off message could not be taken up");
                None
            }
        }
    }

    /// Closes the claim of a message that is gone, or too old to be answered now.
    pub async fn give_up(&self, message: MessageId) {
        if self.take_up(message).await.is_some() {
            charge::end(&self.shared, message, vec![]).await;
        }
    }

    /// Lets go of a message that was taken up and cannot be read now, so that another start may take it up.
    pub async fn put_down(&self, message: MessageId) {
        let house = &self.shared.house;
        if let Err(error) = house
            .store
            .let_go_of_claim(message, house.ledger.run())
            .await
        {
            tracing::warn!(%error, %message, "a cut-off message could not be let go of");
        }
    }

    /// Closes the claim of a message that was taken up and turned out to be gone.
    pub async fn is_gone(&self, message: MessageId) {
        charge::end(&self.shared, message, vec![]).await;
    }

    /// Deletes what was begun of answers and belongs to none, in a channel where nothing is being said yet.
    pub async fn take_back(&self, to: Destination, behind: Vec<Begun>) {
        match self.begun(behind).await {
            Ok(begun) => {
                let speaker = Arc::clone(&self.shared.speaker);
                speaker.take_back(to, begun).await;
            }
            Err(error) => {
                tracing::warn!(%error, channel = %to.channel, "what was begun of answers could not be read");
            }
        }
    }

    /// Those of these messages that belong to no answer and are in nobody's memory.
    async fn begun(&self, behind: Vec<Begun>) -> Result<Vec<Begun>, StoreError> {
        let store = &self.shared.house.store;
        let mut begun = Vec::new();
        for one in behind {
            let id = one.message;
            if !store.is_answer(id).await? && store.persona_of_message(id).await?.is_none() {
                begun.push(one);
            }
        }
        Ok(begun)
    }

    /// Answers a message that `claimant` had written and that was taken up. If the answer was given and remembered, it
    /// stands. Where a webhook's message was claimed for somebody else, that is the person who was found behind it.
    pub async fn hear_again(&self, message: Incoming, claimant: UserId) {
        let author = &message.author;
        let message = match author.by_webhook && author.id != claimant && claimant.get() != 0 {
            true => proxied::behind(claimant, message),
            false => message,
        };
        let answer = self.remembered_answer(message.id).await;
        if !answer.is_empty() {
            return turn::close(&self.shared, &message, answer).await;
        }
        tracing::info!(message = %message.id, "answering a message that a stop had cut off");
        self.start(message, arrival::Before::Claimed);
    }

    /// A message that was taken up is gone, and this is its repost by a proxy (see [`proxied::is_repost_of`]): the person is
    /// answered once, as who they are there.
    pub async fn hear_reposted(&self, gone: &OpenClaim, repost: Incoming) {
        let person = proxied::behind(gone.author, repost);
        let answer = self.remembered_answer(gone.message).await;
        match answer.is_empty() {
            true => {
                tracing::info!(message = %person.id, "answering what a proxy reposted of a message that a stop had cut off");
                self.hear(person);
            }
            false => arrival::keep_words(&self.shared, &person).await,
        }
        charge::end(&self.shared, gone.message, answer).await;
    }

    /// What answers a message and is remembered as that.
    async fn remembered_answer(&self, message: MessageId) -> Vec<MessageId> {
        let answer = self.shared.house.store.remembered_answer(message).await;
        answer.unwrap_or_else(|error| {
            tracing::warn!(%error, %message, "whether a message was answered could not be read");
            vec![]
        })
    }
}
