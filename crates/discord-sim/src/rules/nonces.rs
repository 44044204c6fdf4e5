//! Nonces that are enforced: a message with one that its author used in the past few minutes is not made again.
//!
//! Discord's "Create Message": "that message will be returned and no new message will be created". If it was deleted
//! meanwhile, it is neither made anew nor returned: the answer is 10008, on purpose
//! (discord/discord-api-docs#6647, where Discord's own developer says so).

use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker, UserMarker};

use crate::rest::error::{ApiError, ApiResult};
use crate::state::draft::Nonce;
use crate::state::{StoredMessage, World};

/// How long a nonce is remembered; Discord says "the past few minutes".
const LIFE_MS: i64 = 5 * 60 * 1_000;

/// The nonces of the last minutes, with the messages they made.
#[derive(Debug, Default)]
pub struct Nonces {
    used: Vec<Used>,
}

#[derive(Clone, Debug)]
struct Used {
    author: Id<UserMarker>,
    nonce: String,
    channel: Id<ChannelMarker>,
    message: Id<MessageMarker>,
    at_ms: i64,
}

impl World {
    /// The message that this author sent with this nonce a moment ago, if the nonce is to be enforced; 10008 if it is gone.
    pub fn sent_before(
        &self,
        author: Id<UserMarker>,
        nonce: Option<&Nonce>,
    ) -> ApiResult<Option<StoredMessage>> {
        let Some(nonce) = nonce.filter(|nonce| nonce.enforce) else {
            return Ok(None);
        };
        let since = self.now_ms() - LIFE_MS;
        let written = written(nonce);
        let used = self
            .rules
            .nonces
            .used
            .iter()
            .find(|used| used.author == author && used.nonce == written && used.at_ms >= since);
        let Some(used) = used else { return Ok(None) };
        let stored = self
            .message(used.channel, used.message)
            .map_err(|_| ApiError::unknown_message())?;
        Ok(Some(stored.clone()))
    }

    /// Remembers the nonce with which a message was made.
    pub fn use_nonce(&mut self, stored: &StoredMessage) {
        let Some(nonce) = &stored.nonce else { return };
        let at_ms = self.now_ms();
        let used = Used {
            author: stored.message.author.id,
            nonce: written(nonce),
            channel: stored.message.channel_id,
            message: stored.message.id,
            at_ms,
        };
        let kept = &mut self.rules.nonces.used;
        kept.retain(|used| used.at_ms >= at_ms - LIFE_MS);
        kept.push(used);
    }
}

/// A nonce is a text or a number; `7` and `"7"` are the same.
fn written(nonce: &Nonce) -> String {
    match nonce.value.as_str() {
        Some(text) => text.to_owned(),
        None => nonce.value.to_string(),
    }
}
