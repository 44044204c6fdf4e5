//! `/channels/{id}/messages`: reading what was written.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker};
use twilight_model::oauth::ApplicationFlags;

use super::error::{ApiError, ApiResult};
use super::path::{InPath, InQuery};
use crate::Hub;
use crate::state::event::withhold;
use crate::state::{StoredMessage, World};

/// How many messages come when no number is asked for.
const DEFAULT_PAGE: u16 = 50;

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route("/channels/{channel_id}/messages", get(list))
        .route("/channels/{channel_id}/messages/{message_id}", get(one))
}

async fn one(
    State(hub): State<Arc<Hub>>,
    InPath((channel, message)): InPath<(Id<ChannelMarker>, Id<MessageMarker>)>,
) -> ApiResult<Json<Value>> {
    let world = hub.world();
    world.require(channel, Permissions::READ_MESSAGE_HISTORY)?;
    let stored = world.message(channel, message)?;
    Ok(Json(world.shown_to_bot(stored)))
}

#[derive(Debug, Deserialize)]
struct Page {
    around: Option<Id<MessageMarker>>,
    before: Option<Id<MessageMarker>>,
    after: Option<Id<MessageMarker>>,
    limit: Option<u16>,
}

async fn list(
    State(hub): State<Arc<Hub>>,
    InPath(channel): InPath<Id<ChannelMarker>>,
    InQuery(page): InQuery<Page>,
) -> ApiResult<Json<Vec<Value>>> {
    let world = hub.world();
    world.require(channel, Permissions::VIEW_CHANNEL)?;
    let limit = page.limit.unwrap_or(DEFAULT_PAGE);
    twilight_validate::request::get_channel_messages_limit(limit)
        .map_err(|_| out_of_range(limit))?;
    let may_read = world
        .require(channel, Permissions::READ_MESSAGE_HISTORY)
        .is_ok();
    if !may_read {
        // Discord answers with nothing, not with an error.
        return Ok(Json(Vec::new()));
    }
    let limit = usize::from(limit);
    let all = || {
        let messages = world.channels.get(&channel).map(|state| &state.messages);
        messages
            .into_iter()
            .flat_map(|messages| messages.values())
            .filter(|stored| !stored.is_ephemeral())
    };
    let older = |than: Id<MessageMarker>, count: usize| -> Vec<&StoredMessage> {
        let before = all().filter(|stored| stored.message.id < than);
        let mut found: Vec<_> = before.collect();
        found.reverse();
        found.truncate(count);
        found
    };
    let newer = |than: Id<MessageMarker>, count: usize| -> Vec<&StoredMessage> {
        let after = all().filter(|stored| stored.message.id > than);
        let mut found: Vec<_> = after.take(count).collect();
        found.reverse();
        found
    };
    let found = match (page.around, page.before, page.after) {
        (Some(middle), _, _) => {
            let mut found = newer(middle, limit / 2);
            found.extend(all().find(|stored| stored.message.id == middle));
            let room = limit.saturating_sub(found.len());
            found.extend(older(middle, room));
            found
        }
        (None, Some(before), _) => older(before, limit),
        (None, None, Some(after)) => newer(after, limit),
        (None, None, None) => {
            let mut found: Vec<_> = all().collect();
            found.reverse();
            found.truncate(limit);
            found
        }
    };
    Ok(Json(
        found
            .into_iter()
            .map(|stored| world.shown_to_bot(stored))
            .collect(),
    ))
}

fn out_of_range(limit: u16) -> ApiError {
    let (code, bound) = if limit == 0 {
        ("NUMBER_TYPE_MIN", "greater than or equal to 1.")
    } else {
        ("NUMBER_TYPE_MAX", "less than or equal to 100.")
    };
    ApiError::invalid_field(&["limit"], code, format!("int value should be {bound}"))
}

impl World {
    /// The message as the bot may read it over REST: without the message-content intent in the developer portal, what
    /// is withheld at the gateway is withheld here, too.
    #[must_use]
    pub fn shown_to_bot(&self, stored: &StoredMessage) -> Value {
        let mut json = self.message_json(stored);
        // A nonce is only told to the one who just sent it.
        if let Some(object) = json.as_object_mut() {
            object.shift_remove("nonce");
        }
        let reads = self.bot.flags.intersects(
            ApplicationFlags::GATEWAY_MESSAGE_CONTENT
                | ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED,
        );
        if !reads && !self.is_open_content(&stored.message) {
            withhold(&mut json);
        }
        if json["components"].is_null() {
            json["components"] = json!([]);
        }
        json
    }
}
