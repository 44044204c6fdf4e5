//! Fields that Discord left out are put in again.

use serde_json::Value;
use serenity::model::event::Event;

use super::super::parse::parse;

/// Fields that are left out and put in again before it is given up.
const MISSING: usize = 16;

/// Fields that Discord always sends, and what stands for them, as JSON, where it did not.
const USUAL: [(&str, &str); 30] = [
    ("application_id", r#""1""#),
    ("attachment_size_limit", "0"),
    ("attachments", "[]"),
    ("content", r#""""#),
    ("content_type", "null"),
    ("deaf", "false"),
    ("discriminator", r#""0""#),
    ("embeds", "[]"),
    ("entitlements", "[]"),
    ("filename", r#""file""#),
    ("flags", "0"),
    ("hoist", "false"),
    ("joined_at", "null"),
    ("locale", r#""en-US""#),
    ("managed", "false"),
    ("mention_everyone", "false"),
    ("mention_roles", "[]"),
    ("mentionable", "false"),
    ("mentions", "[]"),
    ("mute", "false"),
    ("name", r#""""#),
    ("permissions", r#""0""#),
    ("pinned", "false"),
    ("position", "0"),
    ("proxy_url", r#""""#),
    ("roles", "[]"),
    ("size", "0"),
    ("timestamp", r#""2015-01-01T00:00:00+00:00""#),
    ("tts", "false"),
    ("username", r#""someone""#),
];

/// Parses, and puts in what is said to be missing, as often as that helps.
pub(super) fn completed(name: &str, told: &mut Value) -> Option<Event> {
    for _ in 0..MISSING {
        let missing = match parse(name, told)? {
            Ok(event) => return Some(event),
            Err(error) => missing_field(&error.to_string())?,
        };
        let (field, usual) = USUAL.iter().find(|(field, _)| *field == missing)?;
        put_in(told, field, &serde_json::from_str(usual).ok()?);
    }
    None
}

/// serde's words for it: "missing field `name`".
fn missing_field(complaint: &str) -> Option<String> {
    let (_, rest) = complaint.split_once("missing field `")?;
    Some(rest.split_once('`')?.0.to_owned())
}

/// Puts a field into every object that lacks it: serde does not say in which one it is missing, and elsewhere it is not
/// looked at.
fn put_in(value: &mut Value, field: &str, usual: &Value) {
    match value {
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| put_in(value, field, usual)),
        Value::Object(fields) => {
            for value in fields.values_mut() {
                put_in(value, field, usual);
            }
            if !fields.contains_key(field) {
                fields.insert(field.to_owned(), usual.clone());
            }
        }
        _ => {}
    }
}
