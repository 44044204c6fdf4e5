//! What a model costs, and the two sums that matter: the most that a call can cost, and what it did cost.
//!
//! All arithmetic is in whole numbers, wide enough (`i128`) not to wrap, and rounds up.

use serde::Deserialize;

use crate::money::PicoUsd;
use crate::usage::Usage;

/// Prices are per million tokens.
const PER: i128 = 1_000_000;

/// The most that the ledger believes of one call: a hundred thousand dollars. A sum above is an error of
/// somebody's unit, and is refused (before the call) or treated as a breach (after it).
pub(crate) const BELIEVABLE: i64 = 100_000 * 1_000_000_000_000;

/// The price of a model. Every price but `per_request` is **per million tokens**.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Prompt tokens.
    pub input: PicoUsd,
    /// Reply tokens.
    pub output: PicoUsd,
    /// Prompt tokens that the provider had cached; `input` where absent.
    #[serde(default)]
    pub cached_input: Option<PicoUsd>,
    /// Prompt tokens that the provider stores in its cache; `input` where absent.
    #[serde(default)]
    pub cache_write: Option<PicoUsd>,
    /// Reasoning tokens; `output` where absent.
    #[serde(default)]
    pub reasoning: Option<PicoUsd>,
    /// The dearer tier of long prompts, where the model has one.
    #[serde(default)]
    pub long_context: Option<LongContext>,
    /// A fee for each request, whatever its length.
    #[serde(default)]
    pub per_request: PicoUsd,
}

/// A dearer tier: it applies to the whole call once the prompt has more than `above_tokens` tokens.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LongContext {
    /// The longest prompt that still pays the ordinary price.
    pub above_tokens: u64,
    /// Prompt tokens in this tier.
    pub input: PicoUsd,
    /// Reply tokens in this tier, reasoning included.
    pub output: PicoUsd,
    /// Cached prompt tokens in this tier; this tier's `input` where absent.
    #[serde(default)]
    pub cached_input: Option<PicoUsd>,
    /// Prompt tokens written to the cache in this tier; the dearer of `input` and the ordinary write price where absent.
    #[serde(default)]
    pub cache_write: Option<PicoUsd>,
}

/// The prices that a call is billed at, after its tier is known.
pub(crate) struct Rates {
    pub(crate) input: PicoUsd,
    pub(crate) cached_input: PicoUsd,
    pub(crate) cache_write: PicoUsd,
    pub(crate) output: PicoUsd,
    pub(crate) reasoning: PicoUsd,
}

impl Price {
    /// A price with an input and an output side and nothing else; both per million tokens.
    pub fn plain(input: PicoUsd, output: PicoUsd) -> Self {
        Self {
            input,
            output,
            cached_input: None,
            cache_write: None,
            reasoning: None,
            long_context: None,
            per_request: PicoUsd::ZERO,
        }
    }

    /// The most that a call of at most `input` and `output` tokens can cost, whatever part of it is cached,
    /// written to a cache or spent on reasoning. `None` if no believable sum comes out.
    pub fn worst(&self, input: u64, output: u64) -> Option<PicoUsd> {
        // The dearer tier bills the whole call, so a bound that reaches into it must allow for either tier.
        let mut tiers = vec![self.rates(0)];
        tiers.push(self.rates(input));
        let dearest = |of: fn(&Rates) -> PicoUsd| tiers.iter().map(of).max().unwrap_or_default();
        let pin = dearest(|r| r.input.max(r.cached_input).max(r.cache_write));
        let pout = dearest(|r| r.output.max(r.reasoning));
        self.sum(&[(input, pin), (output, pout)])
    }

    /// The most that a prompt of at most `input` tokens costs that was read afresh and not answered. `None` if no
    /// believable sum comes out.
    pub(crate) fn unanswered(&self, input: u64) -> Option<PicoUsd> {
        // A tier need not be dearer, and nobody counted how far the prompt reached.
        let rate = self.rates(0).input.max(self.rates(input).input);
        self.sum(&[(input, rate)])
    }

    /// What a call with this usage costs. `None` if no believable sum comes out.
    pub fn cost(&self, usage: &Usage) -> Option<PicoUsd> {
        let rates = self.rates(usage.input);
        let plain_input = usage
            .input
            .checked_sub(usage.cached_input)?
            .checked_sub(usage.cache_write)?;
        let plain_output = usage.output.checked_sub(usage.reasoning)?;
        self.sum(&[
            (plain_input, rates.input),
            (usage.cached_input, rates.cached_input),
            (usage.cache_write, rates.cache_write),
            (plain_output, rates.output),
            (usage.reasoning, rates.reasoning),
        ])
    }

    /// Whether every part is zero or more: a negative price would turn spending into income.
    pub(crate) fn is_sane(&self) -> bool {
        [self.rates(0), self.rates(u64::MAX)]
            .iter()
            .flat_map(|r| {
                [
                    r.input,
                    r.cached_input,
                    r.cache_write,
                    r.output,
                    r.reasoning,
                ]
            })
            .all(|rate| rate >= PicoUsd::ZERO)
            && self.per_request >= PicoUsd::ZERO
    }

    pub(crate) fn rates(&self, input: u64) -> Rates {
        let write = self.cache_write.unwrap_or(self.input);
        match &self.long_context {
            Some(tier) if input > tier.above_tokens => Rates {
                input: tier.input,
                cached_input: tier.cached_input.unwrap_or(tier.input),
                cache_write: tier.cache_write.unwrap_or(write.max(tier.input)),
                output: tier.output,
                reasoning: tier.output.max(self.reasoning.unwrap_or_default()),
            },
            _ => Rates {
                input: self.input,
                cached_input: self.cached_input.unwrap_or(self.input),
                cache_write: write,
                output: self.output,
                reasoning: self.reasoning.unwrap_or(self.output),
            },
        }
    }

    fn sum(&self, parts: &[(u64, PicoUsd)]) -> Option<PicoUsd> {
        let mut total: i128 = 0;
        for (tokens, rate) in parts {
            total = total.checked_add(i128::from(*tokens).checked_mul(i128::from(rate.0))?)?;
        }
        // Rounded up: `total` is never negative, since a price is sane or refused.
        let pico = (total + PER - 1) / PER + i128::from(self.per_request.0);
        i64::try_from(pico)
            .ok()
            .filter(|pico| (0..=BELIEVABLE).contains(pico))
            .map(PicoUsd)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    fn usd(text: &str) -> PicoUsd {
        text.parse().unwrap()
    }

    #[test]
    fn a_call_costs_what_its_parts_cost() {
        let price = Price {
            cached_input: Some(usd("0.3")),
            ..Price::plain(usd("3"), usd("15"))
        };
        let usage = Usage {
            input: 1000,
            cached_input: 400,
            output: 100,
            ..Usage::default()
        };
        // 600 × $3 + 400 × $0.30 + 100 × $15, all per million.
        assert_eq!(price.cost(&usage), Some(usd("0.00342")));
    }

    #[test]
    fn a_fraction_of_a_pico_dollar_is_rounded_up() {
        let price = Price::plain(PicoUsd(1), PicoUsd(0));
        assert_eq!(
            price.cost(&Usage {
                input: 1,
                ..Usage::default()
            }),
            Some(PicoUsd(1))
        );
        assert_eq!(price.worst(1, 0), Some(PicoUsd(1)));
    }

    #[test]
    fn a_long_prompt_pays_the_dearer_tier_for_the_whole_call() {
        let tier = LongContext {
            above_tokens: 200_000,
            input: usd("6"),
            output: usd("22.5"),
            cached_input: None,
            cache_write: None,
        };
        let price = Price {
            long_context: Some(tier),
            ..Price::plain(usd("3"), usd("15"))
        };
        let usage = |input| Usage {
            input,
            output: 1_000_000,
            ..Usage::default()
        };
        assert_eq!(price.cost(&usage(200_000)), Some(usd("15.6")));
        assert_eq!(price.cost(&usage(200_001)), Some(usd("23.700006")));
    }

    #[test]
    fn a_sum_that_nobody_can_mean_is_not_believed() {
        let price = Price::plain(usd("3"), usd("15"));
        assert_eq!(price.worst(u64::MAX, u64::MAX), None);
        assert_eq!(
            price.cost(&Usage {
                input: 1,
                cached_input: 2,
                ..Usage::default()
            }),
            None
        );
    }

    pub(crate) fn some_price() -> impl Strategy<Value = Price> {
        let rate = || (0i64..200_000_000_000_000).prop_map(PicoUsd);
        let tier = (
            0u64..50_000,
            rate(),
            rate(),
            proptest::option::of(rate()),
            proptest::option::of(rate()),
        )
            .prop_map(|(above_tokens, input, output, cached_input, cache_write)| {
                LongContext {
                    above_tokens,
                    input,
                    output,
                    cached_input,
                    cache_write,
                }
            });
        let options = (
            proptest::option::of(rate()),
            proptest::option::of(rate()),
            proptest::option::of(rate()),
        );
        (rate(), rate(), options, proptest::option::of(tier), rate()).prop_map(
            |(input, output, (cached_input, cache_write, reasoning), long_context, fee)| Price {
                input,
                output,
                cached_input,
                cache_write,
                reasoning,
                long_context,
                per_request: PicoUsd(fee.0 / 1000),
            },
        )
    }

    proptest! {
        #[test]
        fn no_usage_within_the_bounds_costs_more_than_the_worst_case(
            price in some_price(),
            (bound_in, bound_out) in (0u64..100_000, 0u64..10_000),
            (a, b, c, d, e) in (0u64..=1000, 0u64..=1000, 0u64..=1000, 0u64..=1000, 0u64..=1000),
        ) {
            let input = bound_in * a / 1000;
            let cached_input = input * b / 1000;
            let cache_write = (input - cached_input) * c / 1000;
            let output = bound_out * d / 1000;
            let usage = Usage { input, cached_input, cache_write, output, reasoning: output * e / 1000 };
            let worst = price.worst(bound_in, bound_out).unwrap();
            prop_assert!(price.cost(&usage).unwrap() <= worst);
        }
    }
}
