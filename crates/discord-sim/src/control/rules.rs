//! `/_sim/automod` and the other rules that moderators, or Discord, set.

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use serde::Deserialize;
use serde_json::{Value, json};

use super::faults::seconds;
use super::{ControlError, channel, guild, unknown};
use crate::Sim;

type Done = Result<Json<Value>, ControlError>;

/// The routes.
pub(super) fn routes() -> Router<Sim> {
    Router::new()
        .route("/_sim/automod", post(automod))
        .route("/_sim/harmful", post(harmful))
        .route("/_sim/slowmode", post(slow_mode))
}

#[derive(Debug, Deserialize)]
struct Words {
    guild: String,
    #[serde(default)]
    words: Vec<String>,
}

async fn automod(State(sim): State<Sim>, Json(wish): Json<Words>) -> Done {
    let id = guild(&sim.hub().world(), &wish.guild)?;
    let handle = sim
        .guild(id)
        .ok_or_else(|| unknown("server", &wish.guild))?;
    if wish.words.is_empty() {
        handle.unblock_words();
    } else {
        let words: Vec<&str> = wish.words.iter().map(String::as_str).collect();
        handle.block_words(&words);
    }
    Ok(Json(json!({})))
}

#[derive(Debug, Deserialize)]
struct Host {
    host: String,
}

async fn harmful(State(sim): State<Sim>, Json(wish): Json<Host>) -> Json<Value> {
    sim.block_links_to(&wish.host);
    Json(json!({}))
}

#[derive(Debug, Deserialize)]
struct Pause {
    channel: String,
    seconds: f64,
    #[serde(default)]
    bots: bool,
}

async fn slow_mode(State(sim): State<Sim>, Json(wish): Json<Pause>) -> Done {
    let id = channel(&sim.hub().world(), &wish.channel)?;
    sim.channel(id).set_slow_mode(seconds(wish.seconds)?)?;
    sim.slow_mode_binds_bots(wish.bots);
    Ok(Json(json!({})))
}
