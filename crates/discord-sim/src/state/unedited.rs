//! Changes of a message that nobody edited. Discord tells them by the same MESSAGE_UPDATE as an edit, with the whole
//! message in it (developer documentation, pull request 7017): the text is what it was, and `edited_timestamp` stays null
//! unless there was a real edit before. A link's preview, a pin, a thread on the message and the end of a poll are such.

use twilight_model::channel::Message;
use twilight_model::channel::message::{MessageReference, MessageReferenceType, MessageType};
use twilight_model::gateway::event::DispatchEvent;
use twilight_model::gateway::payload::incoming::MessageUpdate;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker, UserMarker};

use super::World;
use super::draft::Draft;
use super::event::Audience;
use super::message::{Author, StoredMessage};
use super::observed::{Observed, Seen};
use crate::rest::error::{ApiError, ApiResult};

impl World {
    /// Changes a message as Discord itself does, and tells everybody who may know.
    pub(super) fn update_unedited(
        &mut self,
        channel: Id<ChannelMarker>,
        id: Id<MessageMarker>,
        change: impl FnOnce(&mut Message),
    ) -> ApiResult<StoredMessage> {
        let stored = self
            .channel_mut(channel)?
            .messages
            .get_mut(&id)
            .ok_or_else(ApiError::unknown_message)?;
        change(&mut stored.message);
        let stored = stored.clone();
        if stored.only_for.is_none() {
            let told = self.as_event(&stored);
            self.emit(
                Audience::Channel(channel),
                &DispatchEvent::MessageUpdate(Box::new(MessageUpdate(told))),
            );
        }
        self.tell(Observed::MessageEdited(Seen {
            message: Box::new(stored.message.clone()),
            only_for: stored.only_for,
        }));
        Ok(stored)
    }

    /// Discord itself writes a message of this kind in somebody's name.
    pub(super) fn post_system(
        &mut self,
        channel: Id<ChannelMarker>,
        by: Id<UserMarker>,
        kind: MessageType,
        content: String,
        reference: MessageReference,
        touch: impl FnOnce(&mut Message),
    ) -> ApiResult<StoredMessage> {
        let author = self
            .users
            .get(&by)
            .cloned()
            .ok_or_else(ApiError::unknown_user)?;
        let referenced = (kind == MessageType::ThreadStarterMessage)
            .then(|| {
                let place = reference.channel_id?;
                let stored = self.message(place, reference.message_id?).ok()?;
                Some(Box::new(stored.message.clone()))
            })
            .flatten();
        self.post_as(
            channel,
            Author::account(author),
            Draft::default(),
            None,
            |message| {
                message.kind = kind;
                message.content = content;
                message.reference = Some(reference);
                message.referenced_message = referenced;
                touch(message);
            },
        )
    }

    /// The way to a message, or to a channel alone, as system messages carry it.
    pub(super) fn reference_to(
        &self,
        channel: Id<ChannelMarker>,
        message: Option<Id<MessageMarker>>,
    ) -> MessageReference {
        MessageReference {
            channel_id: Some(channel),
            guild_id: self.guild_of(channel),
            kind: MessageReferenceType::Default,
            message_id: message,
            fail_if_not_exists: None,
        }
    }
}
