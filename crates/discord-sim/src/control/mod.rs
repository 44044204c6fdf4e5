//! `/_sim/…`: acting as a person from outside the process, for clients in other languages and for curious people.
//!
//! Only served if [`crate::SimConfig::control`] is set; the binary sets it. There is no login: it listens on 127.0.0.1.
//! People, channels and servers may be given by name or by id. Bodies and answers are JSON; what the Discord
//! client would refuse is 422 with `{"error": …}`, and what did not happen in time is 504.
//!
//! | route | body or query | answer |
//! | --- | --- | --- |
//! | `GET /_sim` | | token, addresses, servers with channels and members |
//! | `POST /_sim/guilds` | `name` | `id` |
//! | `POST /_sim/channels` | `guild`, `name`, `nsfw` | `id` |
//! | `POST /_sim/members` | `guild`, `name` | `id` |
//! | `POST /_sim/say` | `user`, `channel`, `text`, `reply_to` | the message |
//! | `POST /_sim/dm` | `user`, `text` | the message |
//! | `POST /_sim/edit` | `user`, `channel`, `message`, `text` | the message |
//! | `POST /_sim/react` | `user`, `channel`, `message`, `emoji` | the message |
//! | `POST /_sim/command` | `user`, `channel`, `command`, `options` | `interaction` and the answering `message` |
//! | `POST /_sim/autocomplete` | the same and `option` | the choices |
//! | `POST /_sim/click` | `user`, `channel`, `message`, `custom_id`, `values` | like command |
//! | `POST /_sim/menu` | `user`, `channel`, `command`, `message` | "Apps › command" on a message; like command |
//! | `POST /_sim/submit` | `interaction`, `fields` | like command |
//! | `GET /_sim/ready` | `?wait=seconds` | once a session of the bot is connected |
//! | `GET /_sim/commands` | `?wait=seconds` | the registered commands |
//! | `GET /_sim/messages` | `?channel=…&after=id&contains=…&by_bot=true&wait=seconds` | messages with their revisions |
//! | `GET /_sim/requests` | | what the bot asked so far |
//! | `POST /_sim/faults` | `pattern`, `fault`, `times` or `for_seconds`, `after`; see below | orders what goes wrong |
//! | `GET /_sim/faults` | | how many orders still stand |
//! | `DELETE /_sim/faults` | | takes all orders back |
//! | `POST /_sim/token` | `token` | the bot's token is reset: the old one is refused (401) from now on |
//! | `POST /_sim/advance` | `seconds` | skips time in the simulated world |
//! | `POST /_sim/send` | `user`, `channel`, `text`, `reply_to`, `files` (`filename`, `content_type`, `text` or `base64`), `paste`, `stickers`, `embeds`, `poll` (`question`, `answers`), `voice` (seconds), `forward` (`channel`, `message`) | the message |
//! | `POST /_sim/wear` | `user`, `outfits` (`decoration`, `new_decoration`, `server_tag`, `nameplate`; none takes all off) | |
//! | `POST /_sim/bots` | `name`, `guild` | `id` of another bot |
//! | `POST /_sim/webhooks` | `by` (a member or bot), `channel`, `username`, `avatar_url`, `text` | what its webhook posted |
//! | `POST /_sim/proxy` | `bot`, `channel`, `message` (or `user` and `text`), `username`, `avatar_url`, `delete_after_ms`, `repost_after_ms` | as PluralKit: the repost, once the original is deleted |
//! | `POST /_sim/automod` | `guild`, `words` | blocks these words (`cat`, `cat*`, `*cat`, `*cat*`); none lifts all |
//! | `POST /_sim/harmful` | `host` | links to this host are blocked everywhere |
//! | `POST /_sim/slowmode` | `channel`, `seconds`, `bots` | slow mode; `bots` makes it count for bots, which it does not at Discord |
//! | `POST /_sim/thread` | `channel`, `archived`, `locked` | closes or opens a thread |
//! | `POST /_sim/reconnect` | | asks every session to reconnect |
//! | `POST /_sim/drop` | | ends every connection without a word |
//!
//! A fault is for requests that fit `pattern` (`POST /channels/*/messages`; `*` one segment or any method, `**` the rest,
//! `* /**` everything), for one request unless `times` or `for_seconds` says otherwise. With `"after": true` the request
//! has its effect all the same, which the bot cannot know.
//!
//! | `fault` | further fields | what the bot gets |
//! | --- | --- | --- |
//! | `answer` | `status`, `body` | this JSON (or text) |
//! | `html` | `status` | a web page, as of a proxy whose server is gone |
//! | `cloudflare` | `retry_after` | 429, error 1015: HTML, and the time in the header alone |
//! | `bare_limit` | `retry_after` | 429 with `Retry-After` and no body |
//! | `limit` | `retry_after`, `scope` (`user`, `global`, `shared`) | Discord's 429 |
//! | `slow` | `seconds` | the right answer, late |
//! | `cut` | | no answer: the connection ends |

mod act;
mod faults;
mod look;
mod rules;
mod send;

use axum::Json;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, UserMarker};

use crate::Sim;
use crate::actor::{NoAnswer, TimedOut};
use crate::interactions::Refusal;
use crate::state::{StoredMessage, World};

/// The routes.
pub fn router(sim: Sim) -> Router {
    Router::new()
        .route("/_sim", get(look::overview))
        .route("/_sim/guilds", post(act::add_guild))
        .route("/_sim/channels", post(act::add_channel))
        .route("/_sim/members", post(act::add_member))
        .route("/_sim/say", post(act::say))
        .route("/_sim/dm", post(act::dm))
        .route("/_sim/edit", post(act::edit))
        .route("/_sim/react", post(act::react))
        .route("/_sim/command", post(act::command))
        .route("/_sim/autocomplete", post(act::autocomplete))
        .route("/_sim/click", post(act::click))
        .route("/_sim/menu", post(act::menu))
        .route("/_sim/submit", post(act::submit))
        .route("/_sim/reconnect", post(act::reconnect))
        .route("/_sim/drop", post(act::drop_connections))
        .route("/_sim/ready", get(look::ready))
        .route("/_sim/commands", get(look::commands))
        .route("/_sim/messages", get(look::messages))
        .route("/_sim/requests", get(look::requests))
        .merge(faults::routes())
        .merge(rules::routes())
        .merge(send::routes())
        .with_state(sim)
}

/// What went wrong, and its status.
#[derive(Debug)]
pub struct ControlError(StatusCode, String);

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

impl From<Refusal> for ControlError {
    fn from(refusal: Refusal) -> Self {
        Self(StatusCode::UNPROCESSABLE_ENTITY, refusal.to_string())
    }
}

impl From<TimedOut> for ControlError {
    fn from(error: TimedOut) -> Self {
        Self(StatusCode::GATEWAY_TIMEOUT, error.to_string())
    }
}

impl From<NoAnswer> for ControlError {
    fn from(error: NoAnswer) -> Self {
        match error {
            NoAnswer::Refused(refusal) => refusal.into(),
            NoAnswer::TimedOut(error) => error.into(),
            NoAnswer::Otherwise(_) => Self(StatusCode::CONFLICT, error.to_string()),
        }
    }
}

fn unknown(what: &str, name: &str) -> ControlError {
    ControlError(
        StatusCode::NOT_FOUND,
        format!("there is no {what} `{name}`"),
    )
}

fn guild(world: &World, name: &str) -> Result<Id<GuildMarker>, ControlError> {
    let found = world
        .guilds
        .values()
        .find(|state| state.guild.name == name || state.guild.id.to_string() == name);
    found
        .map(|state| state.guild.id)
        .ok_or_else(|| unknown("server", name))
}

fn channel(world: &World, name: &str) -> Result<Id<ChannelMarker>, ControlError> {
    let found = world.channels.values().find(|state| {
        state.channel.name.as_deref() == Some(name) || state.channel.id.to_string() == name
    });
    found
        .map(|state| state.channel.id)
        .ok_or_else(|| unknown("channel", name))
}

fn user(world: &World, name: &str) -> Result<(Id<UserMarker>, String), ControlError> {
    let found = world
        .users
        .values()
        .find(|user| user.name == name || user.id.to_string() == name);
    found
        .map(|user| (user.id, user.name.clone()))
        .ok_or_else(|| unknown("person", name))
}

/// A message as this interface shows it.
fn shown(world: &World, stored: &StoredMessage) -> Value {
    let mut json = world.message_json(stored);
    json["ephemeral"] = json!(stored.is_ephemeral());
    json["revisions"] = stored
        .revisions
        .iter()
        .map(|revision| {
            json!({
                "at": revision.at.iso_8601().to_string(),
                "content": revision.content,
            })
        })
        .collect();
    json
}
