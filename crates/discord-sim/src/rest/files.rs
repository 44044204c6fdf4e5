//! Files and pictures at their addresses, as the CDN serves them.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use twilight_model::util::ImageHash;

use crate::Hub;
use crate::state::World;
use crate::state::face::Face;

/// The routes, which need no token.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route("/attachments/{channel}/{id}/{name}", get(attachment))
        .route("/emojis/{file}", get(emoji))
        .route("/avatars/{user}/{file}", get(avatar))
}

async fn attachment(
    State(hub): State<Arc<Hub>>,
    Path((channel, id, name)): Path<(u64, u64, String)>,
) -> Response {
    let world = hub.world();
    match world
        .files
        .get(&format!("/attachments/{channel}/{id}/{name}"))
    {
        Some(file) => {
            let kind = file.content_type.as_deref();
            serve(&file.bytes, kind.unwrap_or("application/octet-stream"))
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn emoji(State(hub): State<Arc<Hub>>, Path(file): Path<String>) -> Response {
    let world = hub.world();
    match emoji_picture(&world, &file) {
        Some(bytes) => serve(bytes, kind_of(bytes)),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn avatar(State(hub): State<Arc<Hub>>, Path((_, file)): Path<(u64, String)>) -> Response {
    let world = hub.world();
    let hash = file.split('.').next().unwrap_or_default();
    let face = ImageHash::parse(hash.as_bytes())
        .ok()
        .and_then(|hash| world.faces.get(&hash));
    match face {
        Some(Face::Picture(bytes)) => serve(bytes, kind_of(bytes)),
        // Discord fetches the picture and serves its copy; here only its own emojis can be had without a network.
        Some(Face::Address(address)) => match picture_at(&world, address) {
            Some(bytes) => serve(bytes, kind_of(bytes)),
            None => Redirect::temporary(address).into_response(),
        },
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The picture at an address of the CDN's form, on whatever host, if it is one of the application's emojis.
#[must_use]
pub fn picture_at<'a>(world: &'a World, address: &str) -> Option<&'a [u8]> {
    let (_, file) = address.split_once("/emojis/")?;
    emoji_picture(world, file)
}

/// `123.png`, `123.webp?size=64`.
fn emoji_picture<'a>(world: &'a World, file: &str) -> Option<&'a [u8]> {
    let id = file.split(['.', '?']).next()?.parse().ok()?;
    world.emojis.get(&id).map(|emoji| emoji.image.as_slice())
}

fn serve(bytes: &[u8], kind: &str) -> Response {
    ([(CONTENT_TYPE, kind.to_owned())], bytes.to_vec()).into_response()
}

fn kind_of(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, ..] => "image/jpeg",
        [b'G', b'I', b'F', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', ..] => "image/webp",
        _ => "application/octet-stream",
    }
}

/// Width and height of a PNG; `None` for anything else.
#[must_use]
pub fn picture_size(bytes: &[u8]) -> Option<(u64, u64)> {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let number = |at: usize| -> Option<u64> {
        let four: [u8; 4] = header.get(at..at + 4)?.try_into().ok()?;
        Some(u64::from(u32::from_be_bytes(four)))
    };
    Some((number(8)?, number(12)?))
}
