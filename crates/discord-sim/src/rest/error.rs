//! Discord's error shape: a status, a code of its own, a message, and for a bad form the tree of bad fields.

use std::time::Duration;

use axum::Json;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::reply::whole_seconds;

/// An answer that is no success, as Discord words it.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiError {
    /// The HTTP status.
    pub status: StatusCode,
    /// Discord's own code, 0 for the general ones.
    pub code: u32,
    /// Discord's sentence.
    pub message: String,
    /// The tree of bad fields of an invalid form (code 50035).
    pub errors: Option<Value>,
    /// How long to wait, for limits that have a code of their own ("Exceeding A Rate Limit" in Discord's "Rate Limits").
    pub retry_after: Option<Duration>,
}

/// What a handler returns.
pub type ApiResult<T> = Result<T, ApiError>;

macro_rules! known_errors {
    ($($(#[$doc:meta])* $name:ident = $status:ident, $code:literal, $message:literal;)*) => {
        impl ApiError {
            $($(#[$doc])*
            #[must_use]
            pub fn $name() -> Self {
                Self::new(StatusCode::$status, $code, $message)
            })*
        }
    };
}

known_errors! {
    /// No or a wrong token.
    unauthorized = UNAUTHORIZED, 0, "401: Unauthorized";
    /// There is no such route.
    not_found = NOT_FOUND, 0, "404: Not Found";
    /// The route does not know this method.
    method_not_allowed = METHOD_NOT_ALLOWED, 0, "405: Method Not Allowed";
    /// 10002
    unknown_application = NOT_FOUND, 10002, "Unknown Application";
    /// 10003
    unknown_channel = NOT_FOUND, 10003, "Unknown Channel";
    /// 10004
    unknown_guild = NOT_FOUND, 10004, "Unknown Guild";
    /// 10007
    unknown_member = NOT_FOUND, 10007, "Unknown Member";
    /// 10008
    unknown_message = NOT_FOUND, 10008, "Unknown Message";
    /// 10011
    unknown_role = NOT_FOUND, 10011, "Unknown Role";
    /// 10013
    unknown_user = NOT_FOUND, 10013, "Unknown User";
    /// 10014
    unknown_emoji = NOT_FOUND, 10014, "Unknown Emoji";
    /// 10015
    unknown_webhook = NOT_FOUND, 10015, "Unknown Webhook";
    /// 10062: the token was not used within 3 seconds, or is no token.
    unknown_interaction = NOT_FOUND, 10062, "Unknown interaction";
    /// 10063
    unknown_command = NOT_FOUND, 10063, "Unknown application command";
    /// 30003
    too_many_pins = BAD_REQUEST, 30003, "Maximum number of pins reached for the channel (250)";
    /// 30007
    too_many_webhooks = BAD_REQUEST, 30007, "Maximum number of webhooks reached (15)";
    /// 40005
    too_large = PAYLOAD_TOO_LARGE, 40005, "Request entity too large";
    /// 40060: a second first answer.
    already_acknowledged = BAD_REQUEST, 40060, "Interaction has already been acknowledged.";
    /// 50001: the bot cannot see it.
    missing_access = FORBIDDEN, 50001, "Missing Access";
    /// 50003
    not_in_a_direct_message = FORBIDDEN, 50003, "Cannot execute action on a DM channel";
    /// 50005
    not_the_author = FORBIDDEN, 50005, "Cannot edit a message authored by another user";
    /// 50006
    empty_message = BAD_REQUEST, 50006, "Cannot send an empty message";
    /// 50007
    cannot_message_user = FORBIDDEN, 50007, "Cannot send messages to this user";
    /// 50008: a forum or a category.
    not_a_text_channel = BAD_REQUEST, 50008, "Cannot send messages in a non-text channel";
    /// 50013: the bot sees it, but may not.
    missing_permissions = FORBIDDEN, 50013, "Missing Permissions";
    /// 50021
    system_message = FORBIDDEN, 50021, "Cannot execute action on a system message";
    /// 50024
    wrong_channel_kind = BAD_REQUEST, 50024, "Cannot execute action on this channel type";
    /// 50027: a webhook's or interaction's token is wrong or too old.
    invalid_webhook_token = UNAUTHORIZED, 50027, "Invalid Webhook Token";
    /// 50035 of a body that is neither JSON nor a form.
    wrong_content_type = BAD_REQUEST, 50035, "Expected \"Content-Type\" header to be one of {'application/json'}.";
    /// 20012: another application's commands or emojis.
    not_your_application = FORBIDDEN, 20012, "You are not authorized to perform this action on this application";
    /// 50083
    thread_is_archived = BAD_REQUEST, 50083, "Thread is archived";
    /// 200000: a word that the server blocks.
    blocked_by_automod = BAD_REQUEST, 200_000, "Message was blocked by automatic moderation";
    /// 200001: such a word in the title of a thread.
    title_blocked_by_automod = BAD_REQUEST, 200_001, "Title was blocked by automatic moderation";
    /// 240000
    harmful_link = BAD_REQUEST, 240_000, "Message blocked by harmful links filter";
    /// 160005
    thread_is_locked = FORBIDDEN, 160_005, "Thread is locked";
    /// 50109: the body is no JSON.
    invalid_json = BAD_REQUEST, 50109, "The request body contains invalid JSON.";
    /// 520001
    poll_ended = BAD_REQUEST, 520_001, "Poll expired";
    /// 520006
    not_a_poll = BAD_REQUEST, 520_006, "Cannot expire a non-poll message";
}

impl ApiError {
    /// Any other error.
    #[must_use]
    pub fn new(status: StatusCode, code: u32, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            errors: None,
            retry_after: None,
        }
    }

    /// 20016: HTTP 429 with a code, and without the headers of a route's bucket.
    #[must_use]
    pub fn slow_mode(wait: Duration) -> Self {
        let message = "This action cannot be performed due to slowmode rate limit";
        Self::limited(20016, message, wait)
    }

    /// 30046
    #[must_use]
    pub fn too_many_old_edits(wait: Duration) -> Self {
        let message =
            "Maximum number of edits to messages older than 1 hour reached. Try again later";
        Self::limited(30046, message, wait)
    }

    fn limited(code: u32, message: &str, wait: Duration) -> Self {
        Self {
            retry_after: Some(wait),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, code, message)
        }
    }

    /// 50035 with one bad field. `path` is the way to it, such as `["embeds", "0", "title"]`.
    #[must_use]
    pub fn invalid_field(path: &[&str], code: &str, message: impl Into<String>) -> Self {
        Self::invalid_form(&[(path, code, message.into())])
    }

    /// 50035 with several bad fields.
    #[must_use]
    pub fn invalid_form(fields: &[(&[&str], &str, String)]) -> Self {
        let mut tree = json!({});
        for (path, code, message) in fields {
            let mut node = &mut tree;
            for key in *path {
                node = &mut node[*key];
            }
            if !node["_errors"].is_array() {
                node["_errors"] = json!([]);
            }
            if let Some(list) = node["_errors"].as_array_mut() {
                list.push(json!({ "code": code, "message": message }));
            }
        }
        Self {
            errors: Some(tree),
            ..Self::new(StatusCode::BAD_REQUEST, 50035, "Invalid Form Body")
        }
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> Value {
        let mut body = json!({ "message": self.message, "code": self.code });
        if let Some(errors) = &self.errors {
            body["errors"] = errors.clone();
        }
        if let Some(wait) = self.retry_after {
            body["retry_after"] = json!(wait.as_secs_f64());
            body["global"] = json!(false);
        }
        body
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body())).into_response();
        let seconds = self.retry_after.map(whole_seconds);
        if let Some(value) = seconds.and_then(|it| HeaderValue::from_str(&it).ok()) {
            response.headers_mut().insert(RETRY_AFTER, value);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_field_is_named_by_its_path() {
        let error = ApiError::invalid_field(
            &["embeds", "0", "title"],
            "BASE_TYPE_MAX_LENGTH",
            "Must be 256 or fewer in length.",
        );
        assert_eq!(error.body()["code"], 50035);
        assert_eq!(
            error.body()["errors"]["embeds"]["0"]["title"]["_errors"][0]["code"],
            "BASE_TYPE_MAX_LENGTH"
        );
    }
}
