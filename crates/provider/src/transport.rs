//! Sends one request, and turns what comes back into a body to be read or a typed failure with its outcome.

use std::time::Duration;

use futures_util::StreamExt;
use ledger::Outcome;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Request, Response};

use crate::complaint::{self, Asked};
use crate::deadlines::Stage;
use crate::error::ProviderError;
use crate::events::{self, Reader, Unpacking};
use crate::evidence::Failure;
use crate::unreached::Unreached;

/// The most bytes of an error answer that are read; more is no error answer.
const LONGEST_COMPLAINT: usize = 64 * 1024;
/// Where OpenRouter names a call before its stream begins.
const NAME: &str = "x-generation-id";
/// How long the body of an error answer may take: its status is known already.
const COMPLAINT_WAIT: Duration = Duration::from_secs(5);

/// An answer that has begun.
pub(crate) struct Opened {
    pub(crate) reader: Reader,
    /// The provider's own name of the call, where it stands in the head.
    pub(crate) name: Option<String>,
}

/// Sends the request and waits for the head of the answer. What its body is, its bytes say, and not its label.
pub(crate) async fn open(
    client: reqwest::Client,
    request: Request,
    asked: Asked,
) -> Result<Opened, Failure> {
    let response = send(client, request, &asked).await?;
    let name = response.headers().get(NAME);
    let name = name.and_then(|name| name.to_str().ok()).map(str::to_owned);
    let reader = Reader::new(response, asked.host);
    Ok(Opened { reader, name })
}

/// Sends the request and waits for the head of a good answer.
pub(crate) async fn send(
    client: reqwest::Client,
    mut request: Request,
    asked: &Asked,
) -> Result<Response, Failure> {
    // A proxy that packs a stream holds it back; Anthropic's did so unasked until it was told this.
    let plain = HeaderValue::from_static("identity");
    request.headers_mut().insert(ACCEPT_ENCODING, plain);
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
    Ok(response)
}

/// A request that failed before an answer came. A failed connection is the one case in which provably nothing was sent.
pub(crate) fn unsent(error: &reqwest::Error, asked: &Asked) -> Failure {
    let host = asked.host.clone();
    if !error.is_connect() {
        return Failure::unknown(ProviderError::Unreachable {
            host,
            cause: Unreached::HungUp,
        });
    }
    let error = if error.is_timeout() {
        ProviderError::Deadline {
            stage: Stage::Connect,
        }
    } else {
        ProviderError::Unreachable {
            host,
            cause: Unreached::read(error),
        }
    };
    Failure {
        outcome: Outcome::NothingSent,
        error,
    }
}

/// The beginning of a body, unpacked, as far as it comes in time.
pub(crate) async fn complaint_body(response: Response) -> String {
    let mut unpacking = Unpacking::new(&events::coding(response.headers()));
    let mut body = Vec::new();
    let mut bytes = response.bytes_stream();
    let read = async {
        while let Some(Ok(chunk)) = bytes.next().await {
            let Ok(plain) = unpacking.pass(&chunk, LONGEST_COMPLAINT - body.len()) else {
                break;
            };
            body.extend_from_slice(&plain);
        }
    };
    // Late, cut or too long, the status still says what it says.
    let _ = tokio::time::timeout(COMPLAINT_WAIT, read).await;
    String::from_utf8_lossy(&body).into_owned()
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
