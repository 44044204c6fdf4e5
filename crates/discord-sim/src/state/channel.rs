//! Channels: of servers and of two people. Threads are in `thread`.

use std::collections::BTreeMap;

use twilight_model::channel::message::MessageType;
use twilight_model::channel::permission_overwrite::{PermissionOverwrite, PermissionOverwriteType};
use twilight_model::channel::thread::ThreadMember;
use twilight_model::channel::{Channel, ChannelType, Message};
use twilight_model::gateway::event::DispatchEvent;
use twilight_model::gateway::payload::incoming::ChannelCreate;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, MessageMarker, UserMarker};
use twilight_model::util::Timestamp;

use super::World;
use super::event::Audience;
use super::kind::fill;
use super::message::StoredMessage;
use crate::rest::error::{ApiError, ApiResult};

/// A channel with what was written in it.
#[derive(Clone, Debug)]
pub struct ChannelState {
    /// What Discord tells of it.
    pub channel: Channel,
    /// The messages, ephemeral ones included.
    pub messages: BTreeMap<Id<MessageMarker>, StoredMessage>,
    /// Who typed and when, oldest first.
    pub typing: Vec<(Id<UserMarker>, Timestamp)>,
    /// Of a thread: who follows it.
    pub followers: BTreeMap<Id<UserMarker>, ThreadMember>,
    /// What is pinned and since when, last pinned last.
    pub pins: Vec<(Id<MessageMarker>, Timestamp)>,
}

/// A channel with nothing but an id and a kind.
#[must_use]
pub fn new_channel(id: Id<ChannelMarker>, kind: ChannelType) -> Channel {
    Channel {
        application_id: None,
        applied_tags: None,
        available_tags: None,
        bitrate: None,
        default_auto_archive_duration: None,
        default_forum_layout: None,
        default_reaction_emoji: None,
        default_sort_order: None,
        default_thread_rate_limit_per_user: None,
        flags: None,
        guild_id: None,
        icon: None,
        id,
        invitable: None,
        kind,
        last_message_id: None,
        last_pin_timestamp: None,
        managed: None,
        member: None,
        member_count: None,
        message_count: None,
        name: None,
        newly_created: None,
        nsfw: None,
        owner_id: None,
        parent_id: None,
        permission_overwrites: None,
        position: None,
        rate_limit_per_user: None,
        recipients: None,
        rtc_region: None,
        thread_metadata: None,
        topic: None,
        user_limit: None,
        video_quality_mode: None,
    }
}

impl ChannelState {
    /// Without messages.
    #[must_use]
    pub fn new(channel: Channel) -> Self {
        Self {
            channel,
            messages: BTreeMap::new(),
            typing: Vec::new(),
            followers: BTreeMap::new(),
            pins: Vec::new(),
        }
    }

    /// A message is gone: from the pins, too (which no event tells), and from a thread's count, which does not know of
    /// the message that it began with.
    pub(super) fn forget_message(&mut self, message: &Message) {
        self.pins.retain(|(pinned, _)| *pinned != message.id);
        let first = message.id.get() == self.channel.id.get()
            || message.kind == MessageType::ThreadStarterMessage;
        if let Some(count) = self.channel.message_count.as_mut().filter(|_| !first) {
            *count = count.saturating_sub(1);
        }
    }
}

impl World {
    /// The channel, or 10003.
    pub fn channel(&self, id: Id<ChannelMarker>) -> ApiResult<&ChannelState> {
        self.channels.get(&id).ok_or_else(ApiError::unknown_channel)
    }

    /// The channel to change, or 10003.
    pub fn channel_mut(&mut self, id: Id<ChannelMarker>) -> ApiResult<&mut ChannelState> {
        self.channels
            .get_mut(&id)
            .ok_or_else(ApiError::unknown_channel)
    }

    /// The server that the channel is in; `None` for direct messages and unknown channels.
    #[must_use]
    pub fn guild_of(&self, id: Id<ChannelMarker>) -> Option<Id<GuildMarker>> {
        self.channels.get(&id)?.channel.guild_id
    }

    /// Adds a channel to a server: `shape` fills in name, topic, age restriction, overwrites.
    pub fn add_channel(
        &mut self,
        guild: Id<GuildMarker>,
        kind: ChannelType,
        shape: impl FnOnce(&mut Channel),
    ) -> Channel {
        let mut channel = new_channel(self.next_id(), kind);
        channel.guild_id = Some(guild);
        channel.position = i32::try_from(self.channels.len()).ok();
        channel.nsfw = Some(false);
        channel.rate_limit_per_user = Some(0);
        channel.permission_overwrites = Some(Vec::new());
        fill(&mut channel);
        shape(&mut channel);
        self.channels
            .insert(channel.id, ChannelState::new(channel.clone()));
        let event = DispatchEvent::ChannelCreate(Box::new(ChannelCreate(channel.clone())));
        self.emit(Audience::Channel(channel.id), &event);
        channel
    }

    /// Sets one overwrite of a channel, replacing that of the same target.
    pub fn set_overwrite(
        &mut self,
        id: Id<ChannelMarker>,
        overwrite: PermissionOverwrite,
    ) -> ApiResult<Channel> {
        self.update_channel(id, |channel| {
            let list = channel.permission_overwrites.get_or_insert_with(Vec::new);
            list.retain(|other| other.id != overwrite.id);
            list.push(overwrite);
        })
    }

    /// Takes these permissions away from one member in one channel (an overwrite of the member).
    pub fn deny_member(
        &mut self,
        channel: Id<ChannelMarker>,
        user: Id<UserMarker>,
        deny: Permissions,
    ) -> ApiResult<Channel> {
        self.set_overwrite(
            channel,
            PermissionOverwrite {
                allow: Permissions::empty(),
                deny,
                id: user.cast(),
                kind: PermissionOverwriteType::Member,
            },
        )
    }

    /// The direct-message channel of the bot and this person; made at first use.
    pub fn open_dm(&mut self, user: Id<UserMarker>) -> ApiResult<Channel> {
        let account = self
            .users
            .get(&user)
            .cloned()
            .ok_or_else(ApiError::unknown_user)?;
        let existing = self.channels.values().find(|state| {
            state.channel.kind == ChannelType::Private
                && state
                    .channel
                    .recipients
                    .iter()
                    .flatten()
                    .any(|recipient| recipient.id == user)
        });
        if let Some(state) = existing {
            return Ok(state.channel.clone());
        }
        let mut channel = new_channel(self.next_id(), ChannelType::Private);
        channel.recipients = Some(vec![account]);
        self.channels
            .insert(channel.id, ChannelState::new(channel.clone()));
        Ok(channel)
    }

    /// Somebody starts typing.
    pub fn start_typing(&mut self, id: Id<ChannelMarker>, user: Id<UserMarker>) -> ApiResult<()> {
        let now = self.now();
        let guild = self.guild_of(id);
        let member = guild
            .and_then(|guild| self.guilds.get(&guild))
            .and_then(|guild| guild.members.get(&user).cloned());
        self.channel_mut(id)?.typing.push((user, now));
        let event = twilight_model::gateway::payload::incoming::TypingStart {
            channel_id: id,
            guild_id: guild,
            member,
            timestamp: u64::try_from(now.as_secs()).unwrap_or(0),
            user_id: user,
        };
        self.emit(
            Audience::Channel(id),
            &DispatchEvent::TypingStart(Box::new(event)),
        );
        self.tell(super::Observed::Typing { channel: id, user });
        Ok(())
    }
}
