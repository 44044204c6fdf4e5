//! Finds out which format a JSON value follows and where in it the character is defined.

use serde_json::Value;

use super::CardError;
use super::field::{self, Object};

/// The format of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// Version 1: the fields stand at the top, under their own names or those that older programs gave them.
    V1,
    /// `chara_card_v2`.
    V2,
    /// `chara_card_v3`, or a later version read as such.
    V3,
}

/// The fields that name a character in V1, own and older.
const V1_NAMES: [&str; 2] = ["name", "char_name"];

/// How much of an unknown `spec` is repeated in an error.
const SPEC_SHOWN: usize = 40;

/// The format of a card and whether it is newer than what this program knows.
pub(super) fn of(root: &Object) -> Result<(Form, bool), CardError> {
    let spec = field::text(root, &["spec"]);
    let data = field::object(root, "data");
    match spec.trim() {
        "" if is_lorebook(root) => Err(CardError::LorebookAlone),
        "" if V1_NAMES.iter().any(|name| root.contains_key(*name)) => {
            named_top(root).map(|()| (Form::V1, false))
        }
        "" if data.is_some() => Err(CardError::NoSpec),
        "" => Err(CardError::NoName),
        "chara_card_v2" => known(Form::V2, data, &spec),
        "lorebook_v3" => Err(CardError::LorebookAlone),
        other => match other
            .strip_prefix("chara_card_v")
            .and_then(|version| version.parse::<f64>().ok())
        {
            // Version 3 asks that later ones are read with a warning, not refused.
            Some(version) if version >= 3.0 => {
                let newer = version > 3.0
                    || field::text(root, &["spec_version"])
                        .trim()
                        .parse::<f64>()
                        .is_ok_and(|v| v > 3.0);
                known(Form::V3, data, &spec).map(|(form, _)| (form, newer))
            }
            _ => Err(CardError::UnknownSpec { spec: shown(other) }),
        },
    }
}

/// A standalone lorebook has a name and a description like a V1 card, and entries, but nothing that a character has.
fn is_lorebook(root: &Object) -> bool {
    const OF_A_CHARACTER: [&str; 8] = [
        "data",
        "first_mes",
        "personality",
        "scenario",
        "mes_example",
        "char_name",
        "char_persona",
        "char_greeting",
    ];
    root.contains_key("entries") && !OF_A_CHARACTER.iter().any(|name| root.contains_key(*name))
}

/// A V1 card whose top level has a name.
fn named_top(root: &Object) -> Result<(), CardError> {
    // An empty `name` with an older alias filled is a name.
    let named = V1_NAMES.iter().any(|name| {
        root.get(*name)
            .is_some_and(|value| !field::as_text(value).trim().is_empty())
    });
    if named {
        Ok(())
    } else {
        Err(CardError::NoName)
    }
}

/// A V2 or V3 card whose `data` has a name.
fn known(form: Form, data: Option<&Object>, spec: &str) -> Result<(Form, bool), CardError> {
    let Some(data) = data else {
        return Err(CardError::NoData { spec: shown(spec) });
    };
    if field::text(data, &["name"]).trim().is_empty() {
        return Err(CardError::NoName);
    }
    Ok((form, false))
}

/// The object that defines the character.
pub(super) fn definition(root: &Object, form: Form) -> &Object {
    match form {
        Form::V1 => root,
        Form::V2 | Form::V3 => root.get("data").and_then(Value::as_object).unwrap_or(root),
    }
}

/// A foreign text, short enough for an error.
fn shown(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .take(SPEC_SHOWN)
        .collect()
}
