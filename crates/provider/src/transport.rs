//! Sends one request, and turns what comes back into bounded events or a typed failure with its outcome.

use std::pin::Pin;
use std::time::Duration;

use eventsource_stream::{EventStreamError, Eventsource};
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use ledger::Outcome;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Request, Response};

use crate::complaint::{self, Asked};
use crate::deadlines::Stage;
use crate::error::ProviderError;
use crate::evidence::{self, Failure};
use crate::guard::{Flood, Guard};

/// The most bytes of an error answer that are read; more is no error answer.
const LONGEST_COMPLAINT: usize = 64 * 1024;
/// Where OpenRouter names a call before its stream begins.
const NAME: &str = "x-generation-id";
/// How long the body of an error answer may take: its status is known already.
const COMPLAINT_WAIT: Duration = Duration::from_secs(5);

/// The data of the events of one answer.
pub(crate) type Events = Pin<Box<dyn Stream<Item = Result<String, ProviderError>> + Send>>;

/// An answer that has begun.
pub(crate) struct Opened {
    pub(crate) events: Events,
    /// The provider's own name of the call, where it stands in the head.
    pub(crate) name: Option<String>,
}

/// Sends the request and waits for the head of the answer.
pub(crate) async fn open(
    client: reqwest::Client,
    request: Request,
    asked: Asked,
) -> Result<Opened, Failure> {
    let response = send(client, request, &asked).await?;
    if content_type(response.headers()).contains("json") {
        return Err(not_a_stream(&complaint_body(response).await, &asked));
    }
    let name = response.headers().get(NAME);
    let name = name.and_then(|name| name.to_str().ok()).map(str::to_owned);
    let events = events(response);
    Ok(Opened { events, name })
}

/// Sends the request and waits for the head of a good answer.
pub(crate) async fn send(
    client: reqwest::Client,
    request: Request,
    asked: &Asked,
) -> Result<Response, Failure> {
    let response = client
        .execute(request)
        .await
        .map_err(|error| unsent(&error, asked))?;
    let status = response.status().as_u16();
    if !response.status().is_success() {
        let headers = response.headers().clone();
        let body = complaint_body(response).await;
        let error = complaint::answer(status, &headers, &body, asked);
        let outcome = Outcome::Rejected { status };
        return Err(Failure { outcome, error });
    }
    if is_html(response.headers()) {
        return Err(Failure {
            outcome: Outcome::NotRun,
            error: ProviderError::NotAModel {
                host: asked.host.clone(),
                why: "it answers with a web page",
            },
        });
    }
    Ok(response)
}

/// A request that failed before an answer came. A failed connection is the one case in which provably nothing was sent.
pub(crate) fn unsent(error: &reqwest::Error, asked: &Asked) -> Failure {
    let host = asked.host.clone();
    if !error.is_connect() {
        return Failure::unknown(ProviderError::Unreachable {
            host,
            cause: "it closed the connection without an answer",
        });
    }
    let error = if error.is_timeout() {
        ProviderError::Deadline {
            stage: Stage::Connect,
        }
    } else {
        ProviderError::Unreachable {
            host,
            cause: cause(error),
        }
    };
    Failure {
        outcome: Outcome::NothingSent,
        error,
    }
}

fn cause(error: &reqwest::Error) -> &'static str {
    if error.is_dns() {
        return "no such host";
    }
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && io.kind() == std::io::ErrorKind::ConnectionRefused
        {
            return "connection refused";
        }
        source = error.source();
    }
    "no secure connection"
}

/// A 200 with JSON where a stream was asked for: mostly an error that the service forgot to give a status.
fn not_a_stream(body: &str, asked: &Asked) -> Failure {
    let parsed = serde_json::from_str(body).unwrap_or_default();
    match complaint::find(&parsed) {
        Some(error) => Failure {
            outcome: evidence::of(error),
            error: complaint::inside(error, asked),
        },
        None => Failure::unknown(ProviderError::Protocol {
            why: "it answered whole where a stream was asked for",
        }),
    }
}

/// The beginning of a body, as far as it comes in time.
pub(crate) async fn complaint_body(response: Response) -> String {
    let mut body = Vec::new();
    let mut bytes = response.bytes_stream();
    let read = async {
        while let Some(Ok(chunk)) = bytes.next().await {
            body.extend_from_slice(&chunk);
            if body.len() >= LONGEST_COMPLAINT {
                break;
            }
        }
    };
    // Late or cut, the status still says what it says.
    let _ = tokio::time::timeout(COMPLAINT_WAIT, read).await;
    body.truncate(LONGEST_COMPLAINT);
    String::from_utf8_lossy(&body).into_owned()
}

fn events(response: Response) -> Events {
    let mut guard = Guard::default();
    let bytes = response.bytes_stream().map_err(|_| Flood::Cut);
    let bounded =
        bytes.map(move |chunk| chunk.and_then(|chunk| guard.pass(&chunk).map(|()| chunk)));
    let events = bounded.eventsource().map(|event| match event {
        Ok(event) => Ok(event.data),
        Err(EventStreamError::Transport(Flood::Cut)) => Err(ProviderError::CutStream),
        Err(EventStreamError::Transport(Flood::TooLarge)) => Err(ProviderError::Protocol {
            why: "it is too large",
        }),
        Err(
            EventStreamError::Transport(Flood::NotText)
            | EventStreamError::Utf8(_)
            | EventStreamError::Parser(_),
        ) => Err(ProviderError::Protocol {
            why: "it is no stream of events",
        }),
    });
    Box::pin(events)
}

/// A stream of nothing, for a generation that has ended.
pub(crate) fn no_events() -> Events {
    Box::pin(stream::empty())
}

pub(crate) fn content_type(headers: &HeaderMap) -> String {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase()
}

pub(crate) fn is_html(headers: &HeaderMap) -> bool {
    content_type(headers).contains("html")
}
