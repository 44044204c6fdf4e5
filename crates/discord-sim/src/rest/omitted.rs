//! What twilight's types leave out when it is empty, although Discord always sends it. Clients by others read these
//! fields without asking whether they are there.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::error::ApiError;
use crate::Hub;

/// The fields that an object of a kind is known by, and those that it has at least, with their JSON.
type Kind = (
    &'static [&'static str],
    &'static [(&'static str, &'static str)],
);

/// `null` and empty values alone: nothing is made up.
const KINDS: [Kind; 6] = [
    // An account.
    (
        &["username", "discriminator"],
        &[
            ("flags", "0"),
            ("global_name", "null"),
            ("primary_guild", "null"),
        ],
    ),
    // A member.
    (
        &["roles", "joined_at"],
        &[
            ("avatar", "null"),
            ("banner", "null"),
            ("premium_since", "null"),
        ],
    ),
    // An emoji.
    (&["require_colons"], &[("roles", "[]")]),
    // A role.
    (
        &["hoist", "permissions"],
        &[("icon", "null"), ("unicode_emoji", "null")],
    ),
    // A server.
    (
        &["owner_id", "verification_level"],
        &[
            ("home_header", "null"),
            ("incidents_data", "null"),
            ("max_presences", "null"),
            ("nsfw", "false"),
            ("region", "\"deprecated\""),
            ("safety_alerts_channel_id", "null"),
            ("widget_channel_id", "null"),
            ("widget_enabled", "false"),
        ],
    ),
    // One of the bot's own servers.
    (&["owner", "features", "permissions"], &[("banner", "null")]),
];

/// Adds what is missing, at every depth.
pub fn complete(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(complete),
        Value::Object(object) => {
            object.values_mut().for_each(complete);
            complete_object(object);
        }
        _ => {}
    }
}

fn complete_object(object: &mut Map<String, Value>) {
    for (marks, fields) in KINDS {
        if !marks.iter().all(|mark| object.contains_key(*mark)) {
            continue;
        }
        for (field, default) in fields {
            if !object.contains_key(*field) {
                let default = serde_json::from_str(default).unwrap_or(Value::Null);
                object.insert((*field).to_owned(), default);
            }
        }
    }
    let channel = ["permission_overwrites", "thread_metadata", "recipients"]
        .iter()
        .any(|mark| object.contains_key(*mark));
    if channel && object.contains_key("type") {
        object.entry("flags").or_insert(json!(0));
        if let Some(count) = object.get("message_count").cloned() {
            object.entry("total_message_sent").or_insert(count);
        }
    }
}

/// The layer that completes every answer, and dresses the accounts in it.
pub async fn add(State(hub): State<Arc<Hub>>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let is_json = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/json");
    if !is_json || !response.status().is_success() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return ApiError::too_large().into_response();
    };
    let completed = serde_json::from_slice::<Value>(&bytes).map(|mut value| {
        complete(&mut value);
        hub.world().wardrobe.dress(&mut value);
        value.to_string()
    });
    parts.headers.remove(CONTENT_LENGTH);
    match completed {
        Ok(text) => Response::from_parts(parts, Body::from(text)),
        Err(_) => Response::from_parts(parts, Body::from(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_stays_and_what_is_missing_comes() {
        let mut message = json!({
            "author": {"username": "ada", "discriminator": "0", "global_name": "Ada"},
            "content": "",
        });
        complete(&mut message);
        assert_eq!(message["author"]["global_name"], "Ada");
        assert_eq!(message["author"]["flags"], 0);
        assert!(message["author"].get("primary_guild").is_some());
        assert!(message.get("flags").is_none());
    }
}
