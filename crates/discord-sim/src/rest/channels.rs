//! `/channels/{id}`: one channel or thread, and typing in it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Deserialize;
use twilight_model::channel::permission_overwrite::PermissionOverwrite;
use twilight_model::channel::thread::AutoArchiveDuration;
use twilight_model::channel::{Channel, ChannelType};
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GenericMarker};

use super::body::Incoming;
use super::draft::present;
use super::error::{ApiError, ApiResult};
use super::path::InPath;
use crate::Hub;
use crate::state::World;

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route(
            "/channels/{channel_id}",
            get(show).patch(modify).delete(remove),
        )
        .route("/channels/{channel_id}/typing", post(typing))
        .route(
            "/channels/{channel_id}/permissions/{overwrite_id}",
            put(set_overwrite).delete(drop_overwrite),
        )
}

async fn show(
    State(hub): State<Arc<Hub>>,
    InPath(channel): InPath<Id<ChannelMarker>>,
) -> ApiResult<Json<Channel>> {
    let world = hub.world();
    world.require(channel, Permissions::VIEW_CHANNEL)?;
    Ok(Json(world.channel_for_bot(channel)?))
}

async fn typing(
    State(hub): State<Arc<Hub>>,
    InPath(channel): InPath<Id<ChannelMarker>>,
) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    let needed = world.writing_permission(channel);
    world.require(channel, needed)?;
    let bot = world.bot_id();
    world.start_typing(channel, bot)?;
    Ok(StatusCode::NO_CONTENT)
}

/// What may be changed; of a thread only what is about threads.
#[derive(Debug, Deserialize)]
struct Changes {
    name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    topic: Option<Option<String>>,
    nsfw: Option<bool>,
    rate_limit_per_user: Option<u16>,
    position: Option<i32>,
    #[serde(default, deserialize_with = "present")]
    parent_id: Option<Option<Id<ChannelMarker>>>,
    permission_overwrites: Option<Vec<PermissionOverwrite>>,
    archived: Option<bool>,
    locked: Option<bool>,
    invitable: Option<bool>,
    auto_archive_duration: Option<AutoArchiveDuration>,
}

async fn modify(
    State(hub): State<Arc<Hub>>,
    InPath(id): InPath<Id<ChannelMarker>>,
    incoming: Incoming,
) -> ApiResult<Json<Channel>> {
    let mut world = hub.world();
    world.require(id, Permissions::VIEW_CHANNEL)?;
    let changes: Changes = incoming.parse()?;
    check(&changes)?;
    let channel = world.channel(id)?.channel.clone();
    if channel.guild_id.is_none() {
        return Err(ApiError::not_in_a_direct_message());
    }
    if channel.kind.is_thread() {
        return modify_thread(&mut world, &channel, changes).map(Json);
    }
    world.require(id, Permissions::MANAGE_CHANNELS)?;
    world
        .update_channel(id, |channel| {
            channel.name = changes.name.or(channel.name.take());
            channel.topic = changes.topic.unwrap_or_else(|| channel.topic.take());
            channel.nsfw = changes.nsfw.or(channel.nsfw);
            channel.position = changes.position.or(channel.position);
            channel.rate_limit_per_user =
                changes.rate_limit_per_user.or(channel.rate_limit_per_user);
            channel.parent_id = changes.parent_id.unwrap_or(channel.parent_id);
            if let Some(overwrites) = changes.permission_overwrites {
                channel.permission_overwrites = Some(overwrites);
            }
        })
        .map(Json)
}

fn modify_thread(world: &mut World, thread: &Channel, changes: Changes) -> ApiResult<Channel> {
    let bot = world.bot_id();
    let manages = world
        .require(thread.id, Permissions::MANAGE_THREADS)
        .is_ok();
    let state = thread.thread_metadata.as_ref();
    let (archived, locked) = state.map_or((false, false), |it| (it.archived, it.locked));
    let opens = changes.archived == Some(false);
    // Anybody who may write can reopen a thread that is not locked; the rest is the owner's and the managers'.
    let only_opens = opens
        && changes.name.is_none()
        && changes.locked.is_none()
        && changes.rate_limit_per_user.is_none();
    let allowed = manages
        || (!locked && only_opens)
        || (thread.owner_id == Some(bot) && changes.locked.is_none() && !locked);
    if !allowed {
        return Err(ApiError::missing_permissions());
    }
    if archived && !opens {
        return Err(ApiError::thread_is_archived());
    }
    if let Some(name) = &changes.name {
        world.screen_title(thread.id, bot, name)?;
    }
    world.update_thread(thread.id, |thread| {
        thread.name = changes.name.or(thread.name.take());
        thread.rate_limit_per_user = changes.rate_limit_per_user.or(thread.rate_limit_per_user);
        if let Some(state) = thread.thread_metadata.as_mut() {
            state.archived = changes.archived.unwrap_or(state.archived);
            state.locked = changes.locked.unwrap_or(state.locked);
            state.invitable = changes.invitable.or(state.invitable);
            state.auto_archive_duration = changes
                .auto_archive_duration
                .unwrap_or(state.auto_archive_duration);
        }
    })
}

fn check(changes: &Changes) -> ApiResult<()> {
    if let Some(name) = &changes.name {
        check_name(name)?;
    }
    let topic = changes.topic.iter().flatten().next();
    if let Some(topic) = topic {
        twilight_validate::channel::topic(topic).map_err(|_| {
            ApiError::invalid_field(
                &["topic"],
                "BASE_TYPE_MAX_LENGTH",
                "Must be 1024 or fewer in length.",
            )
        })?;
    }
    if let Some(seconds) = changes.rate_limit_per_user {
        twilight_validate::channel::rate_limit_per_user(seconds).map_err(|_| {
            ApiError::invalid_field(
                &["rate_limit_per_user"],
                "NUMBER_TYPE_MAX",
                "int value should be less than or equal to 21600.",
            )
        })?;
    }
    changes.auto_archive_duration.map_or(Ok(()), check_archive)
}

/// A name of a channel or thread.
pub(super) fn check_name(name: &str) -> ApiResult<()> {
    twilight_validate::channel::name(name).map_err(|_| {
        ApiError::invalid_field(
            &["name"],
            "BASE_TYPE_BAD_LENGTH",
            "Must be between 1 and 100 in length.",
        )
    })
}

/// One of the four times after which a thread archives itself.
pub(super) fn check_archive(duration: AutoArchiveDuration) -> ApiResult<()> {
    if matches!(duration, AutoArchiveDuration::Unknown { .. }) {
        return Err(ApiError::invalid_field(
            &["auto_archive_duration"],
            "BASE_TYPE_CHOICES",
            "Value must be one of (60, 1440, 4320, 10080).",
        ));
    }
    Ok(())
}

async fn remove(
    State(hub): State<Arc<Hub>>,
    InPath(id): InPath<Id<ChannelMarker>>,
) -> ApiResult<Json<Channel>> {
    let mut world = hub.world();
    world.require(id, Permissions::VIEW_CHANNEL)?;
    let channel = world.channel(id)?.channel.clone();
    if channel.kind == ChannelType::Private {
        // Closing a conversation takes nothing away from the other side.
        return Ok(Json(channel));
    }
    if channel.kind.is_thread() {
        world.require(id, Permissions::MANAGE_THREADS)?;
        return world.remove_thread(id).map(Json);
    }
    world.require(id, Permissions::MANAGE_CHANNELS)?;
    world.remove_channel(id).map(Json)
}

async fn set_overwrite(
    State(hub): State<Arc<Hub>>,
    InPath((channel, target)): InPath<(Id<ChannelMarker>, Id<GenericMarker>)>,
    incoming: Incoming,
) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    world.require(channel, Permissions::MANAGE_ROLES)?;
    let mut body = incoming.json;
    body["id"] = serde_json::json!(target);
    for side in ["allow", "deny"] {
        if body[side].is_null() {
            body[side] = serde_json::json!("0");
        }
    }
    world.set_overwrite(channel, Incoming::read(&body)?)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn drop_overwrite(
    State(hub): State<Arc<Hub>>,
    InPath((channel, target)): InPath<(Id<ChannelMarker>, Id<GenericMarker>)>,
) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    world.require(channel, Permissions::MANAGE_ROLES)?;
    world.update_channel(channel, |channel| {
        let list = channel.permission_overwrites.get_or_insert_with(Vec::new);
        list.retain(|other| other.id != target);
    })?;
    Ok(StatusCode::NO_CONTENT)
}

impl World {
    /// The channel as the bot is told of it: a thread says whether the bot follows it.
    pub fn channel_for_bot(&self, id: Id<ChannelMarker>) -> ApiResult<Channel> {
        let state = self.channel(id)?;
        let mut channel = state.channel.clone();
        channel.member = state.followers.get(&self.bot_id()).cloned();
        Ok(channel)
    }
}
