//! Events on their way to the bot: who gets them, and what is withheld from whom.

use serde_json::{Value, json};
use twilight_model::channel::Message;
use twilight_model::gateway::Intents;
use twilight_model::gateway::event::{DispatchEvent, EventType};
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker};

use super::World;
use crate::gateway::session::Dispatch;

/// Where something happened, which decides which shard hears of it and which intent it takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Audience {
    /// In a server.
    Guild(Id<GuildMarker>),
    /// In a channel, a thread or a direct message; the bot must see it.
    Channel(Id<ChannelMarker>),
    /// To the application itself: interactions come without any intent.
    App(Option<Id<GuildMarker>>),
}

impl World {
    /// Sends an event to the sessions that may have it.
    pub fn emit(&mut self, audience: Audience, event: &DispatchEvent) {
        self.emit_patched(audience, event, |_| {});
    }

    /// [`World::emit`], with what twilight's type leaves out.
    pub fn emit_patched(
        &mut self,
        audience: Audience,
        event: &DispatchEvent,
        patch: impl FnOnce(&mut Value),
    ) {
        let guild = match audience {
            Audience::Guild(guild) => Some(guild),
            Audience::Channel(channel) => self.guild_of(channel),
            Audience::App(guild) => guild,
        };
        if !self.bot_hears(audience, guild) {
            return;
        }
        let mut payload = json!(event);
        let needed = match event {
            // Told whatever the intents are (developer documentation, Gateway › Caveats).
            DispatchEvent::MemberUpdate(member) if member.user.id == self.bot_id() => {
                Intents::empty()
            }
            _ => needed_intents(event.kind(), guild.is_some()),
        };
        let withheld = match event {
            DispatchEvent::MessageCreate(message) => !self.is_open_content(&message.0),
            DispatchEvent::MessageUpdate(message) => !self.is_open_content(&message.0),
            _ => false,
        };
        if let EventType::MessageCreate | EventType::MessageUpdate = event.kind() {
            self.complete_message(&mut payload);
            // twilight leaves it out; discord.js knows by it that a message is a direct one.
            if let Audience::Channel(id) = audience
                && let Some(state) = self.channels.get(&id)
            {
                payload["channel_type"] = json!(state.channel.kind);
            }
        }
        patch(&mut payload);
        self.wardrobe.dress(&mut payload);
        let Some(name) = event.kind().name() else {
            return;
        };
        self.sessions.dispatch(&Dispatch {
            name,
            payload,
            needed,
            guild,
            withheld,
        });
    }

    fn bot_hears(&self, audience: Audience, guild: Option<Id<GuildMarker>>) -> bool {
        let bot = self.bot_id();
        let in_guild = guild.is_none_or(|guild| {
            self.guilds
                .get(&guild)
                .is_some_and(|state| state.members.contains_key(&bot))
        });
        match audience {
            Audience::App(_) => true,
            Audience::Guild(_) => in_guild,
            Audience::Channel(channel) => {
                let sees = self
                    .permissions(bot, channel)
                    .contains(Permissions::VIEW_CHANNEL);
                in_guild && sees
            }
        }
    }

    /// Whether the bot sees this message's content without the message-content intent: in direct messages, in its
    /// own messages, and where it is mentioned (a reply with ping mentions).
    #[must_use]
    pub fn is_open_content(&self, message: &Message) -> bool {
        let bot = self.bot_id();
        let direct = self.guild_of(message.channel_id).is_none();
        let own = message.author.id == bot;
        let mentioned = message.mentions.iter().any(|mention| mention.id == bot);
        direct || own || mentioned
    }
}

/// Empties what Discord empties for those who may not read: content, embeds, attachments, components, polls.
pub fn withhold(message: &mut Value) {
    message["content"] = json!("");
    for list in ["embeds", "attachments", "components"] {
        message[list] = json!([]);
    }
    if let Some(object) = message.as_object_mut() {
        object.shift_remove("poll");
    }
}

/// The intents of which one is needed for this kind of event; empty for those that everybody gets.
fn needed_intents(kind: EventType, in_guild: bool) -> Intents {
    use EventType as E;
    let (guild, direct) = match kind {
        E::MessageCreate | E::MessageUpdate | E::MessageDelete | E::MessageDeleteBulk => {
            (Intents::GUILD_MESSAGES, Intents::DIRECT_MESSAGES)
        }
        E::ReactionAdd | E::ReactionRemove | E::ReactionRemoveAll | E::ReactionRemoveEmoji => (
            Intents::GUILD_MESSAGE_REACTIONS,
            Intents::DIRECT_MESSAGE_REACTIONS,
        ),
        E::TypingStart => (
            Intents::GUILD_MESSAGE_TYPING,
            Intents::DIRECT_MESSAGE_TYPING,
        ),
        E::MemberAdd | E::MemberUpdate | E::MemberRemove => {
            (Intents::GUILD_MEMBERS, Intents::GUILD_MEMBERS)
        }
        E::WebhooksUpdate => (Intents::GUILD_WEBHOOKS, Intents::GUILD_WEBHOOKS),
        E::ChannelCreate | E::ChannelUpdate | E::ChannelDelete | E::ChannelPinsUpdate => {
            // Of direct-message channels these take DIRECT_MESSAGES.
            (Intents::GUILDS, Intents::DIRECT_MESSAGES)
        }
        E::GuildCreate
        | E::GuildUpdate
        | E::GuildDelete
        | E::RoleCreate
        | E::RoleUpdate
        | E::RoleDelete
        | E::ThreadCreate
        | E::ThreadUpdate
        | E::ThreadDelete
        | E::ThreadListSync
        | E::ThreadMemberUpdate
        | E::ThreadMembersUpdate => (Intents::GUILDS, Intents::GUILDS),
        _ => (Intents::empty(), Intents::empty()),
    };
    if in_guild { guild } else { direct }
}
