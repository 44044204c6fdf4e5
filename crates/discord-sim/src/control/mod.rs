//! `/_sim/…`: acting as a person from outside the process, for clients in other languages and for curious people.
//!
//! Only served if [`crate::SimConfig::control`] is set; the binary sets it. There is no login: it listens on 127.0.0.1.
//! People, channels and servers may be given by name or by id; what is done to a channel is done by
//! the server's owner unless a `user` is named. Bodies and answers are JSON; what the Discord
//! client would refuse is 422 with `{"error": …}`, and what did not happen in time is 504.
//!
//! | route | body or query | answer |
//! | --- | --- | --- |
//! | `GET /_sim` | | token, addresses, servers with channels and members |
//! | `POST /_sim/guilds` | `name` | `id` |
//! | `POST /_sim/channels` | `guild`, `name`, `kind` (text, announcement, forum, voice, stage, category), `category`, `topic`, `nsfw` | `id` |
//! | `POST /_sim/channel/delete` | `channel` (a thread, too), `user` | |
//! | `POST /_sim/thread` | `channel`, `name`, `user`, `message` it hangs on; in a forum `text` of the post | `id`, of a post `message` |
//! | `POST /_sim/archive` | `channel`, `user`, `archived` (true) | |
//! | `POST /_sim/lock` | `channel`, `user`, `locked` (true) | |
//! | `POST /_sim/members` | `guild`, `name` | `id` |
//! | `POST /_sim/leave` | `guild`, `user` (the bot, too) | the former member |
//! | `POST /_sim/nick` | `guild`, `user`, `nick` | the member |
//! | `POST /_sim/roles` | `guild`, `name`, `permissions` | `id` |
//! | `POST /_sim/role` | `guild`, `user`, `role`, `take` | the member |
//! | `POST /_sim/timeout` | `guild`, `user`, `seconds` (none ends it) | the member |
//! | `POST /_sim/say` | `user`, `channel`, `text`, `reply_to`, `attachments` (`filename`, `text` or `base64`, `content_type`, `description`) | the message |
//! | `POST /_sim/dm` | `user`, `text` | the message |
//! | `POST /_sim/edit` | `user`, `channel`, `message`, `text` | the message |
//! | `POST /_sim/delete` | `user`, `channel`, `message` | |
//! | `POST /_sim/pin`, `/_sim/unpin` | `user`, `channel`, `message` | the message |
//! | `POST /_sim/poll/end` | `channel`, `message`, `user` (none: its time is up) | the message |
//! | `POST /_sim/preview` | `channel`, `message` | the message, with its previews |
//! | `POST /_sim/previews` | `delay_ms` (none: only by `preview`) | |
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

mod attachment;
mod deed;
mod faults;
mod interact;
mod look;
mod member;
mod place;
mod rules;
mod send;
mod switch;
mod write;

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
        .route("/_sim/guilds", post(place::add_guild))
        .route("/_sim/channels", post(place::add_channel))
        .route("/_sim/channel/delete", post(place::delete))
        .route("/_sim/thread", post(place::start_thread))
        .route("/_sim/archive", post(place::archive))
        .route("/_sim/lock", post(place::lock))
        .route("/_sim/members", post(member::add))
        .route("/_sim/leave", post(member::leave))
        .route("/_sim/nick", post(member::nick))
        .route("/_sim/roles", post(member::add_role))
        .route("/_sim/role", post(member::role))
        .route("/_sim/timeout", post(member::time_out))
        .route("/_sim/say", post(write::say))
        .route("/_sim/dm", post(write::dm))
        .route("/_sim/edit", post(write::edit))
        .route("/_sim/delete", post(write::delete))
        .route("/_sim/pin", post(write::pin))
        .route("/_sim/unpin", post(write::unpin))
        .route("/_sim/poll/end", post(write::end_poll))
        .route("/_sim/preview", post(write::preview))
        .route("/_sim/previews", post(switch::previews))
        .route("/_sim/react", post(write::react))
        .route("/_sim/command", post(interact::command))
        .route("/_sim/autocomplete", post(interact::autocomplete))
        .route("/_sim/click", post(interact::click))
        .route("/_sim/menu", post(interact::menu))
        .route("/_sim/submit", post(interact::submit))
        .route("/_sim/reconnect", post(switch::reconnect))
        .route("/_sim/drop", post(switch::drop_connections))
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
