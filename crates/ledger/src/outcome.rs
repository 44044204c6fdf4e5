//! How a call ended, and what is posted for it. The decision is a plain function: no database, no clock.

use store::id::HoldId;

use crate::money::PicoUsd;
use crate::price::BELIEVABLE;
use crate::terms::ModelTerms;
use crate::usage::Usage;

/// Statuses with which a provider says that it did not run the model. Only these void a hold; 402, 408, 409 and all
/// of 5xx do not, because the model may have run.
const UNBILLED: [u16; 10] = [400, 401, 403, 404, 405, 406, 413, 415, 422, 429];

/// How a call ended, as the provider's adapter saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The provider finished and reported complete usage.
    Complete(Usage),
    /// Provably no byte of the request left this machine.
    NothingSent,
    /// The provider answered with an HTTP status that is an error, before any output. An error in the body of a good
    /// status, or as a stream's first event, counts as the status that it names.
    Rejected {
        /// The status.
        status: u16,
    },
    /// The answer itself says that the model did not run, and names no status: a web page, an error in place of a reply.
    NotRun,
    /// Anything else: a timeout, a cut stream, missing usage.
    Unknown,
}

/// What was posted for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The hold that was closed.
    pub hold: HoldId,
    /// The money that was posted.
    pub usd: PicoUsd,
    /// The tokens that were posted.
    pub tokens: i64,
    /// The call used more than its hold: the model is quarantined and the scope closed until an admin has seen it.
    pub breach: bool,
}

/// What to do with a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Posting {
    /// Give everything back.
    Void,
    /// Post this much.
    Actual { usd: i64, tokens: i64, usage: Usage },
    /// Post all that was held.
    Full { breach: bool },
}

impl Posting {
    /// With the charge that the provider reported, where it is more than the tokens cost.
    pub(crate) fn at_least(self, charge: Option<PicoUsd>) -> Self {
        match (self, charge) {
            (Self::Actual { .. }, Some(charge)) if charge.get() > BELIEVABLE => {
                Self::Full { breach: true }
            }
            (Self::Actual { usd, tokens, usage }, Some(charge)) => Self::Actual {
                usd: usd.max(charge.get()),
                tokens,
                usage,
            },
            (other, _) => other,
        }
    }
}

/// Decides what is posted for a call on these terms that ended like this.
pub(crate) fn decide(terms: &ModelTerms, outcome: Outcome) -> Posting {
    match outcome {
        Outcome::NothingSent => Posting::Void,
        Outcome::Rejected { status } if UNBILLED.contains(&status) => Posting::Void,
        Outcome::NotRun if !terms.errors_may_be_billed => Posting::Void,
        Outcome::Rejected { .. } | Outcome::NotRun | Outcome::Unknown => {
            Posting::Full { breach: false }
        }
        Outcome::Complete(usage) if usage.is_absurd() => Posting::Full { breach: true },
        Outcome::Complete(usage) if !usage.is_plausible() => Posting::Full { breach: false },
        Outcome::Complete(usage) => match (cost(terms, &usage), i64::try_from(usage.tokens())) {
            (Some(usd), Ok(tokens)) => Posting::Actual {
                usd: usd.0,
                tokens,
                usage,
            },
            _ => Posting::Full { breach: true },
        },
    }
}

fn cost(terms: &ModelTerms, usage: &Usage) -> Option<PicoUsd> {
    match &terms.price {
        _ if terms.local => Some(PicoUsd::ZERO),
        Some(price) => price.cost(usage),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::price::Price;
    use crate::terms::ModelKey;

    fn terms() -> ModelTerms {
        ModelTerms {
            key: ModelKey {
                provider: "p".into(),
                model: "m".into(),
            },
            context_window: 8192,
            max_output: 2048,
            caps_certified: true,
            local: false,
            errors_may_be_billed: false,
            price: Some(Price::plain(PicoUsd::dollars(1), PicoUsd::dollars(2))),
        }
    }

    #[test]
    fn complete_usage_is_posted_as_it_is() {
        let usage = Usage {
            input: 100,
            output: 10,
            ..Usage::default()
        };
        let posting = Posting::Actual {
            usd: 120_000_000,
            tokens: 110,
            usage,
        };
        assert_eq!(decide(&terms(), Outcome::Complete(usage)), posting);
    }

    #[test]
    fn a_local_model_costs_tokens_only() {
        let local = ModelTerms {
            local: true,
            ..terms()
        };
        let usage = Usage {
            input: 100,
            output: 10,
            ..Usage::default()
        };
        assert_eq!(
            decide(&local, Outcome::Complete(usage)),
            Posting::Actual {
                usd: 0,
                tokens: 110,
                usage
            }
        );
    }

    #[test]
    fn only_an_allow_listed_status_voids_a_hold() {
        for status in [400, 401, 403, 404, 413, 422, 429] {
            assert_eq!(
                decide(&terms(), Outcome::Rejected { status }),
                Posting::Void,
                "{status}"
            );
        }
        for status in [200, 301, 402, 408, 409, 499, 500, 502, 503, 504, 529] {
            assert_eq!(
                decide(&terms(), Outcome::Rejected { status }),
                Posting::Full { breach: false },
                "{status}"
            );
        }
    }

    #[test]
    fn what_is_not_known_posts_the_full_hold() {
        assert_eq!(
            decide(&terms(), Outcome::Unknown),
            Posting::Full { breach: false }
        );
    }

    #[test]
    fn a_usage_that_cannot_be_true_posts_the_full_hold() {
        let empty = Usage::default();
        let parts = Usage {
            input: 1,
            cached_input: 2,
            output: 1,
            ..empty
        };
        for usage in [empty, parts] {
            assert_eq!(
                decide(&terms(), Outcome::Complete(usage)),
                Posting::Full { breach: false }
            );
        }
    }

    #[test]
    fn an_absurd_usage_is_a_breach() {
        let absurd = Usage {
            input: u64::MAX,
            output: u64::MAX,
            ..Usage::default()
        };
        assert_eq!(
            decide(&terms(), Outcome::Complete(absurd)),
            Posting::Full { breach: true }
        );
    }
}
