//! Webhooks: made and listed in a channel, changed and deleted. What they write is in [`super::webhook_messages`].

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use twilight_model::channel::{ChannelType, Webhook};
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, WebhookMarker};
use twilight_model::util::ImageHash;

use super::body::Incoming;
use super::draft;
use super::error::{ApiError, ApiResult};
use super::path::InPath;
use super::picture;
use crate::Hub;
use crate::state::World;
use crate::state::face::Face;

/// How many webhooks a channel has room for.
pub const PER_CHANNEL: usize = 15;
/// The longest name.
const NAME_LENGTH: usize = 80;
/// What no name may contain, in whatever case.
const RESERVED: [&str; 2] = ["clyde", "discord"];

type Hubs = State<Arc<Hub>>;

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route(
            "/channels/{channel_id}/webhooks",
            get(of_channel).post(create),
        )
        .route("/guilds/{guild_id}/webhooks", get(of_guild))
        .route(
            "/webhooks/{webhook_id}",
            get(one).patch(modify).delete(remove),
        )
        .route(
            "/webhooks/{webhook_id}/{token}",
            get(one_by_token)
                .patch(modify_by_token)
                .delete(remove_by_token),
        )
}

#[derive(Debug, Deserialize)]
struct NewWebhook {
    name: String,
    avatar: Option<String>,
}

async fn create(
    State(hub): Hubs,
    InPath(channel): InPath<Id<ChannelMarker>>,
    incoming: Incoming,
) -> ApiResult<Json<Webhook>> {
    let mut world = hub.world();
    world.require(channel, Permissions::VIEW_CHANNEL)?;
    refuse_place(&world, channel)?;
    world.require(channel, Permissions::MANAGE_WEBHOOKS)?;
    let wish: NewWebhook = incoming.parse()?;
    check_name(&wish.name, "name")?;
    let avatar = keep_avatar(&mut world, wish.avatar)?;
    if world.webhooks_of(channel).count() >= PER_CHANNEL {
        return Err(ApiError::too_many_webhooks());
    }
    let bot = world.bot_id();
    let webhook = world.add_webhook(channel, bot, wish.name.trim(), avatar)?;
    Ok(Json(as_seen(&world, &webhook)))
}

/// Direct messages and threads have no webhooks of their own.
fn refuse_place(world: &World, channel: Id<ChannelMarker>) -> ApiResult<()> {
    let kind = world.channel(channel)?.channel.kind;
    if kind == ChannelType::Private {
        return Err(ApiError::not_in_a_direct_message());
    }
    if kind.is_thread() {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            50024,
            "Cannot execute action on this channel type",
        ));
    }
    Ok(())
}

fn keep_avatar(world: &mut World, data: Option<String>) -> ApiResult<Option<ImageHash>> {
    let Some(data) = data else { return Ok(None) };
    let bytes = picture::decode(&data, "avatar")?;
    Ok(Some(world.keep_face(Face::Picture(bytes))))
}

async fn of_channel(
    State(hub): Hubs,
    InPath(channel): InPath<Id<ChannelMarker>>,
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
    InPath(guild): InPath<Id<GuildMarker>>,
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

/// With its address; but the tokens of webhooks that other applications made stay hidden.
fn as_seen(world: &World, webhook: &Webhook) -> Webhook {
    let mut webhook = webhook.clone();
    let foreign = webhook
        .application_id
        .is_some_and(|application| application != world.bot.application_id);
    if foreign {
        webhook.token = None;
    }
    webhook.url = webhook
        .token
        .as_ref()
        .map(|token| format!("{}/api/webhooks/{}/{token}", world.files_at, webhook.id));
    webhook
}

async fn one(State(hub): Hubs, InPath(id): InPath<Id<WebhookMarker>>) -> ApiResult<Json<Webhook>> {
    let world = hub.world();
    let webhook = managed(&world, id)?;
    Ok(Json(as_seen(&world, webhook)))
}

async fn one_by_token(
    State(hub): Hubs,
    InPath((id, token)): InPath<(Id<WebhookMarker>, String)>,
) -> ApiResult<Json<Webhook>> {
    let world = hub.world();
    let mut webhook = as_seen(&world, by_token(&world, id, &token)?);
    // Asked for by its token, a webhook does not tell who made it.
    webhook.user = None;
    Ok(Json(webhook))
}

async fn modify(
    State(hub): Hubs,
    InPath(id): InPath<Id<WebhookMarker>>,
    incoming: Incoming,
) -> ApiResult<Json<Webhook>> {
    let mut world = hub.world();
    managed(&world, id)?;
    change(&mut world, id, &incoming, true).map(Json)
}

async fn modify_by_token(
    State(hub): Hubs,
    InPath((id, token)): InPath<(Id<WebhookMarker>, String)>,
    incoming: Incoming,
) -> ApiResult<Json<Webhook>> {
    let mut world = hub.world();
    by_token(&world, id, &token)?;
    let mut webhook = change(&mut world, id, &incoming, false)?;
    webhook.user = None;
    Ok(Json(webhook))
}

async fn remove(State(hub): Hubs, InPath(id): InPath<Id<WebhookMarker>>) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    managed(&world, id)?;
    world.remove_webhook(id)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove_by_token(
    State(hub): Hubs,
    InPath((id, token)): InPath<(Id<WebhookMarker>, String)>,
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

/// Only with the bot's token may a webhook be moved.
fn change(
    world: &mut World,
    id: Id<WebhookMarker>,
    incoming: &Incoming,
    may_move: bool,
) -> ApiResult<Webhook> {
    let form: Form = incoming.parse()?;
    if let Some(name) = &form.name {
        check_name(name, "name")?;
    }
    let target = form.channel_id.filter(|_| may_move);
    if let Some(channel) = target {
        world.require(channel, Permissions::MANAGE_WEBHOOKS)?;
        refuse_place(world, channel)?;
        if world.webhooks_of(channel).filter(|it| it.id != id).count() >= PER_CHANNEL {
            return Err(ApiError::too_many_webhooks());
        }
    }
    let avatar = match form.avatar {
        Some(data) => Some(keep_avatar(world, data)?),
        None => None,
    };
    let webhook = world
        .webhooks
        .get_mut(&id)
        .ok_or_else(ApiError::unknown_webhook)?;
    if let Some(name) = form.name {
        webhook.name = Some(name.trim().to_owned());
    }
    if let Some(avatar) = avatar {
        webhook.avatar = avatar;
    }
    let left = webhook.channel_id;
    webhook.channel_id = target.unwrap_or(left);
    let webhook = webhook.clone();
    world.webhooks_changed(webhook.channel_id);
    if webhook.channel_id != left {
        world.webhooks_changed(left);
    }
    Ok(as_seen(world, &webhook))
}

fn managed(world: &World, id: Id<WebhookMarker>) -> ApiResult<&Webhook> {
    let webhook = world
        .webhooks
        .get(&id)
        .ok_or_else(ApiError::unknown_webhook)?;
    world.require(webhook.channel_id, Permissions::MANAGE_WEBHOOKS)?;
    Ok(webhook)
}

/// The webhook with this id and token: 10015 or 50027.
pub(super) fn by_token<'a>(
    world: &'a World,
    id: Id<WebhookMarker>,
    token: &str,
) -> ApiResult<&'a Webhook> {
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
pub(super) fn check_name(name: &str, field: &str) -> ApiResult<()> {
    let length = name.trim().chars().count();
    if length == 0 || length > NAME_LENGTH {
        return Err(ApiError::invalid_field(
            &[field],
            "BASE_TYPE_BAD_LENGTH",
            "Must be between 1 and 80 in length.",
        ));
    }
    let lower = name.to_lowercase();
    for word in RESERVED {
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
