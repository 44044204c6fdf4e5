//! `/applications/{id}/commands` and its twin for one server: which commands there are.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use twilight_model::application::command::{Command, CommandType};
use twilight_model::id::Id;
use twilight_model::id::marker::{ApplicationMarker, CommandMarker, GuildMarker};
use twilight_validate::command::GUILD_COMMAND_LIMIT;

use super::body::Incoming;
use super::command_form;
use super::error::{ApiError, ApiResult};
use super::path::{InPath, InQuery};
use super::truth;
use crate::Hub;
use crate::state::{Observed, World};

/// How many commands of each kind may be registered.
const MOST_OF_A_KIND: [(CommandType, usize); 3] = [
    (CommandType::ChatInput, GUILD_COMMAND_LIMIT),
    (CommandType::User, 5),
    (CommandType::Message, 5),
];

type Hubs = State<Arc<Hub>>;
type App = Id<ApplicationMarker>;
type Server = Id<GuildMarker>;
type CommandId = Id<CommandMarker>;
/// The application, and the server for whose members alone the commands are.
type Place = (App, Option<Server>);

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route(
            "/applications/{application_id}/commands",
            get(async |hub: Hubs, InPath(app): InPath<App>, wish| list(&hub, (app, None), wish))
                .post(
                    async |hub: Hubs, InPath(app): InPath<App>, body: Incoming| {
                        create(&hub, (app, None), &body)
                    },
                )
                .put(
                    async |hub: Hubs, InPath(app): InPath<App>, body: Incoming| {
                        overwrite(&hub, (app, None), &body)
                    },
                ),
        )
        .route(
            "/applications/{application_id}/commands/{command_id}",
            get(
                async |hub: Hubs, InPath((app, id)): InPath<(App, CommandId)>| {
                    one(&hub, (app, None), id)
                },
            )
            .patch(
                async |hub: Hubs, InPath((app, id)): InPath<(App, CommandId)>, body: Incoming| {
                    edit(&hub, (app, None), id, &body)
                },
            )
            .delete(
                async |hub: Hubs, InPath((app, id)): InPath<(App, CommandId)>| {
                    remove(&hub, (app, None), id)
                },
            ),
        )
        .route(
            "/applications/{application_id}/guilds/{guild_id}/commands",
            get(
                async |hub: Hubs, InPath((app, guild)): InPath<(App, Server)>, wish| {
                    list(&hub, (app, Some(guild)), wish)
                },
            )
            .post(
                async |hub: Hubs, InPath((app, guild)): InPath<(App, Server)>, body: Incoming| {
                    create(&hub, (app, Some(guild)), &body)
                },
            )
            .put(
                async |hub: Hubs, InPath((app, guild)): InPath<(App, Server)>, body: Incoming| {
                    overwrite(&hub, (app, Some(guild)), &body)
                },
            ),
        )
        .route(
            "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}",
            get(
                async |hub: Hubs, InPath((app, guild, id)): InPath<(App, Server, CommandId)>| {
                    one(&hub, (app, Some(guild)), id)
                },
            )
            .patch(
                async |hub: Hubs,
                       InPath((app, guild, id)): InPath<(App, Server, CommandId)>,
                       body: Incoming| {
                    edit(&hub, (app, Some(guild)), id, &body)
                },
            )
            .delete(
                async |hub: Hubs, InPath((app, guild, id)): InPath<(App, Server, CommandId)>| {
                    remove(&hub, (app, Some(guild)), id)
                },
            ),
        )
}

fn check_place(world: &World, (application, guild): Place) -> ApiResult<()> {
    if application != world.bot.application_id {
        return Err(ApiError::not_your_application());
    }
    let bot = world.bot_id();
    let inside = guild.is_none_or(|guild| {
        let state = world.guilds.get(&guild);
        state.is_some_and(|state| state.members.contains_key(&bot))
    });
    if inside {
        Ok(())
    } else {
        Err(ApiError::missing_access())
    }
}

#[derive(Debug, Deserialize)]
struct Wish {
    #[serde(default, deserialize_with = "truth::read")]
    with_localizations: Option<bool>,
}

fn list(hub: &Hub, place: Place, InQuery(wish): InQuery<Wish>) -> ApiResult<Json<Vec<Value>>> {
    let world = hub.world();
    check_place(&world, place)?;
    let full = wish.with_localizations == Some(true);
    let here = world
        .commands
        .values()
        .filter(|command| command.guild_id == place.1)
        .map(|command| {
            let mut json = json!(command);
            if !full {
                without_localizations(&mut json);
            }
            json
        });
    Ok(Json(here.collect()))
}

/// A list leaves the translations out unless they are asked for.
fn without_localizations(json: &mut Value) {
    match json {
        Value::Object(object) => {
            object.shift_remove("name_localizations");
            object.shift_remove("description_localizations");
            object.values_mut().for_each(without_localizations);
        }
        Value::Array(list) => list.iter_mut().for_each(without_localizations),
        _ => {}
    }
}

fn one(hub: &Hub, place: Place, id: CommandId) -> ApiResult<Json<Command>> {
    let world = hub.world();
    check_place(&world, place)?;
    find(&world, place, id).map(|command| Json(command.clone()))
}

fn find(world: &World, place: Place, id: CommandId) -> ApiResult<&Command> {
    world
        .commands
        .get(&id)
        .filter(|command| command.guild_id == place.1)
        .ok_or_else(ApiError::unknown_command)
}

/// A command of the same kind and name is replaced, and keeps its id.
fn create(hub: &Hub, place: Place, body: &Incoming) -> ApiResult<Response> {
    let mut world = hub.world();
    check_place(&world, place)?;
    let command = command_form::read(&body.json, &[])?;
    let former = namesake(&world, place, &command);
    if former.is_none() {
        let same_kind = world
            .commands
            .values()
            .filter(|other| other.guild_id == place.1 && other.kind == command.kind);
        check_count(command.kind, same_kind.count() + 1)?;
    }
    let command = put(&mut world, place, command);
    world.tell(Observed::CommandsChanged);
    let status = if former.is_some() {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    Ok((status, Json(command)).into_response())
}

/// Replaces all commands of the place; those of the same kind and name keep their ids.
fn overwrite(hub: &Hub, place: Place, body: &Incoming) -> ApiResult<Json<Vec<Command>>> {
    let mut world = hub.world();
    check_place(&world, place)?;
    let Value::Array(items) = &body.json else {
        return Err(ApiError::invalid_field(
            &[],
            "LIST_TYPE_CONVERT",
            "Only iterables may be used in a ListType",
        ));
    };
    let mut wanted: Vec<Command> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let index = index.to_string();
        let command = command_form::read(item, &[&index])?;
        let twice = wanted
            .iter()
            .any(|other| other.kind == command.kind && other.name == command.name);
        if twice {
            return Err(ApiError::invalid_field(
                &[&index],
                "APPLICATION_COMMANDS_DUPLICATE_NAME",
                "Application command names must be unique",
            ));
        }
        wanted.push(command);
    }
    for (kind, _) in MOST_OF_A_KIND {
        let same_kind = wanted.iter().filter(|command| command.kind == kind);
        check_count(kind, same_kind.count())?;
    }
    let kept: Vec<Command> = wanted
        .into_iter()
        .map(|command| put(&mut world, place, command))
        .collect();
    world.commands.retain(|id, command| {
        command.guild_id != place.1 || kept.iter().any(|other| other.id == Some(*id))
    });
    world.tell(Observed::CommandsChanged);
    Ok(Json(kept))
}

fn edit(hub: &Hub, place: Place, id: CommandId, body: &Incoming) -> ApiResult<Json<Command>> {
    let mut world = hub.world();
    check_place(&world, place)?;
    let mut merged = json!(find(&world, place, id)?);
    if let (Some(merged), Some(changes)) = (merged.as_object_mut(), body.json.as_object()) {
        merged.extend(changes.clone());
    }
    let mut command = command_form::read(&merged, &[])?;
    if namesake(&world, place, &command).is_some_and(|other| other != id) {
        return Err(ApiError::invalid_field(
            &["name"],
            "APPLICATION_COMMANDS_DUPLICATE_NAME",
            "Application command names must be unique",
        ));
    }
    command.id = Some(id);
    command.application_id = Some(place.0);
    command.guild_id = place.1;
    command.version = world.next_id();
    world.commands.insert(id, command.clone());
    world.tell(Observed::CommandsChanged);
    Ok(Json(command))
}

fn remove(hub: &Hub, place: Place, id: CommandId) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    check_place(&world, place)?;
    find(&world, place, id)?;
    world.commands.remove(&id);
    world.tell(Observed::CommandsChanged);
    Ok(StatusCode::NO_CONTENT)
}

/// The command of the same kind and name in the same place.
fn namesake(world: &World, place: Place, command: &Command) -> Option<CommandId> {
    world
        .commands
        .values()
        .find(|other| {
            other.guild_id == place.1 && other.kind == command.kind && other.name == command.name
        })
        .and_then(|other| other.id)
}

fn put(world: &mut World, place: Place, mut command: Command) -> Command {
    let id = namesake(world, place, &command).unwrap_or_else(|| world.next_id());
    command.id = Some(id);
    command.application_id = Some(place.0);
    command.guild_id = place.1;
    command.version = world.next_id();
    world.commands.insert(id, command.clone());
    command
}

fn check_count(kind: CommandType, count: usize) -> ApiResult<()> {
    let most = MOST_OF_A_KIND.iter().find(|(other, _)| *other == kind);
    match most {
        Some((_, most)) if count > *most => Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            30032,
            format!("Maximum number of application commands reached ({most})."),
        )),
        _ => Ok(()),
    }
}
