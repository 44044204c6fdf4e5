//! The chat-completions dialect of OpenAI, which most endpoints speak: OpenRouter, Ollama, llama.cpp, vLLM, LM Studio,
//! Groq, DeepSeek, Mistral and many more, each with its own small differences.

mod body;
mod chunk;
mod transcript;
mod usage;

use futures_util::future::BoxFuture;
use ledger::{Billed, Hold, ModelTerms, Place, Price};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use crate::endpoint::Endpoint;
use crate::error::ProviderError;
use crate::generation::Generation;
use crate::lookup;
use crate::manners::{Field, Manners, Sent};
use crate::models::{self, ListedModel, Probe};
use crate::request::Request;
use crate::sampling::Samplers;
use crate::thinking::Habit;
use crate::{Provider, admission, windows};

use body::{Body, Usual};
use transcript::Reading;

/// The header in which Azure takes a key.
pub(crate) const AZURE_KEY: HeaderName = HeaderName::from_static("api-key");

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
    habit: Habit,
    usual: Usual,
    manners: Manners,
}

impl OpenAi {
    /// A model at an endpoint. How the endpoint deviates is known by its host.
    #[must_use]
    pub fn new(endpoint: Endpoint, terms: ModelTerms) -> OpenAi {
        // Their reasoning models refuse the old name, and their others take the new one by now.
        let openai = endpoint.is_at("api.openai.com") || endpoint.speaks_azure();
        let cap_field = if openai {
            CapField::MaxCompletionTokens
        } else {
            CapField::MaxTokens
        };
        let manners = Manners::of(&terms);
        // Mistral always reports usage, and refuses fields that it does not know.
        let asks_usage = !endpoint.is_at("mistral.ai");
        let habit = endpoint.habit(&manners);
        OpenAi {
            endpoint,
            terms,
            habit,
            usual: Usual {
                cap_field,
                asks_usage,
            },
            manners,
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
        models::list(endpoint, endpoint.route("models"), headers(endpoint)).await
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
                    .with_habit(&self.habit)
                    .keeping_accounts(self.endpoint.looks_up())
            }
        }
    }

    fn server(&self) -> String {
        self.endpoint.server()
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

    fn samplers(&self, request: &Request) -> Samplers {
        Samplers::openai(request, &self.manners.known())
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
            let model = &self.terms.key.model;
            let listed = OpenAi::models(&self.endpoint).await;
            let mut probe = models::probed(listed, model)?;
            windows::complete(&mut probe, &self.endpoint, headers(&self.endpoint), model).await;
            Ok(probe)
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
    if endpoint.speaks_azure() {
        headers.extend(endpoint.key_header("").map(|key| (AZURE_KEY, key)));
    }
    // To Azure itself a bearer is another kind of key, and a wrong one.
    if !endpoint.is_azure() {
        let bearer = endpoint.key_header("Bearer ");
        headers.extend(bearer.map(|key| (AUTHORIZATION, key)));
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadlines::Deadlines;
    use crate::request::{Message, Role};
    use ledger::ModelKey;

    fn sent(base: &str) -> (String, HeaderMap, serde_json::Value) {
        let key = Some("k-1".to_owned().into());
        let endpoint = Endpoint::new(base, key, Deadlines::default()).unwrap();
        let terms = ModelTerms {
            key: ModelKey {
                provider: "p".into(),
                model: "gpt-4o".into(),
            },
            context_window: 8192,
            max_output: 1024,
            caps_certified: true,
            local: false,
            errors_may_be_billed: false,
            price: None,
        };
        let request = Request {
            messages: vec![Message {
                role: Role::User,
                text: "hi".into(),
            }],
            cap: 9,
            ..Request::default()
        };
        let (wire, _) = OpenAi::new(endpoint, terms).request(&request).unwrap();
        let body = wire.body().and_then(reqwest::Body::as_bytes).unwrap();
        let body = serde_json::from_slice(body).unwrap();
        (wire.url().to_string(), wire.headers().clone(), body)
    }

    #[test]
    fn azure_takes_its_own_header_its_own_path_and_the_new_name_of_the_cap() {
        let base = "https://res.openai.azure.com/openai/deployments/gpt-4o?api-version=2024-10-21";
        let (url, headers, body) = sent(base);
        assert_eq!(
            url,
            "https://res.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21"
        );
        assert_eq!(headers["api-key"], "k-1");
        assert!(headers["api-key"].is_sensitive());
        assert!(!headers.contains_key(AUTHORIZATION));
        assert_eq!(body["max_completion_tokens"], 9);
        assert!(body["max_tokens"].is_null());
        let (url, ..) = sent("https://res.cognitiveservices.azure.com/");
        assert_eq!(
            url,
            "https://res.cognitiveservices.azure.com/openai/v1/chat/completions"
        );
    }

    #[test]
    fn a_gateway_before_a_deployment_is_given_the_key_in_both_headers() {
        let (_, headers, body) = sent("https://models.house.example/openai/deployments/gpt-4o");
        assert_eq!(headers["api-key"], "k-1");
        assert_eq!(headers[AUTHORIZATION], "Bearer k-1");
        assert_eq!(body["max_completion_tokens"], 9);
    }

    #[test]
    fn others_take_a_bearer_and_the_old_name() {
        let (_, headers, body) = sent("https://house.example/v1");
        assert_eq!(headers[AUTHORIZATION], "Bearer k-1");
        assert!(!headers.contains_key("api-key"));
        assert_eq!(body["max_tokens"], 9);
    }
}
