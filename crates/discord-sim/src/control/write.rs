//! What people write, and what they do to what was written.

use axum::Json;
use axum::extract::State;
use serde_json::json;

use super::attachment::Attached;
use super::deed::{Deed, Done, message, needed, who, who_and_where};
use crate::Sim;
use crate::actor::MessageDraft;

pub(super) async fn say(State(sim): State<Sim>, Json(deed): Json<Deed>) -> Done {
    let (person, place) = who_and_where(&sim, &deed)?;
    let attachments: Result<_, _> = deed.attachments.into_iter().map(Attached::upload).collect();
    let id = person.say_with(
        place,
        MessageDraft {
            text: deed.text,
            reply_to: deed.reply_to,
            attachments: attachments?,
            ..MessageDraft::default()
        },
    )?;
    message(&sim.hub().world(), place, id)
}

pub(super) async fn dm(State(sim): State<Sim>, Json(deed): Json<Deed>) -> Done {
    let person = who(&sim, &deed)?;
    let place = person.dm_channel()?.id;
    let id = person.say(place, &deed.text)?;
    message(&sim.hub().world(), place, id)
}

pub(super) async fn edit(State(sim): State<Sim>, Json(deed): Json<Deed>) -> Done {
    let (person, place) = who_and_where(&sim, &deed)?;
    let id = needed(deed.message)?;
    person.edit(place, id, &deed.text)?;
    message(&sim.hub().world(), place, id)
}

pub(super) async fn react(State(sim): State<Sim>, Json(deed): Json<Deed>) -> Done {
    let (person, place) = who_and_where(&sim, &deed)?;
    let id = needed(deed.message)?;
    person.react(place, id, &deed.emoji)?;
    message(&sim.hub().world(), place, id)
}

pub(super) async fn delete(State(sim): State<Sim>, Json(deed): Json<Deed>) -> Done {
    let (person, place) = who_and_where(&sim, &deed)?;
    person.delete(place, needed(deed.message)?)?;
    Ok(Json(json!({})))
}

pub(super) async fn pin(State(sim): State<Sim>, Json(deed): Json<Deed>) -> Done {
    let (person, place) = who_and_where(&sim, &deed)?;
    let id = needed(deed.message)?;
    person.pin(place, id)?;
    message(&sim.hub().world(), place, id)
}

pub(super) async fn unpin(State(sim): State<Sim>, Json(deed): Json<Deed>) -> Done {
    let (person, place) = who_and_where(&sim, &deed)?;
    let id = needed(deed.message)?;
    person.unpin(place, id)?;
    message(&sim.hub().world(), place, id)
}

/// The poll's author ends it; without a `user` its time is up.
pub(super) async fn end_poll(State(sim): State<Sim>, Json(deed): Json<Deed>) -> Done {
    let place = super::channel(&sim.hub().world(), &deed.channel)?;
    let id = needed(deed.message)?;
    if deed.user.is_empty() {
        sim.channel(place).let_poll_end(id)?;
    } else {
        who(&sim, &deed)?.end_poll(place, id)?;
    }
    message(&sim.hub().world(), place, id)
}

pub(super) async fn preview(State(sim): State<Sim>, Json(deed): Json<Deed>) -> Done {
    let place = super::channel(&sim.hub().world(), &deed.channel)?;
    let id = needed(deed.message)?;
    sim.channel(place).show_previews(id)?;
    message(&sim.hub().world(), place, id)
}
