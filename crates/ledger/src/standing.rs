//! The limits that stand: what somebody has set, and the operator's configuration elsewhere.

use store::StoreError;
use store::limits::{self, SetLimit};
use store::windows::Connection;

use crate::config::LedgerConfig;
use crate::scope::{Period, Scope, Unit};

/// The limits of some scopes.
pub(crate) struct Standing<'a> {
    config: &'a LedgerConfig,
    set: Vec<SetLimit>,
}

impl<'a> Standing<'a> {
    /// Reads the limits that were set on these scopes, and on the guild that a member's share is a part of.
    pub(crate) async fn read(
        conn: &mut Connection,
        config: &'a LedgerConfig,
        scopes: &[Scope],
    ) -> Result<Self, StoreError> {
        let guilds = scopes.iter().filter_map(Scope::guild).map(Scope::Guild);
        let keys: Vec<String> = scopes
            .iter()
            .copied()
            .chain(guilds)
            .map(|s| s.key())
            .collect();
        Ok(Self {
            config,
            set: limits::of(conn, &keys).await?,
        })
    }

    /// The limit of a scope; `None` is no limit.
    pub(crate) fn limit(&self, scope: &Scope, period: Period, unit: Unit) -> Option<i64> {
        if let Some(amount) = self.set_by_somebody(scope, period, unit) {
            return amount;
        }
        let guild = match scope {
            Scope::Member { guild, .. } => self.limit(&Scope::Guild(*guild), period, unit),
            _ => None,
        };
        self.config.default_limit(scope, period, unit, guild)
    }

    fn set_by_somebody(&self, scope: &Scope, period: Period, unit: Unit) -> Option<Option<i64>> {
        let key = scope.key();
        self.set
            .iter()
            .find(|l| l.scope == key && l.period == period.key() && l.unit == unit.key())
            .map(|l| l.amount)
    }
}
