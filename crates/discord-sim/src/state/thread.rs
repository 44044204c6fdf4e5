//! Threads: channels inside a channel.

use twilight_model::channel::message::{MessageFlags, MessageType};
use twilight_model::channel::thread::{AutoArchiveDuration, ThreadMember, ThreadMetadata};
use twilight_model::channel::{Channel, ChannelType};
use twilight_model::gateway::event::DispatchEvent;
use twilight_model::gateway::payload::incoming::{
    ThreadCreate, ThreadDelete, ThreadMemberUpdate, ThreadMembersUpdate, ThreadUpdate,
};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker, UserMarker};
use twilight_model::util::Timestamp;

use super::World;
use super::channel::{ChannelState, new_channel};
use super::draft::Draft;
use super::event::Audience;
use super::kind::is_forum;
use super::message::{Author, StoredMessage};
use crate::rest::error::{ApiError, ApiResult};
use crate::snowflake;

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

/// From what age on a message is an old one, which gets a line about a thread started on it. Discord's documents call
/// it "a very small value" and name no number (Threads › New Message Types).
const OLD_MESSAGE_MS: i64 = 60 * 1_000;

impl World {
    /// Starts a thread in a channel: THREAD_CREATE; on a message, the change of that message and the line that points
    /// to it from inside (type 21); and a line in the channel where nothing else shows the thread (type 18).
    pub fn add_thread(
        &mut self,
        parent: Id<ChannelMarker>,
        plan: ThreadPlan,
    ) -> ApiResult<Channel> {
        let (owner, message, name) = (plan.owner, plan.message, plan.name.clone());
        let public = plan.kind != ChannelType::PrivateThread;
        let thread = self.open_thread(parent, plan)?;
        let old = match message {
            Some(message) => {
                self.hang_thread(parent, message, &thread)?;
                let reference = self.reference_to(parent, Some(message));
                let kind = MessageType::ThreadStarterMessage;
                self.post_system(thread.id, owner, kind, String::new(), reference, |_| {})?;
                // "Not including the initial message" (Channel › message_count).
                self.channel_mut(thread.id)?.channel.message_count = Some(0);
                self.age_ms(message) > OLD_MESSAGE_MS
            }
            None => true,
        };
        if public && old {
            let reference = self.reference_to(thread.id, None);
            let kind = MessageType::ThreadCreated;
            self.post_system(parent, owner, kind, name, reference, |_| {})?;
        }
        Ok(self.channel(thread.id)?.channel.clone())
    }

    /// A post in a forum: a thread whose first message has the thread's id.
    pub fn add_post(
        &mut self,
        forum: Id<ChannelMarker>,
        plan: ThreadPlan,
        author: Author,
        draft: Draft,
    ) -> ApiResult<(Channel, StoredMessage)> {
        if !is_forum(self.channel(forum)?.channel.kind) {
            return Err(ApiError::wrong_channel_kind());
        }
        let thread = self.open_thread(forum, plan)?;
        self.channel_mut(forum)?.channel.last_message_id = Some(thread.id.cast());
        let first = self.post_as(thread.id, author, draft, None, |message| {
            message.id = thread.id.cast();
        })?;
        self.channel_mut(thread.id)?.channel.message_count = Some(0);
        Ok((self.channel(thread.id)?.channel.clone(), first))
    }

    /// The thread alone, and THREAD_CREATE.
    fn open_thread(&mut self, parent: Id<ChannelMarker>, plan: ThreadPlan) -> ApiResult<Channel> {
        let parent_state = self.channel(parent)?;
        let guild = parent_state
            .channel
            .guild_id
            .ok_or_else(ApiError::not_in_a_direct_message)?;
        let pace = parent_state.channel.default_thread_rate_limit_per_user;
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
        channel.rate_limit_per_user = Some(pace.unwrap_or(0));
        channel.thread_metadata = Some(ThreadMetadata {
            archived: false,
            auto_archive_duration: plan.auto_archive,
            archive_timestamp: now,
            create_timestamp: Some(now),
            invitable: (plan.kind == ChannelType::PrivateThread).then_some(true),
            locked: false,
        });
        let mut state = ChannelState::new(channel.clone());
        state
            .followers
            .insert(plan.owner, follower(id, plan.owner, now));
        self.channels.insert(id, state);
        let mut told = channel.clone();
        told.newly_created = Some(true);
        let event = DispatchEvent::ThreadCreate(Box::new(ThreadCreate(told)));
        self.emit(Audience::Channel(id), &event);
        Ok(channel)
    }

    fn age_ms(&self, message: Id<MessageMarker>) -> i64 {
        snowflake::time_of(message).map_or(0, |at| self.now_ms() - at.timestamp_millis())
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
        let member = follower(thread, user, now);
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

    /// Marks the message that a thread hangs on.
    fn hang_thread(
        &mut self,
        channel: Id<ChannelMarker>,
        message: Id<MessageMarker>,
        thread: &Channel,
    ) -> ApiResult<()> {
        self.update_unedited(channel, message, |message| {
            let flags = message.flags.unwrap_or(MessageFlags::empty());
            message.flags = Some(flags | MessageFlags::HAS_THREAD);
            message.thread = Some(thread.clone());
        })?;
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
        let was = state.channel.thread_metadata.clone();
        change(&mut state.channel);
        if let (Some(was), Some(thread)) = (&was, state.channel.thread_metadata.as_mut())
            && (was.archived != thread.archived
                || was.auto_archive_duration != thread.auto_archive_duration)
        {
            thread.archive_timestamp = now;
        }
        let channel = state.channel.clone();
        let event = DispatchEvent::ThreadUpdate(Box::new(ThreadUpdate(channel.clone())));
        self.emit(Audience::Channel(id), &event);
        let archived = |thread: &ThreadMetadata| thread.archived;
        let opened = was.as_ref().is_some_and(archived)
            && !channel.thread_metadata.as_ref().is_some_and(archived);
        if opened {
            self.remind_of_membership(id);
        }
        Ok(channel)
    }

    /// The bot may have forgotten an archived thread, so it is told again that it is in it (Threads › Unarchiving).
    fn remind_of_membership(&mut self, id: Id<ChannelMarker>) {
        let bot = self.bot_id();
        let Some(state) = self.channels.get(&id) else {
            return;
        };
        let member = state.followers.get(&bot).cloned();
        if let (Some(guild_id), Some(member)) = (state.channel.guild_id, member) {
            let event = ThreadMemberUpdate { guild_id, member };
            self.emit(
                Audience::Channel(id),
                &DispatchEvent::ThreadMemberUpdate(Box::new(event)),
            );
        }
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

fn follower(
    thread: Id<ChannelMarker>,
    user: Id<UserMarker>,
    join_timestamp: Timestamp,
) -> ThreadMember {
    ThreadMember {
        flags: 0,
        id: Some(thread),
        join_timestamp,
        member: None,
        presence: None,
        user_id: Some(user),
    }
}
