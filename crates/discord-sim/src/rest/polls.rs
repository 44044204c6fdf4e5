//! `/channels/{id}/polls/{id}/expire`: the bot ends a poll of its own.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::Value;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker};

use super::error::{ApiError, ApiResult};
use super::path::InPath;
use crate::Hub;

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new().route(
        "/channels/{channel_id}/polls/{message_id}/expire",
        post(expire),
    )
}

async fn expire(
    State(hub): State<Arc<Hub>>,
    InPath((channel, message)): InPath<(Id<ChannelMarker>, Id<MessageMarker>)>,
) -> ApiResult<Json<Value>> {
    let mut world = hub.world();
    world.require(channel, Permissions::VIEW_CHANNEL)?;
    if world.message(channel, message)?.message.author.id != world.bot_id() {
        return Err(ApiError::not_the_author());
    }
    world.end_poll(channel, message)?;
    Ok(Json(world.message_json(world.message(channel, message)?)))
}
