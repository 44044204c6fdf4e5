//! What the bot asked and what it was told: for `--record`, for tests, and for the check against Discord's API description.

use std::fs::File;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::{OriginalUri, Request, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::broadcast;

use super::BODY_LIMIT;
use super::body::payload_json;
use super::error::ApiError;
use super::fault::Unanswered;
use crate::Hub;

/// One request of the bot.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recorded {
    /// `GET`, `POST` …
    pub method: String,
    /// The path as it was asked for, with the query: `/api/v10/channels/1/messages?limit=3`.
    pub path: String,
    /// The JSON body; of a multipart form its `payload_json`; null for none.
    pub body: Value,
    /// The status of the answer; 0 if the bot got none, because the connection was cut or the bot gave up.
    pub status: u16,
}

/// A request under way. It is kept when this is dropped, so that one whose sender gives up is kept, too.
struct UnderWay {
    hub: Arc<Hub>,
    request: Recorded,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.hub.recorder.keep(self.request.clone());
    }
}

impl Recorded {
    /// The path below `/api/v10`, without the query: what patterns are matched against.
    #[must_use]
    pub fn route(&self) -> &str {
        let path = self.path.split('?').next().unwrap_or_default();
        ["/api/v10", "/api/v9", "/api"]
            .iter()
            .find_map(|prefix| path.strip_prefix(prefix))
            .unwrap_or(path)
    }
}

/// Keeps every request, and writes it to a file if there is one.
#[derive(Debug)]
pub struct Recorder {
    kept: Mutex<Vec<Recorded>>,
    file: Option<Mutex<File>>,
    news: broadcast::Sender<Recorded>,
}

impl Recorder {
    /// A recorder that writes to this file, too.
    #[must_use]
    pub fn new(file: Option<File>) -> Self {
        Self {
            kept: Mutex::new(Vec::new()),
            file: file.map(Mutex::new),
            news: broadcast::channel(4_096).0,
        }
    }

    /// Everything so far.
    #[must_use]
    pub fn all(&self) -> Vec<Recorded> {
        self.kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Requests from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Recorded> {
        self.news.subscribe()
    }

    fn keep(&self, request: Recorded) {
        if let Some(file) = &self.file
            && let Ok(mut line) = serde_json::to_vec(&request)
        {
            line.push(b'\n');
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            // One write a line, so that a reader never sees half of one.
            if let Err(error) = file.write_all(&line) {
                tracing::warn!(%error, "a request could not be recorded");
            }
        }
        self.kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(request.clone());
        let _ = self.news.send(request);
    }
}

/// The layer that records.
pub async fn write(State(hub): State<Arc<Hub>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, BODY_LIMIT).await else {
        return ApiError::too_large().into_response();
    };
    let uri = parts
        .extensions
        .get::<OriginalUri>()
        .map_or(&parts.uri, |uri| &uri.0);
    let path = uri
        .path_and_query()
        .map_or_else(|| uri.path().to_owned(), ToString::to_string);
    let method = parts.method.to_string();
    let shown = body_to_record(&parts.headers, &bytes);
    let mut under_way = UnderWay {
        hub,
        request: Recorded {
            method,
            path,
            body: shown,
            status: 0,
        },
    };
    let response = next
        .run(Request::from_parts(parts, Body::from(bytes)))
        .await;
    if response.extensions().get::<Unanswered>().is_none() {
        under_way.request.status = response.status().as_u16();
    }
    response
}

fn body_to_record(headers: &HeaderMap, bytes: &[u8]) -> Value {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        return payload_json(bytes).unwrap_or(Value::Null);
    }
    serde_json::from_slice(bytes).unwrap_or(Value::Null)
}
