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
    /// One member may use at most this share of their guild's limit, in percent, or an equal part of it if that is more;
    /// where this is 100 there are no shares at all. A guild's admins can choose another.
    pub member_share_percent: u8,
    /// Background work rests where less than this is left of a limit, in percent.
    pub background_stops_below: u8,
    /// Replies come to the point where less than this is left of a limit, in percent.
    pub short_replies_below: u8,
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
            member_share_percent: 15,
            background_stops_below: 25,
            short_replies_below: 10,
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
    /// The limit of a scope for which nobody has set one.
    pub(crate) fn default_limit(&self, scope: &Scope, period: Period, unit: Unit) -> Option<i64> {
        match scope {
            Scope::Instance => self.instance.of(period, unit),
            Scope::Guild(_) => self.guild.of(period, unit),
            Scope::Channel { .. } => None,
            Scope::Member { .. } | Scope::User(_) => self.member.of(period, unit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_guild_has_a_finite_limit() {
        let config = LedgerConfig::default();
        for period in Period::ALL {
            for unit in Unit::ALL {
                assert!(
                    config
                        .default_limit(&Scope::Guild(1.into()), period, unit)
                        .is_some()
                );
            }
        }
    }
}
