//! Faults on order: requests that fail, wait, meet a limit, or lose their answer.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::reply::Reply;
use crate::Hub;
use crate::line::Line;

/// What happens to a request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// It is answered with this, and has no effect.
    Answer(Reply),
    /// It has its effect, but the answer is this: the case where a sender cannot know.
    AnswerAfter(Reply),
    /// It waits, then goes on. If the sender gives up meanwhile, nothing has happened.
    Delay(Duration),
    /// It has its effect at once, and the answer comes late, or after the sender's patience, which has then not heard of it.
    Late(Duration),
    /// The connection ends without an answer, and nothing has happened.
    Cut,
    /// It has its effect, and the connection ends without an answer.
    CutAfter,
}

/// How long an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasting {
    /// For so many requests.
    Times(usize),
    /// For so long, by the simulated clock.
    For(Duration),
    /// Until it is taken back.
    Always,
}

/// The mark of a request whose connection was cut: there is no status that anybody has seen.
#[derive(Clone, Copy, Debug)]
pub struct Unanswered;

/// The orders that wait for a matching request.
#[derive(Debug, Default)]
pub struct Faults {
    orders: Mutex<Vec<Order>>,
}

#[derive(Clone, Debug)]
struct Order {
    pattern: String,
    fault: Fault,
    left: usize,
    until_ms: Option<i64>,
}

impl Faults {
    /// Requests that match get this fault, from now (Unix milliseconds) on. A pattern is a method and a path below
    /// `/api/v10`, such as `POST /channels/*/messages`; `*` is one segment (or any method), `**` at the end all that follow. Of several orders that match, the
    /// oldest counts.
    pub fn order(&self, pattern: &str, fault: Fault, lasting: Lasting, now_ms: i64) {
        let (left, until_ms) = match lasting {
            Lasting::Times(times) => (times, None),
            Lasting::Always => (usize::MAX, None),
            Lasting::For(time) => {
                let ms = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
                (usize::MAX, Some(now_ms.saturating_add(ms)))
            }
        };
        self.lock().push(Order {
            pattern: pattern.to_owned(),
            fault,
            left,
            until_ms,
        });
    }

    /// Forgets all orders.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// How many orders still stand.
    #[must_use]
    pub fn standing(&self, now_ms: i64) -> usize {
        let mut orders = self.lock();
        orders.retain(|order| order.stands(now_ms));
        orders.len()
    }

    fn take(&self, method: &str, path: &str, now_ms: i64) -> Option<Fault> {
        let mut orders = self.lock();
        orders.retain(|order| order.stands(now_ms));
        let order = orders
            .iter_mut()
            .find(|order| matches(&order.pattern, method, path))?;
        if order.left != usize::MAX {
            order.left -= 1;
        }
        Some(order.fault.clone())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Order>> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Order {
    fn stands(&self, now_ms: i64) -> bool {
        self.left > 0 && self.until_ms.is_none_or(|until| now_ms < until)
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
    let ordered = hub
        .faults
        .take(request.method().as_str(), path, hub.clock.now_ms());
    let Some(fault) = ordered else {
        return next.run(request).await;
    };
    match fault {
        Fault::Answer(reply) => reply.into_response(),
        Fault::AnswerAfter(reply) => {
            next.run(request).await;
            reply.into_response()
        }
        Fault::Delay(wait) => {
            tokio::time::sleep(wait).await;
            next.run(request).await
        }
        Fault::Late(wait) => {
            let response = next.run(request).await;
            tokio::time::sleep(wait).await;
            response
        }
        Fault::Cut => cut(line_of(&request)),
        Fault::CutAfter => {
            let line = line_of(&request);
            next.run(request).await;
            cut(line)
        }
    }
}

fn line_of(request: &Request) -> Option<Line> {
    let info = request.extensions().get::<ConnectInfo<Line>>();
    info.map(|ConnectInfo(line)| line.clone())
}

fn cut(line: Option<Line>) -> Response {
    if let Some(line) = line {
        line.cut();
    }
    // Nobody will read this.
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    response.extensions_mut().insert(Unanswered);
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
        assert!(matches("* /**", "GET", "/users/@me"));
        assert!(!matches("GET /users/@me", "POST", "/users/@me"));
    }

    #[test]
    fn an_order_stands_for_its_number_or_for_its_time() {
        let faults = Faults::default();
        faults.order("GET /a", Fault::Cut, Lasting::Times(2), 0);
        faults.order(
            "GET /b",
            Fault::Cut,
            Lasting::For(Duration::from_secs(1)),
            0,
        );
        let hit = |path, now| faults.take("GET", path, now).is_some();
        assert_eq!(
            [hit("/a", 0), hit("/a", 0), hit("/a", 0)],
            [true, true, false]
        );
        assert_eq!(
            [hit("/b", 0), hit("/b", 999), hit("/b", 1_000)],
            [true, true, false]
        );
        assert_eq!(faults.standing(1_000), 0);
    }
}
