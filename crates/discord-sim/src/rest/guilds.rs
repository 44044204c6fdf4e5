//! `/guilds/{id}`: a server, its channels and roles. Its members are in [`super::members`].

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use twilight_model::channel::permission_overwrite::PermissionOverwrite;
use twilight_model::channel::{Channel, ChannelType};
use twilight_model::guild::{Permissions, Role};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, RoleMarker};

use super::body::Incoming;
use super::channels::check_name;
use super::error::{ApiError, ApiResult};
use super::path::{InPath, InQuery};
use super::truth;
use crate::Hub;
use crate::state::World;
use crate::state::guild_create::complete_guild;

/// What only the gateway tells of a server.
const ONLY_AT_THE_GATEWAY: [&str; 13] = [
    "channels",
    "guild_scheduled_events",
    "joined_at",
    "large",
    "member_count",
    "members",
    "presences",
    "soundboard_sounds",
    "stage_instances",
    "threads",
    "unavailable",
    "voice_states",
    "permissions",
];

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route("/guilds/{guild_id}", get(show))
        .route(
            "/guilds/{guild_id}/channels",
            get(channels).post(add_channel),
        )
        .route("/guilds/{guild_id}/roles", get(roles))
        .route("/guilds/{guild_id}/roles/{role_id}", get(role))
        .route("/guilds/{guild_id}/emojis", get(emojis))
}

#[derive(Debug, Deserialize)]
struct Wish {
    #[serde(default, deserialize_with = "truth::read")]
    with_counts: Option<bool>,
}

async fn show(
    State(hub): State<Arc<Hub>>,
    InPath(guild): InPath<Id<GuildMarker>>,
    InQuery(wish): InQuery<Wish>,
) -> ApiResult<Json<Value>> {
    let world = hub.world();
    require(&world, guild)?;
    let state = world
        .guilds
        .get(&guild)
        .ok_or_else(ApiError::unknown_guild)?;
    let mut json = json!(state.guild);
    complete_guild(&mut json);
    if let Some(object) = json.as_object_mut() {
        object.retain(|key, _| !ONLY_AT_THE_GATEWAY.contains(&key.as_str()));
    }
    if wish.with_counts == Some(true) {
        json["approximate_member_count"] = json!(state.members.len());
        json["approximate_presence_count"] = json!(state.members.len());
    }
    Ok(Json(json))
}

async fn channels(
    State(hub): State<Arc<Hub>>,
    InPath(guild): InPath<Id<GuildMarker>>,
) -> ApiResult<Json<Vec<Channel>>> {
    let world = hub.world();
    require(&world, guild)?;
    // All of them, even those that the bot may not enter; but no threads.
    let channels = world
        .channels
        .values()
        .map(|state| &state.channel)
        .filter(|channel| channel.guild_id == Some(guild) && !channel.kind.is_thread())
        .cloned();
    Ok(Json(channels.collect()))
}

#[derive(Debug, Deserialize)]
struct NewChannel {
    name: String,
    #[serde(rename = "type")]
    kind: Option<ChannelType>,
    topic: Option<String>,
    nsfw: Option<bool>,
    parent_id: Option<Id<ChannelMarker>>,
    permission_overwrites: Option<Vec<PermissionOverwrite>>,
}

async fn add_channel(
    State(hub): State<Arc<Hub>>,
    InPath(guild): InPath<Id<GuildMarker>>,
    incoming: Incoming,
) -> ApiResult<(StatusCode, Json<Channel>)> {
    let mut world = hub.world();
    world.require_in_guild(guild, Permissions::MANAGE_CHANNELS)?;
    let wish: NewChannel = incoming.parse()?;
    check_name(&wish.name)?;
    let kind = wish.kind.unwrap_or(ChannelType::GuildText);
    let channel = world.add_channel(guild, kind, |channel| {
        channel.name = Some(wish.name);
        channel.topic = wish.topic;
        channel.nsfw = Some(wish.nsfw.unwrap_or(false));
        channel.parent_id = wish.parent_id;
        channel.permission_overwrites = Some(wish.permission_overwrites.unwrap_or_default());
    });
    Ok((StatusCode::CREATED, Json(channel)))
}

async fn roles(
    State(hub): State<Arc<Hub>>,
    InPath(guild): InPath<Id<GuildMarker>>,
) -> ApiResult<Json<Vec<Role>>> {
    let world = hub.world();
    require(&world, guild)?;
    let roles = world
        .guilds
        .get(&guild)
        .map(|state| state.guild.roles.clone());
    Ok(Json(roles.unwrap_or_default()))
}

async fn role(
    State(hub): State<Arc<Hub>>,
    InPath((guild, role)): InPath<(Id<GuildMarker>, Id<RoleMarker>)>,
) -> ApiResult<Json<Role>> {
    let world = hub.world();
    require(&world, guild)?;
    world
        .guilds
        .get(&guild)
        .and_then(|state| state.guild.roles.iter().find(|other| other.id == role))
        .map(|role| Json(role.clone()))
        .ok_or_else(ApiError::unknown_role)
}

async fn emojis(
    State(hub): State<Arc<Hub>>,
    InPath(guild): InPath<Id<GuildMarker>>,
) -> ApiResult<Json<Value>> {
    let world = hub.world();
    require(&world, guild)?;
    let emojis = world.guilds.get(&guild).map(|state| &state.guild.emojis);
    Ok(Json(json!(emojis)))
}

/// Servers that the bot is not in do not exist for it.
pub(super) fn require(world: &World, guild: Id<GuildMarker>) -> ApiResult<()> {
    world
        .require_in_guild(guild, Permissions::empty())
        .map_err(|_| ApiError::unknown_guild())
}
