//! The gateway v10: the websocket over which the bot hears what happens.
//!
//! `connection` speaks, `handshake` lets in, `session` remembers, `compression` packs.

pub mod alteration;
mod compression;
mod connection;
mod handshake;
mod member_list;
pub mod session;

use std::sync::Arc;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::any;
use serde::Deserialize;

use crate::Hub;

/// What a client asks for in the gateway's address.
#[derive(Clone, Debug, Deserialize)]
pub struct Wish {
    /// The version.
    pub v: Option<u8>,
    /// `json`, or `etf`, which is refused.
    pub encoding: Option<String>,
    /// `zlib-stream` is honoured; any other is ignored, and clients cope with plain text.
    pub compress: Option<String>,
}

/// The gateway's address is the root, as at `wss://gateway.discord.gg/`.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new().route("/", any(upgrade))
}

async fn upgrade(
    State(hub): State<Arc<Hub>>,
    Query(wish): Query<Wish>,
    socket: WebSocketUpgrade,
) -> Response {
    socket.on_upgrade(move |socket| connection::run(hub, wish, socket))
}
