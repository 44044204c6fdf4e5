//! Gemini's layer of OpenAI's dialect: `https://generativelanguage.googleapis.com/v1beta/openai`.
//!
//! Every error is a list with one object. Unknown fields come all at once. Thoughts are billed, and only the total counts
//! them.

use serde_json::{Value, json};

use crate::fault::{Answer, Fault};
use crate::profiles::strict;
use crate::prompt::{Dialect, Prompt};
use crate::reply::Ending;
use crate::ways::{self, Key, Shelf, Style, Thoughts, UsageAt, Ways};

/// The fields that the layer knows. <https://ai.google.dev/gemini-api/docs/openai>
const KNOWN: [&str; 12] = [
    "model",
    "messages",
    "stream",
    "stream_options",
    "max_tokens",
    "max_completion_tokens",
    "temperature",
    "top_p",
    "stop",
    "response_format",
    "reasoning_effort",
    "n",
];

/// <https://ai.google.dev/api/generate-content#generationconfig>
const MOST_STOPS: usize = 5;

/// Gemini 2.5: thinks, and tells so by a total that is larger than its parts
/// (<https://github.com/mozilla-ai/any-llm/issues/1290>). The usage stands in every chunk.
pub(crate) const GEMINI: Ways = Ways {
    root: "/v1beta/openai",
    dialect: Some(Dialect::OpenAi),
    keys: &[Key::Bearer],
    refuses: &[unknown, stops],
    faults,
    models,
    thinks: "A greeting. I answer in the persona's voice.",
    style: Style {
        thoughts: Thoughts::Hidden,
        usage_at: UsageAt::Every,
        usage: ways::usage_outside,
        finish,
        ..Style::OPENAI
    },
    ..strict::WAYS
};

/// Gemma 3 there: no system message and no schema; no thoughts.
pub(crate) const GEMMA_3: Ways = Ways {
    refuses: &[unknown, stops, system, schema],
    thinks: "",
    ..GEMINI
};

fn error(code: u16, message: &str, status: &str, details: Value) -> Answer {
    let mut error = json!({"code": code, "message": message, "status": status});
    if !details.is_null() {
        error["details"] = details;
    }
    Answer::json(code, &json!([{ "error": error }]))
}

fn invalid(message: &str) -> Answer {
    error(400, message, "INVALID_ARGUMENT", Value::Null)
}

/// Every unknown name in one answer: <https://github.com/MinLL/SkyrimNet-GamePlugin/issues/77>
fn unknown(prompt: &Prompt) -> Option<Answer> {
    let unknown = prompt.unknown(&KNOWN);
    if unknown.is_empty() {
        return None;
    }
    let line = |name: &&str| {
        format!("Invalid JSON payload received. Unknown name \"{name}\": Cannot find field.")
    };
    let lines: Vec<String> = unknown.iter().map(line).collect();
    let violations: Vec<Value> = lines
        .iter()
        .map(|line| json!({"description": line}))
        .collect();
    let details = json!([{
        "@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": violations,
    }]);
    Some(error(400, &lines.join("\n"), "INVALID_ARGUMENT", details))
}

/// The sentence is known from <https://github.com/continuedev/continue/issues/2702>, the frame is the layer's.
fn stops(prompt: &Prompt) -> Option<Answer> {
    let message = "the number of stop_sequences must not exceed 5";
    (prompt.stop.len() > MOST_STOPS).then(|| invalid(message))
}

/// As recorded in this project's field notes of the Gemini API with Gemma 3.
fn system(prompt: &Prompt) -> Option<Answer> {
    let message = format!(
        "Developer instruction is not enabled for models/{}",
        prompt.model
    );
    prompt.role_at("system").map(|_| invalid(&message))
}

/// The sibling of the sentence about the system role.
fn schema(prompt: &Prompt) -> Option<Answer> {
    let message = format!("JSON mode is not enabled for models/{}", prompt.model);
    prompt.wants_schema().then(|| invalid(&message))
}

/// 503: <https://github.com/google-gemini/gemini-cli/issues/5191>. A quota's answer names its metric and a delay.
fn faults(fault: &Fault, shelf: &Shelf) -> Option<Answer> {
    Some(match fault {
        Fault::Overloaded => {
            let message = "The model is overloaded. Please try again later.";
            error(503, message, "UNAVAILABLE", Value::Null)
        }
        Fault::RateLimited { retry_after } => {
            let delay = format!("{}s", retry_after.unwrap_or(22));
            let details = json!([
                {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{
                    "quotaMetric": "generativelanguage.googleapis.com/generate_content_free_tier_requests",
                    "quotaId": "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
                    "quotaDimensions": {"location": "global", "model": shelf.loaded()}, "quotaValue": "10",
                }]},
                {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay},
            ]);
            let message =
                "You exceeded your current quota, please check your plan and billing details.";
            error(429, message, "RESOURCE_EXHAUSTED", details)
        }
        _ => return None,
    })
}

/// What a filter stops ends with a word of its own:
/// <https://github.com/HKUDS/Vibe-Trading/issues/308>
fn finish(ending: &Ending) -> &'static str {
    match ending {
        Ending::Refused => "content_filter: SAFETY",
        other => ways::openai_finish(other),
    }
}

/// The list says `models/NAME`; requests take NAME.
fn models(shelf: &Shelf) -> Option<Value> {
    shelf.list(
        |name| json!({"id": format!("models/{name}"), "object": "model", "owned_by": "google"}),
    )
}
