//! What serenity cannot parse.
//!
//! An event with something new in it (an avatar decoration, a badge, a number beyond 32 bits) would be lost: serenity hands
//! it to nobody but a [`RawEventHandler`], as [`Event::Unknown`] with its raw JSON. Messages need no more than that, since
//! the reading room reads raw JSON. Other events are mended until serenity can parse them, and go the usual way. What cannot
//! be mended is counted, and told of once a kind, by its ids and never by its words.

mod doorway;
mod mend;
mod parse;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use serenity::all::{Cache, Context, Event, FullEvent, RawEventHandler};
use serenity::async_trait;

pub use doorway::{Doorway, Opened};
use mend::mended;

use super::events::Events;
use super::figures::Figures;

/// Begin and end of a session. Only serenity itself could take them in.
const SESSION: [&str; 2] = ["READY", "RESUMED"];

/// Takes in what serenity could not parse.
pub struct Unread {
    events: Arc<Events>,
    framework: Opened,
    figures: Figures,
    /// Kinds of events that were told of.
    told: Mutex<HashSet<String>>,
}

impl Unread {
    /// Passes what is mended on to these.
    pub fn new(events: Arc<Events>, framework: Opened, figures: Figures) -> Self {
        Self {
            events,
            framework,
            figures,
            told: Mutex::default(),
        }
    }

    async fn mend(&self, ctx: Context, name: &str, told: Value) {
        match mended(name, told) {
            Some(event) => {
                self.figures.mended();
                let Some(event) = passed_on(event, &ctx.cache) else {
                    return;
                };
                event.clone().dispatch(ctx.clone(), &*self.events).await;
                if let Some(framework) = self.framework.get() {
                    framework.dispatch(ctx, event).await;
                }
            }
            None => self.figures.lost(),
        }
    }

    /// Tells of a kind of event once. A name is written only if it is one of Discord's.
    fn tell(&self, name: &str, told: &Value) {
        let mut before = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if !before.insert(name.to_owned()) {
            return;
        }
        let id = |field: &str| told[field].as_str().and_then(|id| id.parse::<u64>().ok());
        let (own, channel, guild) = (id("id"), id("channel_id"), id("guild_id"));
        tracing::warn!(
            event = name,
            id = own,
            channel,
            guild,
            "Discord sent an event that serenity cannot parse; it is read as far as it can be, and further ones of its kind are only counted"
        );
    }
}

#[async_trait]
impl RawEventHandler for Unread {
    async fn raw_event(&self, ctx: Context, event: Event) {
        let Event::Unknown(unknown) = event else {
            return;
        };
        let (name, told) = (unknown.kind, unknown.value);
        match name.as_str() {
            "MESSAGE_CREATE" => {
                self.tell(&name, &told);
                self.figures.mended();
                self.events.hear(&ctx, &told).await;
            }
            "MESSAGE_UPDATE" => {
                self.tell(&name, &told);
                self.figures.mended();
                self.events.reread(&ctx, &told).await;
            }
            session if SESSION.contains(&session) => {
                self.tell(&name, &told);
                self.figures.lost();
            }
            other if parse::parse(other, &Value::Null).is_some() => {
                self.tell(&name, &told);
                self.mend(ctx, &name, told).await;
            }
            // Something that serenity does not know, and that nothing here depends on.
            _ => {}
        }
    }
}

/// Notes an event in the cache, as serenity does with those that it parses. Returns what handlers are told; nothing where
/// none of ours listens.
fn passed_on(event: Event, cache: &Cache) -> Option<FullEvent> {
    Some(match event {
        Event::InteractionCreate(event) => FullEvent::InteractionCreate {
            interaction: event.interaction,
        },
        Event::MessageDelete(event) => FullEvent::MessageDelete {
            channel_id: event.channel_id,
            deleted_message_id: event.message_id,
            guild_id: event.guild_id,
        },
        Event::MessageDeleteBulk(event) => FullEvent::MessageDeleteBulk {
            channel_id: event.channel_id,
            multiple_deleted_messages_ids: event.ids,
            guild_id: event.guild_id,
        },
        Event::GuildCreate(mut event) => {
            cache.update(&mut event);
            FullEvent::GuildCreate {
                guild: event.guild,
                is_new: None,
            }
        }
        Event::GuildDelete(mut event) => FullEvent::GuildDelete {
            full: cache.update(&mut event),
            incomplete: event.guild,
        },
        Event::ChannelDelete(mut event) => {
            cache.update(&mut event);
            FullEvent::ChannelDelete {
                channel: event.channel,
                messages: None,
            }
        }
        Event::ChannelUpdate(mut event) => FullEvent::ChannelUpdate {
            old: cache.update(&mut event),
            new: event.channel,
        },
        Event::ThreadDelete(mut event) => FullEvent::ThreadDelete {
            full_thread_data: cache.update(&mut event),
            thread: event.thread,
        },
        Event::ThreadUpdate(mut event) => FullEvent::ThreadUpdate {
            old: cache.update(&mut event),
            new: event.thread,
        },
        other => return noted(other, cache),
    })
}

/// Notes an event that only the cache depends on.
fn noted(event: Event, cache: &Cache) -> Option<FullEvent> {
    match event {
        Event::ChannelCreate(mut event) => drop(cache.update(&mut event)),
        Event::ThreadCreate(mut event) => drop(cache.update(&mut event)),
        Event::GuildMemberAdd(mut event) => drop(cache.update(&mut event)),
        Event::GuildMemberRemove(mut event) => drop(cache.update(&mut event)),
        Event::GuildMemberUpdate(mut event) => drop(cache.update(&mut event)),
        Event::GuildRoleCreate(mut event) => drop(cache.update(&mut event)),
        Event::GuildRoleDelete(mut event) => drop(cache.update(&mut event)),
        Event::GuildRoleUpdate(mut event) => drop(cache.update(&mut event)),
        Event::GuildUpdate(mut event) => drop(cache.update(&mut event)),
        _ => {}
    }
    None
}
