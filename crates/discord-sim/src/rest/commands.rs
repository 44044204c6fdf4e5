//! `/applications/{id}/commands` and its twin for one server: which commands there are.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Map, Value, json};
use twilight_model::application::command::{Command, CommandType};
use twilight_model::id::Id;
use twilight_model::id::marker::{ApplicationMarker, CommandMarker, GuildMarker};
use twilight_validate::command as limits;

use super::body::Incoming;
use super::error::{ApiError, ApiResult};
use crate::Hub;
use crate::state::{Observed, World};

/// How many commands of each kind may be registered, in the order slash, person, message.
const MOST_OF_A_KIND: [(CommandType, usize); 3] = [
    (CommandType::ChatInput, limits::GUILD_COMMAND_LIMIT),
    (CommandType::User, 5),
    (CommandType::Message, 5),
];

type Place = (Id<ApplicationMarker>, Option<Id<GuildMarker>>);

/// The routes.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route(
            "/applications/{application}/commands",
            get(
                async |State(hub): Hubs, Path(app): Path<Id<ApplicationMarker>>| {
                    list(&hub, (app, None))
                },
            )
            .post(
                async |State(hub): Hubs, Path(app): Path<Id<ApplicationMarker>>, body: Incoming| {
                    create(&hub, (app, None), &body)
                },
            )
            .put(
                async |State(hub): Hubs, Path(app): Path<Id<ApplicationMarker>>, body: Incoming| {
                    overwrite(&hub, (app, None), &body)
                },
            ),
        )
        .route(
            "/applications/{application}/commands/{command}",
            get(
                async |State(hub): Hubs, Path((app, id)): Path<(_, Id<CommandMarker>)>| {
                    one(&hub, (app, None), id)
                },
            )
            .patch(
                async |State(hub): Hubs,
                       Path((app, id)): Path<(_, Id<CommandMarker>)>,
                       body: Incoming| { edit(&hub, (app, None), id, &body) },
            )
            .delete(
                async |State(hub): Hubs, Path((app, id)): Path<(_, Id<CommandMarker>)>| {
                    remove(&hub, (app, None), id)
                },
            ),
        )
        .route(
            "/applications/{application}/guilds/{guild}/commands",
            get(async |State(hub): Hubs, Path((app, guild)): Path<(_, _)>| {
                list(&hub, (app, Some(guild)))
            })
            .post(
                async |State(hub): Hubs, Path((app, guild)): Path<(_, _)>, body: Incoming| {
                    create(&hub, (app, Some(guild)), &body)
                },
            )
            .put(
                async |State(hub): Hubs, Path((app, guild)): Path<(_, _)>, body: Incoming| {
                    overwrite(&hub, (app, Some(guild)), &body)
                },
            ),
        )
        .route(
            "/applications/{application}/guilds/{guild}/commands/{command}",
            get(
                async |State(hub): Hubs, Path((app, guild, id)): Path<(_, _, _)>| {
                    one(&hub, (app, Some(guild)), id)
                },
            )
            .patch(
                async |State(hub): Hubs,
                       Path((app, guild, id)): Path<(_, _, _)>,
                       body: Incoming| {
                    edit(&hub, (app, Some(guild)), id, &body)
                },
            )
            .delete(
                async |State(hub): Hubs, Path((app, guild, id)): Path<(_, _, _)>| {
                    remove(&hub, (app, Some(guild)), id)
                },
            ),
        )
}

type Hubs = State<Arc<Hub>>;

fn check_place(world: &World, (application, guild): Place) -> ApiResult<()> {
    if application != world.bot.application_id {
        return Err(ApiError::unknown_application());
    }
    match guild {
        Some(guild) if !world.guilds.contains_key(&guild) => Err(ApiError::missing_access()),
        _ => Ok(()),
    }
}

fn list(hub: &Hub, place: Place) -> ApiResult<Json<Vec<Command>>> {
    let world = hub.world();
    check_place(&world, place)?;
    let here = world
        .commands
        .values()
        .filter(|command| command.guild_id == place.1)
        .cloned()
        .collect();
    Ok(Json(here))
}

fn one(hub: &Hub, place: Place, id: Id<CommandMarker>) -> ApiResult<Json<Command>> {
    let world = hub.world();
    check_place(&world, place)?;
    find(&world, place, id).map(|command| Json(command.clone()))
}

fn find(world: &World, place: Place, id: Id<CommandMarker>) -> ApiResult<&Command> {
    world
        .commands
        .get(&id)
        .filter(|command| command.guild_id == place.1)
        .ok_or_else(ApiError::unknown_command)
}

/// A command of the same kind and name is replaced, and keeps its id.
fn create(hub: &Hub, place: Place, body: &Incoming) -> ApiResult<(StatusCode, Json<Command>)> {
    let command = read(&body.json, &[])?;
    let mut world = hub.world();
    check_place(&world, place)?;
    let (command, replaced) = put(&mut world, place, command);
    check_count(&world, place)?;
    world.tell(Observed::CommandsChanged);
    let status = if replaced {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    Ok((status, Json(command)))
}

/// Replaces all commands of the place; those of the same kind and name keep their ids.
fn overwrite(hub: &Hub, place: Place, body: &Incoming) -> ApiResult<Json<Vec<Command>>> {
    let Value::Array(items) = &body.json else {
        return Err(ApiError::invalid_field(
            &[],
            "LIST_TYPE_CONVERT",
            "Only iterables may be used in a ListType",
        ));
    };
    let mut wanted: Vec<Command> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let command = read(item, &[&index.to_string()])?;
        let twice = wanted
            .iter()
            .any(|other| other.kind == command.kind && other.name == command.name);
        if twice {
            return Err(ApiError::invalid_field(
                &[&index.to_string(), "name"],
                "APPLICATION_COMMANDS_DUPLICATE_NAME",
                "Application command names must be unique",
            ));
        }
        wanted.push(command);
    }
    let mut world = hub.world();
    check_place(&world, place)?;
    let before = world.commands.clone();
    let mut kept = Vec::new();
    for command in wanted {
        kept.push(put(&mut world, place, command).0);
    }
    world.commands.retain(|id, command| {
        command.guild_id != place.1 || kept.iter().any(|other| other.id == Some(*id))
    });
    if let Err(error) = check_count(&world, place) {
        world.commands = before;
        return Err(error);
    }
    world.tell(Observed::CommandsChanged);
    Ok(Json(kept))
}

fn edit(
    hub: &Hub,
    place: Place,
    id: Id<CommandMarker>,
    body: &Incoming,
) -> ApiResult<Json<Command>> {
    let mut world = hub.world();
    check_place(&world, place)?;
    let mut merged = json!(find(&world, place, id)?);
    if let (Some(merged), Some(changes)) = (merged.as_object_mut(), body.json.as_object()) {
        merged.extend(changes.clone());
    }
    let mut command = read(&merged, &[])?;
    command.id = Some(id);
    command.version = world.next_id();
    world.commands.insert(id, command.clone());
    world.tell(Observed::CommandsChanged);
    Ok(Json(command))
}

fn remove(hub: &Hub, place: Place, id: Id<CommandMarker>) -> ApiResult<StatusCode> {
    let mut world = hub.world();
    check_place(&world, place)?;
    find(&world, place, id)?;
    world.commands.remove(&id);
    world.tell(Observed::CommandsChanged);
    Ok(StatusCode::NO_CONTENT)
}

fn put(world: &mut World, (application, guild): Place, mut command: Command) -> (Command, bool) {
    let former = world
        .commands
        .values()
        .find(|other| {
            other.guild_id == guild && other.kind == command.kind && other.name == command.name
        })
        .and_then(|other| other.id);
    let id = former.unwrap_or_else(|| world.next_id());
    command.id = Some(id);
    command.application_id = Some(application);
    command.guild_id = guild;
    command.version = world.next_id();
    world.commands.insert(id, command.clone());
    (command, former.is_some())
}

fn check_count(world: &World, place: Place) -> ApiResult<()> {
    for (kind, most) in MOST_OF_A_KIND {
        let count = world
            .commands
            .values()
            .filter(|command| command.guild_id == place.1 && command.kind == kind)
            .count();
        if count > most {
            return Err(ApiError::new(
                StatusCode::BAD_REQUEST,
                30032,
                format!("Maximum number of application commands reached ({most})."),
            ));
        }
    }
    Ok(())
}

/// Reads a command and checks it against the limits. twilight's type wants fields that a request may leave out.
fn read(item: &Value, path: &[&str]) -> ApiResult<Command> {
    let mut item: Map<String, Value> = item.as_object().cloned().unwrap_or_default();
    item.entry("type").or_insert(json!(1));
    for (field, default) in [("description", json!("")), ("options", json!([]))] {
        if item.get(field).is_none_or(Value::is_null) {
            item.insert(field.to_owned(), default);
        }
    }
    item.entry("default_member_permissions")
        .or_insert(Value::Null);
    item.insert("version".to_owned(), json!("1"));
    for field in ["id", "application_id", "guild_id"] {
        item.shift_remove(field);
    }
    let invalid = |field: &str, message: String| {
        let mut path = path.to_vec();
        path.push(field);
        ApiError::invalid_field(&path, "BASE_TYPE_BAD_LENGTH", message)
    };
    let command: Command = serde_json::from_value(Value::Object(item))
        .map_err(|error| invalid("_root", error.to_string()))?;
    limits::command(&command).map_err(|error| {
        let text = error.to_string();
        let field = if text.contains("description") {
            "description"
        } else {
            "name"
        };
        invalid(field, text)
    })?;
    limits::options(&command.options).map_err(|error| invalid("options", error.to_string()))?;
    for option in &command.options {
        check_nested(option).map_err(|text| invalid("options", text))?;
    }
    Ok(command)
}

/// twilight checks an option, but not those inside a subcommand.
fn check_nested(
    option: &twilight_model::application::command::CommandOption,
) -> Result<(), String> {
    let inner = option.options.as_deref().unwrap_or_default();
    limits::options(inner).map_err(|error| error.to_string())?;
    inner.iter().try_for_each(check_nested)
}
