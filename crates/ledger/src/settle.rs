//! Settling: a hold becomes what the call has cost.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use store::Store;
use store::breaches::{self, Breach};
use store::holds::{self, End, Held, Reported};
use store::id::HoldId;
use store::windows::Connection;
use store::{certifications, lookups};

use crate::hold::Hold;
use crate::ledger::Ledger;
use crate::money::PicoUsd;
use crate::outcome::{Outcome, Posting, Receipt, decide};
use crate::reconcile::first_wait;
use crate::refusal::LedgerError;
use crate::scope::Scope;
use crate::terms::{ModelKey, ModelTerms};
use crate::usage::Usage;

impl Ledger {
    /// Replaces a hold by what the call has cost: what was reported; nothing if nothing was sent or the answer says that the
    /// model did not run; the prompt's part after another error of the provider's before a token; or else all that was held.
    ///
    /// If the database fails, or this future is dropped, the same is written as soon as the database works again.
    /// What a power cut takes back leaves the hold open, and the next start posts it in full.
    pub async fn settle(&self, hold: Hold, outcome: Outcome) -> Result<Receipt, LedgerError> {
        let posting =
            decide(&self.book.risen(hold.terms()), hold.size(), outcome).at_least(hold.charge());
        let job = Settlement {
            id: hold.id(),
            terms: hold.terms(),
            fingerprint: hold.fingerprint().to_owned(),
            generation: hold.generation().map(str::to_owned),
            output_bound: u64::from(hold.terms().output_bound(hold.cap())),
            held: (hold.usd().0, hold.tokens()),
            home: hold.spender().home(),
            clock: Arc::clone(&self.clock),
            posting,
        };
        let hold = hold.owing(job.clone());
        let (receipt, end) = job.write(&self.store).await?;
        if receipt.breach {
            self.book.strike(hold.model());
        }
        hold.closed();
        if let Some(end) = end {
            self.counts.closed(end, 1);
        }
        if receipt.breach {
            self.counts.breach();
        }
        Ok(receipt)
    }
}

/// One hold on its way to being closed.
#[derive(Clone)]
pub(crate) struct Settlement {
    id: HoldId,
    terms: Arc<ModelTerms>,
    fingerprint: String,
    generation: Option<String>,
    output_bound: u64,
    /// Money and tokens that were set aside.
    held: (i64, i64),
    home: Scope,
    clock: Arc<dyn store::clock::Clock>,
    posting: Posting,
}

impl fmt::Debug for Settlement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settlement")
            .field("id", &self.id)
            .field("posting", &self.posting)
            .finish_non_exhaustive()
    }
}

impl Settlement {
    /// The model that was asked.
    pub(crate) fn model(&self) -> ModelKey {
        self.terms.key.clone()
    }

    /// Closes the hold. A breach is on disk when this returns; all else may be lost to a power cut, after which the
    /// full hold is posted.
    pub(crate) async fn write(self, store: &Store) -> Result<(Receipt, Option<End>), LedgerError> {
        match self.is_within_its_hold() {
            true => {
                store
                    .write_settling(move |conn| Box::pin(self.close(conn)))
                    .await
            }
            false => {
                store
                    .write_closing(move |conn| Box::pin(self.close(conn)))
                    .await
            }
        }
    }

    fn is_within_its_hold(&self) -> bool {
        let (usd, tokens) = self.held;
        match self.posting {
            // Never more than was held, see `input_part`.
            Posting::Void | Posting::Input { .. } | Posting::Full { breach: false } => true,
            Posting::Full { breach: true } => false,
            Posting::Actual {
                usd: u,
                tokens: t,
                usage,
            } => u <= usd && t <= tokens && usage.output <= self.output_bound,
        }
    }

    /// What was posted, and how the hold ended unless another process had closed it before.
    async fn close(self, conn: &mut Connection) -> Result<(Receipt, Option<End>), LedgerError> {
        let now = self.clock.now();
        let (held_usd, held_tokens) = self.held;
        let (end, usd, tokens, reported) = match self.posting {
            Posting::Void => (End::Void, 0, 0, None),
            Posting::Actual { usd, tokens, usage } => {
                (End::Settled, usd, tokens, Some(reported(&usage)))
            }
            Posting::Input { usd, tokens } => (End::PostedInput, usd, tokens, None),
            Posting::Full { .. } => (End::PostedFull, held_usd, held_tokens, None),
        };
        if !holds::close(conn, self.id, end, (usd, tokens), reported, now).await? {
            // Another process found it open when it started, and has posted it in full.
            let found = holds::find(conn, self.id).await?;
            let Held { usd, tokens, .. } = found.ok_or(LedgerError::NoHold(self.id))?;
            let receipt = Receipt {
                hold: self.id,
                usd: PicoUsd(usd),
                tokens,
                breach: false,
            };
            return Ok((receipt, None));
        }
        let unreported =
            matches!(end, End::PostedInput | End::PostedFull) && self.excess().is_none();
        if let (true, Some(name)) = (unreported, &self.generation) {
            lookups::remember(conn, self.id, name, now + first_wait()).await?;
        }
        tracing::trace!(target: "familiar::step", step = "settling, not yet committed");
        let excess = self.excess();
        if let Some(excess) = excess {
            self.record(conn, excess, now).await?;
        }
        let receipt = Receipt {
            hold: self.id,
            usd: PicoUsd(usd),
            tokens,
            breach: excess.is_some(),
        };
        Ok((receipt, Some(end)))
    }

    /// In what the call went beyond what it was allowed.
    fn excess(&self) -> Option<Excess> {
        let (held_usd, held_tokens) = self.held;
        match self.posting {
            Posting::Full { breach: true } => Some(Excess::Hold),
            Posting::Actual { usd, tokens, .. } if usd > held_usd || tokens > held_tokens => {
                Some(Excess::Hold)
            }
            Posting::Actual { usage, .. } if usage.output > self.output_bound => Some(Excess::Cap),
            _ => None,
        }
    }

    /// Quarantines the model, and closes the scope if money or tokens were used that had not been set aside.
    async fn record(
        &self,
        conn: &mut Connection,
        excess: Excess,
        at: DateTime<Utc>,
    ) -> Result<(), LedgerError> {
        let model = &self.terms.key;
        tracing::error!(%model, scope = %self.home.key(), ?excess, "a model used more than it was allowed to and is quarantined");
        let breach = Breach {
            hold: self.id,
            scope: (excess == Excess::Hold).then(|| self.home.key()),
            provider: model.provider.clone(),
            model: model.model.clone(),
            terms: self.fingerprint.clone(),
            at,
        };
        certifications::withdraw(conn, &model.provider, &model.model).await?;
        Ok(breaches::record(conn, &breach).await?)
    }
}

/// What a breach went beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Excess {
    /// More than was set aside.
    Hold,
    /// More output than the cap, although the whole stayed within what was set aside.
    Cap,
}

/// Believable tokens fit, see [`Usage::is_absurd`].
pub(crate) fn reported(usage: &Usage) -> Reported {
    let fit = |tokens: u64| i64::try_from(tokens).unwrap_or(i64::MAX);
    Reported {
        input: fit(usage.input),
        cached_input: fit(usage.cached_input),
        cache_write: fit(usage.cache_write),
        output: fit(usage.output),
        reasoning: fit(usage.reasoning),
    }
}
