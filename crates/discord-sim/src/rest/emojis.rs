//! `/applications/{id}/emojis`: the application's own emojis.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use twilight_model::guild::Emoji;
use twilight_model::id::Id;
use twilight_model::id::marker::{ApplicationMarker, EmojiMarker};

use super::body::Incoming;
use super::error::{ApiError, ApiResult};
use super::path::InPath;
use super::picture;
use crate::Hub;
use crate::state::{ApplicationEmoji, World};

/// How many emojis an application has room for.
const EMOJIS_LIMIT: usize = 2_000;
/// How large a picture may be.
const IMAGE_SIZE: usize = 256 * 1024;
/// How long a name may be.
const NAME_LENGTH: std::ops::RangeInclusive<usize> = 2..=32;

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route(
            "/applications/{application_id}/emojis",
            get(list).post(create),
        )
        .route(
            "/applications/{application_id}/emojis/{emoji_id}",
            get(one).patch(rename).delete(remove),
        )
}

async fn list(
    State(hub): State<Arc<Hub>>,
    InPath(application): InPath<Id<ApplicationMarker>>,
) -> ApiResult<Json<Value>> {
    let world = hub.world();
    own_application(&world, application)?;
    let items: Vec<&Emoji> = world.emojis.values().map(|emoji| &emoji.emoji).collect();
    Ok(Json(json!({ "items": items })))
}

async fn one(
    State(hub): State<Arc<Hub>>,
    InPath((application, emoji)): InPath<(Id<ApplicationMarker>, Id<EmojiMarker>)>,
) -> ApiResult<Json<Emoji>> {
    let world = hub.world();
    own_application(&world, application)?;
    let found = world
        .emojis
        .get(&emoji)
        .ok_or_else(ApiError::unknown_emoji)?;
    Ok(Json(found.emoji.clone()))
}

#[derive(Debug, Deserialize)]
struct NewEmoji {
    name: String,
    image: String,
}

async fn create(
    State(hub): State<Arc<Hub>>,
    InPath(application): InPath<Id<ApplicationMarker>>,
    incoming: Incoming,
) -> ApiResult<(StatusCode, Json<Emoji>)> {
    let mut world = hub.world();
    own_application(&world, application)?;
    let NewEmoji { name, image } = incoming.parse()?;
    check_name(&world, &name, None)?;
    let image = picture::decode(&image, "image")?;
    if image.len() > IMAGE_SIZE {
        return Err(ApiError::invalid_field(
            &["image"],
            "BINARY_TYPE_MAX_SIZE",
            "File cannot be larger than 256.0 kb.",
        ));
    }
    if world.emojis.len() >= EMOJIS_LIMIT {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            30008,
            "Maximum number of emojis reached (2000)",
        ));
    }
    let emoji = Emoji {
        animated: image.starts_with(b"GIF8"),
        available: true,
        id: world.next_id(),
        managed: false,
        name,
        require_colons: true,
        roles: Vec::new(),
        user: Some(world.bot.user.clone()),
    };
    world.emojis.insert(
        emoji.id,
        ApplicationEmoji {
            emoji: emoji.clone(),
            image,
        },
    );
    Ok((StatusCode::CREATED, Json(emoji)))
}

#[derive(Debug, Deserialize)]
struct Renamed {
    name: String,
}

async fn rename(
    State(hub): State<Arc<Hub>>,
    InPath((application, emoji)): InPath<(Id<ApplicationMarker>, Id<EmojiMarker>)>,
    incoming: Incoming,
) -> ApiResult<Json<Emoji>> {
    let mut world = hub.world();
    own_application(&world, application)?;
    let Renamed { name } = incoming.parse()?;
    check_name(&world, &name, Some(emoji))?;
    let found = world
        .emojis
        .get_mut(&emoji)
        .ok_or_else(ApiError::unknown_emoji)?;
    found.emoji.name = name;
    Ok(Json(found.emoji.clone()))
}

async fn remove(
    State(hub): State<Arc<Hub>>,
    InPath((application, emoji)): InPath<(Id<ApplicationMarker>, Id<EmojiMarker>)>,
) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    own_application(&world, application)?;
    world
        .emojis
        .remove(&emoji)
        .map(|_| StatusCode::NO_CONTENT)
        .ok_or_else(ApiError::unknown_emoji)
}

fn own_application(world: &World, id: Id<ApplicationMarker>) -> ApiResult<()> {
    if id == world.bot.application_id {
        Ok(())
    } else {
        Err(ApiError::not_your_application())
    }
}

/// Letters, digits and underscores, 2 to 32 of them, and no second emoji of the name.
fn check_name(world: &World, name: &str, own: Option<Id<EmojiMarker>>) -> ApiResult<()> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let refused = if !NAME_LENGTH.contains(&name.chars().count()) {
        (
            "BASE_TYPE_BAD_LENGTH",
            "Must be between 2 and 32 in length.",
        )
    } else if !name.chars().all(plain) {
        (
            "STRING_TYPE_REGEX",
            "String value did not match validation regex.",
        )
    } else if world
        .emojis
        .values()
        .any(|other| other.emoji.name == name && Some(other.emoji.id) != own)
    {
        (
            "APPLICATION_EMOJI_NAME_ALREADY_TAKEN",
            "Name has already been taken",
        )
    } else {
        return Ok(());
    };
    Err(ApiError::invalid_field(&["name"], refused.0, refused.1))
}
