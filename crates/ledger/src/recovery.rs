//! Recovery: what a run that is dead has left open is posted in full, since nobody knows any more whether its calls
//! went out. Runs that live are left alone, in this process and in others, see [`store::runs`].

use std::sync::Arc;

use store::clock::Clock;
use store::holds::{self, End, LeftOpen};
use store::{Store, StoreError, runs};

use crate::counts::Counts;
use crate::ledger::Ledger;
use crate::money::PicoUsd;
use crate::refusal::LedgerError;

/// What [`Ledger::recover`] found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Holds that dead runs had left open.
    pub holds: u64,
    /// The tokens that were posted for them.
    pub tokens: i64,
    /// The money that was posted for them.
    pub usd: PicoUsd,
}

impl Ledger {
    /// Posts in full every hold that a dead run has left open. Call it before the first call of a model; what other
    /// processes leave open later is found once a minute.
    pub async fn recover(&self) -> Result<Recovered, LedgerError> {
        Ok(recover(&self.store, &self.clock, &self.counts).await?)
    }

    /// Lets go of the run's lock, as the system does when the process is killed. For tests.
    #[doc(hidden)]
    pub fn let_go(&self) {
        self.lock.let_go();
    }
}

/// See [`Ledger::recover`].
pub(crate) async fn recover(
    store: &Store,
    clock: &Arc<dyn Clock>,
    counts: &Counts,
) -> Result<Recovered, StoreError> {
    let (folder, now) = (store.runs_folder(), clock.now());
    let left = store
        .write_closing(move |conn| {
            Box::pin(async move {
                // The locks are kept until the holds are posted, and taken away with their files then.
                let dead = runs::dead(conn, &folder).await?;
                let numbers: Vec<i64> = dead.iter().map(|(run, _)| *run).collect();
                if numbers.is_empty() {
                    return Ok::<_, StoreError>(LeftOpen::default());
                }
                holds::post_left_open(conn, &numbers, now).await
            })
        })
        .await?;
    let recovered = Recovered {
        holds: u64::try_from(left.holds).unwrap_or_default(),
        tokens: left.tokens,
        usd: PicoUsd(left.usd),
    };
    counts.closed(End::PostedFull, recovered.holds);
    if recovered.holds > 0 {
        let Recovered { holds, tokens, usd } = recovered;
        tracing::warn!(holds, %usd, tokens, "posted holds of a run that was cut off");
    }
    Ok(recovered)
}
