//! vLLM new and old (<https://github.com/vllm-project/vllm>), and Hugging Face's TGI.

use serde_json::{Value, json};

use crate::fault::Answer;
use crate::profiles::{llama_cpp, strict};
use crate::prompt::{Dialect, Prompt};
use crate::reply::Ending;
use crate::ways::{self, Key, Shelf, Style, Thoughts, UsageAt, Ways};

/// `vllm/entrypoints/openai/chat_completion/protocol.py` at 002032e. Its repeat penalty counts the whole prompt.
const SAMPLES: &[&str] = &[
    "temperature",
    "top_p",
    "min_p",
    "frequency_penalty",
    "presence_penalty",
    "repetition_penalty",
];

/// A build of 2026: unknown fields pass, templates refuse with a 400 in OpenAI's frame, thoughts stand in `reasoning`
/// (<https://github.com/vllm-project/vllm/issues/32125>), and the list tells the window.
pub(crate) const VLLM: Ways = Ways {
    dialect: Some(Dialect::OpenAi),
    keys: &[Key::Bearer],
    samples: SAMPLES,
    refuses: &[turns],
    models,
    thinks: "A greeting. A greeting back.",
    style: Style {
        thoughts: Thoughts::Field("reasoning"),
        usage: ways::plain_usage,
        ..Style::OPENAI
    },
    ..strict::WAYS
};

/// Up to 0.6: flat errors; unknown fields are refused in Python's own notation, `max_completion_tokens` among them; a
/// template without a system role.
pub(crate) const VLLM_OLD: Ways = Ways {
    caps: &["max_tokens"],
    refuses: &[old_fields, old_system, old_turns],
    thinks: "",
    ..VLLM
};

/// TGI before April 2024: `index` counts the chunks (<https://github.com/huggingface/text-generation-inference/issues/1648>),
/// an end is `eos_token`, and templates refuse with a 422.
pub(crate) const TGI: Ways = Ways {
    dialect: Some(Dialect::OpenAi),
    keys: &[Key::Bearer],
    refuses: &[tgi_turns],
    any_name: true,
    style: Style {
        index_counts: true,
        finish: tgi_finish,
        finish_rides: true,
        usage_at: UsageAt::Finish,
        usage: ways::plain_usage,
        ..Style::OPENAI
    },
    ..strict::WAYS
};

/// As logged in January 2026.
fn turns(prompt: &Prompt) -> Option<Answer> {
    prompt.out_of_turn()?;
    let message = llama_cpp::ALTERNATE;
    let error = json!({"error": {"message": message, "type": "BadRequestError", "param": null, "code": 400}});
    Some(Answer::json(400, &error))
}

fn flat(message: &str) -> Answer {
    let error = json!({
        "object": "error", "message": message, "type": "BadRequestError", "param": null, "code": 400,
    });
    Answer::json(400, &error)
}

/// <https://github.com/voideditor/void/issues/128>
fn old_fields(prompt: &Prompt) -> Option<Answer> {
    let chat = strict::CHAT_FIELDS.into_iter();
    let chat = chat.filter(|field| !matches!(*field, "max_completion_tokens" | "reasoning_effort"));
    let known: Vec<&str> = chat.chain(SAMPLES.iter().copied()).collect();
    let detail = |name: &&str| {
        let input = &prompt.body[*name];
        format!(
            "{{'type': 'extra_forbidden', 'loc': ('body', '{name}'), 'msg': 'Extra inputs are not permitted', 'input': {input}}}"
        )
    };
    let details: Vec<String> = prompt.unknown(&known).iter().map(detail).collect();
    (!details.is_empty()).then(|| flat(&format!("[{}]", details.join(", "))))
}

/// <https://github.com/vllm-project/vllm/issues/2964>
fn old_system(prompt: &Prompt) -> Option<Answer> {
    let refused = |_| flat("System role not supported");
    prompt.role_at("system").map(refused)
}

/// <https://github.com/weaviate/Verba/issues/150>
fn old_turns(prompt: &Prompt) -> Option<Answer> {
    prompt.out_of_turn().map(|_| flat(llama_cpp::ALTERNATE))
}

fn models(shelf: &Shelf) -> Option<Value> {
    let window = shelf.window;
    shelf.list(|name| {
        json!({
            "id": name, "object": "model", "created": 1_790_147_847, "owned_by": "vllm", "root": name, "parent": null,
            "max_model_len": window, "permission": [],
        })
    })
}

/// <https://github.com/huggingface/text-generation-inference/issues/3198>
fn tgi_turns(prompt: &Prompt) -> Option<Answer> {
    let refused = prompt.role_at("system").is_some() || prompt.out_of_turn().is_some();
    let error = json!({
        "error": "Template error: syntax error: Conversation roles must alternate user/assistant/user/assistant/",
        "error_type": "template_error",
    });
    refused.then(|| Answer::json(422, &error))
}

fn tgi_finish(ending: &Ending) -> &'static str {
    match ending {
        Ending::End | Ending::Refused => "eos_token",
        Ending::Sequence(_) => "stop_sequence",
        Ending::Length => "length",
    }
}
