//! Switches of the simulator itself: connections that end, previews that wait.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Sim;

pub(super) async fn reconnect(State(sim): State<Sim>) -> Json<Value> {
    sim.send_reconnect();
    Json(json!({}))
}

pub(super) async fn drop_connections(State(sim): State<Sim>) -> Json<Value> {
    sim.drop_connections(None);
    Json(json!({}))
}

#[derive(Debug, Deserialize)]
pub(super) struct Previews {
    delay_ms: Option<u64>,
}

/// How long previews take from now on; without a number they wait for `POST /_sim/preview`.
pub(super) async fn previews(State(sim): State<Sim>, Json(wish): Json<Previews>) -> Json<Value> {
    sim.set_preview_delay(wish.delay_ms.map(Duration::from_millis));
    Json(json!({}))
}
