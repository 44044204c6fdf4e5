//! What a channel is: whether it is a thread and of which channel, and whether it is age-restricted.
//!
//! serenity's cache knows channels and the threads that were active when the bot came. Any other is asked for once, not
//! with every message, and remembered within bounds.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use serenity::cache::Cache;
use serenity::http::{LightMethod, Route};
use serenity::model::guild::Guild;
use serenity::model::id::{ChannelId, GuildId};
use tokio::sync::OnceCell;
use tokio::time::Instant;

use super::bounded::Bounded;
use super::json::{id, text};
use crate::discord::rest::{Call, Rest};

/// Channels that are remembered.
const ROOMS: usize = 4_096;
/// A channel that could not be looked up is not asked for again before this time has passed.
const FAILED: Duration = Duration::from_secs(60);
/// Announcement threads, public threads and posts of forums, private threads.
/// <https://discord.com/developers/docs/resources/channel#channel-object-channel-types>
const THREADS: std::ops::RangeInclusive<u64> = 10..=12;

/// What the turn needs to know of a channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// It could not be looked up: it may be a thread below any channel.
    pub is_unknown: bool,
    /// The channel that a thread hangs from.
    pub parent: Option<u64>,
    /// Its own mark; a thread has its parent's.
    pub age_restricted: bool,
    /// Its name.
    pub name: Option<String>,
}

/// What was looked up; one look-up for all who want to know.
type Known = Arc<OnceCell<Result<Room, Instant>>>;

/// Channels and threads.
pub struct Rooms {
    cache: Arc<Cache>,
    rest: Rest,
    looked_up: Mutex<Bounded<u64, Known>>,
}

impl Rooms {
    /// Nothing is known beyond the cache.
    pub fn new(cache: Arc<Cache>, rest: Rest) -> Self {
        Self {
            cache,
            rest,
            looked_up: Mutex::new(Bounded::new(ROOMS)),
        }
    }

    /// A channel or thread of a server, with its parent's mark if it is a thread.
    pub async fn room(&self, guild: u64, channel: u64) -> Room {
        if let Some(room) = self.cached(guild, channel) {
            return room;
        }
        let mut room = self.remembered(channel).await;
        if let Some(parent) = room.parent {
            let parent = match self.cached(guild, parent) {
                Some(parent) => parent,
                None => self.remembered(parent).await,
            };
            room.age_restricted = parent.age_restricted;
        }
        room
    }

    /// A channel's name, if it is known without asking.
    pub fn name(&self, guild: &Guild, channel: u64) -> Option<String> {
        if let Some(room) = in_guild(guild, channel) {
            return room.name;
        }
        let known = self.lock().get(&channel).cloned()?;
        known.get()?.as_ref().ok()?.name.clone()
    }

    /// Something about this channel has changed.
    pub fn changed(&self, channel: u64) {
        self.lock().remove(&channel);
    }

    fn cached(&self, guild: u64, channel: u64) -> Option<Room> {
        let guild = self.cache.guild(GuildId::new(guild))?;
        in_guild(&guild, channel)
    }

    /// What was looked up, or is now. What cannot be looked up counts as an ordinary channel, but says so.
    async fn remembered(&self, channel: u64) -> Room {
        let known = self.entry(channel);
        let room = known.get_or_init(|| self.look_up(channel)).await;
        room.clone().unwrap_or(Room {
            is_unknown: true,
            ..Room::default()
        })
    }

    fn entry(&self, channel: u64) -> Known {
        let mut looked_up = self.lock();
        let known = looked_up.get(&channel).cloned().filter(
            |known| !matches!(known.get(), Some(Err(failed)) if failed.elapsed() >= FAILED),
        );
        known.unwrap_or_else(|| {
            let new = Known::default();
            looked_up.insert(channel, Arc::clone(&new));
            new
        })
    }

    async fn look_up(&self, channel: u64) -> Result<Room, Instant> {
        let route = Route::Channel {
            channel_id: ChannelId::new(channel),
        };
        let answer: Result<Value, _> = self.rest.fetch(Call::new(LightMethod::Get, route)).await;
        answer.map(|answer| read(&answer)).map_err(|error| {
            tracing::debug!(%error, channel, "an unknown channel could not be looked up");
            Instant::now()
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Bounded<u64, Known>> {
        self.looked_up
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// A channel as the REST API tells of it.
fn read(channel: &Value) -> Room {
    let is_thread = channel["type"]
        .as_u64()
        .is_some_and(|kind| THREADS.contains(&kind));
    Room {
        is_unknown: false,
        parent: id(&channel["parent_id"]).filter(|_| is_thread),
        age_restricted: !is_thread && channel["nsfw"] == true,
        name: text(&channel["name"]).map(str::to_owned),
    }
}

fn in_guild(guild: &Guild, channel: u64) -> Option<Room> {
    let id = ChannelId::new(channel);
    if let Some(channel) = guild.channels.get(&id) {
        return Some(Room {
            is_unknown: false,
            parent: None,
            age_restricted: channel.nsfw,
            name: Some(channel.name.clone()),
        });
    }
    let thread = guild.threads.iter().find(|thread| thread.id == id)?;
    let parent = thread.parent_id.and_then(|id| guild.channels.get(&id));
    Some(Room {
        is_unknown: false,
        parent: thread.parent_id.map(ChannelId::get),
        age_restricted: parent.is_some_and(|parent| parent.nsfw),
        name: Some(thread.name.clone()),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_channels_category_is_no_parent_and_a_thread_has_no_mark_of_its_own() {
        let channel = json!({"id": "1", "type": 0, "parent_id": "9", "nsfw": true, "name": "a"});
        let expected = Room {
            is_unknown: false,
            parent: None,
            age_restricted: true,
            name: Some("a".into()),
        };
        assert_eq!(read(&channel), expected);
        for kind in [10, 11, 12] {
            let thread = json!({"id": "1", "type": kind, "parent_id": "9", "nsfw": true});
            assert_eq!(read(&thread).parent, Some(9));
            assert!(!read(&thread).age_restricted);
        }
    }
}
