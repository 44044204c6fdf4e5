//! The routes: takes a request, records it, asks the script, answers.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, FromRequestParts, Path, State as Shared};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::body::{self, Frame};
use crate::fault::{Answer, Fault};
use crate::prompt::{Dialect, Prompt};
use crate::reply::Reply;
use crate::{Recorded, State, anthropic, embeddings, openai, openrouter, upstream};

/// Headers whose value is a secret.
const SECRET: [&str; 3] = ["authorization", "x-api-key", "cookie"];

pub(crate) fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/v1/chat/completions", post(chat_completions))
        .route("/v1/messages", post(messages))
        .route("/v1/embeddings", post(embeddings::embeddings))
        .route("/v1/generation", get(openrouter::generation))
        .route("/v1/models", get(models))
        .route("/v1/models/{*model}", get(model))
        .fallback(unknown)
        .with_state(state)
}

/// Everything of a request but its body.
pub(crate) struct Head {
    peer: SocketAddr,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
}

impl<S: Send + Sync> FromRequestParts<S> for Head {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Head, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Head {
            peer: peer.map_or((Ipv4Addr::UNSPECIFIED, 0).into(), |peer| peer.0),
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            headers: parts.headers.clone(),
        })
    }
}

async fn chat_completions(Shared(state): Shared<Arc<State>>, head: Head, body: Bytes) -> Response {
    generate(&state, Dialect::OpenAi, &head, &body).await
}

async fn messages(Shared(state): Shared<Arc<State>>, head: Head, body: Bytes) -> Response {
    generate(&state, Dialect::Anthropic, &head, &body).await
}

async fn generate(state: &State, dialect: Dialect, head: &Head, body: &Bytes) -> Response {
    let read = serde_json::from_slice(body).unwrap_or(Value::Null);
    record(state, head, read.clone());
    if let Some(upstream) = onwards(state) {
        return upstream::pass_on(&upstream, head, body.clone()).await;
    }
    let prompt = Prompt::parse(dialect, read);
    if !authorised(state, &head.headers) {
        return fixed(dialect, &prompt.model, &Fault::Authentication);
    }
    if !serves(state, &prompt.model) {
        return fixed(dialect, &prompt.model, &Fault::ModelMissing);
    }
    let (mut reply, number) = scripted(state, &prompt);
    if let Some(answer) = instead(&prompt, &reply).await {
        return answer;
    }
    let ending = reply.fit(&prompt);
    let name = openai_name(state, &prompt, &reply, number);
    if let Some(raw) = reply.raw.take() {
        let frames = vec![Frame {
            bytes: raw,
            paced: true,
        }];
        return events(body::streamed(&reply, frames));
    }
    if prompt.stream {
        let frames = match dialect {
            Dialect::OpenAi => openai::stream(&prompt, &reply, &ending, &name),
            Dialect::Anthropic => anthropic::stream(&prompt, &reply, &ending, number),
        };
        let mut response = events(body::streamed(&reply, frames));
        if state.lock().openrouter
            && let Ok(name) = name.parse()
        {
            response.headers_mut().insert("x-generation-id", name);
        }
        return response;
    }
    let whole = match dialect {
        Dialect::OpenAi => openai::whole(&prompt, &reply, &ending, &name),
        Dialect::Anthropic => anthropic::whole(&prompt, &reply, &ending, number),
    };
    let frames = vec![Frame {
        bytes: whole.to_string().into_bytes(),
        paced: true,
    }];
    json_body(body::streamed(&reply, frames))
}

/// Where a request goes on to, if nothing is queued for it.
fn onwards(state: &State) -> Option<String> {
    let inside = state.lock();
    inside.upstream.clone().filter(|_| inside.queue.is_empty())
}

/// What is answered in place of a generation, if the reply's fault is such an answer.
async fn instead(prompt: &Prompt, reply: &Reply) -> Option<Response> {
    if let Some(Fault::Hang) = reply.fault {
        return std::future::pending().await;
    }
    let answer = reply
        .fault
        .as_ref()?
        .answer(prompt.dialect, &prompt.model)?;
    tokio::time::sleep(reply.before_first).await;
    Some(plain(answer))
}

/// An answer in one piece, with the faults and the pace of a reply.
pub(crate) async fn whole(prompt: &Prompt, reply: Reply, answer: Value) -> Response {
    if let Some(answer) = instead(prompt, &reply).await {
        return answer;
    }
    let frames = vec![Frame {
        bytes: answer.to_string().into_bytes(),
        paced: true,
    }];
    json_body(body::streamed(&reply, frames))
}

/// The name of a call. OpenRouter keeps a record of it.
fn openai_name(state: &State, prompt: &Prompt, reply: &Reply, number: u64) -> String {
    let mut inside = state.lock();
    if !inside.openrouter {
        return openai::name(number);
    }
    let name = openrouter::name(number);
    let record = openrouter::record(prompt, reply, &name, inside.charge);
    inside.generations.insert(name.clone(), record);
    name
}

/// The next queued reply, else what the script says, else the echo.
fn scripted(state: &State, prompt: &Prompt) -> (Reply, u64) {
    let (queued, script, number) = {
        let mut inside = state.lock();
        inside.answered += 1;
        (
            inside.queue.pop_front(),
            inside.always.clone(),
            inside.answered,
        )
    };
    // The script is called without the lock: it may look at the handle.
    let reply = match (queued, script) {
        (Some(reply), _) => reply,
        (None, Some(script)) => script(prompt),
        (None, None) => Reply::echo(prompt),
    };
    (reply, number)
}

async fn models(Shared(state): Shared<Arc<State>>, head: Head) -> Response {
    record(&state, &head, Value::Null);
    let dialect = asked_in(&head.headers);
    if !authorised(&state, &head.headers) {
        return fixed(dialect, "", &Fault::Authentication);
    }
    let mut names = state.lock().models.clone();
    if names.is_empty() {
        names.push("sim".to_owned());
    }
    let prices = state.lock().prices.clone();
    let listed: Vec<Value> = names
        .iter()
        .map(|name| {
            let mut entry = entry(dialect, name);
            if let Some(pricing) = prices.get(name) {
                entry["pricing"] = pricing.clone();
            }
            entry
        })
        .collect();
    let list = match dialect {
        Dialect::OpenAi => json!({"object": "list", "data": listed}),
        Dialect::Anthropic => {
            let (first, last) = (names.first(), names.last());
            json!({"data": listed, "has_more": false, "first_id": first, "last_id": last})
        }
    };
    json_body(list.to_string().into())
}

async fn model(
    Shared(state): Shared<Arc<State>>,
    Path(name): Path<String>,
    head: Head,
) -> Response {
    record(&state, &head, Value::Null);
    let dialect = asked_in(&head.headers);
    if !authorised(&state, &head.headers) {
        return fixed(dialect, "", &Fault::Authentication);
    }
    if !serves(&state, &name) {
        return fixed(dialect, &name, &Fault::ModelMissing);
    }
    json_body(entry(dialect, &name).to_string().into())
}

async fn unknown(Shared(state): Shared<Arc<State>>, head: Head) -> Response {
    record(&state, &head, Value::Null);
    let message = format!("Invalid URL ({} {})", head.method, head.path);
    let error =
        json!({"message": message, "type": "invalid_request_error", "param": null, "code": null});
    let mut response = json_body(format!("{:#}\n", json!({"error": error})).into());
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

fn entry(dialect: Dialect, name: &str) -> Value {
    match dialect {
        Dialect::OpenAi => {
            json!({"id": name, "object": "model", "created": 1_750_000_000, "owned_by": "sim"})
        }
        Dialect::Anthropic => {
            let created_at = "2025-06-15T00:00:00Z";
            json!({"type": "model", "id": name, "display_name": name, "created_at": created_at})
        }
    }
}

/// `GET /v1/models` is the same path in both dialects; Anthropic's clients always name a version.
fn asked_in(headers: &HeaderMap) -> Dialect {
    if headers.contains_key("anthropic-version") {
        Dialect::Anthropic
    } else {
        Dialect::OpenAi
    }
}

pub(crate) fn authorised(state: &State, headers: &HeaderMap) -> bool {
    let inside = state.lock();
    let Some(key) = inside.key.as_deref() else {
        return true;
    };
    let given = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let bearer = given("authorization").and_then(|value| value.strip_prefix("Bearer "));
    given("x-api-key") == Some(key) || bearer == Some(key)
}

pub(crate) fn serves(state: &State, model: &str) -> bool {
    let inside = state.lock();
    inside.models.is_empty() || inside.models.iter().any(|served| served == model)
}

pub(crate) fn record(state: &State, head: &Head, body: Value) {
    let headers = head.headers.iter().map(|(name, value)| {
        let secret = SECRET.contains(&name.as_str());
        let shown = if secret {
            "(secret)"
        } else {
            value.to_str().unwrap_or("(binary)")
        };
        (name.as_str().to_owned(), shown.to_owned())
    });
    let recorded = Recorded {
        peer: head.peer,
        method: head.method.to_string(),
        path: head.path.clone(),
        headers: headers.collect(),
        body,
    };
    state.lock().requests.push(recorded);
}

pub(crate) fn fixed(dialect: Dialect, model: &str, fault: &Fault) -> Response {
    let broken = || StatusCode::INTERNAL_SERVER_ERROR.into_response();
    fault.answer(dialect, model).map_or_else(broken, plain)
}

fn plain(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = (status, answer.body).into_response();
    let content_type = ("content-type", answer.content_type.to_owned());
    for (name, value) in answer.headers.into_iter().chain([content_type]) {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn events(body: Body) -> Response {
    let headers = [
        ("content-type", "text/event-stream; charset=utf-8"),
        ("cache-control", "no-cache"),
    ];
    (headers, body).into_response()
}

pub(crate) fn json_body(body: Body) -> Response {
    ([("content-type", "application/json")], body).into_response()
}
