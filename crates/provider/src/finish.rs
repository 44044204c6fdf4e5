//! Why a reply ended, in each service's word. What is no plain end and no cap is told in the log.

use ledger::ModelKey;
use serde_json::Value;

use crate::generation::Stop;

/// The longest word that is kept.
const LONGEST_WORD: usize = 60;

/// What a service's word means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Means {
    End,
    Length,
    Refused,
    Failed,
    Other,
}

use Means::{End, Failed, Length, Other, Refused};

/// The words, in lower case, and who says them.
const WORDS: [(Means, &[&str]); 19] = [
    // OpenAI; Together and TGI (eos); Anthropic; Cohere (complete).
    (
        End,
        &[
            "stop",
            "eos",
            "eos_token",
            "end_turn",
            "stop_sequence",
            "complete",
        ],
    ),
    (
        End,
        &["end", "completed", "done", "finish_reason_unspecified"],
    ),
    // LM Studio's own API (eosFound, stopStringFound); relays.
    (
        End,
        &[
            "eosfound",
            "eos_found",
            "stop_token",
            "stopstringfound",
            "stopped",
            "end_of_text",
            "normal",
            "finish",
            "finished",
            "success",
        ],
    ),
    (
        Length,
        &[
            "maxpredictedtokensreached",
            "contextlengthreached",
            "token_limit",
            "max_length",
            "max_output_tokens_reached",
        ],
    ),
    // OpenAI; Anthropic and Gemini (max_tokens); Mistral (model_length); llama.cpp's own (limit).
    (
        Length,
        &[
            "length",
            "max_tokens",
            "max_output_tokens",
            "model_length",
            "limit",
        ],
    ),
    // Anthropic and GLM; Cohere's for a full window; Anthropic's beta.
    (
        Length,
        &["model_context_window_exceeded", "error_limit", "compaction"],
    ),
    // OpenAI, Azure; Anthropic; GLM (sensitive); Bedrock; Cohere (error_toxic).
    (
        Refused,
        &[
            "content_filter",
            "content-filter",
            "content_filtered",
            "refusal",
            "sensitive",
        ],
    ),
    (Refused, &["guardrail_intervened", "error_toxic"]),
    // Gemini's own words, which its layer for OpenAI's dialect lets through.
    (
        Refused,
        &[
            "safety",
            "recitation",
            "blocklist",
            "prohibited_content",
            "spii",
            "language",
        ],
    ),
    (
        Refused,
        &[
            "other",
            "image_safety",
            "image_prohibited_content",
            "image_recitation",
        ],
    ),
    (Refused, &["image_other", "no_image", "escalation"]),
    (
        Failed,
        &[
            "malformed_function_call",
            "unexpected_tool_call",
            "malformed_response",
        ],
    ),
    (
        Failed,
        &[
            "too_many_tool_calls",
            "missing_thought_signature",
            "function_call_filter",
        ],
    ),
    // OpenRouter, Mistral, KoboldCpp, Cohere (error); vLLM and SGLang when they shut down (abort).
    (
        Failed,
        &[
            "error",
            "abort",
            "aborted",
            "cancelled",
            "canceled",
            "user_cancel",
        ],
    ),
    // DeepSeek; GLM; watsonx (time_limit).
    (
        Failed,
        &[
            "insufficient_system_resource",
            "network_error",
            "timeout",
            "time_limit",
        ],
    ),
    (
        Failed,
        &[
            "capacity",
            "resource-exhausted",
            "resource_exhausted",
            "rate_limit_exceeded",
        ],
    ),
    // Ollama, when it was asked to load or unload a model and nothing else.
    (Failed, &["load", "unload"]),
    // We ask for no tools.
    (
        Other,
        &[
            "tool_calls",
            "tool-calls",
            "function_call",
            "tool_use",
            "tool_call",
        ],
    ),
    (Other, &["pause_turn", "pause_run"]),
];

/// How languages print the name of an enum before its member.
const ENUMS: [&str; 3] = ["finishreason.", "finish_reason_", "finishreason_"];

/// What words hold that nobody has told us of.
const PARTS: [(Means, &[&str]); 2] = [
    (
        Failed,
        &[
            "error",
            "malformed",
            "abort",
            "insufficient",
            "fail",
            "overload",
            "shutdown",
            "unavailable",
            "interrupt",
            "internal",
            "preempt",
        ],
    ),
    (
        Refused,
        &[
            "safety",
            "filter",
            "sensitive",
            "moderation",
            "policy",
            "refus",
            "block",
            "prohibit",
            "violat",
            "censor",
        ],
    ),
];

/// Reads a finish reason. None is what several services write as "" or "null": the reply goes on.
pub(crate) fn stop(reason: &Value, sequence: &Value) -> Option<Stop> {
    let reason = reason.as_str()?.trim();
    let word = reason.to_lowercase();
    if word.is_empty() || word == "null" || word == "none" {
        return None;
    }
    let said = || plain(reason);
    // Gemini's layer writes `content_filter: SAFETY`: the class, then the reason. Its proxies print the name of the enum too.
    let class = word.split(':').next().unwrap_or_default().trim();
    let class = ENUMS
        .iter()
        .find_map(|name| class.strip_prefix(name))
        .unwrap_or(class);
    let known = WORDS.iter().find(|(_, words)| words.contains(&class));
    let guessed = || {
        let mut parts = PARTS.iter();
        parts.find(|(_, parts)| parts.iter().any(|part| word.contains(part)))
    };
    let means = match known {
        Some((means, _)) => *means,
        None => guessed().map_or(Other, |(means, _)| *means),
    };
    Some(match means {
        End => match sequence.as_str() {
            // vLLM and Anthropic say which sequence it was.
            Some(sequence) => Stop::Sequence(sequence.to_owned()),
            None if class == "stop_sequence" => Stop::Sequence(String::new()),
            None => Stop::End,
        },
        Length => Stop::Length,
        Refused => Stop::Refused(said()),
        Failed => Stop::Failed(said()),
        Other => Stop::Other(said()),
    })
}

/// A word as it may stand in a log: identifiers, no text.
fn plain(reason: &str) -> String {
    let fits = |c: &char| c.is_ascii_alphanumeric() || "_-.: ".contains(*c);
    reason.chars().filter(fits).take(LONGEST_WORD).collect()
}

/// Tells the log how a reply ended, where that is not as it should be.
pub(crate) fn tell(stop: &Stop, empty: bool, model: &ModelKey) {
    match stop {
        Stop::Refused(reason) => {
            tracing::warn!(%model, %reason, empty, "the model, or a filter behind it, declined to reply");
        }
        Stop::Failed(reason) => {
            tracing::warn!(%model, %reason, empty, "something broke at the provider in the middle of the reply");
        }
        Stop::Other(reason) => {
            tracing::warn!(%model, %reason, empty, "the reply ended for a reason of the provider's own");
        }
        Stop::Thought => {
            tracing::warn!(%model, "the model thinks, and its thoughts used up the whole cap: nothing was left for the reply. Raise `cap` in the configuration of this model");
        }
        Stop::End | Stop::Length | Stop::Sequence(_) if empty => {
            tracing::warn!(%model, ?stop, "the reply is empty");
        }
        Stop::End | Stop::Length | Stop::Sequence(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(reason: &str) -> Option<Stop> {
        stop(&Value::from(reason), &Value::Null)
    }

    #[test]
    fn plain_ends_and_caps_are_known_in_every_spelling() {
        for reason in [
            "stop",
            "STOP",
            "eos",
            "end_turn",
            "COMPLETE",
            " stop ",
            "FINISH_REASON_STOP",
            "FinishReason.STOP",
            "eosFound",
            "success",
        ] {
            assert_eq!(read(reason), Some(Stop::End), "{reason}");
        }
        for reason in [
            "length",
            "MAX_TOKENS",
            "model_length",
            "model_context_window_exceeded",
            "FINISH_REASON_MAX_TOKENS",
            "maxPredictedTokensReached",
        ] {
            assert_eq!(read(reason), Some(Stop::Length), "{reason}");
        }
        let sequence = |word: &str| stop(&Value::from(word), &Value::from("Ana:"));
        assert_eq!(sequence("stop"), Some(Stop::Sequence("Ana:".into())));
        assert_eq!(
            sequence("stop_sequence"),
            Some(Stop::Sequence("Ana:".into()))
        );
        assert_eq!(read("stop_sequence"), Some(Stop::Sequence(String::new())));
        let number = stop(&Value::from("stop"), &Value::from(128_009));
        assert_eq!(number, Some(Stop::End), "vLLM's number of an end token");
    }

    #[test]
    fn refusals_and_failures_keep_the_services_word() {
        for reason in [
            "content_filter",
            "content_filter: PROHIBITED_CONTENT",
            "SAFETY",
            "RECITATION",
            "SPII",
            "sensitive",
            "refusal",
            "guardrail_intervened",
            "output_moderation",
            "blocked",
            "censored",
        ] {
            assert_eq!(read(reason), Some(Stop::Refused(reason.into())));
        }
        for reason in [
            "error",
            "ERROR",
            "abort",
            "network_error",
            "insufficient_system_resource",
            "MALFORMED_FUNCTION_CALL",
            "function_call_filter: MALFORMED_FUNCTION_CALL",
            "engine_error",
            "engine_overloaded",
            "server_shutdown",
        ] {
            assert_eq!(read(reason), Some(Stop::Failed(reason.into())));
        }
        for reason in ["tool_calls", "pause_turn", "something_new"] {
            assert_eq!(read(reason), Some(Stop::Other(reason.into())));
        }
    }

    #[test]
    fn an_empty_reason_is_none() {
        for reason in ["", " ", "null", "NULL", "none"] {
            assert_eq!(read(reason), None, "{reason:?}");
        }
        assert_eq!(stop(&Value::Null, &Value::Null), None);
        assert_eq!(stop(&Value::from(3), &Value::Null), None);
    }

    #[test]
    fn no_text_comes_into_the_log_as_a_reason() {
        let Some(Stop::Other(word)) = read(&"weird\n<你好> ".repeat(40)) else {
            panic!("no word")
        };
        assert!(word.len() <= LONGEST_WORD && word.is_ascii() && !word.contains('\n'));
    }
}
