//! `/webhooks/{application}/{token}…`: what follows the first answer. The webhook routes hand over to these.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use twilight_model::channel::message::MessageFlags;
use twilight_model::id::Id;
use twilight_model::id::marker::{InteractionMarker, MessageMarker};

use super::callback::{post_answer, screen};
use crate::Hub;
use crate::rest::body::Incoming;
use crate::rest::draft;
use crate::rest::error::{ApiError, ApiResult};
use crate::state::interaction::TOKEN_LIFE_MS;
use crate::state::message::Change;
use crate::state::{InteractionState, World};

/// How many follow-ups an application may send that is only installed by the person. The limit is documented; which code
/// Discord answers past it is not, so 40094 is a guess.
const FOLLOW_UPS_OF_A_USER_INSTALL: usize = 5;

/// `POST /webhooks/{application}/{token}`: a further message. The first one after "… is thinking" takes its place.
pub fn create(hub: &Hub, token: &str, incoming: &Incoming) -> ApiResult<Json<Value>> {
    let mut draft = draft::parse(incoming)?;
    let mut world = hub.world();
    let state = open(&world, token)?;
    if draft.is_empty() {
        return Err(ApiError::empty_message());
    }
    if let (true, Some(original)) = (state.thinking, state.original) {
        let change = Change {
            content: Some(draft.content),
            embeds: Some(draft.embeds),
            components: Some(draft.components),
            uploads: draft.uploads,
            allowed_mentions: draft.allowed_mentions,
            ..Change::default()
        };
        return revise(&mut world, &state, original, change);
    }
    let sent = state
        .messages
        .len()
        .saturating_sub(usize::from(state.original.is_some()));
    if !state.installed.in_guild && sent >= FOLLOW_UPS_OF_A_USER_INSTALL {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            40094,
            "This interaction has reached its limit of follow-up messages",
        ));
    }
    screen(&world, &state, draft.flags, &draft.content)?;
    let flags = draft.flags.unwrap_or(MessageFlags::empty());
    draft.flags = Some(flags - MessageFlags::LOADING);
    let id = post_answer(&mut world, &state, draft)?;
    if let Some(state) = world.interactions.get_mut(&state.id) {
        state.messages.push(id);
    }
    answer(&world, &state, id)
}

/// `GET /webhooks/{application}/{token}/messages/{message}`; `message` may be `@original`.
pub fn get(hub: &Hub, token: &str, message: &str) -> ApiResult<Json<Value>> {
    let world = hub.world();
    let state = open(&world, token)?;
    let id = named(&state, message)?;
    answer(&world, &state, id)
}

/// `PATCH` of the same.
pub fn edit(hub: &Hub, token: &str, message: &str, incoming: &Incoming) -> ApiResult<Json<Value>> {
    let change = draft::parse_change(incoming)?;
    let mut world = hub.world();
    let state = open(&world, token)?;
    let id = named(&state, message)?;
    revise(&mut world, &state, id, change)
}

/// `DELETE` of the same.
pub fn delete(hub: &Hub, token: &str, message: &str) -> ApiResult<Response> {
    let mut world = hub.world();
    let state = open(&world, token)?;
    let id = named(&state, message)?;
    world.remove_message(state.channel, id)?;
    if let Some(state) = world.interactions.get_mut(&state.id) {
        state.messages.retain(|other| *other != id);
        state.thinking &= state.original != Some(id);
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The interaction of this token: it must have been answered, and be younger than 15 minutes.
fn open(world: &World, token: &str) -> ApiResult<InteractionState> {
    let state = world
        .interaction_by_token(token)
        .ok_or_else(ApiError::invalid_webhook_token)?;
    if world.now_ms() - state.created_ms > TOKEN_LIFE_MS {
        return Err(ApiError::invalid_webhook_token());
    }
    if state.answer.is_none() {
        return Err(ApiError::unknown_webhook());
    }
    Ok(state.clone())
}

fn named(state: &InteractionState, message: &str) -> ApiResult<Id<MessageMarker>> {
    let id = match message {
        "@original" => state.original,
        id => id.parse().ok(),
    };
    id.filter(|id| state.messages.contains(id))
        .ok_or_else(ApiError::unknown_message)
}

/// Changes a message of the interaction. What replaces "… is thinking" is no longer loading.
fn revise(
    world: &mut World,
    state: &InteractionState,
    id: Id<MessageMarker>,
    mut change: Change,
) -> ApiResult<Json<Value>> {
    world.refuse_archived(state.channel)?;
    if let Some(content) = &change.content {
        let flags = world
            .channel(state.channel)?
            .messages
            .get(&id)
            .and_then(|stored| stored.message.flags);
        screen(world, state, flags, content)?;
    }
    if state.original == Some(id) && state.thinking {
        done_thinking(world, state.id);
        let old = world
            .channels
            .get(&state.channel)
            .and_then(|place| place.messages.get(&id))
            .and_then(|stored| stored.message.flags);
        let flags = change.flags.or(old).unwrap_or(MessageFlags::empty());
        let kept = old.unwrap_or(MessageFlags::empty()) & MessageFlags::EPHEMERAL;
        change.flags = Some((flags - MessageFlags::LOADING) | kept);
    }
    world.revise(state.channel, id, change)?;
    answer(world, state, id)
}

fn done_thinking(world: &mut World, id: Id<InteractionMarker>) {
    if let Some(state) = world.interactions.get_mut(&id) {
        state.thinking = false;
    }
}

fn answer(
    world: &World,
    state: &InteractionState,
    id: Id<MessageMarker>,
) -> ApiResult<Json<Value>> {
    let stored = world
        .channel(state.channel)?
        .messages
        .get(&id)
        .ok_or_else(ApiError::unknown_message)?;
    Ok(Json(world.message_json(stored)))
}
