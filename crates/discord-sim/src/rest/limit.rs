//! Rate limits: a bucket a route and place, fifty requests a second in all, and the count of invalid requests that
//! gets a careless bot locked out.
//!
//! Discord documents the headers, not the numbers; those here are what bots commonly meet. The limit of a channel's
//! webhooks is not in the headers at all (discord/discord-api-docs#367 and #4043): after 30 messages in a minute, whoever's
//! webhooks they came from, the answer is a 429 whose `Retry-After` is the only truth, while the other headers go on
//! telling of the route's own 5 in 2 seconds.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::auth::carries_its_own_token;
use super::reply::{Reply, Scope};
use crate::Hub;

/// How many requests a bot may make in a second, whatever they are.
const GLOBAL: Rule = Rule {
    requests: 50,
    per_ms: 1_000,
};
/// How many messages the webhooks of a channel may post, all together.
const WEBHOOKS_OF_A_CHANNEL: Rule = Rule {
    requests: 30,
    per_ms: 60_000,
};
/// How long an invalid request is remembered.
const INVALID_WINDOW_MS: i64 = 10 * 60 * 1_000;

/// So many requests in so long.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rule {
    requests: u32,
    per_ms: i64,
}

/// The rule of a route: by its method and its path with placeholders.
fn rule(method: &str, route: &str) -> Rule {
    let (requests, per_ms) = match (method, route) {
        ("POST" | "PATCH", "/channels/{channel_id}/messages")
        | ("PATCH", "/channels/{channel_id}/messages/{message_id}")
        | ("POST", "/channels/{channel_id}/typing") => (5, 5_000),
        ("DELETE", "/channels/{channel_id}/messages/{message_id}") => (5, 1_000),
        ("POST" | "PATCH" | "DELETE", route) if route.starts_with("/webhooks/") => (5, 2_000),
        ("PUT" | "DELETE", route) if route.contains("/reactions/") => (1, 250),
        ("PATCH", "/channels/{channel_id}") => (5, 15_000),
        ("PATCH", "/users/@me") => (2, 60_000),
        _ => (10, 10_000),
    };
    Rule { requests, per_ms }
}

/// What was used of each limit.
#[derive(Debug, Default)]
pub struct Limits {
    windows: Mutex<HashMap<Bucket, Window>>,
    invalid: Mutex<VecDeque<i64>>,
}

/// Whose limit: a route, and the channel, server or webhook that it is about. The empty one is the global limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Bucket {
    route: String,
    place: String,
}

#[derive(Clone, Copy, Debug, Default)]
struct Window {
    ends_ms: i64,
    used: u32,
}

/// How a bucket stands after a request.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Standing {
    allowed: bool,
    limit: u32,
    remaining: u32,
    ends_ms: i64,
}

impl Limits {
    /// How many requests of the last ten minutes were answered 401, 403 or 429 (those of shared limits excepted).
    /// Discord locks a bot out at 10,000.
    #[must_use]
    pub fn invalid_requests(&self, now_ms: i64) -> usize {
        let mut invalid = lock(&self.invalid);
        while invalid
            .front()
            .is_some_and(|at| now_ms - at > INVALID_WINDOW_MS)
        {
            invalid.pop_front();
        }
        invalid.len()
    }

    fn take(&self, bucket: Bucket, rule: Rule, now_ms: i64) -> Standing {
        let mut windows = lock(&self.windows);
        let window = windows.entry(bucket).or_default();
        if window.ends_ms <= now_ms {
            *window = Window {
                ends_ms: now_ms + rule.per_ms,
                used: 0,
            };
        }
        let allowed = window.used < rule.requests;
        window.used += u32::from(allowed);
        Standing {
            allowed,
            limit: rule.requests,
            remaining: rule.requests - window.used,
            ends_ms: window.ends_ms,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The layer that enforces the limits, and tells them in headers even where they are not enforced.
pub async fn enforce(State(hub): State<Arc<Hub>>, request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    let Some(route) = matched.map(|matched| below_version(matched.as_str()).to_owned()) else {
        return next.run(request).await;
    };
    if route.starts_with("/interactions/") {
        return next.run(request).await;
    }
    let now_ms = hub.clock.now_ms();
    let path = below_version(request.uri().path()).to_owned();
    let enforced = hub.config.rate_limits;
    if enforced && !carries_its_own_token(&path) {
        let standing = hub.limits.take(Bucket::default(), GLOBAL, now_ms);
        if !standing.allowed {
            return Reply::limit(until(standing, now_ms), Scope::Global).into_response();
        }
    }
    let rule = rule(request.method().as_str(), &route);
    let bucket = Bucket {
        place: place(&route, &path),
        route: format!("{} {route}", request.method()),
    };
    let name = name(&bucket.route);
    if !enforced {
        let mut response = next.run(request).await;
        let fresh = Standing {
            allowed: true,
            limit: rule.requests,
            remaining: rule.requests - 1,
            ends_ms: now_ms + rule.per_ms,
        };
        tell(response.headers_mut(), fresh, &name, now_ms);
        return response;
    }
    let standing = hub.limits.take(bucket, rule, now_ms);
    let hidden = (standing.allowed && request.method() == Method::POST)
        .then(|| channel_of_webhook(&hub, &route, &path))
        .flatten()
        .map(|bucket| hub.limits.take(bucket, WEBHOOKS_OF_A_CHANNEL, now_ms))
        .filter(|hidden| !hidden.allowed);
    let mut response = match hidden {
        Some(hidden) => Reply::limit(until(hidden, now_ms), Scope::Shared).into_response(),
        None if standing.allowed => next.run(request).await,
        None => Reply::limit(until(standing, now_ms), Scope::User).into_response(),
    };
    tell(response.headers_mut(), standing, &name, now_ms);
    response
}

/// The layer that counts invalid requests.
pub async fn count_invalid(State(hub): State<Arc<Hub>>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let shared = response
        .headers()
        .get("x-ratelimit-scope")
        .is_some_and(|scope| scope == "shared");
    let invalid = matches!(
        response.status(),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS
    );
    if invalid && !shared {
        lock(&hub.limits.invalid).push_back(hub.clock.now_ms());
    }
    response
}

fn below_version(path: &str) -> &str {
    ["/api/v10", "/api/v9", "/api"]
        .iter()
        .find_map(|prefix| path.strip_prefix(prefix))
        .unwrap_or(path)
}

/// The channel or server in the path; of a webhook the id with the token.
fn place(route: &str, path: &str) -> String {
    let segments = if route.starts_with("/webhooks/{webhook_id}/{token}") {
        3
    } else if route.starts_with("/channels/") || route.starts_with("/guilds/") {
        2
    } else {
        0
    };
    path.split('/')
        .skip(1)
        .take(segments)
        .collect::<Vec<_>>()
        .join("/")
}

/// The limit of the channel that a webhook is about to post in. An interaction's token is no webhook.
fn channel_of_webhook(hub: &Hub, route: &str, path: &str) -> Option<Bucket> {
    if route != "/webhooks/{webhook_id}/{token}" {
        return None;
    }
    let id = path.split('/').nth(2)?.parse().ok()?;
    let channel = hub.world().webhooks.get(&id)?.channel_id;
    Some(Bucket {
        route: "webhooks of a channel".to_owned(),
        place: channel.to_string(),
    })
}

/// The name under which the headers tell a bucket: the same for the same route, and nothing to be read from it.
fn name(route: &str) -> String {
    let mut hasher = DefaultHasher::new();
    route.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn until(standing: Standing, now_ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(standing.ends_ms - now_ms).unwrap_or(0).max(1))
}

fn tell(headers: &mut HeaderMap, standing: Standing, name: &str, now_ms: i64) {
    let seconds = |ms: i64| format!("{}.{:03}", ms / 1_000, ms % 1_000);
    let lines = [
        ("x-ratelimit-limit", standing.limit.to_string()),
        ("x-ratelimit-remaining", standing.remaining.to_string()),
        ("x-ratelimit-reset", seconds(standing.ends_ms)),
        (
            "x-ratelimit-reset-after",
            seconds((standing.ends_ms - now_ms).max(1)),
        ),
        ("x-ratelimit-bucket", name.to_owned()),
    ];
    for (key, value) in lines {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_full_until_its_window_ends() {
        let limits = Limits::default();
        let rule = Rule {
            requests: 2,
            per_ms: 1_000,
        };
        let take = |now| limits.take(Bucket::default(), rule, now);
        assert_eq!(take(0).remaining, 1);
        assert_eq!(take(500).remaining, 0);
        let refused = take(900);
        assert!(!refused.allowed);
        assert_eq!(until(refused, 900), Duration::from_millis(100));
        assert!(take(1_000).allowed);
    }

    #[test]
    fn each_channel_and_each_webhook_has_limits_of_its_own() {
        let channel = "/channels/{channel_id}/messages";
        assert_eq!(place(channel, "/channels/1/messages"), "channels/1");
        let webhook = "/webhooks/{webhook_id}/{token}/messages/{message}";
        assert_eq!(place(webhook, "/webhooks/1/t/messages/2"), "webhooks/1/t");
        assert_eq!(place("/users/{user_id}", "/users/1"), "");
    }

    #[test]
    fn invalid_requests_are_forgotten_after_ten_minutes() {
        let limits = Limits::default();
        lock(&limits.invalid).extend([0, 1_000]);
        assert_eq!(limits.invalid_requests(INVALID_WINDOW_MS + 500), 1);
    }
}
