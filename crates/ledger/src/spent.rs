//! What somebody has spent today: whoever spent least is served first.

use crate::ledger::Ledger;
use crate::refusal::LedgerError;
use crate::scope::{Period, Scope, Spender};

/// What somebody has spent and set aside. Money weighs before tokens, so that where everything is free tokens decide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spent {
    /// Pico-US-dollars.
    pub usd: i64,
    /// Tokens.
    pub tokens: i64,
}

impl Ledger {
    /// What this person has spent and set aside in the current day, in this guild or in direct messages. Only reads.
    pub async fn spent_today(&self, spender: &Spender) -> Result<Spent, LedgerError> {
        let scope = match spender.guild {
            Some(guild) => Scope::Member {
                guild,
                member: spender.member,
            },
            None => Scope::User(spender.member),
        };
        let (keys, now) = ([scope.key()], self.clock.now());
        let windows = self
            .store
            .read(move |conn| Box::pin(async move { store::windows::at(conn, &keys, now).await }))
            .await?;
        // There is more than one only after the time zone was changed; the fuller one counts.
        let days = windows
            .iter()
            .filter(|window| window.period == Period::Day.key());
        let spent = days.map(|window| Spent {
            usd: window.usd.posted + window.usd.pending,
            tokens: window.tokens.posted + window.tokens.pending,
        });
        Ok(spent.max().unwrap_or_default())
    }
}
