//! A chat completion's report of its tokens. Services agree on little but that both counts are there in the end.

use ledger::Usage;
use serde_json::Value;

use crate::counts::{first, reasoning, whole};

/// The prompt's count: OpenAI's name, that of its newer dialect and of mlx, and Ollama's own.
const INPUT: [&str; 3] = ["prompt_tokens", "input_tokens", "prompt_eval_count"];
const OUTPUT: [&str; 3] = ["completion_tokens", "output_tokens", "eval_count"];

/// The report in a chunk, if it is one: an object with both counts. What says less erases nothing.
pub(super) fn find(chunk: &Value) -> Option<&Value> {
    let choice = &chunk["choices"][0];
    let places = [
        &chunk["usage"],
        &chunk["x_groq"]["usage"],
        &choice["usage"],
        chunk,
    ];
    places.into_iter().find(|place| {
        let (input, output) = (first(place, &INPUT), first(place, &OUTPUT));
        // MiniMax and others send zeros until the end.
        input.zip(output).is_some_and(|counts| counts != (0, 0)) || lies(place)
    })
}

/// A report that gives both counts, one of which is no count, is a report that cannot be true: it must not pass for none.
fn lies(place: &Value) -> bool {
    let given = |names: &[&str]| names.iter().any(|name| !place[*name].is_null());
    given(&INPUT) && given(&OUTPUT) && read(place).is_none()
}

/// The tokens in a report.
pub(super) fn read(usage: &Value) -> Option<Usage> {
    let mut input = first(usage, &INPUT)?;
    let mut output = first(usage, &OUTPUT)?;
    let cached_input = cached(usage);
    let cache_write = written(usage);
    let from_cache = cached_input.checked_add(cache_write)?;
    let total = whole(&usage["total_tokens"]);
    let counted_apart = input.checked_add(from_cache)?.checked_add(output)?;
    // Behind LiteLLM and new-api, Claude's prompt is only what is fresh: the cache stands beside it.
    if from_cache > input || (from_cache > 0 && total == Some(counted_apart)) {
        input = input.checked_add(from_cache)?;
    }
    let mut reasoning = reasoning(usage);
    // xAI and Gemini count reasoning in the total, but not in the completion.
    let beside = total.map_or(0, |total| {
        total.saturating_sub(input.saturating_add(output))
    });
    if beside > 0 || reasoning > output {
        let more = if total.is_some() { beside } else { reasoning };
        output = output.checked_add(more)?;
        reasoning = reasoning.max(beside);
    }
    Some(Usage {
        input,
        cached_input,
        cache_write,
        output: output.max(reasoning),
        reasoning,
    })
}

/// OpenAI and most; DeepSeek; Moonshot; LiteLLM for Claude.
fn cached(usage: &Value) -> u64 {
    let details = ["prompt_tokens_details", "input_tokens_details"];
    let inside = details
        .iter()
        .find_map(|details| whole(&usage[*details]["cached_tokens"]));
    let names = [
        "prompt_cache_hit_tokens",
        "cached_tokens",
        "cache_read_input_tokens",
    ];
    inside
        .filter(|cached| *cached > 0)
        .or_else(|| first(usage, &names))
        .unwrap_or(0)
}

fn written(usage: &Value) -> u64 {
    whole(&usage["prompt_tokens_details"]["cache_write_tokens"])
        .or_else(|| first(usage, &["cache_creation_input_tokens"]))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn tokens(usage: Value) -> Option<(u64, u64, u64, u64)> {
        let usage = read(&usage)?;
        Some((
            usage.input,
            usage.cached_input,
            usage.output,
            usage.reasoning,
        ))
    }

    #[test]
    fn counts_are_read_under_every_name_and_spelling() {
        for usage in [
            json!({"prompt_tokens": 900, "completion_tokens": 6, "total_tokens": 906}),
            json!({"prompt_tokens": 900.0, "completion_tokens": 6.0, "total_tokens": 906.0}),
            json!({"prompt_tokens": "900", "completion_tokens": "6"}),
            json!({"input_tokens": 900, "output_tokens": 6, "total_tokens": 906}),
            json!({"prompt_eval_count": 900, "eval_count": 6}),
        ] {
            assert_eq!(tokens(usage.clone()), Some((900, 0, 6, 0)), "{usage}");
        }
    }

    #[test]
    fn a_prompt_smaller_than_its_cache_is_the_fresh_rest() {
        let beside = json!({"prompt_tokens": 12, "completion_tokens": 6, "total_tokens": 18, "prompt_tokens_details": {"cached_tokens": 888}});
        assert_eq!(tokens(beside), Some((900, 888, 6, 0)));
        let total_tells = json!({"prompt_tokens": 500, "completion_tokens": 6, "total_tokens": 906, "cache_read_input_tokens": 400});
        assert_eq!(tokens(total_tells), Some((900, 400, 6, 0)));
        let inside = json!({"prompt_tokens": 900, "completion_tokens": 6, "total_tokens": 906, "prompt_cache_hit_tokens": 400});
        assert_eq!(tokens(inside), Some((900, 400, 6, 0)));
    }

    #[test]
    fn reasoning_beside_the_completion_is_output_too() {
        let xai = json!({"prompt_tokens": 10120, "completion_tokens": 1499, "total_tokens": 14428,
            "prompt_tokens_details": {"cached_tokens": 128}, "completion_tokens_details": {"reasoning_tokens": 2809}});
        assert_eq!(tokens(xai), Some((10120, 128, 4308, 2809)));
        let gemini = json!({"prompt_tokens": 20, "completion_tokens": 198, "total_tokens": 623});
        assert_eq!(tokens(gemini), Some((20, 0, 603, 405)));
        let no_total = json!({"prompt_tokens": 20, "completion_tokens": 1, "completion_tokens_details": {"reasoning_tokens": 97}});
        assert_eq!(tokens(no_total), Some((20, 0, 98, 97)));
        let openai = json!({"prompt_tokens": 20, "completion_tokens": 98, "total_tokens": 118, "completion_tokens_details": {"reasoning_tokens": 97}});
        assert_eq!(tokens(openai), Some((20, 0, 98, 97)));
    }

    #[test]
    fn what_says_less_than_both_counts_is_no_report() {
        for usage in [
            json!(null),
            json!({}),
            json!({"prompt_tokens": 11, "total_tokens": 11}),
            json!({"prompt_tokens": 11, "completion_tokens": null}),
            json!({"prompt_tokens_details": {"cached_tokens": 0}}),
            json!({"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}),
        ] {
            assert_eq!(
                find(&json!({"choices": [], "usage": usage})),
                None,
                "{usage}"
            );
        }
    }
}
