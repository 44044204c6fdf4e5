//! `/webhooks/{application}/{token}…`: what follows the first answer. The webhook routes hand over to these.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::Hub;
use crate::rest::body::Incoming;
use crate::rest::error::{ApiError, ApiResult};

/// `POST /webhooks/{application}/{token}`: a further message.
pub fn create(hub: &Hub, token: &str, incoming: &Incoming) -> ApiResult<Json<Value>> {
    let _ = (hub, token, incoming);
    Err(ApiError::unknown_webhook())
}

/// `GET /webhooks/{application}/{token}/messages/{message}`; `message` may be `@original`.
pub fn get(hub: &Hub, token: &str, message: &str) -> ApiResult<Json<Value>> {
    let _ = (hub, token, message);
    Err(ApiError::unknown_webhook())
}

/// `PATCH` of the same.
pub fn edit(hub: &Hub, token: &str, message: &str, incoming: &Incoming) -> ApiResult<Json<Value>> {
    let _ = (hub, token, message, incoming);
    Err(ApiError::unknown_webhook())
}

/// `DELETE` of the same.
pub fn delete(hub: &Hub, token: &str, message: &str) -> ApiResult<Response> {
    let _ = (hub, token, message);
    Err::<Response, _>(ApiError::unknown_webhook()).map(IntoResponse::into_response)
}
