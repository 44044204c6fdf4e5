//! `/channels/{id}/messages`: writing, changing and deleting. Reading is in [`super::history`].

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{patch, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::Value;
use twilight_model::channel::message::MessageFlags;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker};

use super::body::Incoming;
use super::draft;
use super::error::{ApiError, ApiResult};
use super::path::InPath;
use crate::Hub;
use crate::snowflake;
use crate::state::World;
use crate::state::message::Author;

/// How old a message may be to be deleted together with others.
const BULK_DELETE_AGE_MS: i64 = 14 * 24 * 60 * 60 * 1_000;

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route("/channels/{channel_id}/messages", post(create))
        .route(
            "/channels/{channel_id}/messages/{message_id}",
            patch(edit).delete(delete),
        )
        .route(
            "/channels/{channel_id}/messages/bulk-delete",
            post(bulk_delete),
        )
}

async fn create(
    State(hub): State<Arc<Hub>>,
    InPath(channel): InPath<Id<ChannelMarker>>,
    incoming: Incoming,
) -> ApiResult<Json<Value>> {
    let mut world = hub.world();
    let needed = world.writing_permission(channel);
    world.require(channel, needed)?;
    let mut draft = draft::parse(&incoming)?;
    draft::keep_flags(&mut draft.flags, draft::FLAGS_OF_A_MESSAGE);
    if draft.is_empty() {
        return Err(ApiError::empty_message());
    }
    world.require(channel, draft::permissions_for(&draft))?;
    world.check_reply(channel, &mut draft)?;
    let bot = world.bot_id();
    if let Some(existing) = world.sent_before(bot, draft.nonce.as_ref())? {
        return Ok(Json(world.message_json(&existing)));
    }
    world.refuse_slowed(channel, bot)?;
    world.screen(channel, bot, &draft.content)?;
    world.open_for_writing(channel, bot)?;
    if world.channel(channel)?.channel.kind.is_thread() {
        // Who writes in a thread follows it from then on.
        world.join_thread(channel, bot)?;
    }
    let author = Author::account(world.bot.user.clone());
    let stored = world.post(channel, author, draft)?;
    world.use_nonce(&stored);
    world.wrote(channel, bot);
    Ok(Json(world.message_json(&stored)))
}

async fn edit(
    State(hub): State<Arc<Hub>>,
    InPath((channel, message)): InPath<(Id<ChannelMarker>, Id<MessageMarker>)>,
    incoming: Incoming,
) -> ApiResult<Json<Value>> {
    let mut world = hub.world();
    world.require(channel, Permissions::VIEW_CHANNEL)?;
    let stored = world.message(channel, message)?.clone();
    let own = stored.message.author.id == world.bot_id() && stored.message.webhook_id.is_none();
    if !own {
        return suppress(&mut world, channel, message, &incoming);
    }
    let bot = world.bot_id();
    world.refuse_shut(channel, bot)?;
    let mut change = draft::parse_change(&incoming)?;
    if let Some(content) = &change.content {
        world.screen(channel, bot, content)?;
    }
    if hub.config.rate_limits {
        world.count_edit(channel, message)?;
    }
    let old = stored.message.flags.unwrap_or(MessageFlags::empty());
    change.flags = change.flags.map(|new| draft::changed_flags(old, new));
    draft::refuse_emptying(&change, &stored.message)?;
    let stored = world.revise(channel, message, change)?;
    Ok(Json(world.message_json(&stored)))
}

/// Of others' messages, only the previews may be switched off, and only by those who manage messages.
fn suppress(
    world: &mut World,
    channel: Id<ChannelMarker>,
    message: Id<MessageMarker>,
    incoming: &Incoming,
) -> ApiResult<Json<Value>> {
    let only_flags = incoming
        .json
        .as_object()
        .is_some_and(|fields| fields.keys().all(|key| key == "flags"));
    if !only_flags || world.guild_of(channel).is_none() {
        return Err(ApiError::not_the_author());
    }
    world.require(channel, Permissions::MANAGE_MESSAGES)?;
    let old = world.message(channel, message)?.message.flags;
    let mut change = draft::parse_change(incoming)?;
    change.flags = change
        .flags
        .map(|new| draft::changed_flags(old.unwrap_or(MessageFlags::empty()), new));
    let stored = world.revise(channel, message, change)?;
    Ok(Json(world.message_json(&stored)))
}

async fn delete(
    State(hub): State<Arc<Hub>>,
    InPath((channel, message)): InPath<(Id<ChannelMarker>, Id<MessageMarker>)>,
) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    world.require(channel, Permissions::VIEW_CHANNEL)?;
    let stored = &world.message(channel, message)?.message;
    if stored.author.id != world.bot_id() {
        if world.guild_of(channel).is_none() {
            return Err(ApiError::not_in_a_direct_message());
        }
        world.require(channel, Permissions::MANAGE_MESSAGES)?;
    }
    world.refuse_archived(channel)?;
    world.remove_message(channel, message)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize)]
struct Bulk {
    messages: Vec<Id<MessageMarker>>,
}

async fn bulk_delete(
    State(hub): State<Arc<Hub>>,
    InPath(channel): InPath<Id<ChannelMarker>>,
    incoming: Incoming,
) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    world.require(channel, Permissions::VIEW_CHANNEL)?;
    if world.guild_of(channel).is_none() {
        return Err(ApiError::not_in_a_direct_message());
    }
    world.require(channel, Permissions::MANAGE_MESSAGES)?;
    let Bulk { messages } = incoming.parse()?;
    twilight_validate::channel::bulk_delete_messages(messages.len()).map_err(|_| {
        ApiError::new(
            StatusCode::BAD_REQUEST,
            50016,
            "Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100 messages to delete.",
        )
    })?;
    let oldest = world.now_ms() - BULK_DELETE_AGE_MS;
    let too_old = messages
        .iter()
        .any(|id| snowflake::time_of(*id).is_some_and(|at| at.timestamp_millis() < oldest));
    if too_old {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            50034,
            "You can only bulk delete messages that are under 14 days old.",
        ));
    }
    world.remove_messages(channel, &messages)?;
    Ok(StatusCode::NO_CONTENT)
}
