//! Commands, buttons, menus and forms, used from outside.

use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};

use super::deed::{Deed, Done, needed, who_and_where};
use super::shown;
use crate::Sim;
use crate::actor::InteractionHandle;
use crate::interactions::{Argument, Arguments};
use crate::state::observed::Answer;

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
