//! Errors inside a body or an event: every place in which services put one.

use serde_json::{Value, json};

use crate::complaint;

/// Codes that say that all is well.
const FINE: [&str; 6] = ["", "0", "200", "ok", "success", "successful"];

/// The error in an event, if there is one. A field that is there and empty is none: many send `"error": null`.
pub(crate) fn find(event: &Value) -> Option<Value> {
    let places = [
        &event["error"],
        // Groq ends a stream early with this (groq-python, `XGroq.error`).
        &event["x_groq"]["error"],
        &event["data"]["error"],
    ];
    if let Some(error) = places.into_iter().find(|error| is_said(error)) {
        return Some(error.clone());
    }
    if let Some(error) = minimax(&event["base_resp"]) {
        return Some(error);
    }
    // A reply may have a `detail` or a `code` of its own.
    let replies = ["choices", "content", "delta"];
    if event["message"].is_object() || replies.iter().any(|field| is_said(&event[*field])) {
        return None;
    }
    let code = match &event["code"] {
        // DashScope's own words; relays answer "success" in the same place.
        Value::String(word) => !FINE.contains(&word.to_ascii_lowercase().as_str()),
        code => code.as_u64().is_some_and(|code| code >= 400),
    };
    if code && event["message"].is_string() {
        return Some(event.clone());
    }
    complaint::find(event)
        .filter(|error| is_said(error))
        .cloned()
}

/// MiniMax answers 200 with its own status beside (`{"status_code":1027,"status_msg":"output new_sensitive"}`).
fn minimax(status: &Value) -> Option<Value> {
    let code = status["status_code"].as_i64().filter(|code| *code != 0)?;
    let said = status["status_msg"].as_str().unwrap_or_default();
    let kind = if said.contains("sensitive") {
        "content_filter"
    } else {
        "base_resp"
    };
    Some(json!({"message": format!("{said} ({code})"), "type": kind}))
}

fn is_said(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_found_wherever_it_stands() {
        for event in [
            json!({"error": "overloaded"}),
            json!({"error": {"message": "m", "code": 502}, "choices": []}),
            json!({"choices": [], "x_groq": {"error": "stopped early"}}),
            json!({"type": "chat:completion", "data": {"error": {"detail": "no"}, "done": true}}),
            json!({"base_resp": {"status_code": 1027, "status_msg": "output new_sensitive"}}),
            json!({"code": 500, "message": "failed to encode response", "data": {}}),
            json!({"code": "InvalidParameter", "message": "url error, please check url!", "request_id": "x"}),
            json!({"object": "error", "message": "m", "code": 400}),
            json!({"detail": "Not found"}),
        ] {
            assert!(find(&event).is_some(), "{event}");
        }
    }

    #[test]
    fn an_empty_error_is_none() {
        for event in [
            json!({"error": null, "choices": [{}]}),
            json!({"error": {}, "choices": []}),
            json!({"error": "", "x_groq": {"id": "r"}}),
            json!({"base_resp": {"status_code": 0, "status_msg": ""}, "choices": []}),
            json!({"type": "ping"}),
            json!({"type": "heartbeat", "code": 200, "message": "alive"}),
            json!({"choices": [{"delta": {"content": "hi"}}], "detail": "low"}),
        ] {
            assert_eq!(find(&event), None, "{event}");
        }
    }
}
