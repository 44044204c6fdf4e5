//! AutoMod: a server's blocked words.
//!
//! How a keyword is matched, and which roles and channels a rule spares, is from Discord's "Auto Moderation" (Keyword
//! Matching Strategies). Whom AutoMod spares besides is not in there. Members who may manage the server are spared, as
//! Discord's help center says. Bots and webhooks are reported as spared today, and Discord may change that any day, so the
//! simulator chooses what is worse for a bot: they are blocked like everybody.

use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{
    AutoModerationRuleMarker, ChannelMarker, GuildMarker, RoleMarker, UserMarker,
};

use crate::state::World;

/// The rules of all servers.
#[derive(Debug, Default)]
pub struct AutoMod {
    rules: Vec<WordRule>,
}

/// A rule of the trigger type KEYWORD whose action is BLOCK_MESSAGE.
#[derive(Clone, Debug)]
pub struct WordRule {
    /// Its id.
    pub id: Id<AutoModerationRuleMarker>,
    /// Whose.
    pub guild: Id<GuildMarker>,
    /// What is blocked: a word or phrase, with `*` before or after it where a word may go on.
    pub keywords: Vec<String>,
    /// Who is spared.
    pub exempt_roles: Vec<Id<RoleMarker>>,
    /// Where it does not count.
    pub exempt_channels: Vec<Id<ChannelMarker>>,
}

impl AutoMod {
    /// A rule more.
    pub fn add(&mut self, rule: WordRule) {
        self.rules.push(rule);
    }

    /// Takes away all rules of a server.
    pub fn clear(&mut self, guild: Id<GuildMarker>) {
        self.rules.retain(|rule| rule.guild != guild);
    }
}

impl World {
    /// Whether a rule of the server blocks this text by this author.
    #[must_use]
    pub fn automod_blocks(
        &self,
        channel: Id<ChannelMarker>,
        author: Id<UserMarker>,
        text: &str,
    ) -> bool {
        let Some(guild) = self.guild_of(channel) else {
            return false;
        };
        if self
            .guild_permissions(author, guild)
            .intersects(Permissions::MANAGE_GUILD | Permissions::ADMINISTRATOR)
        {
            return false;
        }
        let parent = self
            .channels
            .get(&channel)
            .and_then(|state| state.channel.parent_id);
        let roles = self
            .guilds
            .get(&guild)
            .and_then(|state| state.members.get(&author))
            .map_or(&[][..], |member| member.roles.as_slice());
        self.rules
            .automod
            .rules
            .iter()
            .filter(|rule| rule.guild == guild)
            .filter(|rule| !rule.exempt_roles.iter().any(|role| roles.contains(role)))
            .filter(|rule| {
                let spared = &rule.exempt_channels;
                !spared.contains(&channel) && !parent.is_some_and(|id| spared.contains(&id))
            })
            .flat_map(|rule| &rule.keywords)
            .any(|keyword| matches(keyword, text))
    }
}

/// Whether a keyword is in a text, whatever the case. `cat` is a word of its own, `cat*` begins one, `*cat` ends one, and
/// `*cat*` is anywhere.
#[must_use]
pub fn matches(keyword: &str, text: &str) -> bool {
    let keyword = keyword.trim().to_lowercase();
    let text = text.to_lowercase();
    let begins = !keyword.starts_with('*');
    let ends = !keyword.ends_with('*');
    let core = keyword.trim_matches('*').trim();
    if core.is_empty() {
        return false;
    }
    text.match_indices(core).any(|(at, found)| {
        let before = text[..at].chars().next_back();
        let after = text[at + found.len()..].chars().next();
        let open = |next: Option<char>| next.is_none_or(|letter| !letter.is_alphanumeric());
        (!begins || open(before)) && (!ends || open(after))
    })
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn keywords_match_as_the_four_strategies_of_discord_say() {
        for (keyword, text, expected) in [
            ("cat", "The CAT sat", true),
            ("cat", "concatenate", false),
            ("the mat", "on the mat", true),
            ("cat*", "Catapult", true),
            ("cat*", "wildcat", false),
            ("*cat", "copyCat", true),
            ("*cat", "catch", false),
            ("*the mat*", "breathe matter", true),
            ("*", "anything", false),
        ] {
            assert_eq!(matches(keyword, text), expected, "{keyword} in {text}");
        }
    }

    #[test]
    fn a_word_is_found_in_a_text_whose_letters_change_their_length() {
        assert!(matches("istanbul", "İSTANBUL istanbul"));
        assert!(matches("ß", "ein ß hier"));
    }
}
