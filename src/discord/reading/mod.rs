//! The reading room: what a message says, from its raw JSON, whichever way it came.
//!
//! [`message`] reads and knows nothing of connections; [`Reader`] finds out what it must know of the place (who is called
//! what, which channel a thread hangs from) and asks Discord for pages of raw messages. What serenity makes of a message
//! is not what is read: a page of the REST API would be lost with the first message that serenity cannot parse.

mod bounded;
mod enclosed;
mod framed;
mod json;
mod known;
mod markdown;
pub mod message;
mod nicks;
mod rooms;
#[cfg(test)]
mod tests;
mod tokens;

use std::sync::Arc;

use companion::incoming::Incoming;
use serde_json::Value;
use serenity::cache::Cache;
use serenity::http::{LightMethod, Route};
use serenity::model::id::{ChannelId, MessageId, UserId};
use store::id::GuildId;

use super::rest::{Call, Refused, Rest};
use json::{id, list, text};
use known::Known;
use nicks::Nicks;
use rooms::Rooms;
use tokens::Named;

/// The most messages of one page, <https://discord.com/developers/docs/resources/message#get-channel-messages>.
pub(super) const PAGE: u8 = 100;

/// Reads messages.
pub struct Reader {
    cache: Arc<Cache>,
    rest: Rest,
    rooms: Rooms,
    nicks: Nicks,
}

impl Reader {
    /// Reads with what this cache knows, and asks for the rest of it.
    pub(super) fn new(cache: Arc<Cache>, rest: Rest) -> Self {
        Self {
            rooms: Rooms::new(Arc::clone(&cache), rest.clone()),
            nicks: Nicks::new(rest.clone()),
            cache,
            rest,
        }
    }

    /// What the turn takes in: talk of a person, of a webhook (which may be a person's proxy), and of a bot where `bots` are
    /// heard; `None` of everything else. What the bot and its personas say themselves is never heard. The REST API does not name the server of a
    /// message; `guild` does.
    pub async fn hear(
        &self,
        guild: Option<GuildId>,
        message: &Value,
        bots: bool,
    ) -> Option<Incoming> {
        if !message::is_talk(message)
            || (message::is_bot(message) && !bots)
            || self.is_ours(message)
        {
            return None;
        }
        self.read(guild, message).await
    }

    /// Reads a message, whoever wrote it.
    pub async fn read(&self, guild: Option<GuildId>, message: &Value) -> Option<Incoming> {
        let known = self.known(guild, message).await;
        message::read(message, &known)
    }

    /// Whether the bot wrote a message, or one of its personas.
    pub fn is_ours(&self, message: &Value) -> bool {
        let application = self.rest.application().map(|id| id.get());
        message::is_ours(message, self.cache.current_user().id.get(), application)
    }

    /// The bot's own account.
    pub(super) fn account(&self) -> UserId {
        self.cache.current_user().id
    }

    /// One message, as Discord has it now.
    pub(super) async fn fetch(
        &self,
        channel: store::id::ChannelId,
        message: store::id::MessageId,
    ) -> Result<Value, Refused> {
        let route = Route::ChannelMessage {
            channel_id: ChannelId::new(channel.get()),
            message_id: MessageId::new(message.get()),
        };
        self.rest.fetch(Call::new(LightMethod::Get, route)).await
    }

    /// The messages behind this one, oldest first, at most a page.
    pub(super) async fn fetch_after(
        &self,
        channel: store::id::ChannelId,
        after: store::id::MessageId,
        limit: u8,
    ) -> Result<Vec<Value>, Refused> {
        let route = Route::ChannelMessages {
            channel_id: ChannelId::new(channel.get()),
        };
        let call = Call::new(LightMethod::Get, route).query(vec![
            ("after", after.get().to_string()),
            ("limit", limit.min(PAGE).to_string()),
        ]);
        let mut page: Vec<Value> = self.rest.fetch(call).await?;
        page.sort_by_key(|message| id(&message["id"]));
        Ok(page)
    }

    /// The newest messages, or the newest before this one: a page.
    pub(super) async fn fetch_before(
        &self,
        channel: store::id::ChannelId,
        before: Option<store::id::MessageId>,
    ) -> Result<Vec<Value>, Refused> {
        let route = Route::ChannelMessages {
            channel_id: ChannelId::new(channel.get()),
        };
        let mut query = vec![("limit", PAGE.to_string())];
        query.extend(before.map(|before| ("before", before.get().to_string())));
        let call = Call::new(LightMethod::Get, route).query(query);
        self.rest.fetch(call).await
    }

    /// Something about a channel has changed.
    pub fn channel_changed(&self, channel: u64) {
        self.rooms.changed(channel);
    }

    /// Finds out what must be known to read this message.
    async fn known(&self, guild: Option<GuildId>, message: &Value) -> Known {
        let mut known = Known {
            me: self.cache.current_user().id.get(),
            guild: id(&message["guild_id"]).map(GuildId::from).or(guild),
            ..Known::default()
        };
        let Some(guild) = known.guild.map(GuildId::get) else {
            for (account, user, _) in people(message) {
                known.people.insert(account, known::account_name(user));
            }
            return known;
        };
        if let Some(channel) = id(&message["channel_id"]) {
            let room = self.rooms.room(guild, channel).await;
            known.parent = room.parent.map(Into::into);
            known.unplaced = room.is_unknown;
            known.age_restricted = room.age_restricted;
        }
        let is_live = id(&message["guild_id"]).is_some();
        for (account, user, member) in people(message) {
            if account == known.me {
                let own = self
                    .own_name(guild)
                    .unwrap_or_else(|| known::account_name(user));
                known.people.insert(account, own);
                continue;
            }
            if !is_live && !member.is_object() {
                self.nicks.look_up(guild, account).await;
            }
            let name = self.nicks.told(guild, account, user, member);
            known.people.insert(account, name);
        }
        self.look_around(guild, message, &mut known);
        known
    }

    /// The bot's nickname; of itself alone Discord tells every change.
    fn own_name(&self, guild: u64) -> Option<String> {
        let guild = self.cache.guild(serenity::model::id::GuildId::new(guild))?;
        let own = guild.members.get(&self.cache.current_user().id)?;
        own.nick.as_deref().map(known::one_line)
    }

    /// Names of the roles and channels that a message names, as far as the cache has them.
    fn look_around(&self, guild: u64, message: &Value, known: &mut Known) {
        let named = named(message);
        for channel in list(&message["mention_channels"]) {
            if let (Some(id), Some(name)) = (id(&channel["id"]), text(&channel["name"])) {
                known.channels.insert(id, known::one_line(name));
            }
        }
        let Some(guild) = self.cache.guild(serenity::model::id::GuildId::new(guild)) else {
            return;
        };
        for role in named.roles {
            let Some(found) = guild.roles.get(&serenity::model::id::RoleId::new(role)) else {
                continue;
            };
            if found.tags.bot_id.is_some_and(|bot| bot.get() == known.me) {
                known.my_role = Some(role);
            }
            known.roles.insert(role, known::one_line(&found.name));
        }
        for channel in named.channels {
            if let Some(name) = self.rooms.name(&guild, channel) {
                known.channels.insert(channel, known::one_line(&name));
            }
        }
    }
}

/// The people of whom a message tells: its author and whom it mentions, with what it tells of their membership. Who
/// speaks through a webhook is no member.
fn people(message: &Value) -> Vec<(u64, &Value, &Value)> {
    let author = Some((&message["author"], &message["member"]))
        .filter(|_| id(&message["webhook_id"]).is_none());
    let forwarded = list(&message["message_snapshots"])
        .iter()
        .flat_map(|snapshot| {
            let inner = list(&snapshot["message"]["mentions"]);
            inner.iter().chain(list(&snapshot["mentions"]))
        });
    let mentioned = list(&message["mentions"]).iter().chain(forwarded);
    author
        .into_iter()
        .chain(mentioned.map(|user| (user, &user["member"])))
        .filter_map(|(user, member)| Some((id(&user["id"])?, user, member)))
        .collect()
}

/// The roles and channels that a message and what it forwards name.
fn named(message: &Value) -> Named {
    let mut named = Named::default();
    named.read(message["content"].as_str().unwrap_or_default());
    for snapshot in list(&message["message_snapshots"]) {
        for content in [&snapshot["message"]["content"], &snapshot["content"]] {
            named.read(content.as_str().unwrap_or_default());
        }
    }
    named
        .roles
        .extend(list(&message["mention_roles"]).iter().filter_map(id));
    named
}
