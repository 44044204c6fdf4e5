//! Threads and forum posts, as people start, archive and lock them.

use twilight_model::channel::ChannelType;
use twilight_model::channel::thread::{AutoArchiveDuration, ThreadMetadata};
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker, UserMarker};

use super::channel::Channel;
use super::person::{Person, blocked};
use crate::interactions::Refusal;
use crate::state::kind::{is_forum, kind_of_threads};
use crate::state::message::Author;
use crate::state::thread::ThreadPlan;
use crate::state::{Draft, World};

impl Channel {
    /// A person starts a public thread here, from a message if one is given.
    pub fn start_thread(
        &self,
        by: &Person,
        name: &str,
        on: Option<Id<MessageMarker>>,
    ) -> Result<Self, Refusal> {
        let mut world = self.sim().hub().world();
        let kind = world.channel(self.id).map(|state| state.channel.kind)?;
        let Some(kind) = kind_of_threads(kind).filter(|_| !is_forum(kind)) else {
            return Err(Refusal::MayNot("start a thread in this kind of channel"));
        };
        let needed = Permissions::CREATE_PUBLIC_THREADS;
        world.require_of(by.id, self.id, needed, "start threads")?;
        world.screen_title(self.id, by.id, name).map_err(blocked)?;
        let plan = plan(name, kind, on, by.id);
        let thread = world.add_thread(self.id, plan)?;
        Ok(Self::new(self.sim().clone(), thread.id))
    }

    /// A person opens a post in this forum. Its first message has the id of the post.
    pub fn start_post(&self, by: &Person, title: &str, text: &str) -> Result<Self, Refusal> {
        let mut world = self.sim().hub().world();
        let needed = Permissions::SEND_MESSAGES;
        world.require_of(by.id, self.id, needed, "post in this forum")?;
        let account = world.users.get(&by.id).cloned().ok_or(Refusal::NoAccess)?;
        world.screen_title(self.id, by.id, title).map_err(blocked)?;
        world.screen(self.id, by.id, text).map_err(blocked)?;
        let plan = plan(title, ChannelType::PublicThread, None, by.id);
        let author = Author::account(account);
        let (post, _) = world.add_post(self.id, plan, author, Draft::text(text))?;
        Ok(Self::new(self.sim().clone(), post.id))
    }

    /// A person archives this thread, or opens it again: their own, or with the permission to manage threads; anybody who
    /// may write opens one that is not locked.
    pub fn archive(&self, by: &Person, archived: bool) -> Result<(), Refusal> {
        let mut world = self.sim().hub().world();
        let (thread, owner) = thread_and_owner(&world, self.id)?;
        let manages = world.allows(by.id, self.id, Permissions::MANAGE_THREADS);
        let own = owner == Some(by.id);
        let opens =
            !archived && world.allows(by.id, self.id, Permissions::SEND_MESSAGES_IN_THREADS);
        if !manages && (thread.locked || !(own || opens)) {
            return Err(Refusal::MayNot("archive or open this thread"));
        }
        change(&mut world, self.id, |thread| thread.archived = archived)
    }

    /// A person locks this thread, or unlocks it.
    pub fn lock(&self, by: &Person, locked: bool) -> Result<(), Refusal> {
        let mut world = self.sim().hub().world();
        thread_and_owner(&world, self.id)?;
        world.require_of(by.id, self.id, Permissions::MANAGE_THREADS, "lock threads")?;
        change(&mut world, self.id, |thread| thread.locked = locked)
    }
}

fn plan(
    name: &str,
    kind: ChannelType,
    message: Option<Id<MessageMarker>>,
    owner: Id<UserMarker>,
) -> ThreadPlan {
    ThreadPlan {
        name: name.to_owned(),
        kind,
        message,
        auto_archive: AutoArchiveDuration::Day,
        owner,
    }
}

fn thread_and_owner(
    world: &World,
    id: Id<ChannelMarker>,
) -> Result<(ThreadMetadata, Option<Id<UserMarker>>), Refusal> {
    let channel = &world.channel(id)?.channel;
    let thread = channel.thread_metadata.clone();
    let thread = thread.ok_or(Refusal::MayNot("do this to what is no thread"))?;
    Ok((thread, channel.owner_id))
}

fn change(
    world: &mut World,
    id: Id<ChannelMarker>,
    change: impl FnOnce(&mut ThreadMetadata),
) -> Result<(), Refusal> {
    world.update_thread(id, |channel| {
        if let Some(thread) = channel.thread_metadata.as_mut() {
            change(thread);
        }
    })?;
    Ok(())
}
