//! GUILD_CREATE: the whole server, as far as Discord tells it to a session.

use serde_json::{Value, json};
use twilight_model::gateway::Intents;
use twilight_model::gateway::event::DispatchEvent;
use twilight_model::gateway::payload::incoming::GuildCreate;
use twilight_model::guild::{Member, Permissions};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker};

use super::World;
use crate::gateway::session::{Dispatch, Filling};

impl World {
    /// The server with all its channels, the active threads that the bot can see, and the members that Discord sends
    /// unasked (developer documentation, Gateway Events › Guild Create and › Request Guild Members).
    #[must_use]
    pub fn guild_create(&self, id: Id<GuildMarker>, filling: Filling) -> Option<Value> {
        let state = self.guilds.get(&id)?;
        let mut guild = state.guild.clone();
        let count = u64::try_from(state.members.len()).unwrap_or(u64::MAX);
        guild.large = count > filling.large_threshold;
        guild.members = self.members_unasked(id, filling);
        for state in self.channels.values() {
            let channel = &state.channel;
            if channel.guild_id != Some(id) {
                continue;
            }
            match &channel.thread_metadata {
                None => guild.channels.push(channel.clone()),
                Some(thread) if !thread.archived && self.bot_sees(channel.id) => {
                    guild.threads.extend(self.channel_for_bot(channel.id).ok());
                }
                Some(_) => {}
            }
        }
        let event = DispatchEvent::GuildCreate(Box::new(GuildCreate::Available(guild)));
        let mut json = json!(event);
        complete_guild(&mut json);
        self.wardrobe.dress(&mut json);
        Some(json)
    }

    /// Without the presences intent only the bot itself (nobody is in voice here); with it everybody, unless the server
    /// is large: then those who are online (nobody here), have a role or a nickname.
    fn members_unasked(&self, id: Id<GuildMarker>, filling: Filling) -> Vec<Member> {
        let Some(state) = self.guilds.get(&id) else {
            return Vec::new();
        };
        let count = u64::try_from(state.members.len()).unwrap_or(u64::MAX);
        let bot = self.bot_id();
        let told = |member: &&Member| {
            let stands_out = !member.roles.is_empty() || member.nick.is_some();
            let all = count <= filling.large_threshold;
            member.user.id == bot || (filling.presences && (all || stands_out))
        };
        state.members.values().filter(told).cloned().collect()
    }

    /// Tells every session of a server that the bot has just joined, each as it wants to be told.
    pub(super) fn announce_guild(&mut self, guild: Id<GuildMarker>) {
        let sessions = &self.sessions.by_id;
        let sessions: Vec<(String, Filling)> = sessions
            .iter()
            .map(|(id, session)| (id.clone(), session.filling))
            .collect();
        for (session, filling) in sessions {
            let Some(payload) = self.guild_create(guild, filling) else {
                return;
            };
            let event = Dispatch {
                name: "GUILD_CREATE",
                payload,
                needed: Intents::GUILDS,
                guild: Some(guild),
                withheld: false,
            };
            self.sessions.dispatch_to(&session, &event);
        }
    }

    /// Whether the bot sees this channel or thread.
    #[must_use]
    pub fn bot_sees(&self, channel: Id<ChannelMarker>) -> bool {
        self.permissions(self.bot_id(), channel)
            .contains(Permissions::VIEW_CHANNEL)
    }
}

/// Adds to a serialised server the empty lists that twilight leaves out; serenity and discord.js read them.
pub fn complete_guild(json: &mut Value) {
    for list in [
        "stickers",
        "stage_instances",
        "guild_scheduled_events",
        "soundboard_sounds",
    ] {
        if json.get(list).is_none() {
            json[list] = json!([]);
        }
    }
}
