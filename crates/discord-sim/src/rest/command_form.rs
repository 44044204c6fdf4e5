//! A command as a request writes it: read into twilight's type, and held to Discord's rules.

use serde_json::{Map, Value, json};
use twilight_model::application::command::{
    Command, CommandOption, CommandOptionChoiceValue, CommandOptionType as Type, CommandType,
};
use twilight_model::oauth::ApplicationIntegrationType;
use twilight_validate::command::{self as limits, CommandValidationErrorType as Wrong};

use super::body::Incoming;
use super::error::{ApiError, ApiResult};

/// How deep options lie at most: group, subcommand, option.
const DEPTH: usize = 3;

/// Reads and checks a command. `path` is the way to it in the body.
pub fn read(item: &Value, path: &[&str]) -> ApiResult<Command> {
    let Some(given) = item.as_object() else {
        return Err(ApiError::invalid_field(
            path,
            "DICT_TYPE_CONVERT",
            "Only dictionaries may be used in a DictType",
        ));
    };
    let mut command: Command =
        Incoming::read(&Value::Object(completed(given))).map_err(|error| below(path, error))?;
    check(&command).map_err(|error| below(path, error))?;
    command.nsfw.get_or_insert(false);
    command
        .integration_types
        .get_or_insert_with(|| vec![ApplicationIntegrationType::GuildInstall]);
    Ok(command)
}

/// twilight's type, made for answers, demands what a request may leave out.
fn completed(given: &Map<String, Value>) -> Map<String, Value> {
    let mut item = given.clone();
    let kind = item.entry("type").or_insert(Value::Null);
    if kind.is_null() {
        *kind = json!(u8::from(CommandType::ChatInput));
    }
    let slash = *kind == json!(u8::from(CommandType::ChatInput));
    let mut defaults = vec![("options", json!([]))];
    if !slash {
        defaults.push(("description", json!("")));
    }
    for (field, default) in defaults {
        if item.get(field).is_none_or(Value::is_null) {
            item.insert(field.to_owned(), default);
        }
    }
    item.insert("version".to_owned(), json!("1"));
    for field in ["id", "application_id", "guild_id"] {
        item.shift_remove(field);
    }
    item
}

/// Moves the bad fields of an error below a path.
fn below(path: &[&str], mut error: ApiError) -> ApiError {
    for key in path.iter().rev() {
        error.errors = error.errors.map(|inner| json!({ *key: inner }));
    }
    error
}

fn check(command: &Command) -> ApiResult<()> {
    let known = [
        CommandType::ChatInput,
        CommandType::User,
        CommandType::Message,
    ];
    if !known.contains(&command.kind) {
        return Err(ApiError::invalid_field(
            &["type"],
            "BASE_TYPE_CHOICES",
            "Value must be one of (1, 2, 3).",
        ));
    }
    limits::command(command).map_err(|error| {
        let (field, code) = match error.kind() {
            Wrong::DescriptionInvalid => ("description", "BASE_TYPE_BAD_LENGTH"),
            Wrong::DescriptionNotAllowed => (
                "description",
                "APPLICATION_COMMAND_CONTEXT_MENU_NO_DESCRIPTION",
            ),
            Wrong::NameLengthInvalid => ("name", "BASE_TYPE_BAD_LENGTH"),
            Wrong::NameCharacterInvalid { .. } => ("name", "APPLICATION_COMMAND_INVALID_NAME"),
            _ => ("options", "APPLICATION_COMMAND_TOO_LARGE"),
        };
        ApiError::invalid_field(&[field], code, error.to_string())
    })?;
    if command.kind != CommandType::ChatInput && !command.options.is_empty() {
        return Err(ApiError::invalid_field(
            &["options"],
            "APPLICATION_COMMAND_CONTEXT_MENU_NO_OPTIONS",
            "Context menu commands cannot have options",
        ));
    }
    check_options(&command.options, DEPTH).map_err(|error| below(&["options"], error))
}

fn check_options(options: &[CommandOption], depth: usize) -> ApiResult<()> {
    // twilight looks at a list's length, order and names; what each option may be is looked at below.
    limits::options(options).map_err(|error| match error.kind() {
        Wrong::OptionsRequiredFirst { index } => ApiError::invalid_field(
            &[&(index + 1).to_string()],
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
            "Required options must be placed before non-required options",
        ),
        Wrong::OptionNameNotUnique { option_index } => ApiError::invalid_field(
            &[&option_index.to_string()],
            "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
            "Option name already exists",
        ),
        _ => ApiError::invalid_field(&[], "BASE_TYPE_BAD_LENGTH", error.to_string()),
    })?;
    let nests =
        |option: &CommandOption| matches!(option.kind, Type::SubCommand | Type::SubCommandGroup);
    let nested = options.iter().filter(|option| nests(option)).count();
    for (index, option) in options.iter().enumerate() {
        let index = index.to_string();
        let wrong_type = (nested > 0 && nested < options.len())
            || (nests(option) && depth == 1)
            || (option.kind == Type::SubCommandGroup && depth < DEPTH)
            || (!nests(option) && option.options.as_ref().is_some_and(|it| !it.is_empty()));
        if wrong_type {
            return Err(ApiError::invalid_field(
                &[&index, "type"],
                "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
                "Sub-command and sub-command group option types are mutually exclusive to all other types",
            ));
        }
        let inner = option.options.as_deref().unwrap_or_default();
        // Below a subcommand, only plain options.
        let left = if option.kind == Type::SubCommand {
            1
        } else {
            depth - 1
        };
        let only_subcommands = option.kind == Type::SubCommandGroup
            && inner.iter().any(|option| option.kind != Type::SubCommand);
        if only_subcommands {
            return Err(ApiError::invalid_field(
                &[&index, "options"],
                "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
                "A sub-command group only holds sub-commands",
            ));
        }
        check_options(inner, left).map_err(|error| below(&[&index, "options"], error))?;
        check_values(option).map_err(|error| below(&[&index], error))?;
    }
    Ok(())
}

/// Choices, autocompletion and bounds must fit the option's type and each other.
fn check_values(option: &CommandOption) -> ApiResult<()> {
    limits::option(option).map_err(|error| {
        ApiError::invalid_field(&["name"], "BASE_TYPE_BAD_LENGTH", error.to_string())
    })?;
    let choices = option.choices.as_deref().unwrap_or_default();
    let typed = matches!(option.kind, Type::String | Type::Integer | Type::Number);
    let completes = option.autocomplete == Some(true);
    if completes && (!typed || !choices.is_empty()) {
        return Err(ApiError::invalid_field(
            &["autocomplete"],
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID",
            "Autocomplete takes a string, integer or number option without choices",
        ));
    }
    if choices.len() > limits::CHOICES_LIMIT {
        return Err(ApiError::invalid_field(
            &["choices"],
            "BASE_TYPE_MAX_LENGTH",
            "Must be 25 or fewer in length.",
        ));
    }
    for (index, choice) in choices.iter().enumerate() {
        let index = index.to_string();
        let fits = matches!(
            (option.kind, &choice.value),
            (Type::String, CommandOptionChoiceValue::String(_))
                | (Type::Integer, CommandOptionChoiceValue::Integer(_))
                | (
                    Type::Number,
                    CommandOptionChoiceValue::Number(_) | CommandOptionChoiceValue::Integer(_)
                )
        );
        if !fits {
            return Err(ApiError::invalid_field(
                &["choices", &index, "value"],
                "APPLICATION_COMMAND_OPTIONS_CHOICE_VALUE_TYPE",
                "The value does not have the type of the option",
            ));
        }
        let twice = choices
            .iter()
            .filter(|other| other.name == choice.name)
            .count();
        if twice > 1 {
            return Err(ApiError::invalid_field(
                &["choices", &index],
                "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS",
                "Option choice name already exists",
            ));
        }
    }
    let numeric = matches!(option.kind, Type::Integer | Type::Number);
    let bounded = option.min_value.is_some() || option.max_value.is_some();
    let measured = option.min_length.is_some() || option.max_length.is_some();
    if (bounded && !numeric) || (measured && option.kind != Type::String) {
        return Err(ApiError::invalid_field(
            &["type"],
            "APPLICATION_COMMAND_OPTIONS_BOUNDS_INVALID",
            "Values are bounded for numbers, lengths for strings",
        ));
    }
    Ok(())
}
