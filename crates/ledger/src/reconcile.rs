//! Reconciliation: a call that was posted without a usage report is asked about later, where the provider can be asked,
//! and posted at what it used instead. It is never raised above what was held.

use chrono::TimeDelta;
use store::breaches::{self, Breach};
use store::id::HoldId;
use store::lookups::{self, LookupRow};
use store::windows::Connection;
use store::{StoreError, certifications, holds};

use crate::ledger::Ledger;
use crate::money::PicoUsd;
use crate::outcome::{Posting, used};
use crate::refusal::LedgerError;
use crate::scope::Spender;
use crate::settle::reported;
use crate::terms::{ModelKey, ModelTerms};
use crate::usage::Usage;

/// How long is waited before each time that a call is asked about; after the last it stays posted as it is.
const WAITS: [TimeDelta; 6] = [
    TimeDelta::seconds(15),
    TimeDelta::minutes(1),
    TimeDelta::minutes(5),
    TimeDelta::minutes(30),
    TimeDelta::hours(3),
    TimeDelta::hours(12),
];

/// What a provider says afterwards of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Billed {
    /// The tokens that it used.
    pub usage: Usage,
    /// What it charged, where it says so.
    pub usd: Option<PicoUsd>,
}

/// A call that the provider is to be asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup(LookupRow);

impl Lookup {
    /// Its hold.
    pub fn hold(&self) -> HoldId {
        self.0.hold
    }

    /// The model that was asked.
    pub fn model(&self) -> ModelKey {
        ModelKey {
            provider: self.0.provider.clone(),
            model: self.0.model.clone(),
        }
    }

    /// The provider's own name of the call.
    pub fn generation(&self) -> &str {
        &self.0.generation
    }
}

/// What became of a call that was asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reconciled {
    /// It was lowered to this.
    Lowered {
        /// Money.
        usd: PicoUsd,
        /// Tokens.
        tokens: i64,
    },
    /// An error had come in place of a reply, so that only its prompt was posted, and the provider billed more: it was
    /// raised to this.
    Raised {
        /// Money.
        usd: PicoUsd,
        /// Tokens.
        tokens: i64,
    },
    /// The report cannot be true; it is asked about again.
    NotBelieved,
    /// It used more than was held: it stays posted as it is, the model is quarantined and the scope rests.
    Breach,
    /// What it used is known by now.
    Closed,
}

impl Ledger {
    /// The calls whose time to be asked about has come.
    pub async fn due_lookups(&self, many: u32) -> Result<Vec<Lookup>, LedgerError> {
        let now = self.clock.now();
        let rows = self
            .store
            .read(move |conn| Box::pin(lookups::due(conn, now, many)))
            .await?;
        Ok(rows.into_iter().map(Lookup).collect())
    }

    /// The provider did not answer: the call is asked about later, or no more after the last time. Says whether it will
    /// be asked about again.
    pub async fn put_off(&self, lookup: &Lookup) -> Result<bool, LedgerError> {
        let (hold, now) = (lookup.hold(), self.clock.now());
        let next = WAITS
            .get(lookup.0.tries as usize + 1)
            .map(|wait| now + *wait);
        self.store
            .write(move |conn| {
                Box::pin(async move {
                    match next {
                        Some(next) => lookups::put_off(conn, hold, next).await?,
                        None => drop(lookups::forget(conn, hold).await?),
                    }
                    Ok(next.is_some())
                })
            })
            .await
    }

    /// Posts a call that was posted without a report at what the provider says of it: the larger of what it charged and what its
    /// tokens cost at the price in force.
    pub async fn reconcile(
        &self,
        lookup: &Lookup,
        stated: &ModelTerms,
        billed: Billed,
    ) -> Result<Reconciled, LedgerError> {
        let posting = used(&self.book.in_force(stated), billed.usage);
        let posting = match posting {
            Posting::Full { breach: false } | Posting::Void => {
                self.put_off(lookup).await?;
                return Ok(Reconciled::NotBelieved);
            }
            known => known.at_least(billed.usd),
        };
        let job = Reconciliation {
            ledger: self.clone(),
            row: lookup.0.clone(),
            fingerprint: stated.fingerprint(),
            posting,
        };
        let done = self
            .store
            .write(move |conn| Box::pin(job.close(conn)))
            .await?;
        if done == Reconciled::Breach {
            self.counts.breach();
            self.book.strike(&lookup.model());
        }
        Ok(done)
    }
}

/// One call on its way to being corrected.
struct Reconciliation {
    ledger: Ledger,
    row: LookupRow,
    fingerprint: String,
    posting: Posting,
}

impl Reconciliation {
    async fn close(self, conn: &mut Connection) -> Result<Reconciled, LedgerError> {
        let id = self.row.hold;
        // Another process may have asked at the same time.
        if !lookups::forget(conn, id).await? {
            return Ok(Reconciled::Closed);
        }
        let held = holds::find(conn, id)
            .await?
            .ok_or(LedgerError::NoHold(id))?;
        match self.posting {
            Posting::Actual { usd, tokens, usage }
                if usd <= held.held_usd && tokens <= held.held_tokens =>
            {
                let done = lookups::correct(conn, id, (usd, tokens), reported(&usage)).await?;
                let raised = usd > held.usd || tokens > held.tokens;
                let usd = PicoUsd(usd);
                Ok(match (done, raised) {
                    (true, false) => Reconciled::Lowered { usd, tokens },
                    (true, true) => Reconciled::Raised { usd, tokens },
                    (false, _) => Reconciled::Closed,
                })
            }
            _ => {
                self.record(conn).await?;
                Ok(Reconciled::Breach)
            }
        }
    }

    async fn record(&self, conn: &mut Connection) -> Result<(), StoreError> {
        let LookupRow {
            provider, model, ..
        } = &self.row;
        let home = Spender {
            guild: self.row.guild,
            channel: None,
            member: self.row.member,
        }
        .home();
        tracing::error!(%provider, %model, scope = %home.key(), "a model turns out to have used more than was set aside and is quarantined");
        let breach = Breach {
            hold: self.row.hold,
            scope: Some(home.key()),
            provider: provider.clone(),
            model: model.clone(),
            terms: self.fingerprint.clone(),
            at: self.ledger.clock.now(),
        };
        certifications::withdraw(conn, provider, model).await?;
        breaches::record(conn, &breach).await
    }
}

/// When a call that was just posted without a report is first asked about.
pub(crate) fn first_wait() -> TimeDelta {
    WAITS[0]
}
