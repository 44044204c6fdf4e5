//! REST v10: what a bot may ask.
//!
//! One file a resource (`messages.rs`, `channels.rs`, `threads.rs`, `webhooks.rs`, `emojis.rs`, `guilds.rs`,
//! `members.rs`, `commands.rs` …), each with `pub fn routes() -> Router<Arc<Hub>>` whose paths are relative to
//! `/api/v10`; [`router`] merges them. Around every route lie, from the outside in: [`record`] (writes down what was asked
//! and answered), [`fault`] (tests make requests fail, wait or hit a limit), [`auth`] (the bot's token, except
//! where the path carries a token of its own), and [`limit`] (the rate limits).
//!
//! Handlers parse with [`body::Incoming`] (JSON or multipart) and [`draft`], and answer twilight types as JSON, or
//! `World::message_json` for messages. Interaction answers live in `crate::interactions`; the routes under
//! `/webhooks/{id}/{token}` look at `Hub::is_application(id)` and hand over to it.

pub mod application;
pub mod auth;
pub mod body;
pub mod channels;
pub mod command_form;
pub mod commands;
pub mod draft;
pub mod emojis;
pub mod error;
pub mod fault;
pub mod files;
pub mod gateway_info;
pub mod guilds;
pub mod history;
pub mod limit;
pub mod me;
pub mod members;
pub mod messages;
pub mod omitted;
pub mod path;
pub mod picture;
pub mod pins;
pub mod polls;
pub mod posts;
pub mod reactions;
pub mod record;
pub mod reply;
pub mod threads;
pub mod truth;
pub mod webhook_messages;
pub mod webhooks;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;

use crate::Hub;
use error::ApiError;

/// The largest file of a server without boosts. <https://discord.com/developers/docs/reference#uploading-files>
pub const FILE_LIMIT: usize = 10 * 1024 * 1024;
/// The largest body that is read. Discord's limit is one of each file; how much all of them may be is not documented, so
/// this is a guess: two of the largest, and the form around them.
pub const BODY_LIMIT: usize = 2 * FILE_LIMIT + 1024 * 1024;

/// All of REST, under `/api/v10`, `/api/v9` and `/api`.
pub fn router(hub: Arc<Hub>) -> Router {
    let routes: Router<Arc<Hub>> = Router::new()
        .merge(me::routes())
        .merge(application::routes())
        .merge(channels::routes())
        .merge(emojis::routes())
        .merge(guilds::routes())
        .merge(history::routes())
        .merge(members::routes())
        .merge(pins::routes())
        .merge(polls::routes())
        .merge(reactions::routes())
        .merge(threads::routes())
        .merge(commands::routes())
        .merge(gateway_info::routes())
        .merge(messages::routes())
        .merge(webhook_messages::routes())
        .merge(webhooks::routes())
        .merge(crate::interactions::callback::routes())
        .fallback(async || ApiError::not_found())
        .method_not_allowed_fallback(async || ApiError::method_not_allowed());
    let api = routes
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn_with_state(hub.clone(), omitted::add))
        .layer(from_fn_with_state(hub.clone(), limit::enforce))
        .layer(from_fn_with_state(hub.clone(), auth::check))
        .layer(from_fn_with_state(hub.clone(), fault::apply))
        .layer(from_fn_with_state(hub.clone(), limit::count_invalid))
        .layer(from_fn_with_state(hub.clone(), record::write))
        .with_state(hub.clone());
    Router::new()
        .nest("/api/v10", api.clone())
        .nest("/api/v9", api.clone())
        .nest("/api", api)
        .merge(files::routes().with_state(hub.clone()))
        .merge(crate::gateway::routes().with_state(hub))
}
