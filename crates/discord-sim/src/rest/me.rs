//! `/users`: the bot's own account, others' accounts, and the direct messages between them.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use twilight_model::channel::Channel;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, UserMarker};
use twilight_model::user::{CurrentUser, CurrentUserGuild, User};

use super::body::Incoming;
use super::draft::present;
use super::error::{ApiError, ApiResult};
use super::path::{InPath, InQuery};
use super::picture;
use crate::Hub;
use crate::state::face::Face;

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route("/users/@me", get(current_user).patch(rename))
        .route("/users/@me/guilds", get(guilds))
        .route("/users/@me/guilds/{guild_id}", axum::routing::delete(leave))
        .route("/users/@me/channels", post(open_dm))
        .route("/users/{user_id}", get(user))
}

async fn current_user(State(hub): State<Arc<Hub>>) -> Json<CurrentUser> {
    Json(as_current(&hub.world().bot.user))
}

/// The bot's account as it sees itself.
#[must_use]
pub fn as_current(user: &User) -> CurrentUser {
    CurrentUser {
        accent_color: None,
        avatar: user.avatar,
        banner: None,
        bot: user.bot,
        discriminator: user.discriminator,
        email: None,
        flags: user.public_flags,
        global_name: user.global_name.clone(),
        id: user.id,
        locale: Some("en-US".to_owned()),
        mfa_enabled: true,
        name: user.name.clone(),
        premium_type: None,
        public_flags: user.public_flags,
        verified: Some(true),
    }
}

#[derive(Debug, Deserialize)]
struct NewSelf {
    username: Option<String>,
    #[serde(default, deserialize_with = "present")]
    avatar: Option<Option<String>>,
}

async fn rename(State(hub): State<Arc<Hub>>, incoming: Incoming) -> ApiResult<Json<CurrentUser>> {
    let wish: NewSelf = incoming.parse()?;
    if let Some(name) = &wish.username {
        twilight_validate::request::username(name).map_err(|error| {
            ApiError::invalid_field(&["username"], "BASE_TYPE_BAD_LENGTH", error.to_string())
        })?;
    }
    let avatar = match wish.avatar {
        Some(Some(data)) => Some(Some(Face::Picture(picture::decode(&data, "avatar")?))),
        Some(None) => Some(None),
        None => None,
    };
    let mut world = hub.world();
    let avatar = avatar.map(|face| face.map(|face| world.keep_face(face)));
    let user = &mut world.bot.user;
    if let Some(name) = wish.username {
        user.name = name;
    }
    if let Some(avatar) = avatar {
        user.avatar = avatar;
    }
    let user = user.clone();
    world.users.insert(user.id, user.clone());
    Ok(Json(as_current(&user)))
}

#[derive(Debug, Deserialize)]
struct Page {
    before: Option<Id<GuildMarker>>,
    after: Option<Id<GuildMarker>>,
    limit: Option<u16>,
}

async fn guilds(
    State(hub): State<Arc<Hub>>,
    InQuery(page): InQuery<Page>,
) -> ApiResult<Json<Vec<CurrentUserGuild>>> {
    let most = twilight_validate::request::GET_CURRENT_USER_GUILDS_LIMIT_MAX;
    let limit = page.limit.unwrap_or(most);
    twilight_validate::request::get_current_user_guilds_limit(limit).map_err(|error| {
        ApiError::invalid_field(&["limit"], "NUMBER_TYPE_MAX", error.to_string())
    })?;
    let world = hub.world();
    let bot = world.bot_id();
    let guilds = world
        .guilds
        .iter()
        .filter(|(_, state)| state.members.contains_key(&bot))
        .filter(|(id, _)| page.after.is_none_or(|after| **id > after))
        .filter(|(id, _)| page.before.is_none_or(|before| **id < before))
        .take(usize::from(limit))
        .map(|(id, state)| CurrentUserGuild {
            id: *id,
            name: state.guild.name.clone(),
            icon: state.guild.icon,
            owner: state.guild.owner_id == bot,
            permissions: world.guild_permissions(bot, *id),
            features: Vec::new(),
        })
        .collect();
    Ok(Json(guilds))
}

async fn leave(
    State(hub): State<Arc<Hub>>,
    InPath(guild): InPath<Id<GuildMarker>>,
) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    world.require_in_guild(guild, Permissions::empty())?;
    world.remove_bot(guild);
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize)]
struct Recipient {
    recipient_id: Id<UserMarker>,
}

async fn open_dm(State(hub): State<Arc<Hub>>, incoming: Incoming) -> ApiResult<Json<Channel>> {
    let Recipient { recipient_id } = incoming.parse()?;
    let mut world = hub.world();
    let person = world.users.get(&recipient_id).filter(|user| !user.bot);
    if person.is_none() {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            50033,
            "Invalid Recipient(s)",
        ));
    }
    world.open_dm(recipient_id).map(Json)
}

async fn user(
    State(hub): State<Arc<Hub>>,
    InPath(user): InPath<Id<UserMarker>>,
) -> ApiResult<Json<Value>> {
    let world = hub.world();
    let user = world.users.get(&user).ok_or_else(ApiError::unknown_user)?;
    Ok(Json(json!(user)))
}
