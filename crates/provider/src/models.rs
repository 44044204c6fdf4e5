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
use crate::quote::Quote;
use crate::transport;
use crate::windows::window;

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
    /// Its context window in tokens, where the endpoint tells it.
    pub context_window: Option<u32>,
    /// The endpoint serves one model, whatever name a request gives.
    pub any_name: bool,
    /// Who owns it by the endpoint's word: servers of one's own write their own name there.
    pub owned_by: String,
}

/// What a probe found: the endpoint answers and accepts the key. Its list of models is a hint and no verdict: several
/// endpoints serve what they do not list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Every model that the endpoint lists.
    pub models: Vec<ListedModel>,
    /// What that says of the model that was asked for.
    pub found: Found,
}

/// What a list of models says of one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It is there.
    Listed {
        /// Its context window in tokens, where the endpoint tells it.
        context_window: Option<u32>,
    },
    /// The endpoint serves one model under any name.
    AnyName {
        /// Its true name.
        name: String,
        /// Its context window in tokens, where the endpoint tells it.
        context_window: Option<u32>,
    },
    /// It is not among those that are there.
    NotListed {
        /// Some that are there, in words.
        instead: Quote,
    },
    /// The endpoint has no model at all.
    Nothing {
        /// What to do about it.
        mend: String,
    },
    /// The endpoint has no list.
    NoList,
}

/// What `owned_by` says where a server has one model and serves it under any name: llama.cpp, KoboldCpp, TabbyAPI,
/// text-generation-webui.
const ANY_NAME: [&str; 4] = ["llamacpp", "koboldcpp", "tabbyAPI", "user"];
/// Gemini lists `models/NAME`, and takes both.
const GEMINI: &str = "models/";
/// Ollama lists `NAME:latest`, and takes both.
const OLLAMA: &str = ":latest";
/// Fetches a list of models.
pub(crate) async fn list(
    endpoint: &Endpoint,
    url: Url,
    headers: HeaderMap,
) -> Result<Vec<ListedModel>, ProviderError> {
    let entries = entries(endpoint, url, headers).await?;
    Ok(entries.iter().filter_map(listed).collect())
}

/// The price that stands beside a model in the list of models.
pub(crate) async fn price(
    endpoint: &Endpoint,
    route: &str,
    headers: HeaderMap,
    model: &str,
) -> Result<Option<Price>, ProviderError> {
    let entries = entries(endpoint, endpoint.route(route), headers).await?;
    let entry = entries.iter().find(|entry| entry["id"] == model);
    Ok(entry.and_then(|entry| pricing::read(&entry["pricing"])))
}

async fn entries(
    endpoint: &Endpoint,
    url: Url,
    headers: HeaderMap,
) -> Result<Vec<Value>, ProviderError> {
    let mut answer = get(endpoint, url, headers, "").await?;
    let list = match answer.get_mut("data") {
        // Ollama without a model.
        Some(Value::Null) => Value::Array(vec![]),
        Some(data) => data.take(),
        None => answer,
    };
    match list {
        Value::Array(entries) => Ok(entries),
        _ => Err(ProviderError::Protocol {
            why: "its list of models is none",
        }),
    }
}

fn listed(entry: &Value) -> Option<ListedModel> {
    let owner = entry["owned_by"].as_str().unwrap_or_default();
    Some(ListedModel {
        id: entry["id"].as_str()?.to_owned(),
        context_window: window(entry),
        any_name: ANY_NAME.contains(&owner),
        owned_by: owner.to_owned(),
    })
}

/// What a list says of this model.
pub(crate) fn find(models: Vec<ListedModel>, model: &str) -> Probe {
    let wanted = bare(model);
    let named = models.iter().find(|entry| bare(&entry.id) == wanted);
    let found = match (named, models.iter().find(|entry| entry.any_name)) {
        (Some(entry), _) => Found::Listed {
            context_window: entry.context_window,
        },
        (None, Some(entry)) => Found::AnyName {
            name: entry.id.clone(),
            context_window: entry.context_window,
        },
        (None, None) if models.is_empty() => Found::Nothing {
            mend: format!(
                "no model is loaded there; load one (with Ollama: `ollama pull {model}`)"
            ),
        },
        (None, None) => Found::NotListed {
            instead: instead(&models),
        },
    };
    Probe { models, found }
}

/// Whether two names are one, but for what a server puts around it in its list.
pub(crate) fn is_called(name: &str, other: &str) -> bool {
    bare(name) == bare(other)
}

/// A name without what one server or another puts around it in its list.
fn bare(name: &str) -> &str {
    let name = name.strip_prefix(GEMINI).unwrap_or(name);
    name.strip_suffix(OLLAMA).unwrap_or(name)
}

fn instead(models: &[ListedModel]) -> Quote {
    let names = models.iter().map(|entry| entry.id.as_str());
    let mut names: Vec<&str> = names.take(SHOWN).collect();
    if models.len() > SHOWN {
        names.push("…");
    }
    Quote::clean(&format!("there is {}", names.join(", ")), "")
}

/// A list that an endpoint may not have: several serve models and list none.
pub(crate) fn probed(
    list: Result<Vec<ListedModel>, ProviderError>,
    model: &str,
) -> Result<Probe, ProviderError> {
    match list {
        Ok(models) => Ok(find(models, model)),
        Err(ProviderError::NotAModel { why, .. }) if why == complaint::NO_SUCH_PATH => Ok(Probe {
            models: vec![],
            found: Found::NoList,
        }),
        Err(error) => Err(error),
    }
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

    fn entry(id: &str, owner: &str) -> Value {
        json!({"id": id, "owned_by": owner})
    }

    fn found(entries: &[Value], model: &str) -> Found {
        find(entries.iter().filter_map(listed).collect(), model).found
    }

    #[test]
    fn a_model_is_found_under_the_name_that_its_server_lists() {
        let listed = Found::Listed {
            context_window: None,
        };
        for (id, owner, model) in [
            ("m", "openai", "m"),
            ("models/gemini-2.5-flash", "google", "gemini-2.5-flash"),
            (
                "models/gemini-2.5-flash",
                "google",
                "models/gemini-2.5-flash",
            ),
            ("llama3.2:latest", "library", "llama3.2"),
        ] {
            assert_eq!(found(&[entry(id, owner)], model), listed, "{id}");
        }
    }

    #[test]
    fn a_server_of_one_model_serves_it_under_any_name() {
        for (id, owner) in [
            ("koboldcpp/L3-8B-Stheno", "koboldcpp"),
            ("file.gguf", "llamacpp"),
            ("gpt-3.5-turbo", "tabbyAPI"),
        ] {
            let any = Found::AnyName {
                name: id.to_owned(),
                context_window: None,
            };
            assert_eq!(found(&[entry(id, owner)], "whatever"), any);
        }
    }

    #[test]
    fn a_model_that_is_not_there_is_told_with_those_that_are() {
        let there = [
            entry("llama3.2:latest", "library"),
            entry("qwen3", "library"),
        ];
        let Found::NotListed { instead } = found(&there, "mistral") else {
            panic!("it is not listed");
        };
        assert_eq!(instead.as_str(), "there is llama3.2:latest, qwen3");
        let Found::Nothing { mend } = found(&[], "mistral") else {
            panic!("there is nothing");
        };
        assert!(mend.contains("`ollama pull mistral`"), "{mend}");
    }
}
