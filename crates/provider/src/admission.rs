//! The last look before a request goes out: is it what its hold was made for?

use ledger::{Hold, ModelTerms};

use crate::error::ProviderError;
use crate::request::Request;

/// A request that cannot be written at all; no text of ours comes to that.
pub(crate) const UNSENDABLE: ProviderError = ProviderError::HoldTooSmall {
    why: "it cannot be written",
};

/// Refuses a request that could cost more than its hold.
pub(crate) fn fits(
    hold: &Hold,
    terms: &ModelTerms,
    request: &Request,
) -> Result<(), ProviderError> {
    let input_bound = request.input_bound(terms.context_window);
    covers(hold, terms, request.cap, input_bound)
}

/// Refuses a call of this cap and input that could cost more than its hold.
pub(crate) fn covers(
    hold: &Hold,
    terms: &ModelTerms,
    cap: u32,
    input_bound: u64,
) -> Result<(), ProviderError> {
    let why = if hold.model() != &terms.key {
        "the hold is for another model"
    } else if cap > hold.cap() {
        "its cap is higher"
    } else if input_bound > hold.input_bound() {
        "its text is longer"
    } else {
        return Ok(());
    };
    Err(ProviderError::HoldTooSmall { why })
}
