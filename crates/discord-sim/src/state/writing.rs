//! What must hold before something is written: replies to what exists, nonces that were not used, threads that are open.

use twilight_model::channel::message::MessageReferenceType;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, UserMarker};

use super::World;
use super::draft::{Draft, Nonce};
use super::message::StoredMessage;
use crate::rest::error::{ApiError, ApiResult};
use crate::snowflake::DISCORD_EPOCH_MS;
use axum::http::StatusCode;

/// How long a nonce is remembered; Discord says "the past few minutes".
const NONCE_LIFE_MS: i64 = 5 * 60 * 1_000;
/// Where the time begins in an id.
const TIME_SHIFT: u32 = 22;

impl World {
    /// Checks what the draft replies to. With `fail_if_not_exists: false`, a reply to nothing becomes a plain message.
    pub fn check_reply(&self, channel: Id<ChannelMarker>, draft: &mut Draft) -> ApiResult<()> {
        let Some(reference) = &draft.reference else {
            return Ok(());
        };
        if reference.kind != MessageReferenceType::Default {
            return Ok(());
        }
        let bad = |code, message: &str| {
            Err(ApiError::invalid_field(
                &["message_reference"],
                code,
                message,
            ))
        };
        if reference.channel_id.is_some_and(|place| place != channel) {
            return bad(
                "REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL",
                "Cannot reply to a message in a different channel",
            );
        }
        let Some(message) = reference.message_id else {
            return Err(ApiError::invalid_field(
                &["message_reference", "message_id"],
                "BASE_TYPE_REQUIRED",
                "This field is required",
            ));
        };
        let readable = self.permissions(self.bot_id(), channel);
        if !readable.contains(Permissions::READ_MESSAGE_HISTORY) {
            return Err(ApiError::new(
                StatusCode::FORBIDDEN,
                160_002,
                "Cannot reply without permission to read message history",
            ));
        }
        if self.message(channel, message).is_ok() {
            return Ok(());
        }
        if reference.fail_if_not_exists.unwrap_or(true) {
            return bad("REPLIES_UNKNOWN_MESSAGE", "Unknown message");
        }
        draft.reference = None;
        Ok(())
    }

    /// The message that this author sent with this nonce a moment ago, if the nonce is to be enforced.
    #[must_use]
    pub fn sent_before(
        &self,
        author: Id<UserMarker>,
        nonce: Option<&Nonce>,
    ) -> Option<StoredMessage> {
        let nonce = nonce.filter(|nonce| nonce.enforce)?;
        let since = u64::try_from(self.now_ms() - NONCE_LIFE_MS - DISCORD_EPOCH_MS).ok()?;
        let oldest = Id::new_checked((since << TIME_SHIFT).max(1))?;
        self.channels
            .values()
            .flat_map(|state| state.messages.range(oldest..))
            .map(|(_, stored)| stored)
            .find(|stored| {
                let same = stored
                    .nonce
                    .as_ref()
                    .is_some_and(|other| written(other) == written(nonce));
                same && stored.message.author.id == author && stored.message.webhook_id.is_none()
            })
            .cloned()
    }

    /// Refuses to change anything in an archived thread.
    pub fn refuse_archived(&self, channel: Id<ChannelMarker>) -> ApiResult<()> {
        let thread = self.channel(channel)?.channel.thread_metadata.as_ref();
        if thread.is_some_and(|thread| thread.archived) {
            return Err(ApiError::thread_is_archived());
        }
        Ok(())
    }

    /// Opens an archived thread for a new message, as Discord does; a locked one stays shut for those who do not
    /// manage threads. A webhook manages nothing.
    pub fn open_for_writing(
        &mut self,
        channel: Id<ChannelMarker>,
        writer: Id<UserMarker>,
    ) -> ApiResult<()> {
        let Some(thread) = self.channel(channel)?.channel.thread_metadata.clone() else {
            return Ok(());
        };
        let manages = self
            .permissions(writer, channel)
            .contains(Permissions::MANAGE_THREADS);
        if thread.locked && !manages {
            return Err(if thread.archived {
                ApiError::thread_is_archived()
            } else {
                ApiError::new(StatusCode::FORBIDDEN, 160_005, "Thread is locked")
            });
        }
        if thread.archived {
            self.update_thread(channel, |channel| {
                if let Some(thread) = channel.thread_metadata.as_mut() {
                    thread.archived = false;
                }
            })?;
        }
        Ok(())
    }
}

/// A nonce is a text or a number; `7` and `"7"` are the same.
fn written(nonce: &Nonce) -> String {
    match nonce.value.as_str() {
        Some(text) => text.to_owned(),
        None => nonce.value.to_string(),
    }
}
