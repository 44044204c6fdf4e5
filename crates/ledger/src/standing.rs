//! The limits that stand: what somebody has set, and the operator's configuration elsewhere.

use store::StoreError;
use store::limits::{self, SetLimit};
use store::windows::Connection;

use crate::config::LedgerConfig;
use crate::scope::{Period, Scope, Unit};

/// The limits of some scopes.
pub(crate) struct Standing<'a> {
    pub(crate) config: &'a LedgerConfig,
    set: Vec<SetLimit>,
}

impl<'a> Standing<'a> {
    /// Reads the limits that were set on these scopes.
    pub(crate) async fn read(
        conn: &mut Connection,
        config: &'a LedgerConfig,
        scopes: &[Scope],
    ) -> Result<Self, StoreError> {
        let keys: Vec<String> = scopes.iter().map(Scope::key).collect();
        Ok(Self {
            config,
            set: limits::of(conn, &keys).await?,
        })
    }

    /// The limit of a scope; `None` is no limit.
    pub(crate) fn limit(&self, scope: &Scope, period: Period, unit: Unit) -> Option<i64> {
        self.set_by_somebody(scope, period, unit)
            .unwrap_or_else(|| self.config.default_limit(scope, period, unit))
    }

    /// Whether anything stands in a scope's way in this period.
    pub(crate) fn is_limited(&self, scope: &Scope, period: Period) -> bool {
        Unit::ALL
            .into_iter()
            .any(|unit| self.limit(scope, period, unit).is_some())
    }

    /// The limit that somebody has set on a scope (`Some(None)`: none shall be); `None` if nobody has.
    pub(crate) fn set_by_somebody(
        &self,
        scope: &Scope,
        period: Period,
        unit: Unit,
    ) -> Option<Option<i64>> {
        let key = scope.key();
        self.set
            .iter()
            .find(|l| l.scope == key && l.period == period.key() && l.unit == unit.key())
            .map(|l| l.amount)
    }
}
