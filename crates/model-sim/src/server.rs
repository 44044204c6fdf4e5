//! The routes: takes a request, records it, asks the rules and the script, answers.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, FromRequestParts, State as Shared};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;

use crate::body::{self, Frame};
use crate::fault::{Answer, Fault};
use crate::prompt::{Dialect, Prompt};
use crate::reply::{Reply, UsageReport};
use crate::ways::Key;
use crate::{
    Bill, Recorded, State, anthropic, embeddings, listing, openai, openrouter, slots, upstream,
};

/// Headers whose value is a secret.
const SECRET: [&str; 4] = ["authorization", "x-api-key", "api-key", "cookie"];

pub(crate) fn router(state: Arc<State>) -> Router {
    let ways = state.ways();
    let at = |route: &str| format!("{}/{route}", ways.root);
    let mut router = Router::new()
        .route(&at("embeddings"), post(embeddings::embeddings))
        .route(&at("generation"), get(openrouter::generation))
        .route(&at("models"), get(listing::models))
        .route(&at("models/{*model}"), get(listing::model));
    if ways.dialect != Some(Dialect::Anthropic) {
        router = router.route(&at("chat/completions"), post(chat_completions));
    }
    if ways.dialect != Some(Dialect::OpenAi) {
        router = router.route(&at("messages"), post(messages));
    }
    router.fallback(listing::elsewhere).with_state(state)
}

/// Everything of a request but its body.
pub(crate) struct Head {
    peer: SocketAddr,
    pub(crate) method: Method,
    pub(crate) path: String,
    query: String,
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
            query: parts.uri.query().unwrap_or_default().to_owned(),
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

async fn generate(state: &Arc<State>, dialect: Dialect, head: &Head, body: &Bytes) -> Response {
    let read = serde_json::from_slice(body).unwrap_or(Value::Null);
    if let Some(upstream) = onwards(state) {
        record(state, head, read);
        return upstream::pass_on(&upstream, head, body.clone()).await;
    }
    let ways = state.ways();
    let mut prompt = Prompt::parse(dialect, read.clone());
    prompt.max_tokens = ways.caps.iter().find_map(|&cap| read[cap].as_u64());
    if let Some(answer) = turned_away(state, &prompt, head) {
        record(state, head, read);
        return answer;
    }
    if let Some(refusal) = ways.refuses.iter().find_map(|rule| rule(&prompt)) {
        record_refused(state, head, read, refusal.status);
        return plain(refusal);
    }
    record(state, head, read);
    let place = slots::enter(state, &prompt.body).await;
    slots::hold(answer(state, prompt).await, place)
}

/// What is answered when the model has its turn.
async fn answer(state: &State, prompt: Prompt) -> Response {
    let (ways, dialect) = (state.ways(), prompt.dialect);
    let (mut reply, number) = scripted(state, &prompt);
    if let Some(answer) = instead(state, &prompt, &reply).await {
        return answer;
    }
    if reply.reasoning.is_empty() {
        reply.reasoning = ways.thinks.to_owned();
    }
    let ending = reply.fit(&prompt);
    bill(state, &prompt, &reply);
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
            Dialect::OpenAi => openai::stream(&prompt, &reply, &ending, &name, &ways.style),
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
        Dialect::OpenAi => openai::whole(&prompt, &reply, &ending, &name, &ways.style),
        Dialect::Anthropic => anthropic::whole(&prompt, &reply, &ending, number),
    };
    let frames = vec![Frame {
        bytes: whole.to_string().into_bytes(),
        paced: true,
    }];
    json_body(body::streamed(&reply, frames))
}

/// The answer to a request that comes to the wrong door, without the key or for a model that is not here.
fn turned_away(state: &State, prompt: &Prompt, head: &Head) -> Option<Response> {
    let needs = state.ways().query.split('=').next().unwrap_or_default();
    if !head.query.contains(needs) {
        return Some(listing::no_route(head));
    }
    if !authorised(state, &head.headers) {
        return Some(fixed(
            state,
            prompt.dialect,
            &prompt.model,
            &Fault::Authentication,
        ));
    }
    let missing = || fixed(state, prompt.dialect, &prompt.model, &Fault::ModelMissing);
    (!serves(state, &prompt.model)).then(missing)
}

/// Enters in the books what a generation has cost: by its usage where that is exact, else by its text.
fn bill(state: &State, prompt: &Prompt, reply: &Reply) {
    let counted = reply.counts(prompt).or_else(|| {
        let computed = reply.clone().usage(UsageReport::Computed);
        computed.counts(prompt)
    });
    let [input, _, _, output, _] = counted.unwrap_or_default();
    let model = prompt.model.clone();
    let bill = Bill {
        model,
        input,
        output,
    };
    state.lock().bills.push(bill);
}

/// Where a request goes on to, if nothing is queued for it.
fn onwards(state: &State) -> Option<String> {
    let inside = state.lock();
    inside.upstream.clone().filter(|_| inside.queue.is_empty())
}

/// What is answered in place of a generation, if the reply's fault is such an answer.
async fn instead(state: &State, prompt: &Prompt, reply: &Reply) -> Option<Response> {
    if let Some(Fault::Hang) = reply.fault {
        return std::future::pending().await;
    }
    let fault = reply.fault.as_ref()?;
    let answer = worded(state, prompt.dialect, &prompt.model, fault)?;
    tokio::time::sleep(reply.before_first).await;
    Some(plain(answer))
}

/// An answer in one piece, with the faults and the pace of a reply.
pub(crate) async fn whole(state: &State, prompt: &Prompt, reply: Reply, answer: Value) -> Response {
    if let Some(answer) = instead(state, prompt, &reply).await {
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

pub(crate) fn authorised(state: &State, headers: &HeaderMap) -> bool {
    let inside = state.lock();
    let Some(key) = inside.key.as_deref() else {
        return true;
    };
    let given = |name| headers.get(name).and_then(|value| value.to_str().ok());
    state.ways().keys.iter().any(|place| {
        let found = match place {
            Key::Bearer => given("authorization").and_then(|value| value.strip_prefix("Bearer ")),
            Key::Header(name) => given(name),
        };
        found == Some(key)
    })
}

pub(crate) fn serves(state: &State, model: &str) -> bool {
    let inside = state.lock();
    if inside.empty {
        return false;
    }
    let any = state.ways().any_name || inside.models.is_empty();
    any || inside.models.iter().any(|served| served == model)
}

pub(crate) fn record(state: &State, head: &Head, body: Value) {
    push(state, head, body, None);
}

fn record_refused(state: &State, head: &Head, body: Value, status: u16) {
    push(state, head, body, Some(status));
}

fn push(state: &State, head: &Head, body: Value, refused: Option<u16>) {
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
        refused,
    };
    state.lock().requests.push(recorded);
}

/// A fault in this endpoint's words.
fn worded(state: &State, dialect: Dialect, model: &str, fault: &Fault) -> Option<Answer> {
    let mut shelf = state.shelf();
    if !model.is_empty() {
        // What was asked for is what the answer speaks of.
        shelf.models.insert(0, model.to_owned());
    }
    let own = (state.ways().faults)(fault, &shelf);
    own.or_else(|| fault.answer(dialect, model))
}

pub(crate) fn fixed(state: &State, dialect: Dialect, model: &str, fault: &Fault) -> Response {
    let broken = || StatusCode::INTERNAL_SERVER_ERROR.into_response();
    worded(state, dialect, model, fault).map_or_else(broken, plain)
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
