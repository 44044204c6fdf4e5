//! Channels that change or go: who hears of it, and what goes with them.

use twilight_model::channel::{Channel, ChannelType};
use twilight_model::gateway::event::DispatchEvent;
use twilight_model::gateway::payload::incoming::{ChannelDelete, ChannelUpdate, ThreadListSync};
use twilight_model::id::Id;
use twilight_model::id::marker::ChannelMarker;

use super::World;
use super::event::Audience;
use crate::rest::error::ApiResult;

impl World {
    /// Changes a channel and tells about it. A category takes along the channels that had its overwrites (developer
    /// documentation, Permissions › Permission Syncing).
    pub fn update_channel(
        &mut self,
        id: Id<ChannelMarker>,
        change: impl FnOnce(&mut Channel),
    ) -> ApiResult<Channel> {
        let before = self.channel(id)?.channel.clone();
        let updated = self.update_one(id, change)?;
        let same = before.permission_overwrites == updated.permission_overwrites;
        if updated.kind == ChannelType::GuildCategory && !same {
            for child in self.children(id) {
                let synced = self.channels.get(&child).is_some_and(|state| {
                    state.channel.permission_overwrites == before.permission_overwrites
                });
                if synced {
                    let overwrites = updated.permission_overwrites.clone();
                    self.update_one(child, |channel| channel.permission_overwrites = overwrites)?;
                }
            }
        }
        Ok(updated)
    }

    /// The bot is told of a change by which it loses a channel; by one that opens it, it gets the threads, too (developer
    /// documentation, Threads › Channel Access).
    fn update_one(
        &mut self,
        id: Id<ChannelMarker>,
        change: impl FnOnce(&mut Channel),
    ) -> ApiResult<Channel> {
        let saw = self.bot_sees(id);
        let state = self.channel_mut(id)?;
        change(&mut state.channel);
        let channel = state.channel.clone();
        let sees = self.bot_sees(id);
        let audience = match channel.guild_id {
            Some(guild) if saw => Audience::Guild(guild),
            _ => Audience::Channel(id),
        };
        let event = DispatchEvent::ChannelUpdate(Box::new(ChannelUpdate(channel.clone())));
        self.emit(audience, &event);
        if sees && !saw {
            self.sync_threads(id);
        }
        Ok(channel)
    }

    /// The active threads of a channel that the bot just came to see.
    fn sync_threads(&mut self, parent: Id<ChannelMarker>) {
        let Some(guild_id) = self.guild_of(parent) else {
            return;
        };
        let active = self.channels.values().filter(|state| {
            let thread = state.channel.thread_metadata.as_ref();
            state.channel.parent_id == Some(parent) && thread.is_some_and(|it| !it.archived)
        });
        let bot = self.bot_id();
        let seen: Vec<_> = active.filter(|it| self.bot_sees(it.channel.id)).collect();
        let event = ThreadListSync {
            channel_ids: vec![parent],
            guild_id,
            members: seen
                .iter()
                .filter_map(|state| state.followers.get(&bot).cloned())
                .collect(),
            threads: seen.iter().map(|state| state.channel.clone()).collect(),
        };
        self.emit(
            Audience::Channel(parent),
            &DispatchEvent::ThreadListSync(event),
        );
    }

    /// Removes a channel with its threads and webhooks: CHANNEL_DELETE alone tells it, and neither THREAD_DELETE nor
    /// MESSAGE_DELETE follows for what was in it. A category leaves its channels behind (developer documentation,
    /// Channel › Delete/Close Channel). Of a thread, THREAD_DELETE tells.
    pub fn remove_channel(&mut self, id: Id<ChannelMarker>) -> ApiResult<Channel> {
        let channel = self.channel(id)?.channel.clone();
        if channel.kind.is_thread() {
            return self.remove_thread(id);
        }
        let event = DispatchEvent::ChannelDelete(Box::new(ChannelDelete(channel.clone())));
        self.emit(Audience::Channel(id), &event);
        if channel.kind == ChannelType::GuildCategory {
            for child in self.children(id) {
                self.update_one(child, |channel| channel.parent_id = None)?;
            }
        }
        self.channels.retain(|other, state| {
            let a_thread_of_it =
                state.channel.kind.is_thread() && state.channel.parent_id == Some(id);
            *other != id && !a_thread_of_it
        });
        self.webhooks.retain(|_, webhook| webhook.channel_id != id);
        Ok(channel)
    }

    fn children(&self, parent: Id<ChannelMarker>) -> Vec<Id<ChannelMarker>> {
        let inside = self
            .channels
            .values()
            .filter(|state| state.channel.parent_id == Some(parent));
        inside.map(|state| state.channel.id).collect()
    }
}
