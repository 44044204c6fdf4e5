//! Asks OpenRouter what a call has cost whose stream did not say so: `GET {base_url}/generation?id=…`.

use ledger::{Billed, PicoUsd, Usage};
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::decimal::scaled;
use crate::endpoint::Endpoint;
use crate::error::ProviderError;
use crate::models;

/// From US dollars to pico-US-dollars.
const PICO: i32 = 12;

/// What the provider says of a call afterwards. Its record is written some time after the call ended.
pub(crate) async fn look_up(
    endpoint: &Endpoint,
    headers: HeaderMap,
    generation: &str,
) -> Result<Billed, ProviderError> {
    let mut url = endpoint.route("generation");
    url.query_pairs_mut().append_pair("id", generation);
    let answer = models::get(endpoint, url, headers, "").await?;
    let data = &answer["data"];
    if data["id"] != generation {
        return Err(ProviderError::Protocol {
            why: "it tells of another call than was asked about",
        });
    }
    read(data).ok_or(ProviderError::Protocol {
        why: "its record of a call does not say what was used",
    })
}

/// What OpenRouter says in a stream's own usage report that it charged.
pub(crate) fn charge(usage: &Value) -> Option<PicoUsd> {
    let upstream = &usage["cost_details"]["upstream_inference_cost"];
    total(&usage["cost"], &usage["is_byok"], upstream)
}

/// With the operator's own key, the cost is only the fee; the host behind bills the rest.
fn total(cost: &Value, own_key: &Value, upstream: &Value) -> Option<PicoUsd> {
    let mut usd = scaled(cost, PICO)?;
    if *own_key == true {
        usd = usd.checked_add(scaled(upstream, PICO)?)?;
    }
    Some(PicoUsd(usd))
}

/// The tokens as the model's own tokenizer counted them, which is what is billed. The other counts are OpenRouter's own.
fn read(data: &Value) -> Option<Billed> {
    let count = |name: &str| data[name].as_u64();
    let reasoning = count("native_tokens_reasoning").unwrap_or(0);
    let usage = Usage {
        input: count("native_tokens_prompt")?,
        cached_input: count("native_tokens_cached").unwrap_or(0),
        cache_write: 0,
        output: count("native_tokens_completion")?.max(reasoning),
        reasoning,
    };
    let upstream = &data["upstream_inference_cost"];
    Some(Billed {
        usage,
        usd: Some(total(&data["total_cost"], &data["is_byok"], upstream)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn native_counts_and_the_charge_are_read() {
        let mut data = json!({
            "id": "gen-3bhGkxlo4XFrqiabUM7NDtwDzWwG", "total_cost": 0.0015, "is_byok": false,
            "upstream_inference_cost": 0.0012, "tokens_prompt": 12, "tokens_completion": 30,
            "native_tokens_prompt": 10, "native_tokens_completion": 25, "native_tokens_reasoning": 5,
            "native_tokens_cached": 3, "cancelled": true,
        });
        let usage = Usage {
            input: 10,
            cached_input: 3,
            cache_write: 0,
            output: 25,
            reasoning: 5,
        };
        let billed = |usd| {
            Some(Billed {
                usage,
                usd: Some(PicoUsd(usd)),
            })
        };
        assert_eq!(read(&data), billed(1_500_000_000));
        data["is_byok"] = json!(true);
        assert_eq!(read(&data), billed(2_700_000_000));
    }

    #[test]
    fn the_charge_in_a_stream_is_read_with_what_an_own_key_is_billed_elsewhere() {
        let mut usage = json!({"prompt_tokens": 1, "completion_tokens": 1, "cost": 0.0000415, "is_byok": false,
                               "cost_details": {"upstream_inference_cost": 0.001}});
        assert_eq!(charge(&usage), Some(PicoUsd(41_500_000)));
        usage["is_byok"] = json!(true);
        assert_eq!(charge(&usage), Some(PicoUsd(1_041_500_000)));
        assert_eq!(charge(&json!({"prompt_tokens": 1})), None);
    }

    #[test]
    fn a_record_that_is_not_written_yet_says_nothing() {
        for data in [
            json!({"total_cost": 0.1}),
            json!({"total_cost": null, "native_tokens_prompt": 1, "native_tokens_completion": 1}),
            json!({"total_cost": 0.1, "native_tokens_prompt": null, "native_tokens_completion": 1}),
            json!({"total_cost": -1, "native_tokens_prompt": 1, "native_tokens_completion": 1}),
            json!(null),
        ] {
            assert_eq!(read(&data), None, "{data}");
        }
    }
}
