//! What can be asked besides a generation: the list of models, one of them, and what an endpoint tells elsewhere.

use std::sync::Arc;

use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use crate::fault::{self, Fault};
use crate::server::{self, Head};
use crate::{Dialect, State};

pub(crate) async fn models(Shared(state): Shared<Arc<State>>, head: Head) -> Response {
    server::record(&state, &head, Value::Null);
    let ways = state.ways();
    let dialect = ways.dialect.unwrap_or_else(|| asked_in(&head.headers));
    if !server::authorised(&state, &head.headers) {
        return server::fixed(&state, dialect, "", &Fault::Authentication);
    }
    let shelf = state.shelf();
    let list = match dialect {
        // The strict endpoint speaks both dialects; its own list is OpenAI's.
        Dialect::Anthropic if ways.dialect.is_none() => {
            let (first, last) = (shelf.models.first(), shelf.models.last());
            let data = shelf.each(|name| entry(dialect, name));
            Some(json!({"data": data, "has_more": false, "first_id": first, "last_id": last}))
        }
        _ => (ways.models)(&shelf),
    };
    let Some(mut list) = list else {
        return no_route(&head);
    };
    let prices = state.lock().prices.clone();
    for entry in list["data"].as_array_mut().into_iter().flatten() {
        let price = entry["id"].as_str().and_then(|name| prices.get(name));
        if let Some(pricing) = price.cloned() {
            entry["pricing"] = pricing;
        }
    }
    server::json_body(list.to_string().into())
}

pub(crate) async fn model(
    Shared(state): Shared<Arc<State>>,
    Path(name): Path<String>,
    head: Head,
) -> Response {
    server::record(&state, &head, Value::Null);
    let dialect = asked_in(&head.headers);
    if !server::authorised(&state, &head.headers) {
        return server::fixed(&state, dialect, "", &Fault::Authentication);
    }
    if !server::serves(&state, &name) {
        return server::fixed(&state, dialect, &name, &Fault::ModelMissing);
    }
    server::json_body(entry(dialect, &name).to_string().into())
}

/// Any other path: what this endpoint tells there, or that nothing is there.
pub(crate) async fn elsewhere(Shared(state): Shared<Arc<State>>, head: Head) -> Response {
    server::record(&state, &head, Value::Null);
    let told = (state.ways().besides)(&head.path, &state.shelf());
    told.map_or_else(
        || no_route(&head),
        |told| server::json_body(told.to_string().into()),
    )
}

pub(crate) fn no_route(head: &Head) -> Response {
    let message = format!("Invalid URL ({} {})", head.method, head.path);
    let error = fault::openai_error(&message, "invalid_request_error", Value::Null, Value::Null);
    let mut response = server::json_body(format!("{error:#}\n").into());
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

fn entry(dialect: Dialect, name: &str) -> Value {
    match dialect {
        Dialect::OpenAi => {
            json!({"id": name, "object": "model", "created": 1_750_000_000, "owned_by": "sim"})
        }
        Dialect::Anthropic => {
            let created_at = "2025-06-15T00:00:00Z";
            json!({"type": "model", "id": name, "display_name": name, "created_at": created_at})
        }
    }
}

/// The list of models is the same path in both dialects; Anthropic's clients always name a version.
fn asked_in(headers: &HeaderMap) -> Dialect {
    if headers.contains_key("anthropic-version") {
        Dialect::Anthropic
    } else {
        Dialect::OpenAi
    }
}
