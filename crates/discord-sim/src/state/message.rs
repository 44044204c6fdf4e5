//! Messages: posting, editing, deleting, and how they are told.

use std::collections::BTreeMap;

use twilight_model::channel::Message;
use twilight_model::channel::message::{
    Component, Embed, MessageFlags, MessageReferenceType, MessageType,
};
use twilight_model::gateway::event::DispatchEvent;
use twilight_model::gateway::payload::incoming::{
    MessageCreate, MessageDelete, MessageDeleteBulk, MessageUpdate,
};
use twilight_model::id::Id;
use twilight_model::id::marker::{
    ApplicationMarker, ChannelMarker, MessageMarker, UserMarker, WebhookMarker,
};
use twilight_model::user::User;
use twilight_model::util::Timestamp;

use super::World;
use super::draft::{Draft, Nonce, Upload};
use super::event::Audience;
use super::observed::{Observed, Seen};
use super::preview::written_embeds;
use crate::rest::error::{ApiError, ApiResult};

/// A message with what only the server knows of it.
#[derive(Clone, Debug)]
pub struct StoredMessage {
    /// The message as the bot's account sees it, without `guild_id` and `member` (only events carry those).
    pub message: Message,
    /// How it looked, first to last: the text at each moment.
    pub revisions: Vec<Revision>,
    /// Of an ephemeral message: who alone sees it.
    pub only_for: Option<Id<UserMarker>>,
    /// The nonce it was sent with.
    pub nonce: Option<Nonce>,
    /// Who reacted, by the emoji as it is written in a path.
    pub reactors: BTreeMap<String, Vec<Id<UserMarker>>>,
}

impl StoredMessage {
    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.message.content
    }

    /// The name it appears under.
    #[must_use]
    pub fn author(&self) -> &str {
        &self.message.author.name
    }

    /// Whether a bot or a webhook wrote it.
    #[must_use]
    pub fn by_bot(&self) -> bool {
        self.message.author.bot
    }

    /// Whether only one person sees it.
    #[must_use]
    pub fn is_ephemeral(&self) -> bool {
        self.only_for.is_some()
    }
}

/// How a message looked from a moment on.
#[derive(Clone, Debug, PartialEq)]
pub struct Revision {
    /// Since when.
    pub at: Timestamp,
    /// The text.
    pub content: String,
}

/// Under whose name a message appears.
#[derive(Clone, Debug)]
pub struct Author {
    /// The account, or the face of a webhook.
    pub user: User,
    /// The webhook.
    pub webhook: Option<Id<WebhookMarker>>,
    /// The application, for interaction answers and application webhooks.
    pub application: Option<Id<ApplicationMarker>>,
}

impl Author {
    /// A person or the bot.
    #[must_use]
    pub fn account(user: User) -> Self {
        Self {
            user,
            webhook: None,
            application: None,
        }
    }
}

/// What an edit changes; `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The text.
    pub content: Option<String>,
    /// The embeds.
    pub embeds: Option<Vec<Embed>>,
    /// The components.
    pub components: Option<Vec<Component>>,
    /// The attachments that stay.
    pub keep_attachments: Option<Vec<Id<twilight_model::id::marker::AttachmentMarker>>>,
    /// New files.
    pub uploads: Vec<Upload>,
    /// The flags.
    pub flags: Option<MessageFlags>,
    /// Which mentions of the new text count.
    pub allowed_mentions: Option<twilight_model::channel::message::AllowedMentions>,
}

impl Change {
    /// Whether this is an edit, which gets a time: switching previews off or on is none.
    fn is_edit(&self) -> bool {
        self.content.is_some()
            || self.embeds.is_some()
            || self.components.is_some()
            || self.keep_attachments.is_some()
            || !self.uploads.is_empty()
    }
}

impl World {
    /// The message, or 10008. Ephemeral messages are only found by those who answer the interaction.
    pub fn message(
        &self,
        channel: Id<ChannelMarker>,
        id: Id<MessageMarker>,
    ) -> ApiResult<&StoredMessage> {
        self.channel(channel)?
            .messages
            .get(&id)
            .filter(|stored| stored.only_for.is_none())
            .ok_or_else(ApiError::unknown_message)
    }

    /// Posts a message and tells everybody. Checks nothing but that the channel exists.
    pub fn post(
        &mut self,
        channel: Id<ChannelMarker>,
        author: Author,
        draft: Draft,
    ) -> ApiResult<StoredMessage> {
        self.post_as(channel, author, draft, None, |_| {})
    }

    /// [`World::post`] with an audience of one (ephemeral) and a last touch, for interaction answers.
    pub fn post_as(
        &mut self,
        channel: Id<ChannelMarker>,
        author: Author,
        draft: Draft,
        only_for: Option<Id<UserMarker>>,
        touch: impl FnOnce(&mut Message),
    ) -> ApiResult<StoredMessage> {
        let in_guild = self.channel(channel)?.channel.guild_id.is_some();
        let id = self.next_id();
        let now = self.now();
        let attachments = self.store_uploads(channel, &draft.uploads);
        let mentions = self.mentions(channel, &draft);
        // A webhook may do it always: whoever may make one is trusted with it.
        let may_mention_everyone =
            author.webhook.is_some() || self.may_mention_everyone(author.user.id, channel);
        let replied = draft.reference.as_ref().and_then(|reference| {
            let place = reference.channel_id.unwrap_or(channel);
            let stored = self.message(place, reference.message_id?).ok()?;
            Some(Box::new(stored.message.clone()))
        });
        let kind = match &draft.reference {
            Some(reference) if reference.kind == MessageReferenceType::Default => {
                MessageType::Reply
            }
            _ => MessageType::Regular,
        };
        let reference = draft.reference.map(|mut reference| {
            reference.channel_id.get_or_insert(channel);
            reference.guild_id = self.guild_of(channel);
            reference.fail_if_not_exists = None;
            reference
        });
        #[expect(deprecated, reason = "the type demands the field that Discord gave up")]
        let mut message = Message {
            activity: None,
            application: None,
            application_id: author.application,
            attachments,
            author: author.user,
            call: None,
            channel_id: channel,
            components: draft.components,
            content: draft.content,
            edited_timestamp: None,
            embeds: draft.embeds,
            flags: Some(draft.flags.unwrap_or(MessageFlags::empty())),
            guild_id: None,
            id,
            interaction: None,
            interaction_metadata: None,
            kind,
            member: None,
            mention_channels: Vec::new(),
            mention_everyone: in_guild && mentions.everyone && may_mention_everyone,
            mention_roles: mentions.roles,
            mentions: mentions.users,
            message_snapshots: Vec::new(),
            pinned: false,
            poll: draft.poll,
            reactions: Vec::new(),
            reference,
            referenced_message: replied.map(|mut message| {
                message.referenced_message = None;
                message
            }),
            role_subscription_data: None,
            sticker_items: draft.stickers,
            timestamp: now,
            thread: None,
            tts: draft.tts,
            webhook_id: author.webhook,
        };
        touch(&mut message);
        let id = message.id;
        let stored = StoredMessage {
            revisions: vec![Revision {
                at: now,
                content: message.content.clone(),
            }],
            message,
            only_for,
            nonce: draft.nonce,
            reactors: BTreeMap::new(),
        };
        let state = self.channel_mut(channel)?;
        state.messages.insert(id, stored.clone());
        if only_for.is_none() {
            state.channel.last_message_id = Some(id.cast());
            if let Some(count) = state.channel.message_count.as_mut() {
                *count += 1;
            }
            self.announce(&stored);
        }
        self.order_previews(&stored);
        self.tell(Observed::MessageCreated(Seen {
            message: Box::new(stored.message.clone()),
            only_for,
        }));
        Ok(stored)
    }

    /// Sends (again) the event that this message was created.
    pub fn announce(&mut self, stored: &StoredMessage) {
        let message = self.as_event(stored);
        let nonce = stored.nonce.as_ref().map(|nonce| nonce.value.clone());
        self.emit_patched(
            Audience::Channel(message.channel_id),
            &DispatchEvent::MessageCreate(Box::new(MessageCreate(message))),
            // twilight's message has no nonce; Discord echoes it.
            |json| {
                if let Some(nonce) = nonce {
                    json["nonce"] = nonce;
                }
            },
        );
    }

    /// Changes a message, ephemeral ones included, and tells everybody who may know.
    pub fn revise(
        &mut self,
        channel: Id<ChannelMarker>,
        id: Id<MessageMarker>,
        change: Change,
    ) -> ApiResult<StoredMessage> {
        let now = self.now();
        let edited = change.is_edit();
        let uploaded = self.store_uploads(channel, &change.uploads);
        let replied_to = self
            .channel(channel)?
            .messages
            .get(&id)
            .and_then(|stored| stored.message.reference.clone());
        let mentions = change.content.as_ref().map(|content| {
            let draft = Draft {
                reference: replied_to.clone(),
                content: content.clone(),
                allowed_mentions: change.allowed_mentions.clone(),
                ..Draft::default()
            };
            self.mentions(channel, &draft)
        });
        let state = self.channel_mut(channel)?;
        let stored = state
            .messages
            .get_mut(&id)
            .ok_or_else(ApiError::unknown_message)?;
        let message = &mut stored.message;
        if let Some(content) = change.content {
            message.content = content;
            // Previews belong to the old text; those of the new one come later.
            message.embeds = written_embeds(&message.embeds);
        }
        if let Some(mentions) = mentions {
            message.mentions = mentions.users;
            message.mention_roles = mentions.roles;
        }
        if let Some(embeds) = change.embeds {
            message.embeds = embeds;
        }
        if let Some(components) = change.components {
            message.components = components;
        }
        if let Some(keep) = change.keep_attachments {
            message.attachments.retain(|file| keep.contains(&file.id));
        }
        message.attachments.extend(uploaded);
        if let Some(flags) = change.flags {
            message.flags = Some(flags);
            if flags.contains(MessageFlags::SUPPRESS_EMBEDS) {
                message.embeds = written_embeds(&message.embeds);
            }
        }
        if edited {
            message.edited_timestamp = Some(now);
            stored.revisions.push(Revision {
                at: now,
                content: message.content.clone(),
            });
        }
        let stored = stored.clone();
        if stored.only_for.is_none() {
            let told = self.as_event(&stored);
            self.emit(
                Audience::Channel(channel),
                &DispatchEvent::MessageUpdate(Box::new(MessageUpdate(told))),
            );
        }
        self.order_previews(&stored);
        self.tell(Observed::MessageEdited(Seen {
            message: Box::new(stored.message.clone()),
            only_for: stored.only_for,
        }));
        Ok(stored)
    }

    /// Deletes a message, ephemeral ones included.
    pub fn remove_message(
        &mut self,
        channel: Id<ChannelMarker>,
        id: Id<MessageMarker>,
    ) -> ApiResult<()> {
        let guild_id = self.guild_of(channel);
        let state = self.channel_mut(channel)?;
        let removed = state
            .messages
            .remove(&id)
            .ok_or_else(ApiError::unknown_message)?;
        state.forget_message(&removed.message);
        if removed.only_for.is_none() {
            let event = MessageDelete {
                channel_id: channel,
                guild_id,
                id,
            };
            self.emit(
                Audience::Channel(channel),
                &DispatchEvent::MessageDelete(event),
            );
        }
        self.tell(Observed::MessageDeleted {
            channel,
            message: id,
        });
        Ok(())
    }

    /// Deletes many at once; unknown ones are skipped, as Discord does.
    pub fn remove_messages(
        &mut self,
        channel: Id<ChannelMarker>,
        ids: &[Id<MessageMarker>],
    ) -> ApiResult<()> {
        let guild_id = self.guild_of(channel);
        let state = self.channel_mut(channel)?;
        let gone: Vec<_> = ids
            .iter()
            .copied()
            .filter(|id| match state.messages.remove(id) {
                Some(removed) => {
                    state.forget_message(&removed.message);
                    true
                }
                None => false,
            })
            .collect();
        let event = MessageDeleteBulk {
            channel_id: channel,
            guild_id,
            ids: gone.clone(),
        };
        self.emit(
            Audience::Channel(channel),
            &DispatchEvent::MessageDeleteBulk(event),
        );
        for message in gone {
            self.tell(Observed::MessageDeleted { channel, message });
        }
        Ok(())
    }
}
