//! The endpoint that tests meet who do not care: it speaks both dialects, and takes nothing that any endpoint of them is
//! known to refuse from everybody. What it answers is what OpenAI and Anthropic answer.

use serde_json::{Value, json};

use crate::fault::{self, Answer};
use crate::profiles::openai;
use crate::prompt::{Dialect, Prompt};
use crate::ways::{self, Key, Shelf, Style, Ways};

/// The fields of a chat completion that OpenAI documents and that anything like Familiar may want.
/// <https://platform.openai.com/docs/api-reference/chat/create>
pub(crate) const CHAT_FIELDS: [&str; 17] = [
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
    "seed",
    "user",
    "presence_penalty",
    "frequency_penalty",
    "logit_bias",
];

/// The same of Anthropic's messages. <https://platform.claude.com/docs/en/api/messages>
pub(crate) const MESSAGES_FIELDS: [&str; 12] = [
    "model",
    "max_tokens",
    "system",
    "messages",
    "stream",
    "temperature",
    "top_p",
    "top_k",
    "stop_sequences",
    "metadata",
    "thinking",
    "output_config",
];

/// As many stop sequences as OpenAI takes.
pub(crate) const MOST_STOPS: usize = 4;

/// The ways from which every profile begins.
pub(crate) const WAYS: Ways = Ways {
    root: "/v1",
    query: "",
    dialect: None,
    keys: &[Key::Bearer, Key::Header("x-api-key")],
    caps: &["max_completion_tokens", "max_tokens"],
    samples: ways::OPENAIS,
    refuses: &[unknown_field, no_cap, roles, empty, stops],
    faults: ways::dialects_own,
    models: listed,
    besides: ways::nothing_besides,
    any_name: false,
    thinks: "",
    style: Style::OPENAI,
};

fn refusal(prompt: &Prompt, message: &str, param: &str, code: Value) -> Option<Answer> {
    Some(match prompt.dialect {
        Dialect::OpenAi => {
            let error = fault::openai_error(message, "invalid_request_error", json!(param), code);
            Answer::json(400, &error)
        }
        Dialect::Anthropic => Answer::json(
            400,
            &fault::anthropic_error("invalid_request_error", message),
        ),
    })
}

fn unknown_field(prompt: &Prompt) -> Option<Answer> {
    let unknown = match prompt.dialect {
        Dialect::OpenAi => prompt.unknown(&CHAT_FIELDS),
        Dialect::Anthropic => prompt.unknown(&MESSAGES_FIELDS),
    };
    let &field = unknown.first()?;
    let message = match prompt.dialect {
        Dialect::OpenAi => format!("Unknown parameter: '{field}'."),
        Dialect::Anthropic => format!("{field}: Extra inputs are not permitted"),
    };
    refusal(prompt, &message, field, json!("unknown_parameter"))
}

fn no_cap(prompt: &Prompt) -> Option<Answer> {
    let missing = prompt.dialect == Dialect::Anthropic && !prompt.has("max_tokens");
    missing.then(|| refusal(prompt, "max_tokens: Field required", "", Value::Null))?
}

fn roles(prompt: &Prompt) -> Option<Answer> {
    let at = prompt.out_of_turn()?;
    let message = "Conversation roles must alternate user/assistant/user/assistant/...";
    refusal(
        prompt,
        message,
        &format!("messages[{at}].role"),
        Value::Null,
    )
}

fn empty(prompt: &Prompt) -> Option<Answer> {
    let (at, _) = prompt.empty_at()?;
    let message = format!("messages.{at}: text content blocks must be non-empty");
    refusal(
        prompt,
        &message,
        &format!("messages[{at}].content"),
        Value::Null,
    )
}

fn stops(prompt: &Prompt) -> Option<Answer> {
    if prompt.dialect == Dialect::OpenAi {
        return openai::many_stops(prompt);
    }
    let blank = prompt.stop.iter().any(|stop| stop.trim().is_empty());
    let message = "stop_sequences: each stop sequence must contain non-whitespace";
    blank.then(|| refusal(prompt, message, "", Value::Null))?
}

/// OpenAI's list, which tells no window.
fn listed(shelf: &Shelf) -> Option<Value> {
    shelf.list(
        |name| json!({"id": name, "object": "model", "created": 1_750_000_000, "owned_by": "sim"}),
    )
}
