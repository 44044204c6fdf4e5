//! The routes: takes a request, records it, asks the script, answers.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::body::{self, Frame};
use crate::fault::{Answer, Fault};
use crate::prompt::{Dialect, Prompt};
use crate::reply::Reply;
use crate::{Recorded, State, anthropic, openai};

/// Headers whose value is a secret.
const SECRET: [&str; 3] = ["authorization", "x-api-key", "cookie"];

pub(crate) fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/v1/chat/completions", post(chat_completions))
        .route("/v1/messages", post(messages))
        .route("/v1/models", get(models))
        .route("/v1/models/{*model}", get(model))
        .fallback(unknown)
        .with_state(state)
}

async fn chat_completions(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    generate(
        &state,
        Dialect::OpenAi,
        "/v1/chat/completions",
        &headers,
        &body,
    )
    .await
}

async fn messages(Shared(state): Shared<Arc<State>>, headers: HeaderMap, body: Bytes) -> Response {
    generate(&state, Dialect::Anthropic, "/v1/messages", &headers, &body).await
}

async fn generate(
    state: &State,
    dialect: Dialect,
    path: &str,
    headers: &HeaderMap,
    body: &Bytes,
) -> Response {
    let body = serde_json::from_slice(body).unwrap_or(Value::Null);
    record(state, &Method::POST, path, headers, body.clone());
    let prompt = Prompt::parse(dialect, body);
    if !authorised(state, headers) {
        return fixed(dialect, &prompt.model, &Fault::Authentication);
    }
    if !serves(state, &prompt.model) {
        return fixed(dialect, &prompt.model, &Fault::ModelMissing);
    }
    let (mut reply, number) = scripted(state, &prompt);
    if let Some(Fault::Hang) = reply.fault {
        return std::future::pending().await;
    }
    if let Some(answer) = reply
        .fault
        .as_ref()
        .and_then(|fault| fault.answer(dialect, &prompt.model))
    {
        tokio::time::sleep(reply.before_first).await;
        return plain(answer);
    }
    let ending = reply.fit(&prompt);
    if let Some(raw) = reply.raw.take() {
        return events(body::streamed(
            &reply,
            vec![Frame {
                bytes: raw,
                paced: true,
            }],
        ));
    }
    if prompt.stream {
        let frames = match dialect {
            Dialect::OpenAi => openai::stream(&prompt, &reply, &ending, number),
            Dialect::Anthropic => anthropic::stream(&prompt, &reply, &ending, number),
        };
        return events(body::streamed(&reply, frames));
    }
    let whole = match dialect {
        Dialect::OpenAi => openai::whole(&prompt, &reply, &ending, number),
        Dialect::Anthropic => anthropic::whole(&prompt, &reply, &ending, number),
    };
    let frames = vec![Frame {
        bytes: whole.to_string().into_bytes(),
        paced: true,
    }];
    (
        [("content-type", "application/json")],
        body::streamed(&reply, frames),
    )
        .into_response()
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

async fn models(Shared(state): Shared<Arc<State>>, headers: HeaderMap) -> Response {
    record(&state, &Method::GET, "/v1/models", &headers, Value::Null);
    let dialect = asked_in(&headers);
    if !authorised(&state, &headers) {
        return fixed(dialect, "", &Fault::Authentication);
    }
    let mut names = state.lock().models.clone();
    if names.is_empty() {
        names.push("sim".to_owned());
    }
    let listed: Vec<Value> = names.iter().map(|name| entry(dialect, name)).collect();
    let list = match dialect {
        Dialect::OpenAi => json!({"object": "list", "data": listed}),
        Dialect::Anthropic => {
            json!({"data": listed, "has_more": false, "first_id": names.first(), "last_id": names.last()})
        }
    };
    ([("content-type", "application/json")], list.to_string()).into_response()
}

async fn model(
    Shared(state): Shared<Arc<State>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    record(
        &state,
        &Method::GET,
        &format!("/v1/models/{name}"),
        &headers,
        Value::Null,
    );
    let dialect = asked_in(&headers);
    if !authorised(&state, &headers) {
        return fixed(dialect, "", &Fault::Authentication);
    }
    if !serves(&state, &name) {
        return fixed(dialect, &name, &Fault::ModelMissing);
    }
    (
        [("content-type", "application/json")],
        entry(dialect, &name).to_string(),
    )
        .into_response()
}

async fn unknown(
    Shared(state): Shared<Arc<State>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    record(&state, &method, uri.path(), &headers, Value::Null);
    let message = format!("Invalid URL ({method} {})", uri.path());
    let error = json!({"error": {"message": message, "type": "invalid_request_error", "param": null, "code": null}});
    (
        StatusCode::NOT_FOUND,
        [("content-type", "application/json")],
        format!("{error:#}\n"),
    )
        .into_response()
}

fn entry(dialect: Dialect, name: &str) -> Value {
    match dialect {
        Dialect::OpenAi => {
            json!({"id": name, "object": "model", "created": 1_750_000_000, "owned_by": "sim"})
        }
        Dialect::Anthropic => {
            json!({"type": "model", "id": name, "display_name": name, "created_at": "2025-06-15T00:00:00Z"})
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

fn authorised(state: &State, headers: &HeaderMap) -> bool {
    let inside = state.lock();
    let Some(key) = &inside.key else { return true };
    let given = |name| headers.get(name).and_then(|value| value.to_str().ok());
    given("x-api-key") == Some(key)
        || given("authorization").and_then(|value| value.strip_prefix("Bearer ")) == Some(key)
}

fn serves(state: &State, model: &str) -> bool {
    let inside = state.lock();
    inside.models.is_empty() || inside.models.iter().any(|served| served == model)
}

fn record(state: &State, method: &Method, path: &str, headers: &HeaderMap, body: Value) {
    let headers = headers.iter().map(|(name, value)| {
        let shown = if SECRET.contains(&name.as_str()) {
            "(secret)"
        } else {
            value.to_str().unwrap_or("(binary)")
        };
        (name.as_str().to_owned(), shown.to_owned())
    });
    let recorded = Recorded {
        method: method.to_string(),
        path: path.to_owned(),
        headers: headers.collect(),
        body,
    };
    state.lock().requests.push(recorded);
}

fn fixed(dialect: Dialect, model: &str, fault: &Fault) -> Response {
    fault
        .answer(dialect, model)
        .map_or_else(|| StatusCode::INTERNAL_SERVER_ERROR.into_response(), plain)
}

fn plain(answer: Answer) -> Response {
    let mut response = (
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK),
        answer.body,
    )
        .into_response();
    let headers = answer
        .headers
        .into_iter()
        .chain([("content-type", answer.content_type.to_owned())]);
    for (name, value) in headers {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn events(body: Body) -> Response {
    (
        [
            ("content-type", "text/event-stream; charset=utf-8"),
            ("cache-control", "no-cache"),
        ],
        body,
    )
        .into_response()
}
