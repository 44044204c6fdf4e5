//! The events that are mended, each with serenity's type of it.

use serde_json::Value;
use serenity::model::event::Event;

macro_rules! events {
    ($($name:literal => $variant:ident,)*) => {
        /// Parses what Discord told under this name; `None` where nothing depends on it.
        pub fn parse(name: &str, told: &Value) -> Option<serde_json::Result<Event>> {
            match name {
                $($name => Some(serde_json::from_value(told.clone()).map(Event::$variant)),)*
                _ => None,
            }
        }
    };
}

events! {
    "CHANNEL_CREATE" => ChannelCreate,
    "CHANNEL_DELETE" => ChannelDelete,
    "CHANNEL_UPDATE" => ChannelUpdate,
    "GUILD_CREATE" => GuildCreate,
    "GUILD_DELETE" => GuildDelete,
    "GUILD_MEMBER_ADD" => GuildMemberAdd,
    "GUILD_MEMBER_REMOVE" => GuildMemberRemove,
    "GUILD_MEMBER_UPDATE" => GuildMemberUpdate,
    "GUILD_ROLE_CREATE" => GuildRoleCreate,
    "GUILD_ROLE_DELETE" => GuildRoleDelete,
    "GUILD_ROLE_UPDATE" => GuildRoleUpdate,
    "GUILD_UPDATE" => GuildUpdate,
    "INTERACTION_CREATE" => InteractionCreate,
    "MESSAGE_DELETE" => MessageDelete,
    "MESSAGE_DELETE_BULK" => MessageDeleteBulk,
    "THREAD_CREATE" => ThreadCreate,
    "THREAD_DELETE" => ThreadDelete,
    "THREAD_UPDATE" => ThreadUpdate,
}
