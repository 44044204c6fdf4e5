//! How a call ended, and what is posted for it. The decision is a plain function: no database, no clock.

use store::id::HoldId;

use crate::hold::Size;
use crate::money::PicoUsd;
use crate::price::BELIEVABLE;
use crate::terms::ModelTerms;
use crate::usage::Usage;

/// The statuses that void a hold where errors may be billed: those with which a request is refused as it stands. 402,
/// 408, 409 and all of 3xx and 5xx do not, because the model may have run.
const REFUSALS: [u16; 10] = [400, 401, 403, 404, 405, 406, 413, 415, 422, 429];

/// "Service unavailable" (RFC 9110, section 15.6.4).
const UNAVAILABLE: u16 = 503;
/// Anthropic's `overloaded_error` (its documentation, "Errors").
const OVERLOADED: u16 = 529;

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
    /// Post the most that the prompt can have cost, and no reply.
    Input { usd: i64, tokens: i64 },
    /// Post all that was held.
    Full { breach: bool },
}

impl Posting {
    /// With the charge that the provider reported, where it is more than the tokens cost. An error that comes with a
    /// charge says two things, so that nothing is certain.
    pub(crate) fn at_least(self, charge: Option<PicoUsd>) -> Self {
        match (self, charge) {
            (Self::Void | Self::Input { .. }, Some(charge)) if charge > PicoUsd::ZERO => {
                Self::Full { breach: false }
            }
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

/// Decides what is posted for a call on these terms, with so much set aside for it, that ended like this.
///
/// Where the model says that it did not run, nothing is; after another failure of the provider's before a token, what the
/// prompt may have cost. Terms on which errors may be billed give back only what was refused as it stood.
pub(crate) fn decide(terms: &ModelTerms, held: Size, outcome: Outcome) -> Posting {
    match outcome {
        Outcome::NothingSent => Posting::Void,
        Outcome::Complete(usage) => used(terms, usage),
        Outcome::Rejected { status }
            if terms.errors_may_be_billed && REFUSALS.contains(&status) =>
        {
            Posting::Void
        }
        Outcome::Rejected { .. } | Outcome::NotRun if terms.errors_may_be_billed => {
            Posting::Full { breach: false }
        }
        Outcome::NotRun
        | Outcome::Rejected {
            status: 300..=499 | UNAVAILABLE | OVERLOADED,
        } => Posting::Void,
        Outcome::Rejected { status: 500..=599 } => input_part(terms, held),
        Outcome::Rejected { .. } | Outcome::Unknown => Posting::Full { breach: false },
    }
}

/// What is posted for a call whose usage was reported.
pub(crate) fn used(terms: &ModelTerms, usage: Usage) -> Posting {
    if usage.is_absurd() {
        return Posting::Full { breach: true };
    }
    if !usage.is_plausible() {
        return Posting::Full { breach: false };
    }
    match (cost(terms, &usage), i64::try_from(usage.tokens())) {
        (Some(usd), Ok(tokens)) => Posting::Actual {
            usd: usd.0,
            tokens,
            usage,
        },
        _ => Posting::Full { breach: true },
    }
}

/// The part of a hold that its prompt takes. A price that has risen since never takes more than was held.
fn input_part(terms: &ModelTerms, held: Size) -> Posting {
    let usd = match &terms.price {
        _ if terms.local => Some(PicoUsd::ZERO),
        Some(price) => price.unanswered(held.input_bound),
        None => None,
    };
    match (usd, i64::try_from(held.input_bound)) {
        (Some(usd), Ok(tokens)) => Posting::Input {
            usd: usd.min(held.usd).0,
            tokens: tokens.min(held.tokens),
        },
        _ => Posting::Full { breach: false },
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
    use proptest::prelude::*;

    use super::*;
    use crate::admission::size;
    use crate::ask::{Ask, Purpose};
    use crate::price::Price;
    use crate::price::tests::some_price;
    use crate::terms::ModelKey;

    const FULL: Posting = Posting::Full { breach: false };

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

    fn cautious() -> ModelTerms {
        ModelTerms {
            errors_may_be_billed: true,
            ..terms()
        }
    }

    /// What is set aside for 1,000 tokens in and 100 out.
    fn held(terms: &ModelTerms) -> Size {
        held_for(terms, 1000, 100)
    }

    fn held_for(terms: &ModelTerms, input_bound: u64, cap: u32) -> Size {
        let ask = Ask {
            input_bound,
            cap,
            purpose: Purpose::Reply,
            turn: None,
            persona: None,
        };
        size(terms, &ask).unwrap()
    }

    fn decided(terms: &ModelTerms, outcome: Outcome) -> Posting {
        decide(terms, held(terms), outcome)
    }

    fn rejected(terms: &ModelTerms, status: u16) -> Posting {
        decided(terms, Outcome::Rejected { status })
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
        for terms in [terms(), cautious()] {
            assert_eq!(decided(&terms, Outcome::Complete(usage)), posting);
        }
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
        let used = Posting::Actual {
            usd: 0,
            tokens: 110,
            usage,
        };
        assert_eq!(decided(&local, Outcome::Complete(usage)), used);
        let read = Posting::Input {
            usd: 0,
            tokens: 1000,
        };
        assert_eq!(rejected(&local, 500), read);
    }

    #[test]
    fn an_answer_that_says_that_the_model_did_not_run_voids_a_hold() {
        assert_eq!(decided(&terms(), Outcome::NothingSent), Posting::Void);
        assert_eq!(decided(&terms(), Outcome::NotRun), Posting::Void);
        for status in (300..=499).chain([503, 529]) {
            assert_eq!(rejected(&terms(), status), Posting::Void, "{status}");
        }
    }

    #[test]
    fn another_failure_of_the_provider_before_a_token_posts_the_part_of_the_prompt() {
        let read = Posting::Input {
            usd: 1_000_000_000,
            tokens: 1000,
        };
        for status in (500..=599).filter(|status| ![503, 529].contains(status)) {
            assert_eq!(rejected(&terms(), status), read, "{status}");
        }
    }

    #[test]
    fn what_is_no_error_status_posts_the_full_hold() {
        for status in [0, 1, 100, 200, 204, 299, 600, 999, u16::MAX] {
            assert_eq!(rejected(&terms(), status), FULL, "{status}");
            assert_eq!(rejected(&cautious(), status), FULL, "{status}");
        }
    }

    #[test]
    fn where_errors_may_be_billed_only_a_request_refused_as_it_stood_voids_a_hold() {
        assert_eq!(decided(&cautious(), Outcome::NothingSent), Posting::Void);
        assert_eq!(decided(&cautious(), Outcome::NotRun), FULL);
        let refused = [400, 401, 403, 404, 405, 406, 413, 415, 422, 429];
        for status in 0..=u16::MAX {
            let expected = match refused.contains(&status) {
                true => Posting::Void,
                false => FULL,
            };
            assert_eq!(rejected(&cautious(), status), expected, "{status}");
        }
    }

    #[test]
    fn what_is_not_known_posts_the_full_hold() {
        for terms in [terms(), cautious()] {
            assert_eq!(decided(&terms, Outcome::Unknown), FULL);
        }
    }

    #[test]
    fn an_error_that_comes_with_a_charge_is_not_certain() {
        let charge = Some(PicoUsd(7));
        for outcome in [Outcome::NotRun, Outcome::Rejected { status: 500 }] {
            let error = decided(&terms(), outcome);
            assert_eq!(error.at_least(charge), FULL);
            assert_eq!(error.at_least(Some(PicoUsd::ZERO)), error);
            assert_eq!(error.at_least(None), error);
        }
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
            assert_eq!(decided(&terms(), Outcome::Complete(usage)), FULL);
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
            decided(&terms(), Outcome::Complete(absurd)),
            Posting::Full { breach: true }
        );
    }

    proptest! {
        #[test]
        fn an_error_never_posts_more_than_was_held_nor_less_than_reading_the_prompt_can_have_cost(
            (price, risen) in (some_price(), proptest::option::of(some_price())),
            (bound, cap, part) in (1u64..100_000, 1u32..10_000, 0u64..=1000),
            (status, local) in (any::<u16>(), any::<bool>()),
        ) {
            let made = ModelTerms { price: Some(price.clone()), local, ..terms() };
            let held = held_for(&made, bound, cap);
            let now = risen.map_or(price.clone(), |risen| price.dearer(&risen));
            let settled = ModelTerms { price: Some(now), ..made.clone() };
            let (usd, tokens) = match decide(&settled, held, Outcome::Rejected { status }) {
                Posting::Void => {
                    prop_assert!((300..500).contains(&status) || status == 503 || status == 529);
                    return Ok(());
                }
                Posting::Input { usd, tokens } => {
                    prop_assert!((500..600).contains(&status));
                    (usd, tokens)
                }
                Posting::Full { breach } => {
                    prop_assert!(!breach && !(300..600).contains(&status));
                    return Ok(());
                }
                Posting::Actual { .. } => return Err(TestCaseError::fail("nobody reported a usage")),
            };
            prop_assert!(usd <= held.usd.0 && tokens <= held.tokens);
            // A prompt of any length up to the bound, at the price of its own time.
            let read = bound * part / 1000;
            let usage = Usage { input: read, ..Usage::default() };
            let least = match local {
                true => PicoUsd::ZERO,
                false => price.cost(&usage).unwrap(),
            };
            prop_assert!(usd >= least.0 && tokens >= read as i64);
        }
    }
}
