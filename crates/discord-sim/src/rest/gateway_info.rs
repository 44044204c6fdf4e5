//! `/gateway` and `/gateway/bot`: where the gateway is, and how many sessions may still be started.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use twilight_model::gateway::SessionStartLimit;
use twilight_model::gateway::connection_info::{BotConnectionInfo, ConnectionInfo};

use crate::Hub;

/// How many sessions a bot may start in a day before its token is reset.
const SESSIONS_A_DAY: u32 = 1_000;

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route("/gateway", get(address))
        .route("/gateway/bot", get(for_bots))
}

async fn address(State(hub): State<Arc<Hub>>) -> Json<ConnectionInfo> {
    Json(ConnectionInfo {
        url: hub.gateway_url(),
    })
}

async fn for_bots(State(hub): State<Arc<Hub>>) -> Json<Value> {
    let identified = hub.world().sessions.identified;
    Json(json!(BotConnectionInfo {
        session_start_limit: SessionStartLimit {
            max_concurrency: 1,
            remaining: SESSIONS_A_DAY.saturating_sub(identified),
            reset_after: 86_400_000,
            total: SESSIONS_A_DAY,
        },
        shards: hub.config.shards,
        url: hub.gateway_url(),
    }))
}
