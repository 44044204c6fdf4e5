//! `/channels/{id}/messages/{id}/reactions`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{delete, get, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use twilight_model::channel::message::EmojiReactionType;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker, UserMarker};

use super::error::{ApiError, ApiResult};
use super::path::{InPath, InQuery};
use crate::Hub;
use crate::state::World;
use crate::state::reaction::emoji_of;

/// How many different emojis one message takes.
const EMOJIS_LIMIT: usize = 20;
/// How many people are listed when no number is asked for.
const DEFAULT_PAGE: u16 = 25;

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route(
            "/channels/{channel_id}/messages/{message_id}/reactions",
            delete(remove_all),
        )
        .route(
            "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}",
            get(list).delete(remove_emoji),
        )
        .route(
            "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me",
            put(add).delete(remove_own),
        )
        .route(
            "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}/{user_id}",
            delete(remove_others),
        )
}

type OfMessage = (Id<ChannelMarker>, Id<MessageMarker>);
type OfEmoji = (Id<ChannelMarker>, Id<MessageMarker>, String);
type OfPerson = (Id<ChannelMarker>, Id<MessageMarker>, String, Id<UserMarker>);

async fn add(
    State(hub): State<Arc<Hub>>,
    InPath((channel, message, emoji)): InPath<OfEmoji>,
) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    world.require(channel, Permissions::READ_MESSAGE_HISTORY)?;
    let reactors = &world.message(channel, message)?.reactors;
    let is_new = !reactors.contains_key(&emoji);
    let full = is_new && reactors.len() >= EMOJIS_LIMIT;
    world.check_emoji(channel, &emoji)?;
    if is_new {
        world.require(channel, Permissions::ADD_REACTIONS)?;
    }
    world.refuse_archived(channel)?;
    if full {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            30010,
            "Maximum number of reactions reached (20)",
        ));
    }
    let bot = world.bot_id();
    world.react(channel, message, bot, &emoji)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove_own(
    State(hub): State<Arc<Hub>>,
    InPath((channel, message, emoji)): InPath<OfEmoji>,
) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    world.require(channel, Permissions::VIEW_CHANNEL)?;
    let bot = world.bot_id();
    world.refuse_archived(channel)?;
    world.unreact(channel, message, bot, &emoji)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove_others(
    State(hub): State<Arc<Hub>>,
    InPath((channel, message, emoji, user)): InPath<OfPerson>,
) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    manage(&world, channel)?;
    world.unreact(channel, message, user, &emoji)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove_emoji(
    State(hub): State<Arc<Hub>>,
    InPath((channel, message, emoji)): InPath<OfEmoji>,
) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    manage(&world, channel)?;
    world.clear_reactions(channel, message, Some(&emoji))?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove_all(
    State(hub): State<Arc<Hub>>,
    InPath((channel, message)): InPath<OfMessage>,
) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    manage(&world, channel)?;
    world.clear_reactions(channel, message, None)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Others' reactions are the business of those who manage messages, which nobody does in direct messages.
fn manage(world: &World, channel: Id<ChannelMarker>) -> ApiResult<()> {
    world.require(channel, Permissions::VIEW_CHANNEL)?;
    if world.guild_of(channel).is_none() {
        return Err(ApiError::not_in_a_direct_message());
    }
    world.require(channel, Permissions::MANAGE_MESSAGES)
}

#[derive(Debug, Deserialize)]
struct Page {
    after: Option<Id<UserMarker>>,
    limit: Option<u16>,
}

async fn list(
    State(hub): State<Arc<Hub>>,
    InPath((channel, message, emoji)): InPath<OfEmoji>,
    InQuery(page): InQuery<Page>,
) -> ApiResult<Json<Value>> {
    let world = hub.world();
    world.require(channel, Permissions::READ_MESSAGE_HISTORY)?;
    let limit = page.limit.unwrap_or(DEFAULT_PAGE);
    twilight_validate::request::get_reactions_limit(limit).map_err(|error| {
        ApiError::invalid_field(&["limit"], "NUMBER_TYPE_MAX", error.to_string())
    })?;
    let reactors = world.message(channel, message)?.reactors.get(&emoji);
    let mut people: Vec<_> = reactors.into_iter().flatten().copied().collect();
    people.sort_unstable();
    let users: Vec<_> = people
        .into_iter()
        .filter(|id| page.after.is_none_or(|after| *id > after))
        .take(usize::from(limit))
        .filter_map(|id| world.users.get(&id))
        .collect();
    Ok(Json(json!(users)))
}

impl World {
    /// 10014 for what is no emoji, or none that the bot can use here.
    fn check_emoji(&self, channel: Id<ChannelMarker>, written: &str) -> ApiResult<()> {
        let known = match emoji_of(written) {
            EmojiReactionType::Custom { id, .. } => {
                let here = self
                    .guild_of(channel)
                    .and_then(|guild| self.guilds.get(&guild))
                    .is_some_and(|guild| guild.guild.emojis.iter().any(|emoji| emoji.id == id));
                here || self.emojis.contains_key(&id)
            }
            // Every emoji of Unicode has a character beyond ASCII, even the digits in boxes.
            EmojiReactionType::Unicode { name } => !name.is_ascii(),
        };
        if known {
            Ok(())
        } else {
            Err(ApiError::new(
                StatusCode::BAD_REQUEST,
                10014,
                "Unknown Emoji",
            ))
        }
    }
}
