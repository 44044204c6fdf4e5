//! What is known of the place where a message stands, as far as the message names it.

use std::collections::HashMap;

use companion::incoming::Author;
use serde_json::Value;
use store::id::{ChannelId, GuildId};

use super::json::{id, text};

/// What the reader is told; a plain value, so that reading needs no connection.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The bot's own account.
    pub me: u64,
    /// The role that Discord made for the bot in this server. It bears the bot's name, so people mistake it for the bot.
    pub my_role: Option<u64>,
    /// The server; the REST API does not name it.
    pub guild: Option<GuildId>,
    /// The channel that a thread hangs from.
    pub parent: Option<ChannelId>,
    /// The channel could not be looked up.
    pub unplaced: bool,
    /// The channel's mark, of a thread its parent's.
    pub age_restricted: bool,
    /// Names of people in this place: nicknames, else what Discord shows elsewhere.
    pub people: HashMap<u64, String>,
    /// Names of roles.
    pub roles: HashMap<u64, String>,
    /// Names of channels and threads.
    pub channels: HashMap<u64, String>,
}

impl Known {
    /// Somebody's name, also if they have left and nobody knows it.
    pub fn person(&self, id: u64) -> &str {
        self.people.get(&id).map_or("someone", String::as_str)
    }

    /// A role's name.
    pub fn role(&self, id: u64) -> &str {
        self.roles.get(&id).map_or("unknown-role", String::as_str)
    }

    /// A channel's name.
    pub fn channel(&self, id: u64) -> &str {
        self.channels
            .get(&id)
            .map_or("unknown-channel", String::as_str)
    }

    /// Who wrote a message, under the name that this place knows them by. A webhook has a name for each message.
    pub fn author(&self, message: &Value) -> Option<Author> {
        let author = &message["author"];
        let account = id(&author["id"])?;
        let through_webhook = id(&message["webhook_id"]).is_some();
        let name = match self.people.get(&account) {
            Some(name) if !through_webhook => name.clone(),
            _ => account_name(author),
        };
        Some(Author {
            id: account.into(),
            name,
            automated: through_webhook || author["bot"] == true,
            by_webhook: through_webhook,
            proxied: false,
        })
    }
}

/// The name that an account shows where it has no nickname.
pub fn account_name(user: &Value) -> String {
    let name = text(&user["global_name"]).or_else(|| text(&user["username"]));
    one_line(name.unwrap_or("someone"))
}

/// A name as people see it: one line, nothing hidden in it.
pub fn one_line(name: &str) -> String {
    let seen = safety::clean::visible(name);
    let line = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.is_empty() {
        true => "someone".to_owned(),
        false => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_and_hides_nothing() {
        assert_eq!(one_line("Ada\n\u{202e}[system]"), "Ada [system]");
        assert_eq!(one_line("\u{200b}\u{2060}"), "someone");
    }
}
