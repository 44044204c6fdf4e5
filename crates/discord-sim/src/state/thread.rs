//! Threads: channels inside a channel.

use twilight_model::channel::thread::{AutoArchiveDuration, ThreadMember, ThreadMetadata};
use twilight_model::channel::{Channel, ChannelType};
use twilight_model::gateway::event::DispatchEvent;
use twilight_model::gateway::payload::incoming::{ThreadCreate, ThreadDelete, ThreadUpdate};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker, UserMarker};

use super::World;
use super::channel::{ChannelState, new_channel};
use super::event::Audience;
use crate::rest::error::{ApiError, ApiResult};

/// What a new thread is to be.
#[derive(Clone, Debug)]
pub struct ThreadPlan {
    /// Its name.
    pub name: String,
    /// `PublicThread`, `PrivateThread` or `AnnouncementThread`.
    pub kind: ChannelType,
    /// The message it hangs on, whose id it then takes.
    pub message: Option<Id<MessageMarker>>,
    /// When it archives itself.
    pub auto_archive: AutoArchiveDuration,
    /// Who starts it.
    pub owner: Id<UserMarker>,
}

impl World {
    /// Starts a thread in a channel.
    pub fn add_thread(
        &mut self,
        parent: Id<ChannelMarker>,
        plan: ThreadPlan,
    ) -> ApiResult<Channel> {
        let parent_state = self.channel(parent)?;
        let guild = parent_state
            .channel
            .guild_id
            .ok_or_else(ApiError::not_in_a_direct_message)?;
        let now = self.now();
        let id = match plan.message {
            Some(message) => message.cast(),
            None => self.next_id(),
        };
        let mut channel = new_channel(id, plan.kind);
        channel.guild_id = Some(guild);
        channel.parent_id = Some(parent);
        channel.owner_id = Some(plan.owner);
        channel.name = Some(plan.name);
        channel.member_count = Some(1);
        channel.message_count = Some(0);
        channel.rate_limit_per_user = Some(0);
        channel.thread_metadata = Some(ThreadMetadata {
            archived: false,
            auto_archive_duration: plan.auto_archive,
            archive_timestamp: now,
            create_timestamp: Some(now),
            invitable: None,
            locked: false,
        });
        let mut state = ChannelState::new(channel.clone());
        state.followers.insert(
            plan.owner,
            ThreadMember {
                flags: 0,
                id: Some(id),
                join_timestamp: now,
                member: None,
                presence: None,
                user_id: Some(plan.owner),
            },
        );
        self.channels.insert(id, state);
        let mut told = channel.clone();
        told.newly_created = Some(true);
        let event = DispatchEvent::ThreadCreate(Box::new(ThreadCreate(told)));
        self.emit(Audience::Channel(id), &event);
        Ok(channel)
    }

    /// Somebody follows a thread.
    pub fn join_thread(&mut self, thread: Id<ChannelMarker>, user: Id<UserMarker>) -> ApiResult<()> {
        let now = self.now();
        let state = self.channel_mut(thread)?;
        state.followers.entry(user).or_insert(ThreadMember {
            flags: 0,
            id: Some(thread),
            join_timestamp: now,
            member: None,
            presence: None,
            user_id: Some(user),
        });
        state.channel.member_count = i8::try_from(state.followers.len()).ok();
        Ok(())
    }

    /// Changes a thread (name, archived, locked …) and tells about it.
    pub fn update_thread(
        &mut self,
        id: Id<ChannelMarker>,
        change: impl FnOnce(&mut Channel),
    ) -> ApiResult<Channel> {
        let now = self.now();
        let state = self.channel_mut(id)?;
        let was = state.channel.thread_metadata.as_ref().map(|it| it.archived);
        change(&mut state.channel);
        if let Some(thread) = state.channel.thread_metadata.as_mut()
            && was != Some(thread.archived)
        {
            thread.archive_timestamp = now;
        }
        let channel = state.channel.clone();
        let event = DispatchEvent::ThreadUpdate(Box::new(ThreadUpdate(channel.clone())));
        self.emit(Audience::Channel(id), &event);
        Ok(channel)
    }

    /// Deletes a thread and tells about it.
    pub fn remove_thread(&mut self, id: Id<ChannelMarker>) -> ApiResult<Channel> {
        let channel = self.channel(id)?.channel.clone();
        if let (Some(guild_id), Some(parent_id)) = (channel.guild_id, channel.parent_id) {
            let event = ThreadDelete {
                guild_id,
                id,
                kind: channel.kind,
                parent_id,
            };
            self.emit(Audience::Channel(id), &DispatchEvent::ThreadDelete(event));
        }
        self.channels.remove(&id);
        Ok(channel)
    }
}
