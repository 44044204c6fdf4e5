//! Who spends, and the scopes that a call is counted in.

use std::fmt;
use std::str::FromStr;

use store::id::{ChannelId, GuildId, UserId};

use crate::ask::Purpose;

/// The person whom a call is made for, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Spender {
    /// The guild; `None` in direct messages.
    pub guild: Option<GuildId>,
    /// The channel; of a thread its parent, whose limit is meant for its threads too. `None` if there is none.
    pub channel: Option<ChannelId>,
    /// The person.
    pub member: UserId,
}

impl Spender {
    /// Whoever runs the bot, for probes: their calls count for the bot alone.
    pub fn operator() -> Self {
        Self {
            guild: None,
            channel: None,
            member: UserId::from(0),
        }
    }

    /// Every scope that a reply to this person is counted in, the widest first. A channel is counted in only while it
    /// has a limit.
    pub fn scopes(&self) -> Vec<Scope> {
        if *self == Self::operator() {
            return vec![Scope::Instance];
        }
        let Some(guild) = self.guild else {
            return vec![Scope::Instance, Scope::User(self.member)];
        };
        let channel = self
            .channel
            .map(|channel| Scope::Channel { guild, channel });
        let member = self.member;
        [Scope::Instance, Scope::Guild(guild)]
            .into_iter()
            .chain(channel)
            .chain([Scope::Member { guild, member }])
            .collect()
    }

    /// Every scope that a call for this purpose is counted in. Background work of a guild serves everybody there, so it
    /// is not counted against the member after whose message it happens to be done.
    pub fn scopes_for(&self, purpose: Purpose) -> Vec<Scope> {
        let mut scopes = self.scopes();
        scopes.retain(|scope| !(purpose.is_background() && matches!(scope, Scope::Member { .. })));
        scopes
    }

    /// The scope that is closed when one of this person's calls breaks its terms: the guild, or their direct messages.
    pub fn home(&self) -> Scope {
        self.guild.map_or(Scope::User(self.member), Scope::Guild)
    }
}

/// Something that a limit stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The whole bot.
    Instance,
    /// One guild.
    Guild(GuildId),
    /// One channel of a guild. It is counted only while a limit is set on it.
    Channel {
        /// The guild.
        guild: GuildId,
        /// The channel.
        channel: ChannelId,
    },
    /// One member of one guild.
    Member {
        /// The guild.
        guild: GuildId,
        /// The person.
        member: UserId,
    },
    /// One person in direct messages.
    User(UserId),
}

impl Scope {
    /// The name of the scope in the database, and back by [`str::parse`].
    pub fn key(&self) -> String {
        match self {
            Self::Instance => "instance".to_owned(),
            Self::Guild(guild) => format!("guild:{guild}"),
            Self::Channel { guild, channel } => format!("channel:{guild}:{channel}"),
            Self::Member { guild, member } => format!("member:{guild}:{member}"),
            Self::User(user) => format!("user:{user}"),
        }
    }

    /// The guild whose time zone the scope's days follow; `None` follows the instance's.
    pub fn guild(&self) -> Option<GuildId> {
        match self {
            Self::Guild(guild) | Self::Channel { guild, .. } | Self::Member { guild, .. } => {
                Some(*guild)
            }
            Self::Instance | Self::User(_) => None,
        }
    }
}

/// As it reads in a sentence to the person who asked.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Instance => "this bot",
            Self::Guild(_) => "this server",
            Self::Channel { .. } => "this channel",
            Self::Member { .. } => "your share in this server",
            Self::User(_) => "your direct messages",
        })
    }
}

/// A text that names no scope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` names no scope; scopes are instance, guild:ID, channel:GUILD:ID, member:GUILD:USER and user:ID"
)]
pub struct NoScope(String);

impl FromStr for Scope {
    type Err = NoScope;

    fn from_str(text: &str) -> Result<Self, NoScope> {
        let fail = || NoScope(text.to_owned());
        let id = |part: &str| part.parse::<u64>().map_err(|_| fail());
        match text.split(':').collect::<Vec<_>>()[..] {
            ["instance"] => Ok(Self::Instance),
            ["guild", guild] => Ok(Self::Guild(id(guild)?.into())),
            ["channel", guild, channel] => Ok(Self::Channel {
                guild: id(guild)?.into(),
                channel: id(channel)?.into(),
            }),
            ["member", guild, member] => Ok(Self::Member {
                guild: id(guild)?.into(),
                member: id(member)?.into(),
            }),
            ["user", user] => Ok(Self::User(id(user)?.into())),
            _ => Err(fail()),
        }
    }
}

/// How long a limit runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A calendar day.
    Day,
    /// A calendar month.
    Month,
}

impl Period {
    /// Both periods.
    pub const ALL: [Self; 2] = [Self::Day, Self::Month];

    /// The name of the period in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
        }
    }

    /// The period of that name.
    pub fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|period| period.key() == key)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Pico-US-dollars.
    Usd,
    /// Prompt and reply tokens together.
    Tokens,
}

impl Unit {
    /// Both units.
    pub const ALL: [Self; 2] = [Self::Usd, Self::Tokens];

    /// The name of the unit in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Usd => "usd",
            Self::Tokens => "tokens",
        }
    }

    /// An amount in this unit, as a person reads it.
    pub fn show(self, amount: i64) -> String {
        match self {
            Self::Usd => crate::money::PicoUsd(amount).to_string(),
            Self::Tokens => format!("{amount} tokens"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_in_a_guild_counts_for_the_bot_the_guild_the_channel_and_the_member() {
        let spender = Spender {
            guild: Some(7.into()),
            channel: Some(8.into()),
            member: 9.into(),
        };
        let keys = |scopes: Vec<Scope>| scopes.iter().map(Scope::key).collect::<Vec<_>>();
        let of_reply = ["instance", "guild:7", "channel:7:8", "member:7:9"];
        assert_eq!(keys(spender.scopes()), of_reply);
        assert_eq!(keys(spender.scopes_for(Purpose::Reply)), of_reply);
        assert_eq!(keys(spender.scopes_for(Purpose::Facts)), of_reply[..3]);
    }

    #[test]
    fn a_direct_message_counts_for_the_bot_and_the_person() {
        let spender = Spender {
            guild: None,
            channel: Some(8.into()),
            member: 9.into(),
        };
        let keys: Vec<_> = spender.scopes().iter().map(Scope::key).collect();
        assert_eq!(keys, ["instance", "user:9"]);
    }

    #[test]
    fn the_name_of_a_scope_reads_back() {
        let member = Scope::Member {
            guild: 7.into(),
            member: u64::MAX.into(),
        };
        let channel = Scope::Channel {
            guild: 7.into(),
            channel: 8.into(),
        };
        for scope in [
            Scope::Instance,
            Scope::Guild(1.into()),
            channel,
            member,
            Scope::User(3.into()),
        ] {
            assert_eq!(scope.key().parse(), Ok(scope));
        }
        assert!("guild:seven".parse::<Scope>().is_err());
        assert!("channel:1".parse::<Scope>().is_err());
    }
}
