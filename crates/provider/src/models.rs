//! What `familiar check` asks: is there a model endpoint, does it take the key, has it the model? None of it costs.

use std::time::Duration;

use ledger::Price;
use reqwest::header::HeaderMap;
use serde_json::Value;
use url::Url;

use crate::complaint;
use crate::deadlines::Stage;
use crate::endpoint::Endpoint;
use crate::error::ProviderError;
use crate::pricing;
use crate::transport;

/// How long a list of models may take.
const LIST_WAIT: Duration = Duration::from_secs(15);
/// The largest list that is read. OpenRouter's, the longest known, is below 1 MiB.
const LARGEST_LIST: usize = 8 * 1024 * 1024;
/// How many names are shown where the right one is missing.
const SHOWN: usize = 5;

/// A model that an endpoint lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedModel {
    /// Its name, as requests must give it.
    pub id: String,
    /// Its context window in tokens, where the endpoint tells it (llama.cpp, vLLM, OpenRouter).
    pub context_window: Option<u32>,
    /// The endpoint serves one model, whatever name a request gives (llama.cpp).
    pub any_name: bool,
}

/// What a probe found: the endpoint answers, the key is accepted, the model is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Every model that the endpoint lists.
    pub models: Vec<ListedModel>,
}

/// Fetches a list of models.
pub(crate) async fn list(
    endpoint: &Endpoint,
    route: &str,
    headers: HeaderMap,
) -> Result<Vec<ListedModel>, ProviderError> {
    let entries = entries(endpoint, route, headers).await?;
    Ok(entries.iter().filter_map(listed).collect())
}

/// The price that stands beside a model in the list of models.
pub(crate) async fn price(
    endpoint: &Endpoint,
    route: &str,
    headers: HeaderMap,
    model: &str,
) -> Result<Option<Price>, ProviderError> {
    let entries = entries(endpoint, route, headers).await?;
    let entry = entries.iter().find(|entry| entry["id"] == model);
    Ok(entry.and_then(|entry| pricing::read(&entry["pricing"])))
}

async fn entries(
    endpoint: &Endpoint,
    route: &str,
    headers: HeaderMap,
) -> Result<Vec<Value>, ProviderError> {
    let mut answer = get(endpoint, endpoint.route(route), headers, "").await?;
    let list = if answer["data"].is_array() {
        answer["data"].take()
    } else {
        answer
    };
    match list {
        Value::Array(entries) => Ok(entries),
        _ => Err(ProviderError::Protocol {
            why: "its list of models is none",
        }),
    }
}

fn listed(entry: &Value) -> Option<ListedModel> {
    let windows = [
        &entry["context_length"],
        &entry["max_model_len"],
        &entry["meta"]["n_ctx"],
        &entry["context_window"],
    ];
    let window = windows
        .into_iter()
        .find_map(Value::as_u64)
        .and_then(|window| u32::try_from(window).ok());
    Some(ListedModel {
        id: entry["id"].as_str()?.to_owned(),
        context_window: window.filter(|window| *window > 0),
        any_name: entry["owned_by"] == "llamacpp",
    })
}

/// Is this model among those listed? Ollama lists `name:latest` and takes `name`.
pub(crate) fn check(listed: &[ListedModel], model: &str) -> Result<Probe, ProviderError> {
    let latest = format!("{model}:latest");
    if listed
        .iter()
        .any(|entry| entry.id == model || entry.id == latest || entry.any_name)
    {
        return Ok(Probe {
            models: listed.to_vec(),
        });
    }
    let mut names: Vec<&str> = listed
        .iter()
        .map(|entry| entry.id.as_str())
        .take(SHOWN)
        .collect();
    if listed.len() > SHOWN {
        names.push("…");
    }
    let said = if names.is_empty() {
        "no model is loaded".to_owned()
    } else {
        format!("there is {}", names.join(", "))
    };
    Err(ProviderError::ModelMissing {
        model: model.to_owned(),
        said: crate::Quote::clean(&said, ""),
    })
}

/// Fetches JSON from a route of the endpoint.
pub(crate) async fn get(
    endpoint: &Endpoint,
    url: Url,
    headers: HeaderMap,
    model: &str,
) -> Result<Value, ProviderError> {
    let asked = endpoint.asked(model);
    let fetch = async {
        let sent = endpoint.client().get(url).headers(headers).send().await;
        let mut response = sent.map_err(|error| transport::unsent(&error, &asked).error)?;
        let (status, headers) = (response.status(), response.headers().clone());
        if !status.is_success() {
            let body = transport::complaint_body(response).await;
            return Err(complaint::answer(status.as_u16(), &headers, &body, &asked));
        }
        if transport::is_html(&headers) {
            return Err(ProviderError::NotAModel {
                host: asked.host.clone(),
                why: "it answers with a web page",
            });
        }
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|_| ProviderError::CutStream)?
        {
            body.extend_from_slice(&chunk);
            if body.len() > LARGEST_LIST {
                return Err(ProviderError::Protocol {
                    why: "its list of models is too large",
                });
            }
        }
        serde_json::from_slice(&body).map_err(|_| ProviderError::NotAModel {
            host: asked.host.clone(),
            why: "it does not answer in JSON",
        })
    };
    let answer: Value =
        tokio::time::timeout(LIST_WAIT, fetch)
            .await
            .map_err(|_| ProviderError::Deadline {
                stage: Stage::FirstToken,
            })??;
    match complaint::find(&answer) {
        Some(error) => Err(complaint::inside(error, &asked)),
        None => Ok(answer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
        ] {
            assert_eq!(listed(&entry).unwrap().context_window, window, "{entry}");
        }
    }

    #[test]
    fn a_missing_model_is_told_with_those_that_are_there() {
        let entry = |id: &str, any_name| ListedModel {
            id: id.to_owned(),
            context_window: None,
            any_name,
        };
        let some = [entry("llama3.2:latest", false), entry("qwen3", false)];
        assert!(check(&some, "llama3.2").is_ok());
        let error = check(&some, "mistral").unwrap_err().to_string();
        assert!(
            error.contains("`mistral`") && error.contains("llama3.2:latest, qwen3"),
            "{error}"
        );
        assert!(check(&[entry("file.gguf", true)], "whatever").is_ok());
        assert!(
            check(&[], "m")
                .unwrap_err()
                .to_string()
                .contains("no model is loaded")
        );
    }
}
