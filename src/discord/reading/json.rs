//! Fields of Discord's JSON, read one by one: what is missing or odd in one costs nothing but this one.

use serde_json::Value;

/// An id: a string of digits, or a number.
pub fn id(value: &Value) -> Option<u64> {
    match value {
        Value::String(digits) => digits.parse().ok(),
        other => other.as_u64(),
    }
    .filter(|id| *id > 0)
}

/// A text that is not blank.
pub fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.trim().is_empty())
}

/// A list; none where there is none.
pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
