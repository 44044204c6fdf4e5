//! `/channels/{id}/messages`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::Value;
use twilight_model::id::Id;
use twilight_model::id::marker::ChannelMarker;

use super::body::Incoming;
use super::draft;
use super::error::{ApiError, ApiResult};
use crate::Hub;
use crate::state::message::Author;

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new().route("/channels/{channel}/messages", post(create))
}

async fn create(
    State(hub): State<Arc<Hub>>,
    Path(channel): Path<Id<ChannelMarker>>,
    incoming: Incoming,
) -> ApiResult<Json<Value>> {
    let draft = draft::parse(&incoming)?;
    if draft.is_empty() {
        return Err(ApiError::empty_message());
    }
    let mut world = hub.world();
    let needed = world.writing_permission(channel);
    world.require(channel, needed)?;
    let author = Author::account(world.bot.user.clone());
    let stored = world.post(channel, author, draft)?;
    Ok(Json(world.message_json(&stored)))
}
