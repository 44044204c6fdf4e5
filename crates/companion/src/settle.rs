//! Settle: the hold becomes what the call cost.

use provider::Finished;

use crate::house::House;

/// Gives the hold back to the ledger with what is known of the call. The ledger posts in full what it cannot settle.
pub(crate) async fn settle(house: &House, finished: Finished) {
    let model = finished.hold.model().clone();
    match house.ledger.settle(finished.hold, finished.outcome).await {
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
