//! Answers that are none of the API's own: what a gateway in front of it says, and limits told in other ways.

use std::time::Duration;

use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// An answer on order.
#[derive(Clone, Debug)]
pub struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
}

#[derive(Clone, Debug)]
enum Body {
    Json(Value),
    Text(&'static str, String),
}

/// Whose limit a 429 is about: `X-RateLimit-Scope` in Discord's "Rate Limits".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The bot's own, of one route.
    #[default]
    User,
    /// The bot's own, of all routes.
    Global,
    /// Of the channel or webhook, whoever uses it; it does not count as an invalid request.
    Shared,
}

impl Reply {
    /// JSON, or with a string plain text.
    #[must_use]
    pub fn json(status: u16, body: Value) -> Self {
        Self::new(
            status,
            match body {
                Value::String(text) => Body::Text("text/plain; charset=utf-8", text),
                body => Body::Json(body),
            },
        )
    }

    /// A web page, as the proxy in front of the API answers with when the API does not.
    #[must_use]
    pub fn html(status: u16) -> Self {
        let reason = StatusCode::from_u16(status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or("Web server is returning an unknown error");
        let page = format!(
            "<!DOCTYPE html>\n<html>\n<head><title>{status} {reason}</title></head>\n\
             <body>\n<center><h1>{status} {reason}</h1></center>\n<hr><center>cloudflare</center>\n</body>\n</html>\n"
        );
        Self::new(status, Body::Text("text/html; charset=UTF-8", page))
    }

    /// Cloudflare's own block ("Invalid Request Limit aka Cloudflare bans" in Discord's "Rate Limits"): 429 with a page
    /// that says `error code: 1015`, and the time only in the header (discord/discord-api-docs#1771 and #5385,
    /// Javacord/Javacord#704).
    #[must_use]
    pub fn cloudflare_block(retry_after: Duration) -> Self {
        let page = "<!DOCTYPE html>\n<html lang=\"en-US\">\n<head><title>Access denied | discord.com used Cloudflare to \
                    restrict access</title></head>\n<body>\n<h1>Error 1015</h1>\n<h2>You are being rate limited</h2>\n\
                    <p>error code: 1015</p>\n</body>\n</html>\n";
        Self::new(429, Body::Text("text/html; charset=UTF-8", page.to_owned()))
            .header(RETRY_AFTER.as_str(), &whole_seconds(retry_after))
    }

    /// A 429 that has nothing but the header.
    #[must_use]
    pub fn bare_limit(retry_after: Duration) -> Self {
        Self::new(429, Body::Text("text/plain", String::new()))
            .header(RETRY_AFTER.as_str(), &whole_seconds(retry_after))
    }

    /// Discord's 429 with its headers and body ("Exceeding A Rate Limit" in Discord's "Rate Limits"): the header is in
    /// whole seconds, rounded up; the body has the exact time.
    #[must_use]
    pub fn limit(retry_after: Duration, scope: Scope) -> Self {
        let seconds = retry_after.as_secs_f64();
        let (message, name) = match scope {
            Scope::User => ("You are being rate limited.", "user"),
            Scope::Global => ("You are being rate limited.", "global"),
            Scope::Shared => ("The resource is being rate limited.", "shared"),
        };
        let reply = Self::json(
            429,
            json!({
                "message": message,
                "retry_after": seconds,
                "global": scope == Scope::Global,
            }),
        )
        .header(RETRY_AFTER.as_str(), &whole_seconds(retry_after))
        .header("x-ratelimit-scope", name);
        if scope == Scope::Global {
            return reply.header("x-ratelimit-global", "true");
        }
        // A shared limit is none of the route's own, whose count goes on.
        let remaining = if scope == Scope::Shared { "4" } else { "0" };
        reply
            .header("x-ratelimit-limit", "5")
            .header("x-ratelimit-remaining", remaining)
            .header("x-ratelimit-reset-after", &format!("{seconds:.3}"))
            .header("x-ratelimit-bucket", "ordered")
    }

    fn new(status: u16, body: Body) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers: HeaderMap::new(),
            body,
        }
    }

    fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }
}

/// How `Retry-After` counts.
#[must_use]
pub fn whole_seconds(wait: Duration) -> String {
    format!("{:.0}", wait.as_secs_f64().ceil())
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = match self.body {
            Body::Json(body) => (self.status, Json(body)).into_response(),
            Body::Text(kind, text) => {
                let kind = HeaderValue::from_static(kind);
                (self.status, [(CONTENT_TYPE, kind)], text).into_response()
            }
        };
        response.headers_mut().extend(self.headers);
        response
    }
}
