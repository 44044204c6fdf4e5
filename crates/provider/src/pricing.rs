//! Reads the prices that OpenRouter publishes with its models, in US dollars per token as decimal texts.
//!
//! Where its fields can be read in two ways, they are read in the dearer one. What it lists is the lowest price at which
//! a model is served; a dearer host behind it is the operator's to state, or to exclude there.

use ledger::{LongContext, PicoUsd, Price};
use serde_json::{Map, Value};

use crate::decimal::scaled;

/// From US dollars per token to pico-US-dollars per million tokens.
const PER_MILLION: i32 = 18;
/// From US dollars to pico-US-dollars.
const PICO: i32 = 12;

/// The price in a model's `pricing`; none if it is missing, varies (`"-1"`) or cannot be read.
///
/// `overrides` are prices under conditions. One for long prompts becomes the dearer tier; one for certain hours counts
/// at all hours.
pub(crate) fn read(pricing: &Value) -> Option<Price> {
    let base = pricing.as_object()?;
    let mut price = plain(base)?;
    for entry in pricing["overrides"].as_array().into_iter().flatten() {
        let entry = entry.as_object()?;
        let mut merged = base.clone();
        merged.extend(entry.clone());
        let under = plain(&merged)?;
        let conditional = match entry.get("min_prompt_tokens") {
            None => under,
            Some(least) => Price {
                long_context: Some(LongContext {
                    above_tokens: least.as_u64()?.saturating_sub(1),
                    input: under.input,
                    output: under.output.max(under.reasoning.unwrap_or_default()),
                    cached_input: under.cached_input,
                    cache_write: under.cache_write,
                }),
                ..plain(base)?
            },
        };
        price = price.dearer(&conditional);
    }
    Some(price)
}

fn plain(fields: &Map<String, Value>) -> Option<Price> {
    let per_million = |name: &str| match fields.get(name) {
        None | Some(Value::Null) => Some(None),
        // A part at nought is not free of charge: it is not charged by itself, but as what it is a part of.
        Some(value) => scaled(value, PER_MILLION).map(|pico| Some(pico).filter(|pico| *pico > 0)),
    };
    let required = |name: &str| scaled(fields.get(name)?, PER_MILLION).map(PicoUsd);
    let (input, output) = (required("prompt")?, required("completion")?);
    let write = per_million("input_cache_write")?.map(|write| {
        // Some list what is charged for a write in all, and some what it costs beside the prompt's price.
        if write < input.get() {
            PicoUsd(input.get().saturating_add(write))
        } else {
            PicoUsd(write)
        }
    });
    let reasoning = per_million("internal_reasoning")?.map(|each| PicoUsd(each).max(output));
    let request = fields.get("request").filter(|value| !value.is_null());
    Some(Price {
        cached_input: per_million("input_cache_read")?.map(PicoUsd),
        cache_write: write,
        reasoning,
        per_request: request
            .map_or(Some(0), |fee| scaled(fee, PICO))
            .map(PicoUsd)?,
        ..Price::plain(input, output)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn usd(text: &str) -> PicoUsd {
        text.parse().unwrap()
    }

    #[test]
    fn a_listed_price_is_read_per_million_tokens() {
        let price = read(&json!({
            "prompt": "0.000003", "completion": "0.000015", "request": "0.001", "image": "0.0048", "web_search": "0",
            "internal_reasoning": "0.00002", "input_cache_read": "0.0000003", "input_cache_write": "0.00000375",
        }))
        .unwrap();
        let expected = Price {
            cached_input: Some(usd("0.3")),
            cache_write: Some(usd("3.75")),
            reasoning: Some(usd("20")),
            per_request: usd("0.001"),
            ..Price::plain(usd("3"), usd("15"))
        };
        assert_eq!(price, expected);
    }

    #[test]
    fn parts_at_nought_are_charged_as_what_they_are_part_of() {
        let price = read(&json!({
            "prompt": "0.000003", "completion": "0.000015", "request": "0",
            "internal_reasoning": "0", "input_cache_read": "0", "input_cache_write": "0",
        }));
        assert_eq!(price, Some(Price::plain(usd("3"), usd("15"))));
    }

    #[test]
    fn a_write_below_the_prompts_price_comes_on_top_of_it() {
        let price = read(&json!({
            "prompt": "0.0000003", "completion": "0.0000025", "input_cache_write": "0.00000008333333333333334",
        }))
        .unwrap();
        assert_eq!(price.cache_write, Some(PicoUsd(383_333_333_334)));
    }

    #[test]
    fn a_price_for_long_prompts_is_the_dearer_tier_and_one_for_some_hours_counts_always() {
        let price = read(&json!({
            "prompt": "0.00000125", "completion": "0.00001", "input_cache_read": "0.0000001",
            "overrides": [
                {"min_prompt_tokens": 200_001, "prompt": "0.0000025", "completion": "0.000015"},
                {"utc_start": "16:30", "utc_end": "00:30", "completion": "0.000012"},
            ],
        }))
        .unwrap();
        assert_eq!(
            (price.input, price.output, price.cached_input),
            (usd("1.25"), usd("12"), Some(usd("0.1")))
        );
        let tier = price.long_context.unwrap();
        assert_eq!(
            (tier.above_tokens, tier.input, tier.output),
            (200_000, usd("2.5"), usd("15"))
        );
    }

    #[test]
    fn a_price_that_varies_or_cannot_be_read_is_none() {
        for pricing in [
            json!({"prompt": "-1", "completion": "-1"}),
            json!({"prompt": "0.000001"}),
            json!({"prompt": "0.000001", "completion": "cheap"}),
            json!({"prompt": "0.000001", "completion": "0.000001", "input_cache_read": "much"}),
            json!({"prompt": "0.000001", "completion": "0.000001", "overrides": [{"min_prompt_tokens": "many"}]}),
            json!({"input": 3, "output": 15}),
            json!(null),
            json!("free"),
        ] {
            assert_eq!(read(&pricing), None, "{pricing}");
        }
    }
}
