//! Anthropic's messages: two generations of Claude, and a vendor that speaks the dialect under a path of its own.

use serde_json::{Value, json};

use crate::fault::{self, Answer};
use crate::profiles::strict::{self, MESSAGES_FIELDS};
use crate::prompt::{Dialect, Prompt};
use crate::ways::{Key, Rule, Shelf, Ways};

/// The most output tokens of the older generation, by a recorded refusal.
const HIGHEST_CAP: u64 = 64_000;

/// Sonnet and Haiku 4.5: one of `temperature` and `top_p`, no text without words, no blank stop, no system message among
/// the others, no cap above the model's, and nothing unknown. An overloaded hour is a 529.
pub(crate) const ANTHROPIC: Ways = Ways {
    dialect: Some(Dialect::Anthropic),
    keys: &[Key::Header("x-api-key")],
    caps: &["max_tokens"],
    samples: &["temperature", "top_p"],
    refuses: CLAUDE,
    models,
    ..strict::WAYS
};

const CLAUDE: &[Rule] = &[
    extra,
    no_cap,
    cap_too_high,
    system_role,
    first_role,
    empty,
    blank_stop,
    two_samplings,
];

/// Opus 4.7 and later: no temperature at all, no prefill, and it thinks before it speaks.
pub(crate) const ANTHROPIC_OPUS: Ways = Ways {
    samples: &["top_p"],
    refuses: &[
        extra,
        no_cap,
        system_role,
        first_role,
        empty,
        blank_stop,
        no_temperature,
        prefill,
    ],
    thinks: "The user greets me. A short greeting in the persona's voice.",
    ..ANTHROPIC
};

/// Z.ai's `https://api.z.ai/api/anthropic`, as its own guide and Moonshot's have it: the key as `Authorization: Bearer`
/// alone, as Baseten documents for its own (docs.baseten.co/reference/inference-api/messages), and no list of models.
/// <https://www.developersdigest.tech/reference/api-compatibility/moonshot>
pub(crate) const ANTHROPIC_VENDOR: Ways = Ways {
    root: "/api/anthropic/v1",
    keys: &[Key::Bearer],
    models: |_| None,
    // What it refuses is not known.
    refuses: &[],
    ..ANTHROPIC
};

fn refusal(message: &str) -> Answer {
    Answer::json(
        400,
        &fault::anthropic_error("invalid_request_error", message),
    )
}

/// <https://github.com/anthropics/claude-code/issues/4378>
fn extra(prompt: &Prompt) -> Option<Answer> {
    let &field = prompt.unknown(&MESSAGES_FIELDS).first()?;
    Some(refusal(&format!("{field}: Extra inputs are not permitted")))
}

fn no_cap(prompt: &Prompt) -> Option<Answer> {
    let refused = || refusal("max_tokens: Field required");
    (!prompt.has("max_tokens")).then(refused)
}

/// As recorded: the value is too high, the field is needed.
fn cap_too_high(prompt: &Prompt) -> Option<Answer> {
    let cap = prompt.max_tokens?;
    let message = format!(
        "max_tokens: {cap} > {HIGHEST_CAP}, which is the maximum allowed number of output tokens for {}",
        prompt.model
    );
    (cap > HIGHEST_CAP).then(|| refusal(&message))
}

/// <https://github.com/anthropics/claude-code/issues/61412>
fn system_role(prompt: &Prompt) -> Option<Answer> {
    let message = "role 'system' is not supported on this model";
    prompt.role_at("system").map(|_| refusal(message))
}

/// Two of a role in a row are taken as one; the first has to be the user's.
fn first_role(prompt: &Prompt) -> Option<Answer> {
    let first = prompt.messages.first().map(|(role, _)| role.as_str());
    let refused = || refusal("messages: first message must use the \"user\" role");
    (first != Some("user")).then(refused)
}

/// <https://github.com/anthropics/claude-code/issues/59812>
fn empty(prompt: &Prompt) -> Option<Answer> {
    let message = "messages: text content blocks must be non-empty";
    prompt.empty_at().map(|_| refusal(message))
}

/// <https://github.com/BerriAI/litellm/issues/3286>
fn blank_stop(prompt: &Prompt) -> Option<Answer> {
    let blank = prompt.stop.iter().any(|stop| stop.trim().is_empty());
    let message = "stop_sequences: each stop sequence must contain non-whitespace";
    blank.then(|| refusal(message))
}

/// <https://github.com/BerriAI/litellm/issues/15097>
fn two_samplings(prompt: &Prompt) -> Option<Answer> {
    let message =
        "`temperature` and `top_p` cannot both be specified for this model. Please use only one.";
    (prompt.has("temperature") && prompt.has("top_p")).then(|| refusal(message))
}

/// <https://github.com/UKGovernmentBEIS/inspect_ai/issues/3721>
fn no_temperature(prompt: &Prompt) -> Option<Answer> {
    let message = "`temperature` is deprecated for this model.";
    prompt.temperature().map(|_| refusal(message))
}

/// <https://github.com/smallmain/vscode-unify-chat-provider/issues/249>
fn prefill(prompt: &Prompt) -> Option<Answer> {
    let message = "This model does not support assistant message prefill. The conversation must end with a user message.";
    (prompt.last_role() == "assistant").then(|| refusal(message))
}

/// <https://platform.claude.com/docs/en/api/cli/models/list.md>
fn models(shelf: &Shelf) -> Option<Value> {
    let window = shelf.window;
    let data = shelf.each(|name| {
        json!({
            "type": "model", "id": name, "display_name": name, "created_at": "2025-06-15T00:00:00Z",
            "max_input_tokens": window, "max_tokens": HIGHEST_CAP,
        })
    });
    let (first, last) = (shelf.models.first(), shelf.models.last());
    Some(json!({"data": data, "has_more": false, "first_id": first, "last_id": last}))
}
