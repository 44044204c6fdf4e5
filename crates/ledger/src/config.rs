//! What the operator decides about budgets, until a guild's admins decide otherwise.

use chrono_tz::Tz;

use crate::money::PicoUsd;
use crate::scope::{Period, Scope, Unit};

/// The operator's limits. They stand wherever nobody has set one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerConfig {
    /// The time zone of the instance's windows, of direct messages, and of guilds that have not chosen one.
    pub zone: Tz,
    /// The whole bot.
    pub instance: Limits,
    /// A guild. Should be finite, or a guild that nobody has configured can spend what the instance has.
    pub guild: Limits,
    /// One member of a guild, or one person in direct messages.
    pub member: Limits,
    /// One member may use at most this share of the guild's limit, in percent; 100 sets no such bound.
    ///
    /// A server of two would suffer from a low share as long as shares do not follow who is active, so it is 100.
    pub member_share_percent: u8,
}

impl Default for LedgerConfig {
    /// Five dollars a day for the bot, one for a guild, ten times that a month.
    fn default() -> Self {
        let limit = |dollars, tokens| Limit {
            usd: Some(PicoUsd::dollars(dollars)),
            tokens,
        };
        Self {
            zone: Tz::UTC,
            instance: Limits {
                day: limit(5, None),
                month: limit(50, None),
            },
            guild: Limits {
                day: limit(1, Some(2_000_000)),
                month: limit(10, Some(20_000_000)),
            },
            member: Limits::default(),
            member_share_percent: 100,
        }
    }
}

/// The limits of a day and of a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Of a day.
    pub day: Limit,
    /// Of a month.
    pub month: Limit,
}

/// A limit in money, in tokens, or both. `None` is no limit in that unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limit {
    /// Money.
    pub usd: Option<PicoUsd>,
    /// Prompt and reply tokens together.
    pub tokens: Option<i64>,
}

impl Limits {
    /// The limit of a period in a unit.
    pub fn of(&self, period: Period, unit: Unit) -> Option<i64> {
        let limit = match period {
            Period::Day => self.day,
            Period::Month => self.month,
        };
        match unit {
            Unit::Usd => limit.usd.map(PicoUsd::get),
            Unit::Tokens => limit.tokens,
        }
    }
}

impl LedgerConfig {
    /// The limit of a scope for which nobody has set one; `guild` is the limit that its guild has.
    pub(crate) fn default_limit(
        &self,
        scope: &Scope,
        period: Period,
        unit: Unit,
        guild: Option<i64>,
    ) -> Option<i64> {
        match scope {
            Scope::Instance => self.instance.of(period, unit),
            Scope::Guild(_) => self.guild.of(period, unit),
            Scope::User(_) => self.member.of(period, unit),
            Scope::Member { .. } => {
                let share = guild.map(|guild| self.share_of(guild));
                match (self.member.of(period, unit), share) {
                    (Some(own), Some(share)) => Some(own.min(share)),
                    (own, share) => own.or(share),
                }
            }
        }
    }

    fn share_of(&self, guild: i64) -> i64 {
        let percent = i128::from(self.member_share_percent.min(100));
        // At most the whole, so it fits.
        i64::try_from(i128::from(guild) * percent / 100).unwrap_or(guild)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member() -> Scope {
        Scope::Member {
            guild: 1.into(),
            member: 2.into(),
        }
    }

    #[test]
    fn a_new_guild_has_a_finite_limit() {
        let config = LedgerConfig::default();
        for period in Period::ALL {
            for unit in Unit::ALL {
                assert!(
                    config
                        .default_limit(&Scope::Guild(1.into()), period, unit, None)
                        .is_some()
                );
            }
        }
    }

    #[test]
    fn a_member_gets_the_smaller_of_their_limit_and_their_share() {
        let own = |tokens| Limits {
            day: Limit { usd: None, tokens },
            month: Limit::default(),
        };
        let config = |tokens, member_share_percent| LedgerConfig {
            member: own(tokens),
            member_share_percent,
            ..LedgerConfig::default()
        };
        let limit = |config: LedgerConfig, guild| {
            config.default_limit(&member(), Period::Day, Unit::Tokens, guild)
        };
        assert_eq!(limit(config(Some(500), 15), Some(1000)), Some(150));
        assert_eq!(limit(config(Some(100), 15), Some(1000)), Some(100));
        assert_eq!(limit(config(None, 100), Some(1000)), Some(1000));
        assert_eq!(limit(config(None, 15), None), None);
    }
}
