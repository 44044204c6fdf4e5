//! Stands between the bot and its model, passes everything on, and keeps what the bot asked and what the model counted: what
//! a prompt held is known by its bytes and not by our own word.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use futures_util::StreamExt as _;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The largest request that is passed on.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// A request to the model, and what it counted.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// All text of the prompt.
    pub prompt: String,
    /// Whether an answer in a schema was asked for, as memory asks.
    pub in_schema: bool,
    /// Tokens of the prompt, where the model said so.
    pub input: Option<u64>,
    /// How many of them it had at hand already.
    pub cached: Option<u64>,
}

/// The relay; it ends with this value.
pub struct Relay {
    address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    serving: JoinHandle<()>,
}

#[derive(Clone)]
struct Passing {
    client: reqwest::Client,
    upstream: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Relay {
    /// A relay before the endpoint with this base URL.
    pub async fn before(base_url: &str) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .context("no port is free for listening to the model")?;
        let endpoint = url::Url::parse(base_url).context("the model's address is none")?;
        let path = endpoint.path().trim_end_matches('/');
        let address = format!("http://{}{path}", listener.local_addr()?);
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let passing = Passing {
            client: reqwest::Client::new(),
            upstream: endpoint.origin().ascii_serialization(),
            asked: Arc::clone(&asked),
        };
        let router = Router::new().fallback(pass).with_state(passing);
        let serving = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::warn!(%error, "the relay ended");
            }
        });
        Ok(Self {
            address,
            asked,
            serving,
        })
    }

    /// Its base URL.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.address
    }

    /// What was asked since the last look.
    pub fn take(&self) -> Vec<Asked> {
        std::mem::take(&mut *lock(&self.asked))
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Passes a request on, and its answer back as it comes.
async fn pass(State(passing): State<Passing>, request: Request) -> Response {
    match passing.on(request).await {
        Ok(response) => response,
        Err(error) => {
            tracing::warn!(
                error = format!("{error:#}"),
                "a request could not be passed on"
            );
            let mut response = Response::new(Body::from(format!("{error:#}")));
            *response.status_mut() = StatusCode::BAD_GATEWAY;
            response
        }
    }
}

impl Passing {
    async fn on(self, request: Request) -> anyhow::Result<Response> {
        let (head, body) = request.into_parts();
        let body = axum::body::to_bytes(body, MOST_BYTES).await?;
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        let url = format!("{}{path}", self.upstream);
        let mut headers = head.headers;
        headers.remove(header::HOST);
        headers.remove(header::CONTENT_LENGTH);
        let place = asked(&body).map(|asked| {
            let mut all = lock(&self.asked);
            all.push(asked);
            all.len() - 1
        });
        let request = self.client.request(head.method, url).headers(headers);
        let answer = request.body(body).send().await?;
        let mut response = Response::builder().status(answer.status());
        if let Some(kept) = response.headers_mut() {
            *kept = passed_on(answer.headers());
        }
        let mut heard = vec![];
        let asked = Arc::clone(&self.asked);
        let pieces = answer.bytes_stream().map(move |piece| {
            if let (Ok(piece), Some(place)) = (&piece, place) {
                heard.extend_from_slice(piece);
                if let Some((input, cached)) = usage(&heard)
                    && let Some(asked) = lock(&asked).get_mut(place)
                {
                    (asked.input, asked.cached) = (input, cached);
                }
            }
            piece
        });
        Ok(response.body(Body::from_stream(pieces))?)
    }
}

/// The headers of an answer, without those of its connection.
fn passed_on(headers: &HeaderMap) -> HeaderMap {
    let mut kept = headers.clone();
    for name in [
        header::CONNECTION,
        header::TRANSFER_ENCODING,
        header::CONTENT_LENGTH,
    ] {
        kept.remove(name);
    }
    kept
}

/// What a body asks of a model; `None` where it asks for no words.
fn asked(body: &Bytes) -> Option<Asked> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let mut prompt = String::new();
    let messages = body.get("messages")?.as_array()?;
    for text in body.get("system").into_iter().chain(messages) {
        texts(text, &mut prompt);
    }
    Some(Asked {
        prompt,
        in_schema: body.get("response_format").is_some() || body.get("output_config").is_some(),
        ..Asked::default()
    })
}

fn texts(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => {
            out.push_str(text);
            out.push('\n');
        }
        Value::Array(all) => all.iter().for_each(|one| texts(one, out)),
        Value::Object(fields) => ["content", "text"]
            .iter()
            .filter_map(|name| fields.get(*name))
            .for_each(|one| texts(one, out)),
        _ => {}
    }
}

/// Tokens of the prompt and of its cached part, in an answer as far as it has come: the last ones that are said.
fn usage(heard: &[u8]) -> Option<(Option<u64>, Option<u64>)> {
    let text = String::from_utf8_lossy(heard);
    let at = text.rfind("\"usage\":{")?;
    let mut values = serde_json::Deserializer::from_str(&text[at + 8..]).into_iter::<Value>();
    let usage = values.next()?.ok()?;
    let number = |name: &str| usage.pointer(name).and_then(Value::as_u64);
    let input = number("/prompt_tokens").or_else(|| number("/input_tokens"));
    Some((input, number("/prompt_tokens_details/cached_tokens")))
}

fn lock(asked: &Mutex<Vec<Asked>>) -> MutexGuard<'_, Vec<Asked>> {
    // Nothing panics while it is held.
    asked.lock().unwrap_or_else(PoisonError::into_inner)
}
