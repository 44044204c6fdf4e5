//! Passing on: a request goes to another endpoint as it came, and its answer comes back byte for byte.

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::server::Head;

/// Headers that are about one connection, or that the client of the next one writes itself.
const OF_THE_CONNECTION: [&str; 5] = [
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "transfer-encoding",
];

/// Sends a request to the endpoint at this base URL (without `/v1`) and streams its answer as it comes. A 502 says that
/// it could not be reached.
pub(crate) async fn pass_on(to: &str, head: &Head, body: Bytes) -> Response {
    let mut headers = head.headers.clone();
    for name in OF_THE_CONNECTION {
        headers.remove(name);
    }
    let request = reqwest::Client::new()
        .request(head.method.clone(), format!("{to}{}", head.path))
        .headers(headers)
        .body(body);
    let answer = match request.send().await {
        Ok(answer) => answer,
        Err(error) => return (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    };
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    for name in OF_THE_CONNECTION {
        headers.remove(name);
    }
    (status, headers, Body::from_stream(answer.bytes_stream())).into_response()
}
