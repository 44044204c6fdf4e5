//! DeepSeek and Moonshot.

use serde_json::{Value, json};

use crate::fault::Answer;
use crate::profiles::strict;
use crate::prompt::{Dialect, Prompt};
use crate::ways::{Key, Style, Thoughts, Ways};

/// The highest cap that DeepSeek takes.
const HIGHEST_CAP: u64 = 8192;

/// `https://api.deepseek.com`: no schema, no two turns of one role, a range for the cap, thoughts in `reasoning_content`,
/// comments while it waits for a place, and a usage that splits the prompt by its cache.
pub(crate) const DEEPSEEK: Ways = Ways {
    dialect: Some(Dialect::OpenAi),
    keys: &[Key::Bearer],
    caps: &["max_tokens"],
    refuses: &[cap_range, successive, schema],
    thinks: "The user says hello. I greet back.",
    style: Style {
        // https://share.apidog.com/apidoc/docs-site/747793/rate-limit-835830m0
        heartbeat: ": keep-alive\n\n",
        usage: cached_usage,
        ..Style::OPENAI
    },
    ..strict::WAYS
};

/// `https://api.moonshot.ai/v1` with Kimi: one temperature, no empty turn; errors without `param` and `code`.
pub(crate) const MOONSHOT: Ways = Ways {
    dialect: Some(Dialect::OpenAi),
    keys: &[Key::Bearer],
    caps: &["max_tokens"],
    refuses: &[only_one, not_empty],
    thinks: "The user says hello. I greet back.",
    style: Style {
        thoughts: Thoughts::Field("reasoning_content"),
        ..Style::OPENAI
    },
    ..strict::WAYS
};

fn deepseeks(message: &str) -> Answer {
    let error = json!({"error": {
        "message": message, "type": "invalid_request_error", "param": null, "code": "invalid_request_error",
    }});
    Answer::json(400, &error)
}

/// The value is too high; the field is welcome.
fn cap_range(prompt: &Prompt) -> Option<Answer> {
    let message =
        format!("Invalid max_tokens value, the valid range of max_tokens is [1, {HIGHEST_CAP}]");
    let cap = prompt.max_tokens?;
    (!(1..=HIGHEST_CAP).contains(&cap)).then(|| deepseeks(&message))
}

/// <https://github.com/deepseek-ai/DeepSeek-R1/issues/21>
fn successive(prompt: &Prompt) -> Option<Answer> {
    let at = prompt.repeated_at()?;
    let before = at - 1;
    Some(deepseeks(&format!(
        "{} does not support successive user or assistant messages (messages[{before}] and messages[{at}] in your input). You should interleave the user/assistant messages in the message sequence.",
        prompt.model
    )))
}

/// <https://github.com/llm-exe/llm-exe/issues/662>
fn schema(prompt: &Prompt) -> Option<Answer> {
    let refused = || deepseeks("This response_format type is unavailable now");
    prompt.wants_schema().then(refused)
}

fn cached_usage([input, cached, _, output, reasoning]: [u64; 5]) -> Value {
    json!({
        "prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output,
        "prompt_tokens_details": {"cached_tokens": cached},
        "completion_tokens_details": {"reasoning_tokens": reasoning},
        "prompt_cache_hit_tokens": cached, "prompt_cache_miss_tokens": input.saturating_sub(cached),
    })
}

fn moonshots(message: &str) -> Answer {
    let error = json!({"error": {"message": message, "type": "invalid_request_error"}});
    Answer::json(400, &error)
}

/// <https://github.com/countbot-ai/CountBot/issues/61>
fn only_one(prompt: &Prompt) -> Option<Answer> {
    let message = "invalid temperature: only 1 is allowed for this model";
    prompt.other_temperature().map(|_| moonshots(message))
}

/// <https://github.com/CherryHQ/cherry-studio/issues/1313>
fn not_empty(prompt: &Prompt) -> Option<Answer> {
    let (at, role) = prompt.empty_at()?;
    Some(moonshots(&format!(
        "Invalid request: the message at position {at} with role '{role}' must not be empty"
    )))
}
