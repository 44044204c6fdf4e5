//! How many messages are answered: GCRA a member, a channel and a guild. Money is never limited this way.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use store::id::{ChannelId, GuildId, UserId};

use crate::incoming::Incoming;

/// Messages a minute that are answered; as many may come at once.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Of one person.
    pub member_per_minute: NonZeroU32,
    /// In one channel.
    pub channel_per_minute: NonZeroU32,
    /// In one server.
    pub guild_per_minute: NonZeroU32,
}

/// Whose pace was too fast, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooFast {
    /// Who or what is limited.
    pub who: Paced,
    /// How long to wait.
    pub wait: Duration,
}

/// What a pace belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paced {
    /// One person.
    Member,
    /// One channel.
    Channel,
    /// One server.
    Guild,
}

/// The paces of everybody.
pub struct Pace {
    members: DefaultKeyedRateLimiter<UserId>,
    channels: DefaultKeyedRateLimiter<ChannelId>,
    guilds: DefaultKeyedRateLimiter<GuildId>,
}

impl Pace {
    /// Paces from the configured rates.
    pub fn new(rates: Rates) -> Self {
        Self {
            members: RateLimiter::keyed(Quota::per_minute(rates.member_per_minute)),
            channels: RateLimiter::keyed(Quota::per_minute(rates.channel_per_minute)),
            guilds: RateLimiter::keyed(Quota::per_minute(rates.guild_per_minute)),
        }
    }

    /// Counts this message, or says who must wait. The narrowest pace is asked first, so that one flooding member
    /// does not use up the channel's.
    pub fn admit(&self, message: &Incoming) -> Result<(), TooFast> {
        check(&self.members, &message.author.id, Paced::Member)?;
        check(&self.channels, &message.channel, Paced::Channel)?;
        match &message.guild {
            Some(guild) => check(&self.guilds, guild, Paced::Guild),
            None => Ok(()),
        }
    }

    /// Forgets keys that have long been quiet.
    pub fn tidy(&self) {
        self.members.retain_recent();
        self.channels.retain_recent();
        self.guilds.retain_recent();
    }
}

fn check<K: std::hash::Hash + Eq + Clone>(
    limiter: &DefaultKeyedRateLimiter<K>,
    key: &K,
    who: Paced,
) -> Result<(), TooFast> {
    limiter.check_key(key).map_err(|not_until| TooFast {
        who,
        wait: not_until.wait_time_from(DefaultClock::default().now()),
    })
}
