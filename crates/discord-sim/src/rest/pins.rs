//! Pins: `/channels/{id}/messages/pins`, and the older `/channels/{id}/pins`, which Discord still serves.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker};
use twilight_model::util::Timestamp;

use super::error::{ApiError, ApiResult};
use super::path::{InPath, InQuery};
use crate::Hub;
use crate::state::{StoredMessage, World};

/// How many pins come at a time, at most and when no number is asked for.
const PAGE: usize = 50;

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route("/channels/{channel_id}/messages/pins", get(list))
        .route(
            "/channels/{channel_id}/messages/pins/{message_id}",
            put(pin).delete(unpin),
        )
        .route("/channels/{channel_id}/pins", get(list_deprecated))
        .route(
            "/channels/{channel_id}/pins/{message_id}",
            put(pin).delete(unpin),
        )
}

async fn pin(
    State(hub): State<Arc<Hub>>,
    InPath((channel, message)): InPath<(Id<ChannelMarker>, Id<MessageMarker>)>,
) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    world.require(channel, Permissions::PIN_MESSAGES)?;
    let bot = world.bot_id();
    world.pin(channel, message, bot)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn unpin(
    State(hub): State<Arc<Hub>>,
    InPath((channel, message)): InPath<(Id<ChannelMarker>, Id<MessageMarker>)>,
) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    world.require(channel, Permissions::PIN_MESSAGES)?;
    world.unpin(channel, message)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize)]
struct Page {
    before: Option<Timestamp>,
    limit: Option<usize>,
}

async fn list(
    State(hub): State<Arc<Hub>>,
    InPath(channel): InPath<Id<ChannelMarker>>,
    InQuery(page): InQuery<Page>,
) -> ApiResult<Json<Value>> {
    let limit = page.limit.unwrap_or(PAGE);
    if !(1..=PAGE).contains(&limit) {
        return Err(ApiError::invalid_field(
            &["limit"],
            "NUMBER_TYPE_MAX",
            "int value should be less than or equal to 50.",
        ));
    }
    let world = hub.world();
    let pins = readable(&world, channel)?;
    let older = |at: &Timestamp| {
        page.before
            .is_none_or(|before| at.as_micros() < before.as_micros())
    };
    let mut found: Vec<_> = pins.into_iter().filter(|(at, _)| older(at)).collect();
    let has_more = found.len() > limit;
    found.truncate(limit);
    let items: Vec<Value> = found
        .into_iter()
        .map(|(at, stored)| json!({"pinned_at": at, "message": world.shown_to_bot(stored)}))
        .collect();
    Ok(Json(json!({"items": items, "has_more": has_more})))
}

async fn list_deprecated(
    State(hub): State<Arc<Hub>>,
    InPath(channel): InPath<Id<ChannelMarker>>,
) -> ApiResult<Json<Vec<Value>>> {
    let world = hub.world();
    let pins = readable(&world, channel)?.into_iter().take(PAGE);
    Ok(Json(
        pins.map(|(_, stored)| world.shown_to_bot(stored)).collect(),
    ))
}

/// Those who may not read the past see no pins, and no error.
fn readable(
    world: &World,
    channel: Id<ChannelMarker>,
) -> ApiResult<Vec<(Timestamp, &StoredMessage)>> {
    world.require(channel, Permissions::VIEW_CHANNEL)?;
    match world.require(channel, Permissions::READ_MESSAGE_HISTORY) {
        Ok(()) => world.pins(channel),
        Err(_) => Ok(Vec::new()),
    }
}
