//! Reads single fields the way real cards write them: numbers where text belongs, text where a list belongs, `null`, nothing.

use serde_json::{Map, Value};

/// A JSON object with the order of its keys.
pub(crate) type Object = Map<String, Value>;

static NULL: Value = Value::Null;

/// The first of the named fields that is there and not null.
fn first<'a>(object: &'a Object, names: &[&str]) -> &'a Value {
    names
        .iter()
        .filter_map(|name| object.get(*name))
        .find(|value| !value.is_null())
        .unwrap_or(&NULL)
}

/// One value as text: numbers and booleans as they are written, a list of texts line by line, all else empty.
pub(crate) fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Array(items) => items
            .iter()
            .filter(|item| !item.is_object() && !item.is_array())
            .map(as_text)
            .collect::<Vec<_>>()
            .join("\n"),
        Value::Null | Value::Object(_) => String::new(),
    }
}

/// The text of the first of the named fields that has one.
pub(crate) fn text(object: &Object, names: &[&str]) -> String {
    as_text(first(object, names))
}

/// A list of texts. One text alone is a list of one; empty texts stay out.
pub(crate) fn list(object: &Object, names: &[&str]) -> Vec<String> {
    let items = match first(object, names) {
        Value::Array(items) => items.iter().map(as_text).collect(),
        Value::Null | Value::Object(_) => Vec::new(),
        one => vec![as_text(one)],
    };
    items
        .into_iter()
        .filter(|item| !item.trim().is_empty())
        .collect()
}

/// Like [`list`], but one text alone is split at commas, as tags and keys are written by some editors.
pub(crate) fn comma_list(object: &Object, names: &[&str]) -> Vec<String> {
    match first(object, names) {
        Value::String(text) => split_commas(text),
        _ => list(object, names),
    }
}

/// The parts between commas, trimmed, without empty ones.
pub(crate) fn split_commas(text: &str) -> Vec<String> {
    text.split([',', '，'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A switch: a boolean, 0 or 1, or one of the words for it.
pub(crate) fn flag(object: &Object, names: &[&str]) -> Option<bool> {
    match first(object, names) {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => number.as_f64().map(|number| number != 0.0),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Some(true),
            "false" | "no" | "off" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A whole number, also when it is written as text or with a fraction, which is cut off.
pub(crate) fn number(object: &Object, names: &[&str]) -> Option<i64> {
    // A cast from float saturates: an order or depth that far out only has to stay extreme.
    let cut = |float: f64| float.is_finite().then_some(float as i64);
    match first(object, names) {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(cut)),
        Value::String(text) => text
            .trim()
            .parse()
            .ok()
            .or_else(|| text.trim().parse().ok().and_then(cut)),
        _ => None,
    }
}

/// A nested object.
pub(crate) fn object<'a>(object: &'a Object, name: &str) -> Option<&'a Object> {
    object.get(name).and_then(Value::as_object)
}
