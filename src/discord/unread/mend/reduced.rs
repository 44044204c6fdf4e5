//! A harsh means: of messages and people only what is needed is left.

use serde_json::{Map, Value};

/// What is kept of a message when it is reduced. The reading room reads messages, not this.
const OF_A_MESSAGE: [&str; 13] = [
    "application_id",
    "author",
    "channel_id",
    "content",
    "edited_timestamp",
    "flags",
    "guild_id",
    "id",
    "member",
    "pinned",
    "timestamp",
    "type",
    "webhook_id",
];
const OF_AN_ACCOUNT: [&str; 5] = ["bot", "discriminator", "global_name", "id", "username"];

/// Leaves of every message and account only what is needed.
pub(super) fn reduce(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(reduce),
        Value::Object(fields) => {
            if fields.contains_key("author") && fields.contains_key("channel_id") {
                keep(fields, &OF_A_MESSAGE);
            } else if fields.contains_key("username") {
                keep(fields, &OF_AN_ACCOUNT);
            }
            fields.values_mut().for_each(reduce);
        }
        _ => {}
    }
}

fn keep(fields: &mut Map<String, Value>, needed: &[&str]) {
    fields.retain(|name, _| needed.contains(&name.as_str()));
}
