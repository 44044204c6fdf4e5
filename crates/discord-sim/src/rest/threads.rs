//! Threads: started from a message or without one, joined, left and listed.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use twilight_model::channel::thread::{AutoArchiveDuration, ThreadMember, ThreadsListing};
use twilight_model::channel::{Channel, ChannelType};
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, MessageMarker, UserMarker};

use super::body::Incoming;
use super::channels::{check_archive, check_name};
use super::error::{ApiError, ApiResult};
use super::path::InPath;
use super::posts;
use crate::Hub;
use crate::state::World;
use crate::state::kind::{is_forum, kind_of_threads};
use crate::state::thread::ThreadPlan;

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route(
            "/channels/{channel_id}/messages/{message_id}/threads",
            post(start_from_message),
        )
        .route("/channels/{channel_id}/threads", post(start))
        .route("/channels/{channel_id}/thread-members", get(followers))
        .route(
            "/channels/{channel_id}/thread-members/@me",
            put(join).delete(leave),
        )
        .route(
            "/channels/{channel_id}/thread-members/{user_id}",
            get(follower).put(add).delete(remove),
        )
        .route("/guilds/{guild_id}/threads/active", get(active))
        .route(
            "/channels/{channel_id}/threads/archived/public",
            get(archived_public),
        )
        .route(
            "/channels/{channel_id}/threads/archived/private",
            get(archived_private),
        )
}

#[derive(Debug, Deserialize)]
struct Start {
    name: String,
    auto_archive_duration: Option<AutoArchiveDuration>,
    #[serde(rename = "type")]
    kind: Option<ChannelType>,
}

async fn start_from_message(
    State(hub): State<Arc<Hub>>,
    InPath((channel, message)): InPath<(Id<ChannelMarker>, Id<MessageMarker>)>,
    incoming: Incoming,
) -> ApiResult<(StatusCode, Json<Channel>)> {
    let mut world = hub.world();
    world.require(channel, Permissions::CREATE_PUBLIC_THREADS)?;
    let start: Start = incoming.parse()?;
    world.message(channel, message)?;
    let place = world.channel(channel)?.channel.kind;
    let kind = kind_of_threads(place)
        .filter(|_| !is_forum(place))
        .ok_or_else(ApiError::wrong_channel_kind)?;
    if world.channels.contains_key(&message.cast()) {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            160_004,
            "A thread has already been created for this message",
        ));
    }
    let plan = plan(&world, channel, start, kind, Some(message))?;
    let thread = world.add_thread(channel, plan)?;
    Ok((StatusCode::CREATED, Json(world.channel_for_bot(thread.id)?)))
}

async fn start(
    State(hub): State<Arc<Hub>>,
    InPath(channel): InPath<Id<ChannelMarker>>,
    incoming: Incoming,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let mut world = hub.world();
    world.require(channel, Permissions::VIEW_CHANNEL)?;
    let place = world.channel(channel)?.channel.kind;
    if is_forum(place) {
        let post = posts::start(&mut world, channel, &incoming)?;
        return Ok((StatusCode::CREATED, Json(post)));
    }
    if !matches!(
        place,
        ChannelType::GuildText | ChannelType::GuildAnnouncement
    ) {
        return Err(ApiError::wrong_channel_kind());
    }
    let start: Start = incoming.parse()?;
    // Without a type, Discord makes a private thread.
    let kind = start.kind.unwrap_or(ChannelType::PrivateThread);
    let needed = match (place, kind) {
        (ChannelType::GuildText, ChannelType::PublicThread)
        | (ChannelType::GuildAnnouncement, ChannelType::AnnouncementThread) => {
            Permissions::CREATE_PUBLIC_THREADS
        }
        (ChannelType::GuildText, ChannelType::PrivateThread) => Permissions::CREATE_PRIVATE_THREADS,
        _ => {
            return Err(ApiError::invalid_field(
                &["type"],
                "BASE_TYPE_CHOICES",
                "Value must be one of (10, 11, 12).",
            ));
        }
    };
    world.require(channel, needed)?;
    let plan = plan(&world, channel, start, kind, None)?;
    let thread = world.add_thread(channel, plan)?;
    let thread = world.channel_for_bot(thread.id)?;
    Ok((StatusCode::CREATED, Json(json!(thread))))
}

fn plan(
    world: &World,
    channel: Id<ChannelMarker>,
    start: Start,
    kind: ChannelType,
    message: Option<Id<MessageMarker>>,
) -> ApiResult<ThreadPlan> {
    check_name(&start.name)?;
    world.screen_title(channel, world.bot_id(), &start.name)?;
    let auto_archive = start
        .auto_archive_duration
        .unwrap_or(AutoArchiveDuration::Day);
    check_archive(auto_archive)?;
    Ok(ThreadPlan {
        name: start.name,
        kind,
        message,
        auto_archive,
        owner: world.bot_id(),
    })
}

/// The thread must be one that the bot sees.
fn require_thread(world: &World, id: Id<ChannelMarker>) -> ApiResult<()> {
    world.require(id, Permissions::VIEW_CHANNEL)?;
    if world.channel(id)?.channel.kind.is_thread() {
        Ok(())
    } else {
        Err(ApiError::wrong_channel_kind())
    }
}

async fn join(
    State(hub): State<Arc<Hub>>,
    InPath(thread): InPath<Id<ChannelMarker>>,
) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    require_thread(&world, thread)?;
    world.refuse_archived(thread)?;
    let bot = world.bot_id();
    world.join_thread(thread, bot)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn leave(
    State(hub): State<Arc<Hub>>,
    InPath(thread): InPath<Id<ChannelMarker>>,
) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    require_thread(&world, thread)?;
    world.refuse_archived(thread)?;
    let bot = world.bot_id();
    world.leave_thread(thread, bot)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn add(
    State(hub): State<Arc<Hub>>,
    InPath((thread, user)): InPath<(Id<ChannelMarker>, Id<UserMarker>)>,
) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    require_thread(&world, thread)?;
    world.require(thread, Permissions::SEND_MESSAGES_IN_THREADS)?;
    world.refuse_archived(thread)?;
    let parent = world.channel(thread)?.channel.parent_id;
    let sees = parent.is_some_and(|parent| {
        world
            .permissions(user, parent)
            .contains(Permissions::VIEW_CHANNEL)
    });
    if !sees {
        return Err(ApiError::unknown_member());
    }
    world.join_thread(thread, user)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove(
    State(hub): State<Arc<Hub>>,
    InPath((thread, user)): InPath<(Id<ChannelMarker>, Id<UserMarker>)>,
) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    require_thread(&world, thread)?;
    world.require(thread, Permissions::MANAGE_THREADS)?;
    world.refuse_archived(thread)?;
    world.leave_thread(thread, user)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn followers(
    State(hub): State<Arc<Hub>>,
    InPath(thread): InPath<Id<ChannelMarker>>,
) -> ApiResult<Json<Vec<ThreadMember>>> {
    let world = hub.world();
    require_thread(&world, thread)?;
    let followers = world.channel(thread)?.followers.values().cloned();
    Ok(Json(followers.collect()))
}

async fn follower(
    State(hub): State<Arc<Hub>>,
    InPath((thread, user)): InPath<(Id<ChannelMarker>, Id<UserMarker>)>,
) -> ApiResult<Json<ThreadMember>> {
    let world = hub.world();
    require_thread(&world, thread)?;
    let found = world.channel(thread)?.followers.get(&user).cloned();
    found.map(Json).ok_or_else(ApiError::unknown_member)
}

async fn active(
    State(hub): State<Arc<Hub>>,
    InPath(guild): InPath<Id<GuildMarker>>,
) -> ApiResult<Json<ThreadsListing>> {
    let world = hub.world();
    world.require_in_guild(guild, Permissions::empty())?;
    Ok(Json(listing(&world, |thread, archived| {
        thread.guild_id == Some(guild) && !archived
    })))
}

async fn archived_public(
    State(hub): State<Arc<Hub>>,
    InPath(channel): InPath<Id<ChannelMarker>>,
) -> ApiResult<Json<ThreadsListing>> {
    let world = hub.world();
    world.require(channel, Permissions::READ_MESSAGE_HISTORY)?;
    Ok(Json(listing(&world, |thread, archived| {
        let public = thread.kind != ChannelType::PrivateThread;
        thread.parent_id == Some(channel) && archived && public
    })))
}

async fn archived_private(
    State(hub): State<Arc<Hub>>,
    InPath(channel): InPath<Id<ChannelMarker>>,
) -> ApiResult<Json<ThreadsListing>> {
    let world = hub.world();
    world.require(
        channel,
        Permissions::READ_MESSAGE_HISTORY | Permissions::MANAGE_THREADS,
    )?;
    Ok(Json(listing(&world, |thread, archived| {
        let private = thread.kind == ChannelType::PrivateThread;
        thread.parent_id == Some(channel) && archived && private
    })))
}

/// The threads that the bot sees and that fit, newest first, with the bot's own memberships.
fn listing(world: &World, fits: impl Fn(&Channel, bool) -> bool) -> ThreadsListing {
    let bot = world.bot_id();
    let mut threads = Vec::new();
    let mut members = Vec::new();
    for state in world.channels.values().rev() {
        let archived = state
            .channel
            .thread_metadata
            .as_ref()
            .map(|thread| thread.archived);
        let sees = world
            .permissions(bot, state.channel.id)
            .contains(Permissions::VIEW_CHANNEL);
        if archived.is_some_and(|archived| fits(&state.channel, archived)) && sees {
            threads.push(state.channel.clone());
            members.extend(state.followers.get(&bot).cloned());
        }
    }
    ThreadsListing {
        has_more: Some(false),
        members,
        threads,
    }
}
