//! Settle: the hold becomes what the call cost.

use ledger::{Hold, Ledger, Outcome};
use provider::Finished;

use crate::house::House;
use crate::lessons;

/// Gives the hold back to the ledger with what is known of the call, and writes down what the call has taught. The ledger posts in full what it cannot settle.
pub(crate) async fn settle(house: &House, finished: Finished) {
    hold(&house.ledger, finished.hold, finished.outcome).await;
    lessons::keep(house).await;
}

/// The same with the two parts that the ledger needs.
pub(crate) async fn hold(ledger: &Ledger, hold: Hold, outcome: Outcome) {
    let model = hold.model().clone();
    match ledger.settle(hold, outcome).await {
        Ok(receipt) if receipt.breach => {
            tracing::error!(%model, tokens = receipt.tokens, usd = %receipt.usd, "a call cost more than was set aside for it; the model is quarantined");
        }
        Ok(receipt) => {
            tracing::debug!(%model, tokens = receipt.tokens, usd = %receipt.usd, "settled")
        }
        Err(error) => {
            tracing::error!(%model, %error, "a call could not be settled; its full hold is posted")
        }
    }
}
