//! The messages dialect of Anthropic, which llama.cpp, LM Studio and several gateways speak too.

mod body;
mod transcript;
mod usage;

use futures_util::future::BoxFuture;
use ledger::{Hold, ModelTerms, Place};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};

use crate::endpoint::Endpoint;
use crate::error::ProviderError;
use crate::generation::Generation;
use crate::manners::{Manners, Sent};
use crate::models::{self, ListedModel, Probe};
use crate::request::Request;
use crate::{Provider, admission};

use body::Body;
use transcript::Reading;

/// The version of the dialect that is spoken here.
const VERSION: &str = "2023-06-01";

/// A model behind an endpoint of Anthropic's dialect.
#[derive(Clone, Debug)]
pub struct Anthropic {
    endpoint: Endpoint,
    terms: ModelTerms,
    manners: Manners,
}

impl Anthropic {
    /// A model at an endpoint.
    #[must_use]
    pub fn new(endpoint: Endpoint, terms: ModelTerms) -> Anthropic {
        Anthropic {
            endpoint,
            terms,
            manners: Manners::default(),
        }
    }

    /// The models that an endpoint of this dialect lists.
    ///
    /// # Errors
    /// If it cannot be reached, or does not accept the key.
    pub async fn models(endpoint: &Endpoint) -> Result<Vec<ListedModel>, ProviderError> {
        models::list(endpoint, "models", headers(endpoint)).await
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
                Generation::new(hold, way, (wire, asked), transcript)
            }
        }
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

    fn probe(&self) -> BoxFuture<'_, Result<Probe, ProviderError>> {
        Box::pin(async {
            let model = &self.terms.key.model;
            let listed = Anthropic::models(&self.endpoint).await?;
            let missing = match models::check(&listed, model) {
                Err(missing @ ProviderError::ModelMissing { .. }) => missing,
                found => return found,
            };
            // The list is paged and leaves out aliases such as `claude-sonnet-latest`; this route knows them.
            match models::get(
                &self.endpoint,
                self.endpoint.route(&format!("models/{model}")),
                headers(&self.endpoint),
                model,
            )
            .await
            {
                Ok(_) => Ok(Probe { models: listed }),
                Err(_) => Err(missing),
            }
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
    if let Some(key) = endpoint.key_header("") {
        headers.insert("x-api-key", key);
    }
    headers
}
