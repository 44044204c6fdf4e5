//! Faults on order: the next request of a kind fails, waits, or meets a rate limit.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::Hub;

/// What happens to a request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// It is answered with this, and has no effect.
    Answer(u16, Value),
    /// It has its effect, but the answer is this: the case where a sender cannot know.
    AnswerAfter(u16, Value),
    /// 429 for this long, and no effect.
    RateLimit(Duration),
    /// It waits, then goes on.
    Delay(Duration),
}

/// The orders that wait for a matching request.
#[derive(Debug, Default)]
pub struct Faults {
    orders: Mutex<Vec<Order>>,
}

#[derive(Clone, Debug)]
struct Order {
    pattern: String,
    fault: Fault,
    times: usize,
}

impl Faults {
    /// The next `times` requests that match get this fault. A pattern is a method and a path below `/api/v10`, such
    /// as `POST /channels/*/messages`; `*` is one segment, `**` at the end all that follow.
    pub fn order(&self, pattern: &str, fault: Fault, times: usize) {
        self.lock().push(Order {
            pattern: pattern.to_owned(),
            fault,
            times,
        });
    }

    /// Forgets all orders.
    pub fn clear(&self) {
        self.lock().clear();
    }

    fn take(&self, method: &str, path: &str) -> Option<Fault> {
        let mut orders = self.lock();
        let index = orders
            .iter()
            .position(|order| matches(&order.pattern, method, path))?;
        let fault = orders[index].fault.clone();
        orders[index].times = orders[index].times.saturating_sub(1);
        if orders[index].times == 0 {
            orders.remove(index);
        }
        Some(fault)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Order>> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether `METHOD /path` fits a pattern.
#[must_use]
pub fn matches(pattern: &str, method: &str, path: &str) -> bool {
    let Some((wanted, pattern)) = pattern.split_once(' ') else {
        return false;
    };
    if wanted != "*" && !wanted.eq_ignore_ascii_case(method) {
        return false;
    }
    let mut path = path.split('/');
    for segment in pattern.split('/') {
        if segment == "**" {
            return true;
        }
        match path.next() {
            Some(actual) if segment == "*" || segment == actual => {}
            _ => return false,
        }
    }
    path.next().is_none()
}

/// The layer that carries the orders out.
pub async fn apply(State(hub): State<Arc<Hub>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let Some(fault) = hub.faults.take(request.method().as_str(), path) else {
        return next.run(request).await;
    };
    match fault {
        Fault::Answer(status, body) => answer(status, body),
        Fault::AnswerAfter(status, body) => {
            next.run(request).await;
            answer(status, body)
        }
        Fault::RateLimit(wait) => too_many(wait, "user", false),
        Fault::Delay(wait) => {
            tokio::time::sleep(wait).await;
            next.run(request).await
        }
    }
}

fn answer(status: u16, body: Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match body {
        Value::String(text) => (status, text).into_response(),
        body => (status, Json(body)).into_response(),
    }
}

/// Discord's 429, with its headers and body.
#[must_use]
pub fn too_many(wait: Duration, scope: &'static str, global: bool) -> Response {
    let seconds = wait.as_secs_f64();
    let body = json!({
        "message": "You are being rate limited.",
        "retry_after": seconds,
        "global": global,
    });
    let mut response = (StatusCode::TOO_MANY_REQUESTS, Json(body)).into_response();
    let headers = response.headers_mut();
    // The header is in whole seconds, rounded up; the body has the exact time.
    headers.insert(
        "retry-after",
        HeaderValue::from(wait.as_secs_f64().ceil() as u64),
    );
    headers.insert("x-ratelimit-scope", HeaderValue::from_static(scope));
    if global {
        headers.insert("x-ratelimit-global", HeaderValue::from_static("true"));
    } else {
        let reset_after = HeaderValue::from_str(&format!("{seconds:.3}"));
        if let Ok(value) = reset_after {
            headers.insert("x-ratelimit-reset-after", value);
        }
        headers.insert("x-ratelimit-remaining", HeaderValue::from(0));
        headers.insert("x-ratelimit-limit", HeaderValue::from(5));
        headers.insert("x-ratelimit-bucket", HeaderValue::from_static("ordered"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_one_segment_and_two_are_the_rest() {
        assert!(matches(
            "POST /channels/*/messages",
            "POST",
            "/channels/1/messages"
        ));
        assert!(!matches(
            "POST /channels/*/messages",
            "POST",
            "/channels/1/messages/2"
        ));
        assert!(matches(
            "* /webhooks/**",
            "PATCH",
            "/webhooks/1/t/messages/2"
        ));
        assert!(!matches("GET /users/@me", "POST", "/users/@me"));
    }
}
