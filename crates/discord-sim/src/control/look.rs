//! What can be looked at from outside.

use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Value, json};
use twilight_model::id::Id;
use twilight_model::id::marker::MessageMarker;

use super::{ControlError, channel, shown};
use crate::Sim;
use crate::rest::record::Recorded;
use crate::state::World;

#[derive(Debug, Deserialize)]
pub(super) struct Wait {
    #[serde(default)]
    wait: f64,
}

impl Wait {
    fn duration(&self) -> Duration {
        Duration::try_from_secs_f64(self.wait).unwrap_or_default()
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Sought {
    channel: String,
    after: Option<Id<MessageMarker>>,
    contains: Option<String>,
    by_bot: Option<bool>,
    #[serde(default)]
    wait: f64,
}

pub(super) async fn overview(State(sim): State<Sim>) -> Json<Value> {
    let world = sim.hub().world();
    let guilds: Vec<Value> = world
        .guilds
        .values()
        .map(|state| {
            let channels: Vec<Value> = world
                .channels
                .values()
                .filter(|place| place.channel.guild_id == Some(state.guild.id))
                .map(|place| json!({"id": place.channel.id, "name": place.channel.name}))
                .collect();
            let members: Vec<Value> = state
                .members
                .values()
                .map(|member| json!({"id": member.user.id, "name": member.user.name}))
                .collect();
            json!({
                "id": state.guild.id,
                "name": state.guild.name,
                "channels": channels,
                "members": members,
            })
        })
        .collect();
    Json(json!({
        "token": world.bot.token,
        "application_id": world.bot.application_id,
        "base_url": sim.base_url(),
        "gateway_url": sim.gateway_url(),
        "guilds": guilds,
    }))
}

pub(super) async fn ready(
    State(sim): State<Sim>,
    Query(wait): Query<Wait>,
) -> Result<Json<Value>, ControlError> {
    sim.wait_ready(wait.duration()).await?;
    Ok(Json(json!({})))
}

pub(super) async fn commands(
    State(sim): State<Sim>,
    Query(wait): Query<Wait>,
) -> Result<Json<Value>, ControlError> {
    if wait.wait > 0.0 {
        sim.wait_for_commands(wait.duration()).await?;
    }
    Ok(Json(json!(sim.commands())))
}

/// With `wait` it answers as soon as there is a message that fits; without, with what there is.
pub(super) async fn messages(
    State(sim): State<Sim>,
    Query(sought): Query<Sought>,
) -> Result<Json<Vec<Value>>, ControlError> {
    let place = channel(&sim.hub().world(), &sought.channel)?;
    let look = |world: &World| -> Vec<Value> {
        let Some(state) = world.channels.get(&place) else {
            return Vec::new();
        };
        state
            .messages
            .values()
            .filter(|stored| sought.after.is_none_or(|after| stored.message.id > after))
            .filter(|stored| sought.by_bot.is_none_or(|by_bot| stored.by_bot() == by_bot))
            .filter(|stored| {
                let part = sought.contains.as_deref().unwrap_or_default();
                stored.text().contains(part)
            })
            .map(|stored| shown(world, stored))
            .collect()
    };
    if sought.wait > 0.0 {
        let within = Duration::try_from_secs_f64(sought.wait).unwrap_or_default();
        let found = sim
            .wait_until("a message that fits", within, |world| {
                Some(look(world)).filter(|found| !found.is_empty())
            })
            .await?;
        return Ok(Json(found));
    }
    let found = look(&sim.hub().world());
    Ok(Json(found))
}

pub(super) async fn requests(State(sim): State<Sim>) -> Json<Vec<Recorded>> {
    Json(sim.requests())
}
