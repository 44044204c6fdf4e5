//! How many tokens an endpoint reads, where it says so: in its list of models, or in a place of its server's own.

use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::endpoint::Endpoint;
use crate::models::{self, Found, Probe};

/// Where servers tell how many tokens they read, the surest first (vLLM and SGLang; LM Studio; OpenRouter; Groq; llama.cpp;
/// Mistral; Anthropic; Gemini; TabbyAPI; Copilot). What a model was trained for (`n_ctx_train`) is not what is served.
const WINDOWS: [&str; 10] = [
    "/max_model_len",
    "/loaded_context_length",
    "/context_length",
    "/context_window",
    "/meta/n_ctx",
    "/max_context_length",
    "/max_input_tokens",
    "/inputTokenLimit",
    "/parameters/max_seq_len",
    "/capabilities/limits/max_context_window_tokens",
];

/// A place of a server's own.
struct Place {
    /// What `owned_by` says in its list.
    owner: &'static str,
    path: &'static str,
    read: fn(&Value, &str) -> Option<u32>,
}

/// Where servers tell it that do not tell it in their list. Nobody else is asked for these.
const PLACES: [Place; 4] = [
    // Ollama, of the models that are loaded, as one is that has just answered. What it serves without being told (4096) is less
    // than most models can, and longer prompts are cut without a word. <https://docs.ollama.com/api/ps>
    Place {
        owner: "library",
        path: "/api/ps",
        read: of_loaded,
    },
    // LM Studio. <https://www.lmstudio.ai/docs/api/rest-api>
    Place {
        owner: "organization_owner",
        path: "/api/v0/models",
        read: of_listed,
    },
    // KoboldCpp. <https://lite.koboldai.net/koboldcpp_api>
    Place {
        owner: "koboldcpp",
        path: "/api/extra/true_max_context_length",
        read: |answer, _| tokens(&answer["value"]),
    },
    // llama.cpp, whose older lists tell what the model was trained with and no more.
    // <https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md>
    Place {
        owner: "llamacpp",
        path: "/props",
        read: |answer, _| tokens(&answer["default_generation_settings"]["n_ctx"]),
    },
];

/// How many tokens a server says that it reads.
pub(crate) fn window(entry: &Value) -> Option<u32> {
    let told = WINDOWS
        .iter()
        .filter_map(|way| entry.pointer(way)?.as_u64());
    let mut windows = told.filter_map(|window| u32::try_from(window).ok());
    windows.find(|window| *window > 0)
}

/// Asks in the place of the server's own, where the list has the model and no window.
pub(crate) async fn complete(
    probe: &mut Probe,
    endpoint: &Endpoint,
    headers: HeaderMap,
    model: &str,
) {
    let (Found::Listed { context_window } | Found::AnyName { context_window, .. }) =
        &mut probe.found
    else {
        return;
    };
    let owner = |place: &&Place| {
        let mut models = probe.models.iter();
        models.any(|entry| entry.owned_by == place.owner)
    };
    let place = PLACES.iter().find(owner);
    let (None, Some(place)) = (*context_window, place) else {
        return;
    };
    let url = endpoint.beside(place.path);
    // It is a hint and no more: where it cannot be had, nothing is known.
    let answer = models::get(endpoint, url, headers, model).await.ok();
    *context_window = answer.and_then(|answer| (place.read)(&answer, model));
}

fn of_loaded(answer: &Value, model: &str) -> Option<u32> {
    let mut loaded = answer["models"].as_array()?.iter();
    let ours = |entry: &&Value| {
        let name = entry["name"].as_str();
        name.is_some_and(|name| models::is_called(name, model))
    };
    tokens(&loaded.find(ours)?["context_length"])
}

fn of_listed(answer: &Value, model: &str) -> Option<u32> {
    let mut listed = answer["data"].as_array()?.iter();
    let entry = listed.find(|entry| entry["id"] == model)?;
    // Of a model that is not loaded it tells what it could read.
    tokens(&entry["loaded_context_length"])
}

fn tokens(value: &Value) -> Option<u32> {
    let tokens = u32::try_from(value.as_u64()?).ok()?;
    (tokens > 0).then_some(tokens)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn a_window_is_read_where_each_server_tells_it() {
        for (entry, window) in [
            (
                json!({"id": "m", "owned_by": "llamacpp", "meta": {"n_ctx": 2048, "n_ctx_train": 8192}}),
                Some(2048),
            ),
            (
                json!({"id": "m", "owned_by": "vllm", "max_model_len": 4096}),
                Some(4096),
            ),
            (json!({"id": "m", "context_length": 131_072}), Some(131_072)),
            (json!({"id": "m", "owned_by": "library"}), None),
            (
                json!({"id": "m", "owned_by": "llamacpp", "meta": {"n_ctx_train": 8192}}),
                None,
            ),
            (
                json!({"id": "m", "owned_by": "llamacpp", "meta": null}),
                None,
            ),
            (
                json!({"id": "m", "max_context_length": 32_768, "loaded_context_length": 4096}),
                Some(4096),
            ),
            (
                json!({"id": "m", "active": true, "context_window": 512}),
                Some(512),
            ),
            (
                json!({"id": "m", "type": "model", "max_input_tokens": 200_000}),
                Some(200_000),
            ),
            (
                json!({"id": "m", "type": "model", "max_input_tokens": null}),
                None,
            ),
            (
                json!({"id": "m", "capabilities": {"limits": {"max_context_window_tokens": 64_000}}}),
                Some(64_000),
            ),
        ] {
            assert_eq!(super::window(&entry), window, "{entry}");
        }
    }
}
