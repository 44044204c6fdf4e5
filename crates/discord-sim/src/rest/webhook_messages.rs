//! What a webhook writes: sent, read, changed and deleted by whoever knows its token. The application's own id stands
//! for an interaction, whose answers are elsewhere.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{patch, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::Value;
use twilight_model::channel::Webhook;
use twilight_model::channel::message::MessageFlags;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker, WebhookMarker};

use super::body::Incoming;
use super::draft;
use super::error::{ApiError, ApiResult};
use super::path::{InPath, InQuery};
use super::truth;
use super::webhooks::{by_token, check_name};
use crate::Hub;
use crate::interactions::followup;
use crate::state::World;
use crate::state::account::new_user;
use crate::state::face::Face;
use crate::state::kind::is_forum;
use crate::state::message::Author;

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route("/webhooks/{webhook_id}/{token}", post(execute))
        .route(
            "/webhooks/{webhook_id}/{token}/messages/{message}",
            patch(edit).get(get).delete(delete),
        )
}

type Hubs = State<Arc<Hub>>;
type MessagePath = InPath<(Id<WebhookMarker>, String, String)>;

#[derive(Debug, Deserialize)]
struct Wish {
    #[serde(default, deserialize_with = "truth::read")]
    wait: Option<bool>,
    thread_id: Option<Id<ChannelMarker>>,
    #[serde(default, deserialize_with = "truth::read")]
    with_components: Option<bool>,
}

/// The name and face for this one message.
#[derive(Debug, Deserialize)]
struct Guise {
    username: Option<String>,
    avatar_url: Option<String>,
}

async fn execute(
    State(hub): Hubs,
    InPath((id, token)): InPath<(Id<WebhookMarker>, String)>,
    InQuery(wish): InQuery<Wish>,
    incoming: Incoming,
) -> ApiResult<Response> {
    if hub.is_application(id) {
        return followup::create(&hub, &token, &incoming).map(IntoResponse::into_response);
    }
    let mut world = hub.world();
    let webhook = by_token(&world, id, &token)?.clone();
    let channel = place(&world, &webhook, wish.thread_id)?;
    let mut draft = draft::parse(&incoming)?;
    draft::keep_flags(&mut draft.flags, draft::FLAGS_OF_A_MESSAGE);
    // A webhook neither replies nor has its nonce enforced.
    draft.reference = None;
    draft.nonce = None;
    let own = webhook.application_id == Some(world.bot.application_id);
    if !own && wish.with_components != Some(true) {
        draft.components.clear();
    }
    if draft.is_empty() {
        return Err(ApiError::empty_message());
    }
    let guise: Guise = incoming.parse()?;
    let author = author(&mut world, &webhook, guise)?;
    world.screen(channel, author.user.id, &draft.content)?;
    world.open_for_writing(channel, author.user.id)?;
    let stored = world.post(channel, author, draft)?;
    if wish.wait == Some(true) {
        return Ok(Json(world.message_json(&stored)).into_response());
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn author(world: &mut World, webhook: &Webhook, guise: Guise) -> ApiResult<Author> {
    let name = match guise.username.filter(|name| !name.is_empty()) {
        Some(name) => {
            check_name(&name, "username")?;
            name
        }
        None => webhook.name.clone().unwrap_or_default(),
    };
    let mut user = new_user(webhook.id.cast(), name.trim(), true);
    user.avatar = match guise.avatar_url.filter(|address| !address.is_empty()) {
        Some(address) => {
            check_address(&address)?;
            Some(world.keep_face(Face::Address(address)))
        }
        None => webhook.avatar,
    };
    Ok(Author {
        user,
        webhook: Some(webhook.id),
        application: webhook.application_id,
    })
}

fn check_address(address: &str) -> ApiResult<()> {
    let host = ["http://", "https://"]
        .iter()
        .find_map(|scheme| address.strip_prefix(scheme));
    if host.is_some_and(|host| !host.is_empty() && !host.contains(char::is_whitespace)) {
        return Ok(());
    }
    Err(ApiError::invalid_field(
        &["avatar_url"],
        "URL_TYPE_INVALID_URL",
        "Not a well formed URL.",
    ))
}

/// The webhook's channel, or a thread in it.
fn place(
    world: &World,
    webhook: &Webhook,
    thread: Option<Id<ChannelMarker>>,
) -> ApiResult<Id<ChannelMarker>> {
    let Some(thread) = thread else {
        let state = world.channel(webhook.channel_id)?;
        if is_forum(state.channel.kind) {
            return Err(ApiError::new(
                StatusCode::BAD_REQUEST,
                220_001,
                "Webhooks posted to forum channels must have a thread_name or thread_id",
            ));
        }
        return Ok(webhook.channel_id);
    };
    let inside = world.channel(thread)?.channel.parent_id == Some(webhook.channel_id);
    if inside {
        Ok(thread)
    } else {
        Err(ApiError::unknown_channel())
    }
}

async fn get(
    State(hub): Hubs,
    InPath((id, token, message)): MessagePath,
    InQuery(wish): InQuery<Wish>,
) -> ApiResult<Json<Value>> {
    if hub.is_application(id) {
        return followup::get(&hub, &token, &message);
    }
    let world = hub.world();
    let (channel, message) = own_message(&world, id, &token, &message, wish.thread_id)?;
    Ok(Json(world.message_json(world.message(channel, message)?)))
}

async fn edit(
    State(hub): Hubs,
    InPath((id, token, message)): MessagePath,
    InQuery(wish): InQuery<Wish>,
    incoming: Incoming,
) -> ApiResult<Json<Value>> {
    if hub.is_application(id) {
        return followup::edit(&hub, &token, &message, &incoming);
    }
    let mut world = hub.world();
    let (channel, message) = own_message(&world, id, &token, &message, wish.thread_id)?;
    world.refuse_shut(channel, id.cast())?;
    let mut change = draft::parse_change(&incoming)?;
    if let Some(content) = &change.content {
        world.screen(channel, id.cast(), content)?;
    }
    if hub.config.rate_limits {
        world.count_edit(channel, message)?;
    }
    let old = &world.message(channel, message)?.message;
    let flags = old.flags.unwrap_or(MessageFlags::empty());
    change.flags = change.flags.map(|new| draft::changed_flags(flags, new));
    draft::refuse_emptying(&change, old)?;
    let stored = world.revise(channel, message, change)?;
    Ok(Json(world.message_json(&stored)))
}

async fn delete(
    State(hub): Hubs,
    InPath((id, token, message)): MessagePath,
    InQuery(wish): InQuery<Wish>,
) -> ApiResult<Response> {
    if hub.is_application(id) {
        return followup::delete(&hub, &token, &message);
    }
    let mut world = hub.world();
    let (channel, message) = own_message(&world, id, &token, &message, wish.thread_id)?;
    world.refuse_archived(channel)?;
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
