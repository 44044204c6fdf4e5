//! A rehearsal: the operator tries out the bot itself, with people who are not there. Whomever a call is made for, the
//! operator pays for it as for a probe, and all of them together cost no more than was agreed to.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use store::holds;
use store::id::HoldId;
use store::windows::Connection;

use crate::ask::{Ask, Purpose};
use crate::hold::{Hold, Size};
use crate::ledger::{Ledger, WITHIN_RUN};
use crate::money::PicoUsd;
use crate::refusal::{LedgerError, Refusal};
use crate::scope::Spender;

pub use store::reports::Call;

/// What a rehearsal may cost, and what came of its calls.
#[derive(Debug)]
pub(crate) struct Rehearsal {
    most: PicoUsd,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    calls: Vec<(HoldId, Purpose)>,
    refused: Option<Refusal>,
}

/// A call of a rehearsal.
#[derive(Clone, Debug)]
pub struct Rehearsed {
    /// What it would have been for; in the books it is a probe.
    pub purpose: Purpose,
    /// What it came to.
    pub call: Call,
}

impl Ledger {
    /// The same ledger, by which every call is the operator's own probe. `most` is what all calls of this start may cost
    /// together; the bot's own limits stand above it.
    #[must_use]
    pub fn rehearsing(&self, most: PicoUsd) -> Self {
        let rehearsal = Rehearsal {
            most,
            seen: Mutex::default(),
        };
        let mut ledger = self.clone();
        ledger.rehearsal = Some(Arc::new(rehearsal));
        ledger
    }

    /// The calls of the rehearsal so far, in their order.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn rehearsed(&self) -> Result<Vec<Rehearsed>, LedgerError> {
        let Some(rehearsal) = &self.rehearsal else {
            return Ok(vec![]);
        };
        let calls = rehearsal.seen().calls.clone();
        let mut rehearsed = Vec::with_capacity(calls.len());
        for (hold, purpose) in calls {
            let call = self.store.call(hold).await?;
            rehearsed.extend(call.map(|call| Rehearsed { purpose, call }));
        }
        Ok(rehearsed)
    }

    /// Why the rehearsal's last call was not made, if none was made since.
    #[must_use]
    pub fn last_refusal(&self) -> Option<Refusal> {
        self.rehearsal.as_ref()?.seen().refused.clone()
    }
}

impl Rehearsal {
    /// Who pays, and for what.
    pub(crate) fn account(ask: Ask) -> (Spender, Ask) {
        let ask = Ask {
            purpose: Purpose::Probe,
            turn: None,
            persona: None,
            ..ask
        };
        (Spender::operator(), ask)
    }

    /// Refuses what goes beyond what was agreed to.
    pub(crate) async fn check(
        &self,
        conn: &mut Connection,
        run: i64,
        size: &Size,
    ) -> Result<(), Refusal> {
        let run = HoldId(run << WITHIN_RUN)..HoldId((run + 1) << WITHIN_RUN);
        let spent = holds::sum(conn, run).await?;
        let left = self.most.get().saturating_sub(spent).max(0);
        match size.usd.get() <= left {
            true => Ok(()),
            false => Err(Refusal::Agreed {
                needed: size.usd,
                left: PicoUsd(left),
            }),
        }
    }

    /// Keeps what was answered to a call for this purpose.
    pub(crate) fn note(&self, purpose: Purpose, answer: &Result<Hold, Refusal>) {
        let mut seen = self.seen();
        match answer {
            Ok(hold) => {
                seen.calls.push((hold.id(), purpose));
                seen.refused = None;
            }
            Err(refusal) => seen.refused = Some(refusal.clone()),
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        // Nothing panics while it is held.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
