//! What a person does, as a request tells it.

use std::collections::BTreeMap;

use axum::Json;
use serde::Deserialize;
use serde_json::{Map, Value};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, InteractionMarker, MessageMarker};

use super::{ControlError, channel, shown, user};
use crate::Sim;
use crate::actor::Person;
use crate::state::World;

/// What a route answers.
pub(super) type Done = Result<Json<Value>, ControlError>;

/// What a person does; each route reads the fields that it needs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Deed {
    pub user: String,
    pub channel: String,
    pub text: String,
    pub reply_to: Option<Id<MessageMarker>>,
    pub message: Option<Id<MessageMarker>>,
    pub emoji: String,
    pub command: String,
    pub options: Map<String, Value>,
    pub option: String,
    pub custom_id: String,
    pub values: Vec<String>,
    pub interaction: Option<Id<InteractionMarker>>,
    pub fields: BTreeMap<String, String>,
    pub attachments: Vec<super::attachment::Attached>,
}

pub(super) fn who(sim: &Sim, deed: &Deed) -> Result<Person, ControlError> {
    let (id, name) = user(&sim.hub().world(), &deed.user)?;
    Ok(sim.person(id, &name))
}

pub(super) fn who_and_where(
    sim: &Sim,
    deed: &Deed,
) -> Result<(Person, Id<ChannelMarker>), ControlError> {
    let place = channel(&sim.hub().world(), &deed.channel)?;
    Ok((who(sim, deed)?, place))
}

pub(super) fn needed<T>(id: Option<Id<T>>) -> Result<Id<T>, ControlError> {
    id.ok_or_else(|| super::unknown("id in the request", "message or interaction"))
}

pub(super) fn message(world: &World, place: Id<ChannelMarker>, id: Id<MessageMarker>) -> Done {
    let stored = world
        .message(place, id)
        .map_err(|error| super::unknown("message", &error.message))?;
    Ok(Json(shown(world, stored)))
}
