//! An endpoint with few slots, as llama.cpp's and Ollama's servers are: so many generations are made at once, the others stand in a
//! line and get not even headers before it is their turn. Whoever hangs up gives their slot or their place in the line free.
//! llama.cpp looks each second whether the client is still there (`HTTP_POLLING_SECONDS` in `tools/server/server-context.cpp`);
//! this one sees it at once.

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use futures_util::{StreamExt as _, stream};
use serde_json::Value;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

use crate::State;

/// The time that a request spent at an endpoint with few slots.
#[derive(Clone, Debug)]
pub struct Stay {
    /// What was asked.
    pub body: Value,
    /// When the request was read.
    pub came: Instant,
    /// When its turn came; none if it did not yet, or the client went before.
    pub begun: Option<Instant>,
    /// When it gave its slot free, or its place in the line.
    pub ended: Option<Instant>,
    /// Whether the answer went out to its end.
    pub whole: bool,
}

impl Stay {
    /// Whether this one stood in the line while `other` had the slot.
    #[must_use]
    pub fn waited_for(&self, other: &Stay) -> bool {
        let Some(begun) = other.begun else {
            return false;
        };
        let until = self.begun.or(self.ended);
        until.is_none_or(|until| begun < until) && other.ended.is_none_or(|ended| self.came < ended)
    }
}

/// A place in the line, and then a slot.
pub(crate) struct Place {
    state: Arc<State>,
    number: usize,
    whole: bool,
    _slot: Option<OwnedSemaphorePermit>,
}

/// Waits for a slot, if there are few.
pub(crate) async fn enter(state: &Arc<State>, body: &Value) -> Option<Place> {
    let (slots, number) = {
        let mut inside = state.lock();
        let slots = inside.slots.clone()?;
        inside.stays.push(Stay {
            body: body.clone(),
            came: Instant::now(),
            begun: None,
            ended: None,
            whole: false,
        });
        (slots, inside.stays.len() - 1)
    };
    let mut place = Place {
        state: Arc::clone(state),
        number,
        whole: false,
        _slot: None,
    };
    // It is never closed.
    place._slot = slots.acquire_owned().await.ok();
    place.note(|stay| stay.begun = Some(Instant::now()));
    Some(place)
}

/// The same answer; its slot is free when it has gone out, or the client went.
pub(crate) fn hold(response: Response, place: Option<Place>) -> Response {
    let Some(place) = place else {
        return response;
    };
    response.map(|body| {
        let state = (body.into_data_stream(), place);
        Body::from_stream(stream::unfold(state, async |(mut body, mut place)| {
            let next = body.next().await;
            place.whole = next.is_none();
            next.map(|bytes| (bytes, (body, place)))
        }))
    })
}

impl Place {
    fn note(&self, what: impl FnOnce(&mut Stay)) {
        if let Some(stay) = self.state.lock().stays.get_mut(self.number) {
            what(stay);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.note(|stay| {
            stay.ended = Some(Instant::now());
            stay.whole = self.whole;
        });
    }
}
