//! Webhooks: made and listed in a channel, then used by whoever knows their token.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::Value;
use twilight_model::channel::Webhook;
use twilight_model::channel::message::MessageFlags;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, MessageMarker, WebhookMarker};

use super::body::Incoming;
use super::draft;
use super::error::{ApiError, ApiResult};
use super::path::InQuery;
use super::picture;
use super::truth;
use crate::Hub;
use crate::interactions::followup;
use crate::state::World;
use crate::state::account::new_user;
use crate::state::message::Author;

/// How many webhooks a channel has room for.
pub const PER_CHANNEL: usize = 15;
/// The longest name.
const NAME_LENGTH: usize = 80;

type Hubs = State<Arc<Hub>>;

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route("/channels/{channel}/webhooks", get(of_channel).post(create))
        .route("/guilds/{guild}/webhooks", get(of_guild))
        .route(
            "/webhooks/{webhook}",
            get(one).patch(modify).delete(remove),
        )
        .route(
            "/webhooks/{webhook}/{token}",
            post(execute)
                .get(one_by_token)
                .patch(modify_by_token)
                .delete(remove_by_token),
        )
        .route(
            "/webhooks/{webhook}/{token}/messages/{message}",
            patch(edit_message).get(get_message).delete(delete_message),
        )
}

async fn create(
    State(hub): Hubs,
    Path(channel): Path<Id<ChannelMarker>>,
    incoming: Incoming,
) -> ApiResult<Json<Webhook>> {
    let form: Form = incoming.parse()?;
    let mut world = hub.world();
    world.require(channel, Permissions::MANAGE_WEBHOOKS)?;
    let name = form.name.unwrap_or_default();
    check_name(&name)?;
    let kind = world.channel(channel)?.channel.kind;
    if kind.is_thread() {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            50024,
            "Cannot execute action on this channel type",
        ));
    }
    if world.webhooks_of(channel).count() >= PER_CHANNEL {
        return Err(ApiError::too_many_webhooks());
    }
    let avatar = match form.avatar.flatten() {
        Some(data) => Some(picture::hash(&picture::decode(&data, "avatar")?)),
        None => None,
    };
    let bot = world.bot_id();
    world.add_webhook(channel, bot, &name, avatar).map(Json)
}

async fn of_channel(
    State(hub): Hubs,
    Path(channel): Path<Id<ChannelMarker>>,
) -> ApiResult<Json<Vec<Webhook>>> {
    let world = hub.world();
    world.require(channel, Permissions::MANAGE_WEBHOOKS)?;
    let list = world
        .webhooks_of(channel)
        .map(|webhook| as_seen(&world, webhook));
    Ok(Json(list.collect()))
}

async fn of_guild(
    State(hub): Hubs,
    Path(guild): Path<Id<GuildMarker>>,
) -> ApiResult<Json<Vec<Webhook>>> {
    let world = hub.world();
    world.require_in_guild(guild, Permissions::MANAGE_WEBHOOKS)?;
    let list = world
        .webhooks
        .values()
        .filter(|webhook| webhook.guild_id == Some(guild))
        .map(|webhook| as_seen(&world, webhook));
    Ok(Json(list.collect()))
}

/// The tokens of webhooks that other applications made stay hidden.
fn as_seen(world: &World, webhook: &Webhook) -> Webhook {
    let mut webhook = webhook.clone();
    let foreign = webhook
        .application_id
        .is_some_and(|application| application != world.bot.application_id);
    if foreign {
        webhook.token = None;
    }
    webhook
}

async fn one(State(hub): Hubs, Path(id): Path<Id<WebhookMarker>>) -> ApiResult<Json<Webhook>> {
    let world = hub.world();
    let webhook = managed(&world, id)?;
    Ok(Json(as_seen(&world, webhook)))
}

async fn one_by_token(
    State(hub): Hubs,
    Path((id, token)): Path<(Id<WebhookMarker>, String)>,
) -> ApiResult<Json<Webhook>> {
    let mut webhook = by_token(&hub.world(), id, &token)?.clone();
    // Asked for by its token, a webhook does not tell who made it.
    webhook.user = None;
    Ok(Json(webhook))
}

async fn modify(
    State(hub): Hubs,
    Path(id): Path<Id<WebhookMarker>>,
    incoming: Incoming,
) -> ApiResult<Json<Webhook>> {
    let mut world = hub.world();
    managed(&world, id)?;
    change(&mut world, id, &incoming).map(Json)
}

async fn modify_by_token(
    State(hub): Hubs,
    Path((id, token)): Path<(Id<WebhookMarker>, String)>,
    incoming: Incoming,
) -> ApiResult<Json<Webhook>> {
    let mut world = hub.world();
    by_token(&world, id, &token)?;
    let mut webhook = change(&mut world, id, &incoming)?;
    webhook.user = None;
    Ok(Json(webhook))
}

async fn remove(State(hub): Hubs, Path(id): Path<Id<WebhookMarker>>) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    managed(&world, id)?;
    world.remove_webhook(id)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove_by_token(
    State(hub): Hubs,
    Path((id, token)): Path<(Id<WebhookMarker>, String)>,
) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    by_token(&world, id, &token)?;
    world.remove_webhook(id)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize)]
struct Form {
    name: Option<String>,
    #[serde(default, deserialize_with = "draft::present")]
    avatar: Option<Option<String>>,
    channel_id: Option<Id<ChannelMarker>>,
}

fn change(world: &mut World, id: Id<WebhookMarker>, incoming: &Incoming) -> ApiResult<Webhook> {
    let form: Form = incoming.parse()?;
    if let Some(name) = &form.name {
        check_name(name)?;
    }
    let avatar = match form.avatar {
        Some(Some(data)) => Some(Some(picture::hash(&picture::decode(&data, "avatar")?))),
        Some(None) => Some(None),
        None => None,
    };
    let webhook = world
        .webhooks
        .get_mut(&id)
        .ok_or_else(ApiError::unknown_webhook)?;
    if form.name.is_some() {
        webhook.name = form.name;
    }
    if let Some(avatar) = avatar {
        webhook.avatar = avatar;
    }
    if let Some(channel) = form.channel_id {
        webhook.channel_id = channel;
    }
    let webhook = webhook.clone();
    world.webhooks_changed(webhook.channel_id);
    Ok(webhook)
}

fn managed(world: &World, id: Id<WebhookMarker>) -> ApiResult<&Webhook> {
    let webhook = world
        .webhooks
        .get(&id)
        .ok_or_else(ApiError::unknown_webhook)?;
    world.require(webhook.channel_id, Permissions::MANAGE_WEBHOOKS)?;
    Ok(webhook)
}

fn by_token<'a>(world: &'a World, id: Id<WebhookMarker>, token: &str) -> ApiResult<&'a Webhook> {
    let webhook = world
        .webhooks
        .get(&id)
        .ok_or_else(ApiError::unknown_webhook)?;
    if webhook.token.as_deref() != Some(token) {
        return Err(ApiError::invalid_webhook_token());
    }
    Ok(webhook)
}

/// Names have 1 to 80 characters, and neither "clyde" nor "discord" in them.
fn check_name(name: &str) -> ApiResult<()> {
    let length = name.trim().chars().count();
    if length == 0 || length > NAME_LENGTH {
        return Err(ApiError::invalid_field(
            &["name"],
            "BASE_TYPE_BAD_LENGTH",
            "Must be between 1 and 80 in length.",
        ));
    }
    check_username(name, "name")
}

fn check_username(name: &str, field: &str) -> ApiResult<()> {
    let lower = name.to_lowercase();
    for word in ["clyde", "discord"] {
        if lower.contains(word) {
            return Err(ApiError::invalid_field(
                &[field],
                "USERNAME_INVALID_CONTAINS",
                format!("Username cannot contain \"{word}\""),
            ));
        }
    }
    Ok(())
}

#[derive(Debug, Deserialize)]
struct Wish {
    #[serde(default, deserialize_with = "truth::read")]
    wait: bool,
    thread_id: Option<Id<ChannelMarker>>,
}

#[derive(Debug, Deserialize)]
struct Face {
    username: Option<String>,
    avatar_url: Option<String>,
}

async fn execute(
    State(hub): Hubs,
    Path((id, token)): Path<(Id<WebhookMarker>, String)>,
    InQuery(wish): InQuery<Wish>,
    incoming: Incoming,
) -> ApiResult<Response> {
    if hub.is_application(id) {
        return followup::create(&hub, &token, &incoming).map(IntoResponse::into_response);
    }
    let mut world = hub.world();
    let webhook = by_token(&world, id, &token)?.clone();
    let draft = draft::parse(&incoming)?;
    if draft.is_empty() {
        return Err(ApiError::empty_message());
    }
    let face: Face = incoming.parse()?;
    let name = match face.username {
        Some(name) => {
            check_name(&name).map_err(|_| {
                ApiError::invalid_field(
                    &["username"],
                    "BASE_TYPE_BAD_LENGTH",
                    "Must be between 1 and 80 in length.",
                )
            })?;
            name
        }
        None => webhook.name.clone().unwrap_or_default(),
    };
    let channel = place(&world, &webhook, wish.thread_id)?;
    let mut user = new_user(id.cast(), &name, true);
    user.avatar = match face.avatar_url {
        Some(address) => Some(picture::hash(address.as_bytes())),
        None => webhook.avatar,
    };
    let author = Author {
        user,
        webhook: Some(id),
        application: webhook.application_id,
    };
    let stored = world.post(channel, author, draft)?;
    if wish.wait {
        return Ok(Json(world.message_json(&stored)).into_response());
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The webhook's channel, or a thread in it.
fn place(
    world: &World,
    webhook: &Webhook,
    thread: Option<Id<ChannelMarker>>,
) -> ApiResult<Id<ChannelMarker>> {
    let Some(thread) = thread else {
        return Ok(webhook.channel_id);
    };
    let inside = world.channel(thread)?.channel.parent_id == Some(webhook.channel_id);
    if inside {
        Ok(thread)
    } else {
        Err(ApiError::unknown_channel())
    }
}

type MessagePath = Path<(Id<WebhookMarker>, String, String)>;

async fn get_message(
    State(hub): Hubs,
    Path((id, token, message)): MessagePath,
    InQuery(wish): InQuery<Wish>,
) -> ApiResult<Json<Value>> {
    if hub.is_application(id) {
        return followup::get(&hub, &token, &message);
    }
    let world = hub.world();
    let (channel, message) = own_message(&world, id, &token, &message, wish.thread_id)?;
    Ok(Json(world.message_json(world.message(channel, message)?)))
}

async fn edit_message(
    State(hub): Hubs,
    Path((id, token, message)): MessagePath,
    InQuery(wish): InQuery<Wish>,
    incoming: Incoming,
) -> ApiResult<Json<Value>> {
    if hub.is_application(id) {
        return followup::edit(&hub, &token, &message, &incoming);
    }
    let mut change = draft::parse_change(&incoming)?;
    let mut world = hub.world();
    let (channel, message) = own_message(&world, id, &token, &message, wish.thread_id)?;
    // Of the flags only SUPPRESS_EMBEDS can be changed later.
    let old = world.message(channel, message)?.message.flags;
    change.flags = change.flags.map(|new| {
        let old = old.unwrap_or(MessageFlags::empty()) - MessageFlags::SUPPRESS_EMBEDS;
        old | (new & MessageFlags::SUPPRESS_EMBEDS)
    });
    let stored = world.revise(channel, message, change)?;
    Ok(Json(world.message_json(&stored)))
}

async fn delete_message(
    State(hub): Hubs,
    Path((id, token, message)): MessagePath,
    InQuery(wish): InQuery<Wish>,
) -> ApiResult<Response> {
    if hub.is_application(id) {
        return followup::delete(&hub, &token, &message);
    }
    let mut world = hub.world();
    let (channel, message) = own_message(&world, id, &token, &message, wish.thread_id)?;
    world.remove_message(channel, message)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A message that this webhook wrote. One in a thread is only found with `thread_id`.
fn own_message(
    world: &World,
    id: Id<WebhookMarker>,
    token: &str,
    message: &str,
    thread: Option<Id<ChannelMarker>>,
) -> ApiResult<(Id<ChannelMarker>, Id<MessageMarker>)> {
    let webhook = by_token(world, id, token)?;
    let channel = place(world, webhook, thread)?;
    let message = message.parse().map_err(|_| ApiError::unknown_message())?;
    let stored = world.message(channel, message)?;
    if stored.message.webhook_id != Some(id) {
        return Err(ApiError::unknown_message());
    }
    Ok((channel, message))
}
