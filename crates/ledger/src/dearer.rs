//! Two prices of one model, and the one that is never below either: what counts while sources differ.

use std::fmt;

use store::prices::{PriceRow, TierRow};

use crate::money::PicoUsd;
use crate::price::{LongContext, Price};

impl Price {
    /// The larger of both, part by part. No usage costs less by it than by either of the two, and no worst case is
    /// smaller. A part that one of them does not name counts there as what it is billed as.
    #[must_use]
    pub fn dearer(&self, other: &Price) -> Price {
        let (a, b) = (self.rates(0), other.rates(0));
        let named = |one: Option<PicoUsd>, other: Option<PicoUsd>, dearer: PicoUsd| {
            one.or(other).map(|_| dearer)
        };
        let reasoning = a.reasoning.max(b.reasoning);
        let base = Price {
            input: a.input.max(b.input),
            output: a.output.max(b.output),
            cached_input: named(
                self.cached_input,
                other.cached_input,
                a.cached_input.max(b.cached_input),
            ),
            cache_write: named(
                self.cache_write,
                other.cache_write,
                a.cache_write.max(b.cache_write),
            ),
            reasoning: named(self.reasoning, other.reasoning, reasoning),
            long_context: None,
            per_request: self.per_request.max(other.per_request),
        };
        let thresholds = [&self.long_context, &other.long_context]
            .into_iter()
            .flatten()
            .map(|tier| tier.above_tokens);
        let Some(above_tokens) = thresholds.min() else {
            return base;
        };
        // Between two thresholds one price is in its tier and the other is not, so the ordinary prices count as well.
        let tiers = [self.rates(u64::MAX), other.rates(u64::MAX), base.rates(0)];
        let dearest = |of: fn(&crate::price::Rates) -> PicoUsd| {
            tiers.iter().map(of).max().unwrap_or_default()
        };
        Price {
            long_context: Some(LongContext {
                above_tokens,
                input: dearest(|r| r.input),
                output: dearest(|r| r.output),
                cached_input: Some(dearest(|r| r.cached_input)),
                cache_write: Some(dearest(|r| r.cache_write)),
            }),
            ..base
        }
    }

    /// As the database keeps it.
    pub(crate) fn to_row(&self) -> PriceRow {
        let get = |part: Option<PicoUsd>| part.map(PicoUsd::get);
        PriceRow {
            input: self.input.0,
            output: self.output.0,
            cached_input: get(self.cached_input),
            cache_write: get(self.cache_write),
            reasoning: get(self.reasoning),
            per_request: self.per_request.0,
            long_context: self.long_context.as_ref().map(|tier| TierRow {
                above_tokens: tier.above_tokens,
                input: tier.input.0,
                output: tier.output.0,
                cached_input: get(tier.cached_input),
                cache_write: get(tier.cache_write),
            }),
        }
    }

    /// From the database.
    pub(crate) fn from_row(row: &PriceRow) -> Price {
        let set = |part: Option<i64>| part.map(PicoUsd);
        Price {
            input: PicoUsd(row.input),
            output: PicoUsd(row.output),
            cached_input: set(row.cached_input),
            cache_write: set(row.cache_write),
            reasoning: set(row.reasoning),
            per_request: PicoUsd(row.per_request),
            long_context: row.long_context.as_ref().map(|tier| LongContext {
                above_tokens: tier.above_tokens,
                input: PicoUsd(tier.input),
                output: PicoUsd(tier.output),
                cached_input: set(tier.cached_input),
                cache_write: set(tier.cache_write),
            }),
        }
    }
}

/// `input $3.00, output $15.00, cached input $0.30`: what is named, per million tokens.
impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "input {}, output {}", self.input, self.output)?;
        let parts = [
            ("cached input", self.cached_input),
            ("cache write", self.cache_write),
            ("reasoning", self.reasoning),
        ];
        for (name, part) in parts {
            if let Some(part) = part {
                write!(f, ", {name} {part}")?;
            }
        }
        if self.per_request > PicoUsd::ZERO {
            write!(f, ", {} a request", self.per_request)?;
        }
        if let Some(tier) = &self.long_context {
            let (above, input, output) = (tier.above_tokens, tier.input, tier.output);
            write!(f, "; above {above} tokens input {input}, output {output}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::price::tests::some_price;
    use crate::usage::Usage;

    fn usd(text: &str) -> PicoUsd {
        text.parse().unwrap()
    }

    #[test]
    fn each_part_is_the_larger_of_the_two() {
        let stated = Price {
            cached_input: Some(usd("0.30")),
            ..Price::plain(usd("3"), usd("15"))
        };
        let published = Price {
            cached_input: Some(usd("0.50")),
            per_request: usd("0.001"),
            ..Price::plain(usd("2"), usd("20"))
        };
        let both = stated.dearer(&published);
        assert_eq!(
            both.to_string(),
            "input $3.00, output $20.00, cached input $0.50, $0.001 a request"
        );
    }

    #[test]
    fn a_part_that_one_does_not_name_counts_as_what_it_is_billed_as() {
        let names = Price {
            cached_input: Some(usd("0.30")),
            ..Price::plain(usd("3"), usd("15"))
        };
        let does_not = Price::plain(usd("2"), usd("15"));
        assert_eq!(names.dearer(&does_not).cached_input, Some(usd("2")));
    }

    proptest! {
        #[test]
        fn nothing_costs_less_by_the_larger_price_than_by_either(
            (one, other) in (some_price(), some_price()),
            (input, output) in (1u64..100_000, 0u64..10_000),
            (b, c, e) in (0u64..=1000, 0u64..=1000, 0u64..=1000),
        ) {
            let cached_input = input * b / 1000;
            let cache_write = (input - cached_input) * c / 1000;
            let usage = Usage { input, cached_input, cache_write, output, reasoning: output * e / 1000 };
            let both = one.dearer(&other);
            let most = one.cost(&usage).max(other.cost(&usage));
            prop_assert!(both.cost(&usage) >= most, "{both:?}");
            prop_assert!(both.worst(input, output) >= one.worst(input, output).max(other.worst(input, output)));
            prop_assert!(both.worst(input, output) >= both.cost(&usage));
        }

        #[test]
        fn a_price_comes_out_of_the_database_as_it_went_in(price in some_price()) {
            prop_assert_eq!(Price::from_row(&price.to_row()), price);
        }
    }
}
