//! The chat-completions dialect of OpenAI, which most endpoints speak: OpenRouter, Ollama, llama.cpp, vLLM, LM Studio,
//! Groq, DeepSeek, Mistral and many more, each with its own small differences.

mod body;
mod chunk;
mod transcript;
mod usage;

use futures_util::future::BoxFuture;
use ledger::{Billed, Hold, ModelTerms, Place, Price};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};

use crate::endpoint::Endpoint;
use crate::error::ProviderError;
use crate::generation::Generation;
use crate::lookup;
use crate::manners::{Field, Manners, Sent};
use crate::models::{self, ListedModel, Probe};
use crate::request::Request;
use crate::{Provider, admission};

use body::{Body, Usual};
use transcript::Reading;

/// The field that carries the cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapField {
    /// `max_tokens`: what everyone but OpenAI understands.
    MaxTokens,
    /// `max_completion_tokens`: what OpenAI's reasoning models insist on.
    MaxCompletionTokens,
}

impl CapField {
    pub(crate) const fn other(self) -> CapField {
        match self {
            CapField::MaxTokens => CapField::MaxCompletionTokens,
            CapField::MaxCompletionTokens => CapField::MaxTokens,
        }
    }

    pub(crate) const fn field(self) -> Field {
        match self {
            CapField::MaxTokens => Field::MaxTokens,
            CapField::MaxCompletionTokens => Field::MaxCompletionTokens,
        }
    }
}

/// A model behind an endpoint of OpenAI's dialect.
#[derive(Clone, Debug)]
pub struct OpenAi {
    endpoint: Endpoint,
    terms: ModelTerms,
    usual: Usual,
    manners: Manners,
}

impl OpenAi {
    /// A model at an endpoint. How the endpoint deviates is known by its host.
    #[must_use]
    pub fn new(endpoint: Endpoint, terms: ModelTerms) -> OpenAi {
        let openai = endpoint.is_at("api.openai.com");
        let cap_field = if openai {
            CapField::MaxCompletionTokens
        } else {
            CapField::MaxTokens
        };
        // Mistral always reports usage, and refuses fields that it does not know.
        let asks_usage = !endpoint.is_at("mistral.ai");
        OpenAi {
            endpoint,
            terms,
            usual: Usual {
                cap_field,
                asks_usage,
            },
            manners: Manners::default(),
        }
    }

    /// Sends the cap in this field until the endpoint refuses it, for endpoints that the host's name does not tell.
    #[must_use]
    pub fn with_cap_field(mut self, field: CapField) -> OpenAi {
        self.usual.cap_field = field;
        self
    }

    /// Whether usage is asked for by `stream_options`, for endpoints that refuse unknown fields. Without a usage report
    /// every reply costs its full hold.
    #[must_use]
    pub fn asking_usage(mut self, asks: bool) -> OpenAi {
        self.usual.asks_usage = asks;
        self
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
        let (body, sent) = Body::new(request, &self.terms.key.model, self.usual, &known);
        let body = serde_json::to_vec(&body).map_err(|_| admission::UNSENDABLE)?;
        let builder = self
            .endpoint
            .client()
            .post(self.endpoint.route("chat/completions"));
        let wire = builder.headers(headers(&self.endpoint)).body(body).build();
        Ok((wire.map_err(|_| admission::UNSENDABLE)?, sent))
    }
}

impl Provider for OpenAi {
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
                    .keeping_accounts(self.endpoint.looks_up())
            }
        }
    }

    fn place(&self) -> Place {
        Place {
            host: self.endpoint.host(),
            dialect: "openai".to_owned(),
        }
    }

    fn manners(&self) -> &Manners {
        &self.manners
    }

    fn published(&self) -> BoxFuture<'_, Result<Option<Price>, ProviderError>> {
        let headers = headers(&self.endpoint);
        Box::pin(models::price(
            &self.endpoint,
            "models",
            headers,
            &self.terms.key.model,
        ))
    }

    fn look_up<'a>(&'a self, generation: &'a str) -> BoxFuture<'a, Result<Billed, ProviderError>> {
        let headers = headers(&self.endpoint);
        Box::pin(lookup::look_up(&self.endpoint, headers, generation))
    }

    fn probe(&self) -> BoxFuture<'_, Result<Probe, ProviderError>> {
        Box::pin(async {
            // OpenRouter lists its models to anyone; only this route looks at the key.
            if self.endpoint.is_at("openrouter.ai") {
                let url = self.endpoint.route("key");
                models::get(&self.endpoint, url, headers(&self.endpoint), "").await?;
            }
            let listed = OpenAi::models(&self.endpoint).await?;
            models::check(&listed, &self.terms.key.model)
        })
    }
}

pub(crate) fn headers(endpoint: &Endpoint) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(
        ACCEPT,
        HeaderValue::from_static("text/event-stream, application/json"),
    );
    if let Some(key) = endpoint.key_header("Bearer ") {
        headers.insert(AUTHORIZATION, key);
    }
    headers
}
