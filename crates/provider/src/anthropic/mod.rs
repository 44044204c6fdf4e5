//! The messages dialect of Anthropic, which llama.cpp, LM Studio and several gateways speak too.

mod body;
mod transcript;
mod usage;

use futures_util::future::BoxFuture;
use ledger::{Hold, ModelTerms, Place};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use crate::endpoint::Endpoint;
use crate::error::ProviderError;
use crate::generation::Generation;
use crate::manners::{Manners, Sent};
use crate::models::{self, Found, ListedModel, Probe};
use crate::openai::AZURE_KEY;
use crate::request::Request;
use crate::sampling::Samplers;
use crate::thinking::Habit;
use crate::{Provider, admission, windows};

use body::Body;
use transcript::Reading;

/// The version of the dialect that is spoken here.
const VERSION: &str = "2023-06-01";
/// The header of the key.
const KEY: HeaderName = HeaderName::from_static("x-api-key");
/// The longest page of a list of models; without it a page has twenty.
const PAGE: &str = "1000";

/// A model behind an endpoint of Anthropic's dialect.
#[derive(Clone, Debug)]
pub struct Anthropic {
    endpoint: Endpoint,
    terms: ModelTerms,
    habit: Habit,
    manners: Manners,
}

impl Anthropic {
    /// A model at an endpoint.
    #[must_use]
    pub fn new(endpoint: Endpoint, terms: ModelTerms) -> Anthropic {
        let manners = Manners::of(&terms);
        let habit = endpoint.habit(&manners);
        Anthropic {
            endpoint: endpoint.for_messages(),
            terms,
            habit,
            manners,
        }
    }

    /// The models that an endpoint of this dialect lists.
    ///
    /// # Errors
    /// If it cannot be reached, or does not accept the key.
    pub async fn models(endpoint: &Endpoint) -> Result<Vec<ListedModel>, ProviderError> {
        let endpoint = endpoint.clone().for_messages();
        let mut url = endpoint.route("models");
        url.query_pairs_mut().append_pair("limit", PAGE);
        models::list(&endpoint, url, headers(&endpoint)).await
    }

    fn request(&self, request: &Request) -> Result<(reqwest::Request, Sent), ProviderError> {
        let known = self.manners.known();
        let (body, sent) = Body::new(request, &self.terms.key.model, &known);
        let body = serde_json::to_vec(&body).map_err(|_| admission::UNSENDABLE)?;
        let builder = self.endpoint.client().post(self.endpoint.route("messages"));
        let wire = builder.headers(headers(&self.endpoint)).body(body).build();
        Ok((wire.map_err(|_| admission::UNSENDABLE)?, sent))
    }
}

impl Provider for Anthropic {
    fn terms(&self) -> &ModelTerms {
        &self.terms
    }

    fn stream(&self, hold: Hold, request: Request) -> Generation {
        let asked = self.endpoint.asked(&self.terms.key.model);
        match admission::fits(&hold, &self.terms, &request).and_then(|()| self.request(&request)) {
            Err(error) => Generation::unsent(hold, Box::new(Reading::new(asked)), error),
            Ok((wire, sent)) => {
                let asked = asked.about(sent, &self.manners);
                let transcript = Box::new(Reading::new(asked.clone()));
                let way = (self.endpoint.client().clone(), self.endpoint.deadlines());
                Generation::new(hold, way, (wire, asked), transcript).with_habit(&self.habit)
            }
        }
    }

    fn server(&self) -> String {
        self.endpoint.server()
    }

    fn place(&self) -> Place {
        Place {
            host: self.endpoint.host(),
            dialect: "anthropic".to_owned(),
        }
    }

    fn manners(&self) -> &Manners {
        &self.manners
    }

    fn samplers(&self, request: &Request) -> Samplers {
        Samplers::anthropic(request, &self.manners.known(), body::HOTTEST)
    }

    fn probe(&self) -> BoxFuture<'_, Result<Probe, ProviderError>> {
        Box::pin(async {
            let model = &self.terms.key.model;
            let mut probe = models::probed(Anthropic::models(&self.endpoint).await, model)?;
            if let Found::NotListed { .. } = probe.found {
                // The list leaves out aliases such as `claude-sonnet-latest`; this route knows them.
                let url = self.endpoint.route(&format!("models/{model}"));
                let asked = models::get(&self.endpoint, url, headers(&self.endpoint), model).await;
                if let Ok(entry) = asked {
                    probe.found = Found::Listed {
                        context_window: windows::window(&entry),
                    };
                }
            }
            Ok(probe)
        })
    }
}

fn headers(endpoint: &Endpoint) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(
        ACCEPT,
        HeaderValue::from_static("text/event-stream, application/json"),
    );
    headers.insert("anthropic-version", HeaderValue::from_static(VERSION));
    headers.extend(endpoint.key_header("").map(|key| (KEY, key)));
    if endpoint.is_azure() {
        headers.extend(endpoint.key_header("").map(|key| (AZURE_KEY, key)));
    } else if !endpoint.is_at("api.anthropic.com") {
        // Other vendors read the one or the other: Baseten and Moonshot a bearer, DeepSeek and MiniMax the key.
        headers.extend(
            endpoint
                .key_header("Bearer ")
                .map(|key| (AUTHORIZATION, key)),
        );
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadlines::Deadlines;

    #[test]
    fn the_key_goes_where_each_vendor_reads_it() {
        for (base, names) in [
            ("https://api.anthropic.com", vec!["x-api-key"]),
            (
                "https://inference.baseten.co",
                vec!["authorization", "x-api-key"],
            ),
            (
                "https://res.services.ai.azure.com/anthropic",
                vec!["api-key", "x-api-key"],
            ),
        ] {
            let key = Some("k-1".to_owned().into());
            let endpoint = Endpoint::new(base, key, Deadlines::default()).unwrap();
            let headers = headers(&endpoint);
            let carries = |name: &&str| headers.contains_key(*name);
            let all = ["api-key", "authorization", "x-api-key"];
            let sent: Vec<_> = all.into_iter().filter(carries).collect();
            assert_eq!(sent, names, "{base}");
            assert!(sent.iter().all(|name| headers[*name].is_sensitive()));
        }
    }
}
