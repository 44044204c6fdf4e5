//! Threads: channels inside a channel.

use twilight_model::channel::message::MessageFlags;
use twilight_model::channel::thread::{AutoArchiveDuration, ThreadMember, ThreadMetadata};
use twilight_model::channel::{Channel, ChannelType};
use twilight_model::gateway::event::DispatchEvent;
use twilight_model::gateway::payload::incoming::{
    MessageUpdate, ThreadCreate, ThreadDelete, ThreadMembersUpdate, ThreadUpdate,
};
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
    pub fn join_thread(
        &mut self,
        thread: Id<ChannelMarker>,
        user: Id<UserMarker>,
    ) -> ApiResult<()> {
        let now = self.now();
        let state = self.channel_mut(thread)?;
        if state.followers.contains_key(&user) {
            return Ok(());
        }
        let member = ThreadMember {
            flags: 0,
            id: Some(thread),
            join_timestamp: now,
            member: None,
            presence: None,
            user_id: Some(user),
        };
        state.followers.insert(user, member.clone());
        self.followers_changed(thread, user, vec![member], Vec::new());
        Ok(())
    }

    /// Somebody no longer follows a thread.
    pub fn leave_thread(
        &mut self,
        thread: Id<ChannelMarker>,
        user: Id<UserMarker>,
    ) -> ApiResult<()> {
        if self.channel_mut(thread)?.followers.remove(&user).is_some() {
            self.followers_changed(thread, user, Vec::new(), vec![user]);
        }
        Ok(())
    }

    /// Counts anew, and tells the bot about itself; of others Discord only tells those with the members intent.
    fn followers_changed(
        &mut self,
        thread: Id<ChannelMarker>,
        user: Id<UserMarker>,
        added_members: Vec<ThreadMember>,
        removed_member_ids: Vec<Id<UserMarker>>,
    ) {
        let Some(state) = self.channels.get_mut(&thread) else {
            return;
        };
        let count = state.followers.len();
        // Discord stops counting at 50.
        state.channel.member_count = i8::try_from(count.min(50)).ok();
        let (Some(guild_id), true) = (state.channel.guild_id, user == self.bot.user.id) else {
            return;
        };
        let event = ThreadMembersUpdate {
            added_members,
            guild_id,
            id: thread,
            member_count: i32::try_from(count).unwrap_or(i32::MAX),
            removed_member_ids,
        };
        self.emit(
            Audience::Channel(thread),
            &DispatchEvent::ThreadMembersUpdate(event),
        );
    }

    /// Marks the message that a thread hangs on. Discord tells this as a change of the message, although nobody edited it.
    pub fn hang_thread(
        &mut self,
        channel: Id<ChannelMarker>,
        message: Id<MessageMarker>,
        thread: &Channel,
    ) {
        let Ok(state) = self.channel_mut(channel) else {
            return;
        };
        let Some(stored) = state.messages.get_mut(&message) else {
            return;
        };
        let flags = stored.message.flags.unwrap_or(MessageFlags::empty());
        stored.message.flags = Some(flags | MessageFlags::HAS_THREAD);
        stored.message.thread = Some(thread.clone());
        let stored = stored.clone();
        let event = MessageUpdate(self.as_event(&stored));
        self.emit(
            Audience::Channel(channel),
            &DispatchEvent::MessageUpdate(Box::new(event)),
        );
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
