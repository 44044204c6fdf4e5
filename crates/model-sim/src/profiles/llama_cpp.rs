//! llama.cpp's server old and new (<https://github.com/ggml-org/llama.cpp>), and what others build on it: LM Studio and
//! LocalAI. Their refusals are exceptions of the model's chat template.

use serde_json::{Value, json};

use crate::fault::{Answer, Fault};
use crate::profiles::strict;
use crate::prompt::{Dialect, Prompt};
use crate::ways::{self, Key, Shelf, Style, Thoughts, UsageAt, Ways};

/// What the templates of Llama 2, Mistral and Gemma say of roles out of turn.
pub(crate) const ALTERNATE: &str =
    "Conversation roles must alternate user/assistant/user/assistant/...";
/// What Gemma 2's template says.
const NO_SYSTEM: &str = "System role not supported";

/// `tools/server/server-schema.cpp` at 0177c34. The names are older than the file; whatever else a request has is passed over.
const SAMPLES: &[&str] = &[
    "temperature",
    "top_p",
    "min_p",
    "frequency_penalty",
    "presence_penalty",
    "repeat_penalty",
    "repeat_last_n",
    "dry_multiplier",
    "dry_base",
    "dry_allowed_length",
    "dry_penalty_last_n",
];

/// A build of 2025, whose template engine quotes the template behind the exception. The template is that of Mistral 7B
/// v0.1, which knows no system role and takes one for a turn (<https://github.com/vllm-project/vllm/issues/2080>). An
/// error in the midst comes as an SSE field of its own. The list tells the window of the training only.
pub(crate) const LLAMA_CPP_OLD: Ways = Ways {
    dialect: Some(Dialect::OpenAi),
    keys: &[Key::Bearer],
    samples: SAMPLES,
    refuses: &[minja_turns],
    faults,
    models: trained_models,
    besides: props,
    any_name: true,
    style: Style {
        usage_at: UsageAt::Finish,
        usage: ways::plain_usage,
        breaks: error_field,
        ..Style::OPENAI
    },
    ..strict::WAYS
};

/// A build of 2026 with a template engine of its own and Gemma 2's template: no system role. It sends bare colons while
/// it reads the prompt (<https://github.com/ollama/ollama/issues/16443>), and with `reasoning_format: "none"` the closing
/// tag alone (<https://github.com/ggml-org/llama.cpp/issues/23320>).
pub(crate) const LLAMA_CPP: Ways = Ways {
    dialect: Some(Dialect::OpenAi),
    keys: &[Key::Bearer],
    samples: SAMPLES,
    refuses: &[jinja_system, jinja_turns, below_nothing],
    faults,
    models: served_models,
    besides: props,
    any_name: true,
    thinks: "Okay, the user just greeted me, so a warm greeting is due.\n",
    style: Style {
        heartbeat: ":\n\n",
        thoughts: Thoughts::UpTo("</think>\n\n"),
        usage: ways::plain_usage,
        breaks: error_event,
        ..Style::OPENAI
    },
    ..strict::WAYS
};

/// LM Studio: `error` is a string, the schema is welcome and `json_object` is not, an error in the midst is an event of
/// its own name, and the window stands at `/api/v0/models` only.
pub(crate) const LM_STUDIO: Ways = Ways {
    dialect: Some(Dialect::OpenAi),
    keys: &[Key::Bearer],
    // <https://lmstudio.ai/docs/developer/openai-compat/chat-completions>
    samples: &[
        "temperature",
        "top_p",
        "frequency_penalty",
        "presence_penalty",
        "repeat_penalty",
    ],
    refuses: &[json_object, rendering],
    models: lm_studio_models,
    besides: lm_studio_window,
    thinks: "They greet me; I greet them.",
    style: Style {
        thoughts: Thoughts::Between("<think>\n", "\n</think>\n\n"),
        usage: ways::plain_usage,
        breaks: named_event,
        ..Style::OPENAI
    },
    ..strict::WAYS
};

/// LocalAI: the template's refusal comes as the first event of a 200.
/// <https://github.com/sterlp/eclipse-peon-ai/issues/75>
pub(crate) const LOCAL_AI: Ways = Ways {
    dialect: Some(Dialect::OpenAi),
    keys: &[Key::Bearer],
    // `core/schema/prediction.go` at 00fcf69 (<https://github.com/mudler/LocalAI>)
    samples: &[
        "temperature",
        "top_p",
        "min_p",
        "frequency_penalty",
        "presence_penalty",
        "repeat_penalty",
        "repeat_last_n",
    ],
    refuses: &[refusal_in_a_stream],
    style: Style {
        usage_at: UsageAt::Finish,
        usage: ways::plain_usage,
        ..Style::OPENAI
    },
    ..strict::WAYS
};

fn error(code: u16, message: &str, kind: &str) -> Value {
    json!({"error": {"code": code, "message": message, "type": kind}})
}

/// <https://github.com/janhq/jan/issues/6254>
fn minja_turns(prompt: &Prompt) -> Option<Answer> {
    let refused = prompt.role_at("system").is_some() || prompt.out_of_turn().is_some();
    let message = format!(
        "{ALTERNATE} at row 19, column 27:\n    {{%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}}\n        {{{{- raise_exception('{ALTERNATE}') }}}}\n                          ^\n    {{%- endif %}}\n"
    );
    refused.then(|| Answer::json(500, &error(500, &message, "server_error")))
}

/// <https://github.com/idiap/sdialog/issues/122>
pub(crate) fn jinja(exception: &str) -> Answer {
    Answer::json(500, &error(500, &executing(exception), "server_error"))
}

fn executing(exception: &str) -> String {
    let cut: String = exception.chars().take(37).collect();
    format!(
        "\n------------\nWhile executing CallExpression at line 19, column 27 in source:\n...% 2 == 0) -%}}\u{21b5}        {{{{ raise_exception(\"{cut}...\n                                           ^\nError: Jinja Exception: {exception}"
    )
}

fn jinja_system(prompt: &Prompt) -> Option<Answer> {
    prompt.role_at("system").map(|_| jinja(NO_SYSTEM))
}

fn jinja_turns(prompt: &Prompt) -> Option<Answer> {
    prompt.out_of_turn().map(|_| jinja(ALTERNATE))
}

/// -1 was the whole prompt once. `server-schema.cpp` at 0177c34
fn below_nothing(prompt: &Prompt) -> Option<Answer> {
    let below = |name: &&str| prompt.body[name].as_i64().is_some_and(|given| given < 0);
    let name = ["repeat_last_n", "dry_penalty_last_n"]
        .into_iter()
        .find(below)?;
    let given = &prompt.body[name];
    let message =
        format!("Field '{name}': Value must be between 0 <= value <= 2147483647, but got {given}");
    Some(Answer::json(
        400,
        &error(400, &message, "invalid_request_error"),
    ))
}

/// `server-common.cpp`
fn faults(fault: &Fault, _: &Shelf) -> Option<Answer> {
    Some(match fault {
        Fault::Overloaded => Answer::json(503, &error(503, "Loading model", "unavailable_error")),
        Fault::Authentication => {
            Answer::json(401, &error(401, "Invalid API Key", "authentication_error"))
        }
        _ => return None,
    })
}

/// Until September 2025: <https://github.com/ggml-org/llama.cpp/pull/16109>
fn error_field() -> String {
    let error = json!({
        "code": 400, "type": "invalid_request_error",
        "message": "the request exceeds the available context size. try increasing the context size or enable context shift",
    });
    format!("error: {error}\n\ndata: [DONE]\n\n")
}

fn error_event() -> String {
    let message = "request (19185 tokens) exceeds the available context size (16384 tokens), try increasing it";
    format!(
        "data: {}\n\n",
        error(400, message, "exceed_context_size_error")
    )
}

fn entry(name: &str) -> Value {
    json!({"id": name, "object": "model", "created": 1_750_000_000, "owned_by": "llamacpp"})
}

fn trained_models(shelf: &Shelf) -> Option<Value> {
    shelf.list(|name| {
        let mut entry = entry(name);
        entry["meta"] =
            json!({"vocab_type": 1, "n_vocab": 32_000, "n_ctx_train": 32_768, "n_embd": 4096});
        entry
    })
}

/// Ollama's list and OpenAI's in one body; `n_ctx` is what a slot has.
fn served_models(shelf: &Shelf) -> Option<Value> {
    let window = shelf.window;
    let data = shelf.each(|name| {
        let mut entry = entry(name);
        entry["meta"] = json!({"n_ctx": window, "n_ctx_train": 131_072});
        entry
    });
    let models = shelf.each(|name| json!({"name": name, "model": name, "type": "model"}));
    Some(json!({"models": models, "object": "list", "data": data}))
}

fn props(path: &str, shelf: &Shelf) -> Option<Value> {
    let settings = json!({"n_ctx": shelf.window});
    (path == "/props").then(|| json!({"default_generation_settings": settings, "total_slots": 1}))
}

/// <https://github.com/LoadShine/tada/issues/16>
fn json_object(prompt: &Prompt) -> Option<Answer> {
    let error = json!({"error": "'response_format.type' must be 'json_schema' or 'text'"});
    let refused = prompt.body["response_format"]["type"] == "json_object";
    refused.then(|| Answer::json(400, &error))
}

/// The sentence is known from <https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/1586>.
fn rendering(prompt: &Prompt) -> Option<Answer> {
    let user = prompt.role_at("user").is_some();
    let exception = "No user query found in messages.";
    let message = format!(
        "Error rendering prompt with jinja template: \"{exception}\".\n\nThis is usually an issue with the model's prompt template."
    );
    (!user).then(|| Answer::json(400, &json!({ "error": message })))
}

/// The event's name and frame are known from this project's field notes; the sentence is this simulator's.
fn named_event() -> String {
    let error =
        json!({"error": {"message": "The model has crashed without additional information."}});
    format!("event: error\ndata: {error}\n\n")
}

/// Without any length: <https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/2139>
fn lm_studio_models(shelf: &Shelf) -> Option<Value> {
    shelf.list(|name| json!({"id": name, "object": "model", "owned_by": "organization_owner"}))
}

/// <https://www.lmstudio.ai/docs/api/rest-api>
fn lm_studio_window(path: &str, shelf: &Shelf) -> Option<Value> {
    let window = shelf.window;
    let entry = |name: &str| {
        json!({
            "id": name, "object": "model", "type": "llm", "state": "loaded",
            "max_context_length": 131_072, "loaded_context_length": window,
        })
    };
    (path == "/api/v0/models").then(|| json!({"object": "list", "data": shelf.each(entry)}))
}

fn refusal_in_a_stream(prompt: &Prompt) -> Option<Answer> {
    let refused = prompt.role_at("system").is_some() || prompt.out_of_turn().is_some();
    let exception = match prompt.role_at("system") {
        Some(_) => NO_SYSTEM,
        None => ALTERNATE,
    };
    let message = format!(
        "rpc error: code = InvalidArgument desc = {}",
        executing(exception)
    );
    let error =
        json!({"error": {"code": "server_error", "message": message, "type": "server_error"}});
    refused.then(|| Answer::events(&format!("data: {error}\n\ndata: [DONE]\n\n")))
}
