//! Mistral: `https://api.mistral.ai/v1`.

use serde_json::{Value, json};

use crate::fault::Answer;
use crate::profiles::strict;
use crate::prompt::{Dialect, Prompt};
use crate::ways::{self, Key, Shelf, Style, Thoughts, UsageAt, Ways};

/// The fields that it knows: neither `stream_options` nor `max_completion_tokens` is among them.
/// <https://docs.mistral.ai/api>
const KNOWN: [&str; 16] = [
    "model",
    "messages",
    "stream",
    "max_tokens",
    "temperature",
    "top_p",
    "stop",
    "random_seed",
    "response_format",
    "presence_penalty",
    "frequency_penalty",
    "n",
    "prompt_mode",
    "reasoning_effort",
    "safe_prompt",
    "metadata",
];

/// Unknown fields all at once, in a body whose `message` is an object; the last turn has to be a user's; thoughts come as
/// typed parts of `content`, and the usage comes beside the finish reason, unasked.
pub(crate) const MISTRAL: Ways = Ways {
    dialect: Some(Dialect::OpenAi),
    keys: &[Key::Bearer],
    caps: &["max_tokens"],
    refuses: &[extra, last_role],
    models,
    thinks: "A greeting. I answer it.",
    style: Style {
        // https://github.com/simonw/llm-mistral/issues/39
        thoughts: Thoughts::Parts,
        usage_at: UsageAt::Finish,
        usage: ways::plain_usage,
        finish_rides: true,
        ..Style::OPENAI
    },
    ..strict::WAYS
};

/// <https://github.com/editor-code-assistant/eca/issues/231>
fn extra(prompt: &Prompt) -> Option<Answer> {
    let detail = |name: &&str| {
        // A field of a field is named by its whole path.
        let (inner, input) = match *name {
            "stream_options" => (Some("include_usage"), json!(true)),
            name => (None, prompt.body[name].clone()),
        };
        let path: Vec<&str> = ["body", name].into_iter().chain(inner).collect();
        json!({"type": "extra_forbidden", "loc": path, "msg": "Extra inputs are not permitted", "input": input})
    };
    let details: Vec<Value> = prompt.unknown(&KNOWN).iter().map(detail).collect();
    let error = json!({
        "object": "error", "message": {"detail": details}, "type": "invalid_request_error", "param": null, "code": null,
    });
    (!details.is_empty()).then(|| Answer::json(422, &error))
}

/// <https://github.com/NEKOparapa/AiNiee/issues/641>
fn last_role(prompt: &Prompt) -> Option<Answer> {
    let role = prompt.last_role();
    let message = format!(
        "Expected last role User or Tool (or Assistant with prefix True) for serving but got {role}"
    );
    let error = json!({
        "object": "error", "message": message, "type": "invalid_request_error", "param": null, "code": null,
    });
    (role != "user").then(|| Answer::json(400, &error))
}

/// By general knowledge: no recorded list was found.
fn models(shelf: &Shelf) -> Option<Value> {
    let window = shelf.window;
    shelf.list(|name| {
        json!({
            "id": name, "object": "model", "created": 1_750_000_000, "owned_by": "mistralai",
            "capabilities": {"completion_chat": true}, "max_context_length": window,
        })
    })
}
