//! One typed line: talk, or a slash command read against the commands that the bot registered.

use twilight_model::application::command::{Command, CommandOption, CommandOptionType};

/// What a typed line means.
#[derive(Debug, PartialEq)]
pub enum Line {
    /// A message.
    Say(String),
    /// A slash command.
    Slash(Slash),
    /// A button, counted from 1: the terminal's stand-in for a click.
    Press(usize),
}

/// A slash command with its options.
#[derive(Debug, PartialEq)]
pub struct Slash {
    /// Command, group and subcommand: `["persona", "switch"]`.
    pub path: Vec<String>,
    /// Option names and values as they were typed; the client reads them by the option's type.
    pub options: Vec<(String, String)>,
}

/// Why a line is no slash command; one sentence with the next step.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum LineError {
    /// No such command.
    #[error("There is no command /{typed}. There are: {known}")]
    NoCommand {
        /// What was typed.
        typed: String,
        /// What there is.
        known: String,
    },
    /// A word that belongs to no option.
    #[error("I don't know what \"{word}\" is for. {usage}")]
    TooMuch {
        /// The word.
        word: String,
        /// How the command is written.
        usage: String,
    },
    /// A required option is absent.
    #[error("{option} is missing. {usage}")]
    Missing {
        /// The option.
        option: String,
        /// How the command is written.
        usage: String,
    },
}

/// Reads a line. `//…` is a message that begins with a slash.
pub fn read(line: &str, commands: &[Command]) -> Result<Line, LineError> {
    let Some(typed) = line.strip_prefix('/') else {
        return Ok(Line::Say(line.to_owned()));
    };
    if typed.starts_with('/') {
        return Ok(Line::Say(typed.to_owned()));
    }
    if let Some(number) = typed
        .strip_prefix("press ")
        .and_then(|number| number.trim().parse().ok())
    {
        return Ok(Line::Press(number));
    }
    let mut words = words(typed).into_iter();
    let first = words.next().unwrap_or_default();
    let known = || {
        commands
            .iter()
            .map(|c| format!("/{}", c.name))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let command = commands
        .iter()
        .find(|command| command.name == first.text)
        .ok_or_else(|| LineError::NoCommand {
            typed: first.text.clone(),
            known: known(),
        })?;
    let mut path = vec![command.name.clone()];
    let mut options = command.options.as_slice();
    while options.iter().any(is_subcommand) {
        let word = words.next().map(|word| word.text).unwrap_or_default();
        let found = options
            .iter()
            .find(|option| is_subcommand(option) && option.name == word);
        let Some(found) = found else {
            let known = options
                .iter()
                .map(|o| format!("/{} {}", path.join(" "), o.name));
            let typed = format!("{} {word}", path.join(" "));
            return Err(LineError::NoCommand {
                typed,
                known: known.collect::<Vec<_>>().join(", "),
            });
        };
        path.push(found.name.clone());
        options = found.options.as_deref().unwrap_or_default();
    }
    let options = fill(words.collect(), options, &path)?;
    Ok(Line::Slash(Slash { path, options }))
}

fn is_subcommand(option: &CommandOption) -> bool {
    matches!(
        option.kind,
        CommandOptionType::SubCommand | CommandOptionType::SubCommandGroup
    )
}

/// Gives each word to its option: `name:value` by name, the others in the options' order.
fn fill(
    words: Vec<Word>,
    known: &[CommandOption],
    path: &[String],
) -> Result<Vec<(String, String)>, LineError> {
    let mut filled: Vec<(String, String)> = vec![];
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let named = word.text.split_once(':').filter(|_| !word.quoted);
        let named =
            named.and_then(|(name, value)| Some((known.iter().find(|o| o.name == name)?, value)));
        if let Some((option, value)) = named {
            filled.push((option.name.clone(), value.to_owned()));
            continue;
        }
        let open: Vec<_> = known
            .iter()
            .filter(|o| filled.iter().all(|(name, _)| *name != o.name))
            .collect();
        match open.as_slice() {
            [] => {
                return Err(LineError::TooMuch {
                    word: word.text,
                    usage: usage(known, path),
                });
            }
            // The last text option takes the rest of the line, so that no quotes are needed.
            [only] if only.kind == CommandOptionType::String && only.choices.is_none() => {
                let rest: Vec<String> = std::iter::once(word.text)
                    .chain(words.by_ref().map(|w| w.text))
                    .collect();
                filled.push((only.name.clone(), rest.join(" ")));
            }
            [next, ..] => filled.push((next.name.clone(), word.text)),
        }
    }
    let missing = known
        .iter()
        .find(|o| o.required == Some(true) && filled.iter().all(|(name, _)| *name != o.name));
    match missing {
        Some(option) => Err(LineError::Missing {
            option: option.name.clone(),
            usage: usage(known, path),
        }),
        None => Ok(filled),
    }
}

fn usage(known: &[CommandOption], path: &[String]) -> String {
    let options = known.iter().map(|o| match o.required {
        Some(true) => format!(" {}", o.name),
        _ => format!(" [{}]", o.name),
    });
    format!("Write: /{}{}", path.join(" "), options.collect::<String>())
}

#[derive(Debug, Default, PartialEq)]
struct Word {
    text: String,
    quoted: bool,
}

/// Words, where double quotes keep one together.
fn words(line: &str) -> Vec<Word> {
    let mut words = vec![];
    let mut word = Word::default();
    let mut inside = false;
    for c in line.chars() {
        match c {
            '"' => {
                inside = !inside;
                word.quoted = true;
            }
            c if c.is_whitespace() && !inside => {
                if !word.text.is_empty() || word.quoted {
                    words.push(std::mem::take(&mut word));
                }
            }
            c => word.text.push(c),
        }
    }
    if !word.text.is_empty() || word.quoted {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::{Value, json};

    fn commands() -> Vec<Command> {
        let command = |name: &str, options: Value| json!({ "name": name, "description": "d", "type": 1, "version": "1", "options": options });
        let all = json!([
            command(
                "persona",
                json!([{ "type": 1, "name": "switch", "description": "d", "options": [
                { "type": 3, "name": "persona", "description": "d", "required": true },
                { "type": 3, "name": "scope", "description": "d", "choices": [
                    { "name": "for me", "value": "me" }, { "name": "this channel", "value": "channel" }] },
            ] }])
            ),
            command(
                "note",
                json!([{ "type": 3, "name": "text", "description": "d", "required": true }])
            ),
            command(
                "dice",
                json!([{ "type": 4, "name": "sides", "description": "d" }])
            ),
        ]);
        serde_json::from_value(all).unwrap()
    }

    fn slash(path: &[&str], options: &[(&str, &str)]) -> Line {
        Line::Slash(Slash {
            path: path.iter().map(|p| (*p).to_owned()).collect(),
            options: options
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        })
    }

    #[rstest]
    #[case::talk("hello /there", Line::Say("hello /there".into()))]
    #[case::escaped("//shrug", Line::Say("/shrug".into()))]
    #[case::in_order("/persona switch Mia channel", slash(&["persona", "switch"], &[("persona", "Mia"), ("scope", "channel")]))]
    #[case::by_name("/persona switch scope:channel persona:Mia", slash(&["persona", "switch"], &[("scope", "channel"), ("persona", "Mia")]))]
    #[case::quoted("/persona switch \"Old Tom\"", slash(&["persona", "switch"], &[("persona", "Old Tom")]))]
    #[case::rest("/note buy milk and tea", slash(&["note"], &[("text", "buy milk and tea")]))]
    #[case::number("/dice 20", slash(&["dice"], &[("sides", "20")]))]
    fn a_line_is_read_as_one_would_mean_it(#[case] line: &str, #[case] meant: Line) {
        assert_eq!(read(line, &commands()), Ok(meant));
    }

    #[rstest]
    #[case(
        "/nothing",
        "There is no command /nothing. There are: /persona /note /dice"
    )]
    #[case(
        "/persona dance",
        "There is no command /persona dance. There are: /persona switch"
    )]
    #[case(
        "/persona switch",
        "persona is missing. Write: /persona switch persona [scope]"
    )]
    #[case("/dice 3 4", "I don't know what \"4\" is for. Write: /dice [sides]")]
    fn a_wrong_line_says_what_to_write(#[case] line: &str, #[case] said: &str) {
        assert_eq!(read(line, &commands()).unwrap_err().to_string(), said);
    }
}
