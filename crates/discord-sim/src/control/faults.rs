//! `/_sim/faults`: what goes wrong with the bot's requests, on order; and the bot's token.

use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::ControlError;
use crate::Sim;
use crate::rest::fault::{Fault, Lasting};
use crate::rest::reply::{Reply, Scope};

/// The routes.
pub(super) fn routes() -> Router<Sim> {
    Router::new()
        .route("/_sim/faults", get(standing).post(order).delete(clear))
        .route("/_sim/token", post(reset_token))
        .route("/_sim/advance", post(advance))
}

/// One order. Without `times` and `for_seconds` it is for one request.
#[derive(Debug, Deserialize)]
struct Order {
    pattern: String,
    times: Option<usize>,
    for_seconds: Option<f64>,
    /// Whether the request has its effect all the same.
    #[serde(default)]
    after: bool,
    #[serde(flatten)]
    kind: Kind,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
enum Kind {
    Answer {
        status: u16,
        body: Value,
    },
    Html {
        status: u16,
    },
    Cloudflare {
        retry_after: f64,
    },
    BareLimit {
        retry_after: f64,
    },
    Limit {
        retry_after: f64,
        #[serde(default)]
        scope: Scope,
    },
    Slow {
        seconds: f64,
    },
    Cut,
}

async fn order(
    State(sim): State<Sim>,
    Json(order): Json<Order>,
) -> Result<Json<Value>, ControlError> {
    let lasting = match (order.times, order.for_seconds) {
        (Some(times), _) => Lasting::Times(times),
        (None, Some(time)) => Lasting::For(seconds(time)?),
        (None, None) => Lasting::Times(1),
    };
    let reply = |reply: Reply| {
        if order.after {
            Fault::AnswerAfter(reply)
        } else {
            Fault::Answer(reply)
        }
    };
    let fault = match order.kind {
        Kind::Answer { status, body } => reply(Reply::json(status, body)),
        Kind::Html { status } => reply(Reply::html(status)),
        Kind::Cloudflare { retry_after } => reply(Reply::cloudflare_block(seconds(retry_after)?)),
        Kind::BareLimit { retry_after } => reply(Reply::bare_limit(seconds(retry_after)?)),
        Kind::Limit { retry_after, scope } => reply(Reply::limit(seconds(retry_after)?, scope)),
        Kind::Slow { seconds: time } if order.after => Fault::Late(seconds(time)?),
        Kind::Slow { seconds: time } => Fault::Delay(seconds(time)?),
        Kind::Cut if order.after => Fault::CutAfter,
        Kind::Cut => Fault::Cut,
    };
    sim.order(&order.pattern, fault, lasting);
    Ok(Json(json!({})))
}

async fn standing(State(sim): State<Sim>) -> Json<Value> {
    let hub = sim.hub();
    Json(json!({ "standing": hub.faults.standing(hub.clock.now_ms()) }))
}

async fn clear(State(sim): State<Sim>) -> Json<Value> {
    sim.clear_faults();
    Json(json!({}))
}

#[derive(Debug, Deserialize)]
struct Token {
    token: String,
}

/// Somebody presses "Reset Token" in the developer portal.
async fn reset_token(State(sim): State<Sim>, Json(new): Json<Token>) -> Json<Value> {
    sim.reset_token(&new.token);
    Json(json!({}))
}

#[derive(Debug, Deserialize)]
struct Skipped {
    seconds: f64,
}

async fn advance(
    State(sim): State<Sim>,
    Json(skipped): Json<Skipped>,
) -> Result<Json<Value>, ControlError> {
    sim.advance(seconds(skipped.seconds)?);
    Ok(Json(json!({})))
}

pub(super) fn seconds(time: f64) -> Result<Duration, ControlError> {
    Duration::try_from_secs_f64(time)
        .map_err(|error| ControlError(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))
}
