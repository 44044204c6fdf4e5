//! What can be done from outside.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, InteractionMarker, MessageMarker};

use super::{ControlError, channel, guild, shown, user};
use crate::Sim;
use crate::actor::{ChannelSpec, InteractionHandle, MessageDraft, Person};
use crate::interactions::{Argument, Arguments};
use crate::state::World;
use crate::state::guild::INVITED_BOT;
use crate::state::observed::Answer;

type Done = Result<Json<Value>, ControlError>;

#[derive(Debug, Deserialize)]
pub(super) struct Named {
    name: String,
    #[serde(default)]
    guild: String,
    #[serde(default)]
    nsfw: bool,
}

/// What a person does; each route reads the fields that it needs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Deed {
    user: String,
    channel: String,
    text: String,
    reply_to: Option<Id<MessageMarker>>,
    message: Option<Id<MessageMarker>>,
    emoji: String,
    command: String,
    options: Map<String, Value>,
    option: String,
    custom_id: String,
    values: Vec<String>,
    interaction: Option<Id<InteractionMarker>>,
    fields: BTreeMap<String, String>,
}

pub(super) async fn add_guild(State(sim): State<Sim>, Json(named): Json<Named>) -> Json<Value> {
    let mut world = sim.hub().world();
    let owner = world.add_user(&format!("owner of {}", named.name)).id;
    let id = world.add_guild(&named.name, owner);
    world.invite_bot(id, INVITED_BOT);
    Json(json!({ "id": id }))
}

pub(super) async fn add_channel(State(sim): State<Sim>, Json(named): Json<Named>) -> Done {
    let place = guild(&sim.hub().world(), &named.guild)?;
    let handle = sim
        .guild(place)
        .ok_or_else(|| super::unknown("server", &named.guild))?;
    let made = handle.add_channel(ChannelSpec {
        name: named.name,
        nsfw: named.nsfw,
        ..ChannelSpec::default()
    });
    Ok(Json(json!({ "id": made.id })))
}

pub(super) async fn add_member(State(sim): State<Sim>, Json(named): Json<Named>) -> Done {
    let mut world = sim.hub().world();
    let place = guild(&world, &named.guild)?;
    let id = world.add_user(&named.name).id;
    world.add_member(place, id, Vec::new());
    Ok(Json(json!({ "id": id })))
}

pub(super) async fn say(State(sim): State<Sim>, Json(deed): Json<Deed>) -> Done {
    let (person, place) = who_and_where(&sim, &deed)?;
    let id = person.say_with(
        place,
        MessageDraft {
            text: deed.text,
            reply_to: deed.reply_to,
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

pub(super) async fn command(State(sim): State<Sim>, Json(deed): Json<Deed>) -> Done {
    let (person, place) = who_and_where(&sim, &deed)?;
    let handle = person.command_with(place, &deed.command, &arguments(&deed.options))?;
    outcome(&sim, &handle).await
}

pub(super) async fn autocomplete(State(sim): State<Sim>, Json(deed): Json<Deed>) -> Done {
    let (person, place) = who_and_where(&sim, &deed)?;
    let choices = person
        .autocomplete_with(
            place,
            &deed.command,
            &deed.option,
            &arguments(&deed.options),
        )
        .await?;
    Ok(Json(json!(choices)))
}

pub(super) async fn click(State(sim): State<Sim>, Json(deed): Json<Deed>) -> Done {
    let (person, place) = who_and_where(&sim, &deed)?;
    let values: Vec<&str> = deed.values.iter().map(String::as_str).collect();
    let handle = person.select(place, needed(deed.message)?, &deed.custom_id, &values)?;
    outcome(&sim, &handle).await
}

pub(super) async fn menu(State(sim): State<Sim>, Json(deed): Json<Deed>) -> Done {
    let (person, place) = who_and_where(&sim, &deed)?;
    let handle = person.message_menu(place, &deed.command, needed(deed.message)?)?;
    outcome(&sim, &handle).await
}

pub(super) async fn submit(State(sim): State<Sim>, Json(deed): Json<Deed>) -> Done {
    let handle = sim.interaction(needed(deed.interaction)?);
    let fields: Vec<(&str, &str)> = deed
        .fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let handle = handle.submit_form(&fields).await?;
    outcome(&sim, &handle).await
}

pub(super) async fn reconnect(State(sim): State<Sim>) -> Json<Value> {
    sim.send_reconnect();
    Json(json!({}))
}

pub(super) async fn drop_connections(State(sim): State<Sim>) -> Json<Value> {
    sim.drop_connections(None);
    Json(json!({}))
}

/// The interaction, and the message or form that answers it.
async fn outcome(sim: &Sim, handle: &InteractionHandle) -> Done {
    if let Answer::Modal { .. } = handle.answer().await? {
        let form = handle.form().await?;
        return Ok(Json(json!({
            "interaction": handle.id,
            "form": {
                "custom_id": form.custom_id,
                "title": form.title,
                "components": form.components,
            },
        })));
    }
    let stored = handle.response().await?;
    let message = shown(&sim.hub().world(), &stored);
    Ok(Json(json!({"interaction": handle.id, "message": message})))
}

fn who(sim: &Sim, deed: &Deed) -> Result<Person, ControlError> {
    let (id, name) = user(&sim.hub().world(), &deed.user)?;
    Ok(sim.person(id, &name))
}

fn who_and_where(sim: &Sim, deed: &Deed) -> Result<(Person, Id<ChannelMarker>), ControlError> {
    let place = channel(&sim.hub().world(), &deed.channel)?;
    Ok((who(sim, deed)?, place))
}

fn needed<T>(id: Option<Id<T>>) -> Result<Id<T>, ControlError> {
    id.ok_or_else(|| super::unknown("id in the request", "message or interaction"))
}

fn arguments(options: &Map<String, Value>) -> Arguments {
    options
        .iter()
        .map(|(name, value)| {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            (name.clone(), Argument::Text(text))
        })
        .collect()
}

fn message(world: &World, place: Id<ChannelMarker>, id: Id<MessageMarker>) -> Done {
    let stored = world
        .message(place, id)
        .map_err(|error| super::unknown("message", &error.message))?;
    Ok(Json(shown(world, stored)))
}
