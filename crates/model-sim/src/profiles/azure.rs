//! Azure OpenAI: the deployments API of an old version, and the v1 API with a reasoning model.

use serde_json::{Value, json};

use crate::fault::{Answer, Fault};
use crate::profiles::openai::{self, GPT_5};
use crate::profiles::strict::{self, CHAT_FIELDS};
use crate::prompt::{Dialect, Prompt};
use crate::ways::{Key, Shelf, Style, UsageAt, Ways, nothing_besides};

/// `https://RESOURCE.openai.azure.com/openai/deployments/DEPLOYMENT?api-version=2024-02-01`: the key comes as `api-key`
/// (`Authorization: Bearer` is for tokens of Entra), the model is the deployment's, unknown fields are refused in OpenAI's
/// oldest words, `max_completion_tokens` and `stream_options` among them, so no usage is told.
/// <https://learn.microsoft.com/azure/foundry/openai/api-version-lifecycle>
pub(crate) const DEPLOYMENT: Ways = Ways {
    root: "/openai/deployments/sim-1",
    query: "api-version=2024-02-01",
    dialect: Some(Dialect::OpenAi),
    keys: &[Key::Header("api-key")],
    caps: &["max_tokens"],
    refuses: &[stream_options, unrecognized, many_stops],
    faults,
    models: |_| None,
    any_name: true,
    style: Style {
        prelude: Some(prompt_filter),
        usage_at: UsageAt::Never,
        ..Style::OPENAI
    },
    ..strict::WAYS
};

/// `https://RESOURCE.openai.azure.com/openai/v1` with gpt-5: takes the key either way, and refuses what OpenAI's own gpt-5
/// refuses. <https://github.com/huggingface/smolagents/issues/1893>
pub(crate) const V1: Ways = Ways {
    root: "/openai/v1",
    keys: &[Key::Header("api-key"), Key::Bearer],
    refuses: &[
        openai::unknown,
        openai::max_tokens,
        openai::temperature,
        openai::stop,
    ],
    faults,
    besides: nothing_besides,
    style: Style {
        prelude: Some(prompt_filter),
        ..GPT_5.style
    },
    ..GPT_5
};

/// The first event has no choices: <https://github.com/meilisearch/meilisearch/issues/6477>
fn prompt_filter() -> Value {
    let safe = json!({"filtered": false, "severity": "safe"});
    json!({
        "choices": [], "created": 0, "id": "", "model": "", "object": "",
        "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": {
            "hate": safe, "self_harm": safe, "sexual": safe, "violence": safe,
        }}],
    })
}

fn old_refusal(message: &str) -> Answer {
    let error = json!({"error": {
        "message": message, "type": "invalid_request_error", "param": null, "code": null,
    }});
    Answer::json(400, &error)
}

/// <https://github.com/agno-agi/agno/issues/1066>
fn stream_options(prompt: &Prompt) -> Option<Answer> {
    let refused = || {
        openai::refusal(
            "Unknown parameter: 'stream_options'.",
            "stream_options",
            "unknown_parameter",
        )
    };
    prompt.has("stream_options").then(refused)
}

/// One name: <https://github.com/openai/openai-python/issues/1724>, several:
/// <https://github.com/quarkiverse/quarkus-langchain4j/issues/285>
fn unrecognized(prompt: &Prompt) -> Option<Answer> {
    let newer = ["max_completion_tokens", "reasoning_effort"];
    let known: Vec<&str> = CHAT_FIELDS
        .into_iter()
        .filter(|field| !newer.contains(field))
        .collect();
    let unknown = prompt.unknown(&known);
    let some = match unknown.len() {
        0 => return None,
        1 => "argument",
        _ => "arguments",
    };
    let names = unknown.join(", ");
    Some(old_refusal(&format!(
        "Unrecognized request {some} supplied: {names}"
    )))
}

/// More than four. <https://github.com/langchain-ai/langchain/issues/20234>
fn many_stops(prompt: &Prompt) -> Option<Answer> {
    let message = "'$.stop' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.";
    (prompt.stop.len() > strict::MOST_STOPS).then(|| old_refusal(message))
}

/// <https://github.com/SciSharp/BotSharp/issues/386>
fn faults(fault: &Fault, _: &Shelf) -> Option<Answer> {
    let Fault::Authentication = fault else {
        return None;
    };
    let message = "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.";
    let error = json!({"error": {"code": "401", "message": message}});
    Some(Answer::json(401, &error))
}
