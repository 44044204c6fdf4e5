//! Vectors from an endpoint: `POST {base_url}/embeddings` in OpenAI's dialect. Paid for by a hold like every call.

use futures_util::FutureExt as _;
use ledger::{Hold, ModelTerms, Outcome, Usage};
use reqwest::header::HeaderMap;
use serde::Serialize;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use crate::admission::{self, UNSENDABLE};
use crate::complaint;
use crate::counts::{believable, whole};
use crate::deadlines::Stage;
use crate::endpoint::Endpoint;
use crate::error::ProviderError;
use crate::events::{self, Unpacking};
use crate::evidence::{self, Failure};
use crate::openai;
use crate::transport;

/// The largest answer: some 2,000 vectors of 1,536 numbers.
const LARGEST: usize = 64 * 1024 * 1024;

/// An embedding model behind an endpoint. Its terms have `max_output` 0: it writes nothing.
#[derive(Clone, Debug)]
pub struct Embeddings {
    endpoint: Endpoint,
    terms: ModelTerms,
    dimensions: Option<u32>,
}

/// Texts to be turned into vectors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmbedRequest {
    /// The texts; none may be empty.
    pub inputs: Vec<String>,
}

impl EmbedRequest {
    /// The most input tokens that this request can be billed for: what its hold must be sized for.
    #[must_use]
    pub fn input_bound(&self) -> u64 {
        // The context window bounds each text and not their sum, so it bounds nothing here.
        let texts = self.inputs.iter().map(String::as_str);
        ledger::input_bound(texts, self.inputs.len(), u32::MAX)
    }
}

/// What is left when a call is over. The hold goes to the ledger with the outcome.
#[derive(Debug)]
pub struct Embedded {
    /// The hold, to be settled now.
    pub hold: Hold,
    /// What the call may have cost.
    pub outcome: Outcome,
    /// A vector for each text, in their order, or why there are none.
    pub result: Result<Vec<Vec<f32>>, ProviderError>,
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    input: &'a [String],
    encoding_format: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    dimensions: Option<u32>,
}

impl Embeddings {
    /// A model at an endpoint.
    #[must_use]
    pub fn new(endpoint: Endpoint, terms: ModelTerms) -> Embeddings {
        Embeddings {
            endpoint,
            terms,
            dimensions: None,
        }
    }

    /// Asks for vectors of this length, where a model offers a choice.
    #[must_use]
    pub fn with_dimensions(mut self, dimensions: u32) -> Embeddings {
        self.dimensions = Some(dimensions);
        self
    }

    /// What the ledger must know about the model.
    #[must_use]
    pub fn terms(&self) -> &ModelTerms {
        &self.terms
    }

    /// The server that it is asked at, host and port.
    #[must_use]
    pub fn server(&self) -> String {
        self.endpoint.server()
    }

    /// Turns texts into vectors, unless `stop` comes first: then the call is broken off, and what it cost is unknown.
    pub async fn embed_until(
        &self,
        hold: Hold,
        request: &EmbedRequest,
        stop: impl Future<Output = ()>,
    ) -> Embedded {
        let checked = admission::covers(&hold, &self.terms, 0, request.input_bound());
        tokio::pin!(stop);
        let (outcome, result) = match checked.and_then(|()| self.wire(request)) {
            Err(error) => (Outcome::NothingSent, Err(error)),
            Ok(_) if stop.as_mut().now_or_never().is_some() => {
                (Outcome::NothingSent, Err(ProviderError::Stopped))
            }
            Ok(wire) => tokio::select! {
                biased;
                () = stop => (Outcome::Unknown, Err(ProviderError::Stopped)),
                fetched = self.fetch(wire) => match fetched {
                    Err(Failure { outcome, error }) => (outcome, Err(error)),
                    Ok(answer) => (
                        usage(&answer).map_or(Outcome::Unknown, Outcome::Complete),
                        vectors(&answer, request.inputs.len()),
                    ),
                },
            },
        };
        Embedded {
            hold,
            outcome,
            result,
        }
    }

    /// Turns texts into vectors. Nothing is sent if the request is larger than its hold; if this future is dropped, the
    /// ledger posts the full hold.
    pub async fn embed(&self, hold: Hold, request: &EmbedRequest) -> Embedded {
        self.embed_until(hold, request, std::future::pending())
            .await
    }

    fn wire(&self, request: &EmbedRequest) -> Result<reqwest::Request, ProviderError> {
        if request.inputs.iter().any(|text| text.trim().is_empty()) {
            return Err(ProviderError::HoldTooSmall {
                why: "a text in it is empty",
            });
        }
        let body = Body {
            model: &self.terms.key.model,
            input: &request.inputs,
            encoding_format: "float",
            dimensions: self.dimensions,
        };
        let headers: HeaderMap = openai::headers(&self.endpoint);
        let body = serde_json::to_vec(&body).map_err(|_| UNSENDABLE)?;
        let builder = self
            .endpoint
            .client()
            .post(self.endpoint.route("embeddings"));
        builder
            .headers(headers)
            .body(body)
            .build()
            .map_err(|_| UNSENDABLE)
    }

    async fn fetch(&self, wire: reqwest::Request) -> Result<Value, Failure> {
        let asked = self.endpoint.asked(&self.terms.key.model);
        let deadlines = self.endpoint.deadlines();
        let begun = Instant::now();
        let late = |stage| Failure::unknown(ProviderError::Deadline { stage });
        let head = transport::send(self.endpoint.client().clone(), wire, &asked);
        let first = deadlines.first_token.min(deadlines.total);
        let mut response = timeout_at(begun + first, head)
            .await
            .map_err(|_| late(Stage::FirstToken))??;
        let mut unpacking = Unpacking::new(&events::coding(response.headers()));
        let mut body = Vec::new();
        let read = async {
            while let Some(chunk) = response
                .chunk()
                .await
                .map_err(|_| ProviderError::CutStream)?
            {
                let room = LARGEST - body.len();
                let plain = unpacking
                    .pass(&chunk, room)
                    .map_err(|broken| ProviderError::Protocol { why: broken.why() })?;
                body.extend_from_slice(&plain);
            }
            Ok(())
        };
        timeout_at(begun + deadlines.total, read)
            .await
            .map_err(|_| late(Stage::Total))?
            .map_err(Failure::unknown)?;
        if body.trim_ascii_start().first() == Some(&b'<') {
            return Err(events::web_page(&asked.host));
        }
        let answer: Value = serde_json::from_slice(&body).map_err(|_| {
            Failure::unknown(ProviderError::Protocol {
                why: "it is no JSON",
            })
        })?;
        match complaint::find(&answer) {
            Some(error) => Err(Failure {
                outcome: evidence::of(error),
                error: complaint::inside(error, &asked),
            }),
            None => Ok(answer),
        }
    }
}

fn usage(answer: &Value) -> Option<Usage> {
    let usage = Usage {
        input: whole(&answer["usage"]["prompt_tokens"])?,
        ..Usage::default()
    };
    believable(usage, false)
}

/// One vector for each text, sorted by their index. All have one length and hold finite numbers.
fn vectors(answer: &Value, many: usize) -> Result<Vec<Vec<f32>>, ProviderError> {
    let broken = |why| ProviderError::Protocol { why };
    let entries = answer["data"]
        .as_array()
        .ok_or(broken("it holds no vectors"))?;
    if entries.len() != many {
        return Err(broken("it does not hold a vector for each text"));
    }
    let mut vectors = vec![Vec::new(); many];
    for (place, entry) in entries.iter().enumerate() {
        let index = entry["index"]
            .as_u64()
            .map_or(Some(place), |index| usize::try_from(index).ok());
        let slot = index.and_then(|index| vectors.get_mut(index));
        let slot = slot.ok_or(broken("a vector in it belongs to no text"))?;
        let numbers = entry["embedding"].as_array().into_iter().flatten();
        *slot = numbers
            .map(|number| number.as_f64().map(|number| number as f32))
            .map(|number| number.filter(|number| number.is_finite()))
            .collect::<Option<Vec<f32>>>()
            .ok_or(broken("a vector in it holds what is no number"))?;
    }
    let length = vectors.first().map_or(0, Vec::len);
    if many > 0 && (length == 0 || vectors.iter().any(|vector| vector.len() != length)) {
        return Err(broken("its vectors differ in length"));
    }
    Ok(vectors)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn vectors_come_in_the_order_of_their_texts() {
        let answer = json!({"data": [
            {"object": "embedding", "index": 1, "embedding": [0.5, -1]},
            {"object": "embedding", "index": 0, "embedding": [1e-3, 0]},
        ]});
        assert_eq!(
            vectors(&answer, 2).unwrap(),
            [vec![0.001, 0.0], vec![0.5, -1.0]]
        );
    }

    #[test]
    fn vectors_that_are_missing_doubled_or_broken_are_none() {
        let entry = |index: u64, embedding: Value| json!({"index": index, "embedding": embedding});
        for data in [
            json!(null),
            json!([]),
            json!([entry(0, json!([1.0]))]),
            json!([entry(0, json!([1.0])), entry(0, json!([1.0]))]),
            json!([entry(0, json!([1.0])), entry(2, json!([1.0]))]),
            json!([entry(0, json!([1.0])), entry(1, json!([1.0, 2.0]))]),
            json!([entry(0, json!([])), entry(1, json!([]))]),
            json!([entry(0, json!([1.0])), entry(1, json!(["a"]))]),
            json!([entry(0, json!([1.0])), entry(1, json!([1e300]))]),
            json!([entry(0, json!([1.0])), entry(1, json!("AACAPw=="))]),
        ] {
            assert!(vectors(&json!({"data": data}), 2).is_err(), "{data}");
        }
    }
}
