//! Members of servers: who joins and leaves, what they are called, which roles they have, who is timed out.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use twilight_model::guild::{Member, Permissions};
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, RoleMarker};

use super::deed::Done;
use super::{ControlError, guild, user};
use crate::Sim;
use crate::interactions::Refusal;
use crate::state::World;

#[derive(Debug, Deserialize)]
pub(super) struct Newcomer {
    guild: String,
    name: String,
}

pub(super) async fn add(State(sim): State<Sim>, Json(wish): Json<Newcomer>) -> Done {
    let mut world = sim.hub().world();
    let place = guild(&world, &wish.guild)?;
    let id = world.add_user(&wish.name).id;
    world.add_member(place, id, Vec::new());
    Ok(Json(json!({ "id": id })))
}

#[derive(Debug, Deserialize)]
pub(super) struct NewRole {
    guild: String,
    name: String,
    #[serde(default = "Permissions::empty")]
    permissions: Permissions,
}

pub(super) async fn add_role(State(sim): State<Sim>, Json(wish): Json<NewRole>) -> Done {
    let mut world = sim.hub().world();
    let place = guild(&world, &wish.guild)?;
    let id = world.add_role(place, &wish.name, wish.permissions);
    Ok(Json(json!({ "id": id })))
}

/// What happens to a member, who may be the bot.
#[derive(Debug, Deserialize)]
pub(super) struct Change {
    guild: String,
    user: String,
    nick: Option<String>,
    #[serde(default)]
    role: String,
    #[serde(default)]
    take: bool,
    seconds: Option<u64>,
}

pub(super) async fn leave(State(sim): State<Sim>, Json(change): Json<Change>) -> Done {
    let mut world = sim.hub().world();
    let place = guild(&world, &change.guild)?;
    let (id, _) = user(&world, &change.user)?;
    if id == world.bot_id() {
        world.remove_bot(place);
        return Ok(Json(json!({})));
    }
    told(world.remove_member(place, id), &change.user)
}

pub(super) async fn nick(State(sim): State<Sim>, Json(change): Json<Change>) -> Done {
    let mut world = sim.hub().world();
    let place = guild(&world, &change.guild)?;
    let (id, _) = user(&world, &change.user)?;
    let member = world.update_member(place, id, |member| member.nick = change.nick);
    told(member, &change.user)
}

pub(super) async fn role(State(sim): State<Sim>, Json(change): Json<Change>) -> Done {
    let mut world = sim.hub().world();
    let place = guild(&world, &change.guild)?;
    let (id, _) = user(&world, &change.user)?;
    let role = role_named(&world, place, &change.role)?;
    told(world.set_role(place, id, role, !change.take), &change.user)
}

/// For so many `seconds`; without them the time-out ends.
pub(super) async fn time_out(State(sim): State<Sim>, Json(change): Json<Change>) -> Done {
    let mut world = sim.hub().world();
    let place = guild(&world, &change.guild)?;
    let (id, _) = user(&world, &change.user)?;
    let lasting = change.seconds.map(Duration::from_secs);
    let member = world.time_out(place, id, lasting).map_err(Refusal::from)?;
    told(Some(member), &change.user)
}

fn told(member: Option<Member>, name: &str) -> Result<Json<Value>, ControlError> {
    let member = member.ok_or_else(|| {
        ControlError(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("`{name}` is not in this server"),
        )
    })?;
    Ok(Json(json!(member)))
}

fn role_named(
    world: &World,
    place: Id<GuildMarker>,
    name: &str,
) -> Result<Id<RoleMarker>, ControlError> {
    let roles = world.guilds.get(&place).map(|state| &state.guild.roles);
    let found = roles
        .into_iter()
        .flatten()
        .find(|role| role.name == name || role.id.to_string() == name);
    found
        .map(|role| role.id)
        .ok_or_else(|| super::unknown("role", name))
}
