//! `/guilds/{id}/members`.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::{get, patch};
use axum::{Json, Router};
use serde::Deserialize;
use twilight_model::guild::{Member, Permissions};
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, UserMarker};
use twilight_model::oauth::ApplicationFlags;

use super::body::Incoming;
use super::error::{ApiError, ApiResult};
use super::guilds::require;
use super::path::{InPath, InQuery};
use crate::Hub;

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route("/guilds/{guild_id}/members", get(list))
        .route("/guilds/{guild_id}/members/search", get(search))
        .route("/guilds/{guild_id}/members/@me", patch(rename_bot))
        .route("/guilds/{guild_id}/members/{user_id}", get(one))
}

async fn one(
    State(hub): State<Arc<Hub>>,
    InPath((guild, user)): InPath<(Id<GuildMarker>, Id<UserMarker>)>,
) -> ApiResult<Json<Member>> {
    let world = hub.world();
    require(&world, guild)?;
    if !world.users.contains_key(&user) {
        return Err(ApiError::unknown_user());
    }
    world
        .guilds
        .get(&guild)
        .and_then(|state| state.members.get(&user))
        .map(|member| Json(member.clone()))
        .ok_or_else(ApiError::unknown_member)
}

#[derive(Debug, Deserialize)]
struct Page {
    limit: Option<u16>,
    after: Option<Id<UserMarker>>,
}

/// All members, which takes the privileged intent in the developer portal.
async fn list(
    State(hub): State<Arc<Hub>>,
    InPath(guild): InPath<Id<GuildMarker>>,
    InQuery(page): InQuery<Page>,
) -> ApiResult<Json<Vec<Member>>> {
    let world = hub.world();
    require(&world, guild)?;
    let allowed = world.bot.flags.intersects(
        ApplicationFlags::GATEWAY_GUILD_MEMBERS | ApplicationFlags::GATEWAY_GUILD_MEMBERS_LIMITED,
    );
    if !allowed {
        return Err(ApiError::missing_access());
    }
    let limit = check_limit(page.limit)?;
    let members = world
        .guilds
        .get(&guild)
        .into_iter()
        .flat_map(|state| state.members.values())
        .filter(|member| page.after.is_none_or(|after| member.user.id > after))
        .take(limit)
        .cloned();
    Ok(Json(members.collect()))
}

#[derive(Debug, Deserialize)]
struct Search {
    query: String,
    limit: Option<u16>,
}

async fn search(
    State(hub): State<Arc<Hub>>,
    InPath(guild): InPath<Id<GuildMarker>>,
    InQuery(search): InQuery<Search>,
) -> ApiResult<Json<Vec<Member>>> {
    let world = hub.world();
    require(&world, guild)?;
    let limit = check_limit(search.limit)?;
    let query = search.query.to_lowercase();
    let found = world
        .guilds
        .get(&guild)
        .into_iter()
        .flat_map(|state| state.members.values())
        .filter(|member| {
            let names = [Some(&member.user.name), member.nick.as_ref()];
            names
                .into_iter()
                .flatten()
                .any(|name| name.to_lowercase().starts_with(&query))
        })
        .take(limit)
        .cloned();
    Ok(Json(found.collect()))
}

/// One member comes when no number is asked for.
fn check_limit(limit: Option<u16>) -> ApiResult<usize> {
    let limit = limit.unwrap_or(1);
    twilight_validate::request::get_guild_members_limit(limit).map_err(|_| {
        ApiError::invalid_field(
            &["limit"],
            "NUMBER_TYPE_MAX",
            "int value should be less than or equal to 1000.",
        )
    })?;
    Ok(usize::from(limit))
}

#[derive(Debug, Deserialize)]
struct Nickname {
    nick: Option<String>,
}

async fn rename_bot(
    State(hub): State<Arc<Hub>>,
    InPath(guild): InPath<Id<GuildMarker>>,
    incoming: Incoming,
) -> ApiResult<Json<Member>> {
    let mut world = hub.world();
    world.require_in_guild(guild, Permissions::CHANGE_NICKNAME)?;
    let Nickname { nick } = incoming.parse()?;
    let nick = nick.filter(|nick| !nick.is_empty());
    if let Some(nick) = &nick {
        twilight_validate::request::nickname(nick).map_err(|_| {
            ApiError::invalid_field(
                &["nick"],
                "BASE_TYPE_MAX_LENGTH",
                "Must be 32 or fewer in length.",
            )
        })?;
    }
    let bot = world.bot_id();
    world
        .update_member(guild, bot, |member| member.nick = nick)
        .map(Json)
        .ok_or_else(ApiError::unknown_member)
}
