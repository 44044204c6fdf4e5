//! OpenRouter: `https://openrouter.ai/api/v1`. Its prices and its records of calls are in `crate::openrouter`.

use serde_json::{Value, json};

use crate::fault::{Answer, Fault};
use crate::profiles::openai;
use crate::profiles::strict;
use crate::prompt::{Dialect, Prompt};
use crate::ways::{self, Key, Shelf, Style, Thoughts, Ways};

/// In front of OpenAI's gpt-5: what the upstream refuses stands as text in `metadata.raw`; comments while it waits;
/// thoughts in `reasoning`; the list tells windows and which parameters a model takes.
pub(crate) const OPENROUTER: Ways = Ways {
    root: "/api/v1",
    dialect: Some(Dialect::OpenAi),
    keys: &[Key::Bearer],
    refuses: &[upstream],
    faults,
    models,
    thinks: "A greeting; I keep it short.",
    style: Style {
        // https://openrouter.ai/docs/api-reference/streaming
        heartbeat: ": OPENROUTER PROCESSING\n\n",
        thoughts: Thoughts::Field("reasoning"),
        usage: ways::openai_usage,
        breaks,
        ..Style::OPENAI
    },
    ..strict::WAYS
};

/// The upstream's body as a string, within the router's own:
/// <https://github.com/reVrost/go-openrouter/issues/21>
fn upstream(prompt: &Prompt) -> Option<Answer> {
    let refused = openai::stop(prompt)?;
    let error = json!({
        "error": {
            "message": "Provider returned error", "code": 400,
            "metadata": {"raw": refused.body.trim_end(), "provider_name": "OpenAI"},
        },
        "user_id": "org_2xSimSimSim",
    });
    Some(Answer::json(400, &error))
}

/// 402 as in this project's field notes; a rate limit upstream is told as plain text in `raw`:
/// <https://github.com/open-webui/computer/issues/293>
fn faults(fault: &Fault, shelf: &Shelf) -> Option<Answer> {
    let model = shelf.loaded();
    Some(match fault {
        Fault::OutOfCredit => {
            let message = "This request requires more credits, or fewer max_tokens. You requested up to 400 tokens, but can only afford 12.";
            Answer::json(
                402,
                &json!({"error": {"message": message, "code": 402}, "user_id": "org_2xSimSimSim"}),
            )
        }
        Fault::RateLimited { retry_after } => {
            let raw = format!(
                "{model} is temporarily rate-limited upstream. Please retry shortly, or add your own key to accumulate your rate limits"
            );
            let error = json!({
                "error": {"message": "Provider returned error", "code": 429, "metadata": {"raw": raw, "provider_name": "Sim"}},
                "user_id": "org_2xSimSimSim",
            });
            let mut answer = Answer::json(429, &error);
            let seconds = retry_after.map(|seconds| ("retry-after", seconds.to_string()));
            answer.headers.extend(seconds);
            answer
        }
        _ => return None,
    })
}

/// A chunk that is an error as well: <https://github.com/use-agent-os/agent-os/issues/2214>
fn breaks() -> String {
    let event = json!({
        "id": "cmpl-abc123", "object": "chat.completion.chunk", "created": 1_750_000_000, "model": "openai/gpt-4o",
        "provider": "openai", "error": {"code": "server_error", "message": "Provider disconnected unexpectedly"},
        "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error"}],
    });
    format!("data: {event}\n\n")
}

/// <https://openrouter.ai/docs/api-reference/list-available-models>
fn models(shelf: &Shelf) -> Option<Value> {
    let window = shelf.window;
    shelf.list(|name| {
        json!({
            "id": name, "canonical_slug": name, "name": name, "created": 1_750_000_000, "context_length": window,
            "top_provider": {"context_length": window, "max_completion_tokens": window, "is_moderated": true},
            "supported_parameters": ["max_tokens", "reasoning", "response_format", "structured_outputs"],
        })
    })
}
