//! A person with a Discord client.

use std::time::Duration;

use twilight_model::channel::message::{
    AllowedMentions, Embed, MentionType, MessageReference, MessageReferenceType,
};
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker, UserMarker};

use super::channel::Channel;
use super::sending::{self, Forwarded, PollDraft};
use super::sim::Sim;
use crate::interactions::Refusal;
use crate::rest::error::ApiError;
use crate::state::message::{Author, Change};
use crate::state::outfit::Outfit;
use crate::state::{Draft, Upload, World};

/// The longest text that a client lets a person send (with Nitro).
pub const TEXT_LENGTH: usize = 4_000;

/// A person.
#[derive(Clone, Debug)]
pub struct Person {
    pub(super) sim: Sim,
    /// Their id.
    pub id: Id<UserMarker>,
    /// Their name.
    pub name: String,
}

/// A message with more than text.
#[derive(Clone, Debug, Default)]
pub struct MessageDraft {
    /// The text. Mentions are written as in the protocol: `<@id>`.
    pub text: String,
    /// The message it replies to.
    pub reply_to: Option<Id<MessageMarker>>,
    /// Whether the reply does not ping its author.
    pub silent_reply: bool,
    /// Files.
    pub attachments: Vec<Upload>,
    /// Stickers, by name.
    pub stickers: Vec<String>,
    /// Previews that are there from the start, as of a page that Discord has seen before.
    pub embeds: Vec<Embed>,
    /// A poll.
    pub poll: Option<PollDraft>,
    /// A voice message of this length, and nothing else.
    pub voice: Option<Duration>,
    /// A message that is forwarded, and nothing else.
    pub forward: Option<Forwarded>,
}

impl Person {
    pub(super) fn new(sim: Sim, id: Id<UserMarker>, name: String) -> Self {
        Self { sim, id, name }
    }

    pub(super) fn sim(&self) -> &Sim {
        &self.sim
    }

    /// `<@id>`, which mentions this person.
    #[must_use]
    pub fn mention(&self) -> String {
        format!("<@{}>", self.id)
    }

    /// Writes a message.
    pub fn say(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        text: &str,
    ) -> Result<Id<MessageMarker>, Refusal> {
        self.say_with(
            channel,
            MessageDraft {
                text: text.to_owned(),
                ..MessageDraft::default()
            },
        )
    }

    /// Writes a message with a reply or files.
    pub fn say_with(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        draft: MessageDraft,
    ) -> Result<Id<MessageMarker>, Refusal> {
        let channel = channel.into();
        let length = draft.text.chars().count();
        if length > TEXT_LENGTH {
            return Err(Refusal::TooLong(length));
        }
        sending::check(&draft)?;
        let bare = draft.text.trim().is_empty() && draft.attachments.is_empty();
        if bare && !sending::has_more(&draft) {
            return Err(Refusal::Empty);
        }
        let mut world = self.sim.hub().world();
        let needed = world.writing_permission(channel) | Permissions::VIEW_CHANNEL;
        if !world.permissions(self.id, channel).contains(needed) {
            return Err(Refusal::CannotWrite);
        }
        let account = world
            .users
            .get(&self.id)
            .cloned()
            .ok_or(Refusal::NoAccess)?;
        may_post(&mut world, channel, self.id, &draft.text)?;
        let allowed_mentions = draft.silent_reply.then(|| AllowedMentions {
            parse: vec![
                MentionType::Users,
                MentionType::Roles,
                MentionType::Everyone,
            ],
            replied_user: false,
            ..AllowedMentions::default()
        });
        let mut message = Draft {
            content: draft.text.clone(),
            uploads: draft.attachments.clone(),
            allowed_mentions,
            reference: draft.reply_to.map(|message| MessageReference {
                channel_id: None,
                guild_id: None,
                kind: MessageReferenceType::Default,
                message_id: Some(message),
                fail_if_not_exists: None,
            }),
            ..Draft::default()
        };
        let touch = sending::fill(&mut world, self, &draft, &mut message)?;
        let author = Author::account(account);
        let stored = world
            .post_as(channel, author, message, None, |message| {
                touch.apply(message)
            })
            .map_err(|_| Refusal::NoAccess)?;
        world.wrote(channel, self.id);
        Ok(stored.message.id)
    }

    /// The channel of direct messages with the bot.
    pub fn dm_channel(&self) -> Result<Channel, Refusal> {
        let channel = self
            .sim
            .hub()
            .world()
            .open_dm(self.id)
            .map_err(|_| Refusal::NoAccess)?;
        Ok(Channel::new(self.sim.clone(), channel.id))
    }

    /// Writes to the bot directly.
    pub fn dm(&self, text: &str) -> Result<Id<MessageMarker>, Refusal> {
        self.say(&self.dm_channel()?, text)
    }

    /// Edits an own message.
    pub fn edit(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        message: Id<MessageMarker>,
        text: &str,
    ) -> Result<(), Refusal> {
        let channel = channel.into();
        let mut world = self.sim.hub().world();
        let own = world
            .message(channel, message)
            .is_ok_and(|stored| stored.message.author.id == self.id);
        if !own {
            return Err(Refusal::NoMessage);
        }
        world
            .refuse_shut(channel, self.id)
            .map_err(|_| Refusal::Shut)?;
        world.screen(channel, self.id, text).map_err(blocked)?;
        let change = Change {
            content: Some(text.to_owned()),
            ..Change::default()
        };
        world
            .revise(channel, message, change)
            .map(|_| ())
            .map_err(|_| Refusal::NoMessage)
    }

    /// Deletes an own message, or with the permission to manage messages anybody's.
    pub fn delete(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        message: Id<MessageMarker>,
    ) -> Result<(), Refusal> {
        let channel = channel.into();
        let mut world = self.sim.hub().world();
        let own = world
            .message(channel, message)
            .is_ok_and(|stored| stored.message.author.id == self.id);
        let manages = world
            .permissions(self.id, channel)
            .contains(Permissions::MANAGE_MESSAGES);
        if !own && !manages {
            return Err(Refusal::NoMessage);
        }
        world
            .remove_message(channel, message)
            .map_err(|_| Refusal::NoMessage)
    }

    /// Deletes a channel or thread, with the permission to manage it.
    pub fn delete_channel(&self, channel: impl Into<Id<ChannelMarker>>) -> Result<(), Refusal> {
        let channel = channel.into();
        let mut world = self.sim.hub().world();
        let thread = world.channel(channel)?.channel.kind.is_thread();
        let needed = if thread {
            Permissions::MANAGE_THREADS
        } else {
            Permissions::MANAGE_CHANNELS
        };
        world.require_of(self.id, channel, needed, "delete this channel")?;
        world.remove_channel(channel)?;
        Ok(())
    }

    /// Reacts with an emoji (`👍`, or `name:id`).
    pub fn react(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        message: Id<MessageMarker>,
        emoji: &str,
    ) -> Result<(), Refusal> {
        let channel = channel.into();
        let mut world = self.sim.hub().world();
        world.require_of(
            self.id,
            channel,
            Permissions::ADD_REACTIONS,
            "add reactions",
        )?;
        world
            .react(channel, message, self.id, emoji)
            .map_err(|_| Refusal::NoMessage)
    }

    /// Starts typing.
    pub fn type_in(&self, channel: impl Into<Id<ChannelMarker>>) -> Result<(), Refusal> {
        let mut world = self.sim.hub().world();
        world
            .start_typing(channel.into(), self.id)
            .map_err(|_| Refusal::NoAccess)
    }

    /// Puts something on, which is told with the account from now on.
    pub fn wear(&self, outfit: Outfit) {
        self.sim.hub().world().wardrobe.put_on(self.id, outfit);
    }

    /// Takes everything off.
    pub fn take_off(&self) {
        self.sim.hub().world().wardrobe.take_off(self.id);
    }

    /// Chooses a display name, or none.
    pub fn set_display_name(&self, name: Option<&str>) {
        self.sim.hub().world().set_display_name(self.id, name);
    }

    /// Installs the application for themselves.
    pub fn install(&self) {
        self.sim.hub().world().user_installs.insert(self.id);
    }
}

/// The rules that a person's message is held to besides permissions; an archived thread opens for it.
pub(super) fn may_post(
    world: &mut World,
    channel: Id<ChannelMarker>,
    author: Id<UserMarker>,
    text: &str,
) -> Result<(), Refusal> {
    if let Some(wait) = world.slowed(channel, author) {
        return Err(Refusal::SlowMode(wait));
    }
    world.screen(channel, author, text).map_err(blocked)?;
    world
        .open_for_writing(channel, author)
        .map_err(|error| match error {
            error if error == ApiError::not_a_text_channel() => error.into(),
            _ => Refusal::Shut,
        })?;
    if world.channel(channel)?.channel.kind.is_thread() {
        // Who writes in a thread follows it from then on.
        world.join_thread(channel, author)?;
    }
    Ok(())
}

pub(super) fn blocked(error: ApiError) -> Refusal {
    Refusal::Blocked(error.code, error.message)
}
