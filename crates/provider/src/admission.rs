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
    let why = if hold.model() != &terms.key {
        "the hold is for another model"
    } else if request.cap > hold.cap() {
        "its cap is higher"
    } else if request.input_bound(terms.context_window) > hold.input_bound() {
        "its text is longer"
    } else {
        return Ok(());
    };
    Err(ProviderError::HoldTooSmall { why })
}
