//! The options of a command: what a person fills in, checked as the client checks it.

use twilight_model::application::command::{
    CommandOption, CommandOptionChoice, CommandOptionChoiceValue, CommandOptionType,
    CommandOptionValue as Bound,
};
use twilight_model::application::interaction::application_command::{
    CommandDataOption, CommandOptionValue,
};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GenericMarker, RoleMarker, UserMarker};

use super::Refusal;
use crate::state::Upload;

/// One value as a person gives it.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// As it is typed; read by the option's type (`3`, `true`, `<@1>`, a choice's name).
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// A person.
    User(Id<UserMarker>),
    /// A channel.
    Channel(Id<ChannelMarker>),
    /// A role.
    Role(Id<RoleMarker>),
    /// A file.
    File(Upload),
}

/// Values by the names of their options.
pub type Arguments = Vec<(String, Argument)>;

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<i64> for Argument {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}
impl From<f64> for Argument {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}
impl From<bool> for Argument {
    fn from(yes: bool) -> Self {
        Self::Boolean(yes)
    }
}
impl From<Id<UserMarker>> for Argument {
    fn from(id: Id<UserMarker>) -> Self {
        Self::User(id)
    }
}
impl From<Id<ChannelMarker>> for Argument {
    fn from(id: Id<ChannelMarker>) -> Self {
        Self::Channel(id)
    }
}

/// What a filled-in command line comes to.
#[derive(Debug, Default)]
pub struct Filled {
    /// The options as the bot gets them.
    pub options: Vec<CommandDataOption>,
    /// Files among them, by the id that stands in the option.
    pub files: Vec<(Id<twilight_model::id::marker::AttachmentMarker>, Upload)>,
}

/// Fills in the options of one (sub)command. `focused` is the option that is being typed, for autocomplete;
/// then required ones may still be missing. `file_id` makes ids for files.
pub fn fill(
    declared: &[CommandOption],
    given: &Arguments,
    focused: Option<&str>,
    mut file_id: impl FnMut() -> Id<twilight_model::id::marker::AttachmentMarker>,
) -> Result<Filled, Refusal> {
    let mut filled = Filled::default();
    for (name, value) in given {
        let Some(option) = declared.iter().find(|option| &option.name == name) else {
            return Err(Refusal::UnknownOption(name.clone()));
        };
        let value = if focused == Some(name) {
            if option.autocomplete != Some(true) {
                return Err(Refusal::NoAutocomplete(name.clone()));
            }
            CommandOptionValue::Focused(written(value), option.kind)
        } else if let Argument::File(upload) = value {
            if option.kind != CommandOptionType::Attachment {
                return Err(wrong(option, value));
            }
            let id = file_id();
            filled.files.push((id, upload.clone()));
            CommandOptionValue::Attachment(id)
        } else {
            read(option, value)?
        };
        filled.options.push(CommandDataOption {
            name: name.clone(),
            value,
        });
    }
    let missing = declared.iter().find(|option| {
        let required = option.required == Some(true) && focused.is_none();
        required && !given.iter().any(|(name, _)| name == &option.name)
    });
    match missing {
        Some(option) => Err(Refusal::MissingOption(option.name.clone())),
        None => Ok(filled),
    }
}

/// One value, by its option's type, choices and bounds.
fn read(option: &CommandOption, given: &Argument) -> Result<CommandOptionValue, Refusal> {
    let given = match &option.choices {
        Some(choices) if !choices.is_empty() => &choose(option, choices, given)?,
        _ => given,
    };
    let text = written(given);
    let wrong = || wrong(option, given);
    let value = match option.kind {
        CommandOptionType::String => {
            let length = text.chars().count();
            let least = usize::from(option.min_length.unwrap_or(0));
            let most = usize::from(option.max_length.unwrap_or(6_000));
            if length < least || length > most {
                return Err(Refusal::OutOfRange(option.name.clone()));
            }
            CommandOptionValue::String(text)
        }
        CommandOptionType::Integer => {
            let number: i64 = text.parse().map_err(|_| wrong())?;
            within(option, number as f64)?;
            CommandOptionValue::Integer(number)
        }
        CommandOptionType::Number => {
            let number: f64 = text.parse().map_err(|_| wrong())?;
            within(option, number)?;
            CommandOptionValue::Number(number)
        }
        CommandOptionType::Boolean => {
            CommandOptionValue::Boolean(text.to_lowercase().parse().map_err(|_| wrong())?)
        }
        CommandOptionType::User => {
            CommandOptionValue::User(id(&text, &["@!", "@"]).ok_or_else(wrong)?)
        }
        CommandOptionType::Channel => {
            CommandOptionValue::Channel(id(&text, &["#"]).ok_or_else(wrong)?)
        }
        CommandOptionType::Role => CommandOptionValue::Role(id(&text, &["@&"]).ok_or_else(wrong)?),
        CommandOptionType::Mentionable => {
            let id: Id<GenericMarker> = id(&text, &["@&", "@!", "@"]).ok_or_else(wrong)?;
            CommandOptionValue::Mentionable(id)
        }
        _ => return Err(wrong()),
    };
    Ok(value)
}

/// A choice is picked by its name; its value is what is sent.
fn choose(
    option: &CommandOption,
    choices: &[CommandOptionChoice],
    given: &Argument,
) -> Result<Argument, Refusal> {
    let text = written(given);
    let found = choices.iter().find(|choice| {
        choice.name.to_lowercase() == text.to_lowercase() || value_of(choice) == text
    });
    match found.map(|choice| &choice.value) {
        Some(CommandOptionChoiceValue::String(value)) => Ok(Argument::Text(value.clone())),
        Some(CommandOptionChoiceValue::Integer(value)) => Ok(Argument::Integer(*value)),
        Some(CommandOptionChoiceValue::Number(value)) => Ok(Argument::Number(*value)),
        None => Err(Refusal::NotAChoice {
            option: option.name.clone(),
            value: text,
        }),
    }
}

fn value_of(choice: &CommandOptionChoice) -> String {
    match &choice.value {
        CommandOptionChoiceValue::String(value) => value.clone(),
        CommandOptionChoiceValue::Integer(value) => value.to_string(),
        CommandOptionChoiceValue::Number(value) => value.to_string(),
    }
}

fn within(option: &CommandOption, number: f64) -> Result<(), Refusal> {
    let bound = |bound: Bound| match bound {
        Bound::Integer(value) => value as f64,
        Bound::Number(value) => value,
    };
    let low = option.min_value.map_or(f64::MIN, bound);
    let high = option.max_value.map_or(f64::MAX, bound);
    if number < low || number > high {
        return Err(Refusal::OutOfRange(option.name.clone()));
    }
    Ok(())
}

/// `<@1>`, `@1` and `1` are all the id 1.
fn id<T>(text: &str, marks: &[&str]) -> Option<Id<T>> {
    let inner = text.strip_prefix('<').unwrap_or(text);
    let inner = inner.strip_suffix('>').unwrap_or(inner);
    let bare = marks
        .iter()
        .find_map(|mark| inner.strip_prefix(mark))
        .unwrap_or(inner);
    bare.parse().ok()
}

fn written(given: &Argument) -> String {
    match given {
        Argument::Text(text) => text.clone(),
        Argument::Integer(number) => number.to_string(),
        Argument::Number(number) => number.to_string(),
        Argument::Boolean(yes) => yes.to_string(),
        Argument::User(id) => id.to_string(),
        Argument::Channel(id) => id.to_string(),
        Argument::Role(id) => id.to_string(),
        Argument::File(upload) => upload.filename.clone(),
    }
}

fn wrong(option: &CommandOption, given: &Argument) -> Refusal {
    Refusal::WrongType {
        option: option.name.clone(),
        value: written(given),
        wanted: match option.kind {
            CommandOptionType::Integer => "a whole number",
            CommandOptionType::Number => "a number",
            CommandOptionType::Boolean => "true or false",
            CommandOptionType::User => "a member",
            CommandOptionType::Channel => "a channel",
            CommandOptionType::Role => "a role",
            CommandOptionType::Mentionable => "a member or a role",
            CommandOptionType::Attachment => "a file",
            _ => "a text",
        },
    }
}
