//! Which mentions in a text count: what is written, what `allowed_mentions` lets through, and the replied-to author.

use twilight_model::channel::message::{AllowedMentions, Mention, MentionType};
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, RoleMarker, UserMarker};
use twilight_model::user::{User, UserFlags};

use super::World;
use super::draft::Draft;

/// The mentions of one message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mentions {
    /// People, in the order of the text; the replied-to author last.
    pub users: Vec<Mention>,
    /// Roles.
    pub roles: Vec<Id<RoleMarker>>,
    /// `@everyone` or `@here`.
    pub everyone: bool,
}

/// What is written in a text, before anything is let through.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Written {
    /// `<@1>` and `<@!1>`.
    pub users: Vec<Id<UserMarker>>,
    /// `<@&1>`.
    pub roles: Vec<Id<RoleMarker>>,
    /// `@everyone` or `@here`.
    pub everyone: bool,
}

/// Reads the mentions in a text.
#[must_use]
pub fn written(text: &str) -> Written {
    let mut found = Written {
        everyone: text.contains("@everyone") || text.contains("@here"),
        ..Written::default()
    };
    for (start, _) in text.match_indices("<@") {
        let rest = &text[start + 2..];
        let Some(end) = rest.find('>') else { break };
        let inner = &rest[..end];
        if let Some(role) = inner.strip_prefix('&') {
            if let Ok(id) = role.parse()
                && !found.roles.contains(&id)
            {
                found.roles.push(id);
            }
        } else if let Ok(id) = inner.trim_start_matches('!').parse()
            && !found.users.contains(&id)
        {
            found.users.push(id);
        }
    }
    found
}

impl World {
    /// The mentions of a draft in a channel.
    #[must_use]
    pub fn mentions(&self, channel: Id<ChannelMarker>, draft: &Draft) -> Mentions {
        let written = written(&draft.content);
        let allowed = draft.allowed_mentions.as_ref();
        let guild = self
            .guild_of(channel)
            .and_then(|guild| self.guilds.get(&guild));
        let mut users: Vec<Id<UserMarker>> = written
            .users
            .into_iter()
            .filter(|id| lets(allowed, &MentionType::Users, |a| a.users.contains(id)))
            .collect();
        // Discord replaces the default by `replied_user: false` as soon as `allowed_mentions` is given without it.
        let pings_author = allowed.is_none_or(|allowed| allowed.replied_user);
        if let Some(author) = self.replied_author(channel, draft)
            && pings_author
            && !users.contains(&author)
        {
            users.push(author);
        }
        let users = users
            .into_iter()
            .filter_map(|id| self.users.get(&id))
            .map(mention)
            .collect();
        let roles = written
            .roles
            .into_iter()
            .filter(|id| {
                guild.is_some_and(|guild| guild.guild.roles.iter().any(|role| role.id == *id))
            })
            .filter(|id| lets(allowed, &MentionType::Roles, |a| a.roles.contains(id)))
            .collect();
        let everyone = written.everyone && lets(allowed, &MentionType::Everyone, |_| false);
        Mentions {
            users,
            roles,
            everyone,
        }
    }

    /// Whether this author's `@everyone` counts here.
    #[must_use]
    pub fn may_mention_everyone(&self, user: Id<UserMarker>, channel: Id<ChannelMarker>) -> bool {
        self.permissions(user, channel)
            .contains(Permissions::MENTION_EVERYONE)
    }

    /// Who is notified by a reply: the author of the message, unless a webhook wrote it or it answered an
    /// interaction.
    fn replied_author(&self, channel: Id<ChannelMarker>, draft: &Draft) -> Option<Id<UserMarker>> {
        let reference = draft.reference.as_ref()?;
        let place = reference.channel_id.unwrap_or(channel);
        let message = &self.message(place, reference.message_id?).ok()?.message;
        let notified = message.webhook_id.is_none() && message.interaction_metadata.is_none();
        notified.then_some(message.author.id)
    }
}

fn lets(
    allowed: Option<&AllowedMentions>,
    kind: &MentionType,
    by_name: impl Fn(&AllowedMentions) -> bool,
) -> bool {
    allowed.is_none_or(|allowed| allowed.parse.contains(kind) || by_name(allowed))
}

/// An account as it stands in the list of those mentioned.
pub(super) fn mention(user: &User) -> Mention {
    Mention {
        avatar: user.avatar,
        bot: user.bot,
        discriminator: user.discriminator,
        id: user.id,
        member: None,
        name: user.name.clone(),
        public_flags: user.public_flags.unwrap_or(UserFlags::empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_roles_and_everyone_are_read_from_the_text() {
        let found = written("<@12> and <@!12>, <@&7>, <#3>, @here <@x>");
        assert_eq!(found.users, [Id::new(12)]);
        assert_eq!(found.roles, [Id::new(7)]);
        assert!(found.everyone);
    }
}
