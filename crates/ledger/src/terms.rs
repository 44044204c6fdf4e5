//! What the ledger must know about a model before a call to it may be made.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::price::Price;

/// A model at a provider. The pair is the key: the same model costs differently elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ModelKey {
    /// The short name of the endpoint in the configuration ("openai", "ollama").
    pub provider: String,
    /// The model's name, as the endpoint calls it.
    pub model: String,
}

impl fmt::Display for ModelKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.model, self.provider)
    }
}

/// The limits and the price of a model, as the operator's configuration and the price table state them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelTerms {
    /// Which model.
    pub key: ModelKey,
    /// Tokens that prompt and reply may have together.
    pub context_window: u32,
    /// The most output tokens that the model can produce in one reply.
    pub max_output: u32,
    /// Whether it has been shown that this endpoint honours a cap. Otherwise a call is held at `max_output`.
    pub caps_certified: bool,
    /// A model on the operator's own machine: it costs nothing, and only tokens are counted.
    pub local: bool,
    /// Whether an answer that says that the model did not run, or failed before a token, may be billed all the same. Then
    /// such a call is posted in full, but for the statuses with which a request is refused as it stands.
    pub errors_may_be_billed: bool,
    /// The price; `None` is "not known", which is refused unless the model is local.
    pub price: Option<Price>,
}

impl ModelTerms {
    /// DESIGN's `Tout`: the most output tokens that a call with this cap can be billed for.
    pub fn output_bound(&self, cap: u32) -> u32 {
        if self.caps_certified || self.local {
            cap
        } else {
            self.max_output.max(cap)
        }
    }

    /// A text that changes whenever the terms do. A quarantine holds for the terms that were broken;
    /// an operator who corrects them lifts it.
    pub(crate) fn fingerprint(&self) -> String {
        let Self {
            context_window,
            max_output,
            caps_certified,
            local,
            price,
            ..
        } = self;
        format!(
            "context {context_window}, output {max_output}, certified {caps_certified}, local {local}, {price:?}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(caps_certified: bool, local: bool) -> ModelTerms {
        let key = ModelKey {
            provider: "p".into(),
            model: "m".into(),
        };
        ModelTerms {
            key,
            context_window: 8192,
            max_output: 2048,
            caps_certified,
            local,
            errors_may_be_billed: false,
            price: None,
        }
    }

    #[test]
    fn an_uncertified_hosted_model_is_held_at_its_maximum_output() {
        assert_eq!(terms(false, false).output_bound(400), 2048);
        assert_eq!(terms(true, false).output_bound(400), 400);
        assert_eq!(terms(false, true).output_bound(400), 400);
    }

    #[test]
    fn a_cap_above_the_stated_maximum_is_never_held_below_itself() {
        assert_eq!(terms(false, false).output_bound(4096), 4096);
    }
}
