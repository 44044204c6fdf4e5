//! The ledger itself.

use std::sync::Arc;

use chrono_tz::Tz;
use store::clock::Clock;
use store::id::{GuildId, UserId};
use store::{Store, StoreError};

use crate::ask::Ask;
use crate::config::LedgerConfig;
use crate::hold::Hold;
use crate::money::PicoUsd;
use crate::outcome::{Outcome, Receipt};
use crate::refusal::{LedgerError, Refusal};
use crate::scope::{Period, Scope, Spender, Unit};
use crate::terms::{ModelKey, ModelTerms};
use crate::view::BudgetView;

/// The ledger. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Ledger {
    #[expect(dead_code, reason = "signatures first")]
    store: Store,
}

/// What [`Ledger::recover`] found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Holds that an earlier run had left open.
    pub holds: u64,
    /// The tokens that were posted for them.
    pub tokens: i64,
    /// The money that was posted for them.
    pub usd: PicoUsd,
}

impl Ledger {
    /// Opens the ledger on a database. Call [`Ledger::recover`] before the first call of a model.
    pub async fn open(
        store: Store,
        _clock: Arc<dyn Clock>,
        _config: LedgerConfig,
    ) -> Result<Self, LedgerError> {
        Ok(Self { store })
    }

    /// Posts in full every hold that an earlier run has left open.
    pub async fn recover(&self) -> Result<Recovered, LedgerError> {
        Err(StoreError::Closed.into())
    }

    /// Sets the worst case of a call aside, in every scope of the spender or in none. It is on disk when this returns.
    pub async fn hold(
        &self,
        _spender: &Spender,
        _model: &ModelTerms,
        _ask: Ask,
    ) -> Result<Hold, Refusal> {
        Err(StoreError::Closed.into())
    }

    /// Replaces a hold by what the call has cost.
    pub async fn settle(&self, _hold: Hold, _outcome: Outcome) -> Result<Receipt, LedgerError> {
        Err(StoreError::Closed.into())
    }

    /// The budget as this person sees it.
    pub async fn view(&self, _spender: &Spender) -> Result<BudgetView, LedgerError> {
        Err(StoreError::Closed.into())
    }

    /// Sets the limit of a scope; `None` is no limit in that unit. It also acknowledges a breach: the scope opens again.
    pub async fn set_limit(
        &self,
        _scope: Scope,
        _period: Period,
        _unit: Unit,
        _amount: Option<i64>,
        _by: UserId,
    ) -> Result<(), LedgerError> {
        Err(StoreError::Closed.into())
    }

    /// Sets the time zone of a guild's days and months.
    pub async fn set_zone(
        &self,
        _guild: GuildId,
        _zone: Tz,
        _by: UserId,
    ) -> Result<(), LedgerError> {
        Err(StoreError::Closed.into())
    }

    /// Opens a scope again after a breach.
    pub async fn acknowledge(&self, _scope: Scope, _by: UserId) -> Result<bool, LedgerError> {
        Err(StoreError::Closed.into())
    }

    /// Lets a quarantined model be asked again, on the terms that it broke.
    pub async fn lift_quarantine(&self, _model: &ModelKey) -> Result<bool, LedgerError> {
        Err(StoreError::Closed.into())
    }

    /// Closes the holds that were dropped and not yet dealt with. Call it after the last turn, before the store closes.
    pub async fn close(&self) {}
}
