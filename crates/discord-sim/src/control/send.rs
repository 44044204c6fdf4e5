//! `/_sim/send`, `/_sim/webhooks`, `/_sim/proxy`: what people send besides text, and what others' webhooks post.

use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use serde::Deserialize;
use serde_json::{Value, json};
use twilight_model::channel::message::Embed;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker};

use super::attachment::Attached;
use super::faults::seconds;
use super::{ControlError, channel, shown, unknown, user};
use crate::Sim;
use crate::actor::{Forwarded, Guise, MessageDraft, Person, PollDraft, Proxy, Timing, long_paste};
use crate::state::outfit::Outfit;

type Done = Result<Json<Value>, ControlError>;

/// The routes.
pub(super) fn routes() -> Router<Sim> {
    Router::new()
        .route("/_sim/send", post(send))
        .route("/_sim/webhooks", post(webhook_post))
        .route("/_sim/bots", post(add_bot))
        .route("/_sim/proxy", post(proxy))
        .route("/_sim/wear", post(wear))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Parcel {
    user: String,
    channel: String,
    text: String,
    reply_to: Option<Id<MessageMarker>>,
    silent_reply: bool,
    files: Vec<Attached>,
    paste: Option<String>,
    stickers: Vec<String>,
    embeds: Vec<Embed>,
    poll: Option<Poll>,
    voice: Option<f64>,
    forward: Option<Forward>,
}

#[derive(Debug, Deserialize)]
struct Poll {
    question: String,
    answers: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Forward {
    channel: String,
    message: Id<MessageMarker>,
}

async fn send(State(sim): State<Sim>, Json(parcel): Json<Parcel>) -> Done {
    let person = who(&sim, &parcel.user)?;
    let place = channel(&sim.hub().world(), &parcel.channel)?;
    let mut attachments = parcel
        .files
        .into_iter()
        .map(Attached::upload)
        .collect::<Result<Vec<_>, _>>()?;
    attachments.extend(parcel.paste.as_deref().map(long_paste));
    let forward = match parcel.forward {
        Some(forward) => Some(Forwarded {
            channel: channel(&sim.hub().world(), &forward.channel)?,
            message: forward.message,
        }),
        None => None,
    };
    let draft = MessageDraft {
        text: parcel.text,
        reply_to: parcel.reply_to,
        silent_reply: parcel.silent_reply,
        attachments,
        stickers: parcel.stickers,
        embeds: parcel.embeds,
        poll: parcel.poll.map(|poll| PollDraft {
            question: poll.question,
            answers: poll.answers,
        }),
        voice: parcel.voice.map(seconds).transpose()?,
        forward,
    };
    let id = person.say_with(place, draft)?;
    message(&sim, place, id)
}

#[derive(Debug, Deserialize)]
struct Post {
    /// The member or bot whose webhook it is; made at first use.
    by: String,
    channel: String,
    username: Option<String>,
    avatar_url: Option<String>,
    text: String,
}

async fn webhook_post(State(sim): State<Sim>, Json(wish): Json<Post>) -> Done {
    let maker = who(&sim, &wish.by)?;
    let place = channel(&sim.hub().world(), &wish.channel)?;
    let webhook = sim.channel(place).webhook_of(&maker)?;
    let guise = Guise {
        username: wish.username,
        avatar_url: wish.avatar_url,
    };
    let id = webhook.post(guise, &wish.text)?;
    message(&sim, place, id)
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
    guild: Option<String>,
}

async fn add_bot(State(sim): State<Sim>, Json(named): Json<Named>) -> Done {
    let bot = sim.add_bot(&named.name);
    if let Some(name) = &named.guild {
        let mut world = sim.hub().world();
        let guild = super::guild(&world, name)?;
        world.add_member(guild, bot.id, Vec::new());
    }
    Ok(Json(json!({ "id": bot.id })))
}

/// Without `message`, the person says `text` first.
#[derive(Debug, Deserialize)]
struct Proxied {
    bot: String,
    channel: String,
    message: Option<Id<MessageMarker>>,
    user: Option<String>,
    text: Option<String>,
    username: String,
    avatar_url: Option<String>,
    delete_after_ms: u64,
    repost_after_ms: u64,
}

async fn proxy(State(sim): State<Sim>, Json(wish): Json<Proxied>) -> Done {
    let bot = who(&sim, &wish.bot)?;
    let place = channel(&sim.hub().world(), &wish.channel)?;
    let original = match (wish.message, &wish.user, &wish.text) {
        (Some(message), _, _) => message,
        (None, Some(user), Some(text)) => who(&sim, user)?.say(place, text)?,
        _ => return Err(unknown("id in the request", "message")),
    };
    let guise = Guise {
        username: Some(wish.username),
        avatar_url: wish.avatar_url,
    };
    let timing = Timing {
        delete: Duration::from_millis(wish.delete_after_ms),
        repost: Duration::from_millis(wish.repost_after_ms),
    };
    let reposted = Proxy { bot }
        .proxy(&sim.channel(place), original, guise, timing)
        .await?;
    message(&sim, place, reposted)
}

#[derive(Debug, Deserialize)]
struct Dress {
    user: String,
    outfits: Vec<Outfit>,
}

async fn wear(State(sim): State<Sim>, Json(wish): Json<Dress>) -> Done {
    let person = who(&sim, &wish.user)?;
    if wish.outfits.is_empty() {
        person.take_off();
    }
    for outfit in wish.outfits {
        person.wear(outfit);
    }
    Ok(Json(json!({})))
}

fn who(sim: &Sim, name: &str) -> Result<Person, ControlError> {
    let (id, name) = user(&sim.hub().world(), name)?;
    Ok(sim.person(id, &name))
}

fn message(sim: &Sim, place: Id<ChannelMarker>, id: Id<MessageMarker>) -> Done {
    let world = sim.hub().world();
    let stored = world
        .message(place, id)
        .map_err(|error| unknown("message", &error.message))?;
    Ok(Json(shown(&world, stored)))
}
