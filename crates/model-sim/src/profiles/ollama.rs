//! Ollama: `http://127.0.0.1:11434/v1`, read in its source at fb30760 (<https://github.com/ollama/ollama>).

use serde_json::{Value, json};

use crate::fault::{Answer, Fault};
use crate::profiles::{llama_cpp, strict};
use crate::prompt::{Dialect, Prompt};
use crate::ways::{self, Key, Shelf, Style, Thoughts, Ways};

/// Ignores what it does not know, `max_completion_tokens` too, so that a cap under that name binds nothing. Thoughts in
/// `reasoning`; the list is null where no model is pulled and tells no window, which `/api/ps` tells.
pub(crate) const OLLAMA: Ways = Ways {
    dialect: Some(Dialect::OpenAi),
    keys: &[Key::Bearer],
    caps: &["max_tokens"],
    // Nothing else, whatever its own API takes: <https://docs.ollama.com/api/openai-compatibility>
    samples: ways::OPENAIS,
    refuses: &[no_messages, template],
    faults,
    models,
    besides,
    thinks: "Hello, then.",
    style: Style {
        thoughts: Thoughts::Field("reasoning"),
        usage: ways::plain_usage,
        ..Style::OPENAI
    },
    ..strict::WAYS
};

/// `openai/openai.go`: three kinds, by the status.
fn error(status: u16, message: &str) -> Answer {
    let kind = match status {
        400 => "invalid_request_error",
        404 => "not_found_error",
        _ => "api_error",
    };
    let error = json!({"error": {"message": message, "type": kind, "param": null, "code": null}});
    Answer::json(status, &error)
}

fn no_messages(prompt: &Prompt) -> Option<Answer> {
    let none = prompt.messages.is_empty() && prompt.system.is_empty();
    none.then(|| error(400, "[] is too short - 'messages'"))
}

/// A model with a template of its own runs behind llama-server, whose body comes as a string:
/// <https://github.com/mistralai/mistral-vibe/issues/1006>
fn template(prompt: &Prompt) -> Option<Answer> {
    prompt.out_of_turn()?;
    Some(error(500, &llama_cpp::jinja(llama_cpp::ALTERNATE).body))
}

fn faults(fault: &Fault, shelf: &Shelf) -> Option<Answer> {
    Some(match fault {
        // `ErrMaxQueue`, with its two blanks.
        Fault::Overloaded => error(
            503,
            "server busy, please try again.  maximum pending requests exceeded",
        ),
        Fault::ModelMissing => error(404, &format!("model '{}' not found", shelf.loaded())),
        _ => return None,
    })
}

fn models(shelf: &Shelf) -> Option<Value> {
    if shelf.models.is_empty() {
        return Some(json!({"object": "list", "data": null}));
    }
    shelf.list(|name| {
        json!({"id": name, "object": "model", "created": 1_750_000_000, "owned_by": "library"})
    })
}

/// `/api/show` tells the window that the model was trained with, `/api/ps` the one that is served.
fn besides(path: &str, shelf: &Shelf) -> Option<Value> {
    let window = shelf.window;
    match path {
        "/api/show" => Some(json!({
            "model_info": {"general.architecture": "llama", "llama.context_length": 131_072},
        })),
        "/api/ps" => Some(json!({
            "models": shelf.each(|name| json!({"name": name, "model": name, "context_length": window})),
        })),
        _ => None,
    }
}
