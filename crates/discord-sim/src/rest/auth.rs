//! The bot's token, and which paths do without it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::ApiError;
use crate::Hub;

/// Lets a request through if it carries the bot's token, or its path carries one.
pub async fn check(State(hub): State<Arc<Hub>>, request: Request, next: Next) -> Response {
    let allowed = carries_its_own_token(request.uri().path()) || {
        let given = request
            .headers()
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bot "));
        given == Some(hub.world().bot.token.as_str())
    };
    if allowed {
        next.run(request).await
    } else {
        ApiError::unauthorized().into_response()
    }
}

/// Paths that Discord serves to whoever knows the token in them, and the one that tells where the gateway is.
#[must_use]
pub fn carries_its_own_token(path: &str) -> bool {
    let path = path
        .strip_prefix("/api/v10")
        .or_else(|| path.strip_prefix("/api/v9"))
        .unwrap_or(path);
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    match segments.next() {
        Some("webhooks") => segments.nth(1).is_some(),
        Some("interactions") => true,
        Some("gateway") => segments.next().is_none(),
        _ => false,
    }
}
