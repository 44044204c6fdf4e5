//! What must hold before something is written: replies to what exists, threads that are open.

use twilight_model::channel::message::MessageReferenceType;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, UserMarker};

use super::World;
use super::draft::Draft;
use super::kind::takes_messages;
use crate::rest::error::{ApiError, ApiResult};
use axum::http::StatusCode;

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

    /// Refuses to change anything in an archived thread.
    pub fn refuse_archived(&self, channel: Id<ChannelMarker>) -> ApiResult<()> {
        let thread = self.channel(channel)?.channel.thread_metadata.as_ref();
        if thread.is_some_and(|thread| thread.archived) {
            return Err(ApiError::thread_is_archived());
        }
        Ok(())
    }

    /// Refuses to change a message in an archived thread, and in a locked one for those who do not manage threads ("Users
    /// won't be able to create or update messages in locked threads", Discord's "Threads"). Deleting takes
    /// [`World::refuse_archived`] alone.
    pub fn refuse_shut(&self, channel: Id<ChannelMarker>, writer: Id<UserMarker>) -> ApiResult<()> {
        self.refuse_archived(channel)?;
        let thread = self.channel(channel)?.channel.thread_metadata.as_ref();
        let manages = self
            .permissions(writer, channel)
            .contains(Permissions::MANAGE_THREADS);
        if thread.is_some_and(|thread| thread.locked) && !manages {
            return Err(ApiError::thread_is_locked());
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
        let place = &self.channel(channel)?.channel;
        if !takes_messages(place.kind) {
            return Err(ApiError::not_a_text_channel());
        }
        let Some(thread) = place.thread_metadata.clone() else {
            return Ok(());
        };
        let manages = self
            .permissions(writer, channel)
            .contains(Permissions::MANAGE_THREADS);
        if thread.locked && !manages {
            return Err(if thread.archived {
                ApiError::thread_is_archived()
            } else {
                ApiError::thread_is_locked()
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
