//! What can go wrong at a provider, and the bytes in which the real ones say it.

use serde_json::{Value, json};

use crate::prompt::Dialect;

/// A fault, written as the request's dialect writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 401, as with a wrong key.
    Authentication,
    /// 429, with a `retry-after` header in seconds.
    RateLimited {
        /// The delay, if any is told.
        retry_after: Option<u64>,
    },
    /// 429 `insufficient_quota` (OpenAI), 400 with a low credit balance (Anthropic).
    OutOfCredit,
    /// 500.
    ServerError,
    /// 503 (OpenAI), 529 (Anthropic).
    Overloaded,
    /// 400: the prompt does not fit the context window.
    ContextTooLong,
    /// 400: refused by content policy.
    RefusedByPolicy,
    /// 404: no such model.
    ModelMissing,
    /// 200 with a web page: the base URL points at something else.
    Html,
    /// 307 to this address.
    Redirect(String),
    /// 200 whose body is a JSON error (overloaded).
    ErrorInside200,
    /// An error event (overloaded) in the stream after so many deltas.
    ErrorEvent {
        /// Deltas that come before it.
        after: usize,
    },
    /// This status and body.
    Status {
        /// The status.
        status: u16,
        /// `content-type`.
        content_type: &'static str,
        /// The body.
        body: String,
    },
    /// The connection breaks after so many bytes of the body.
    CutAfter(usize),
    /// The body stops after so many bytes, and the connection stays open.
    HangAfter(usize),
    /// Takes the request and never answers.
    Hang,
    /// The body ends properly, but before the dialect's end mark (`[DONE]`, `message_stop`).
    NoEndMark,
}

/// A whole answer in place of a generation.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) content_type: &'static str,
    pub(crate) body: String,
}

impl Fault {
    /// The answer that stands in place of a generation, for faults that are one.
    pub(crate) fn answer(&self, dialect: Dialect, model: &str) -> Option<Answer> {
        let openai = dialect == Dialect::OpenAi;
        let mut headers = Vec::new();
        let (status, error) = match self {
            Fault::Authentication if openai => (401, openai_error(
                "Incorrect API key provided: sk-wrong***************************1234. You can find your API key at https://platform.openai.com/account/api-keys.",
                "invalid_request_error", Value::Null, json!("invalid_api_key"))),
            Fault::Authentication => (401, anthropic_error("authentication_error", "invalid x-api-key")),
            Fault::RateLimited { retry_after } => {
                headers.extend(retry_after.map(|seconds| ("retry-after", seconds.to_string())));
                (429, if openai {
                    openai_error("Rate limit reached for requests", "requests", Value::Null, json!("rate_limit_exceeded"))
                } else {
                    anthropic_error("rate_limit_error", "This request would exceed your organization's rate limit of 50 requests per minute.")
                })
            }
            Fault::OutOfCredit if openai => (429, openai_error(
                "You exceeded your current quota, please check your plan and billing details.",
                "insufficient_quota", Value::Null, json!("insufficient_quota"))),
            Fault::OutOfCredit => (400, anthropic_error("invalid_request_error",
                "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.")),
            Fault::ServerError if openai => (500, openai_error(
                "The server had an error while processing your request. Sorry about that!", "server_error", Value::Null, Value::Null)),
            Fault::ServerError => (500, anthropic_error("api_error", "Internal server error")),
            Fault::Overloaded if openai => (503, overloaded(dialect)),
            Fault::Overloaded => (529, overloaded(dialect)),
            Fault::ContextTooLong if openai => (400, openai_error(
                "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens. Please reduce the length of the messages.",
                "invalid_request_error", json!("messages"), json!("context_length_exceeded"))),
            Fault::ContextTooLong => (400, anthropic_error("invalid_request_error", "prompt is too long: 210011 tokens > 200000 maximum")),
            Fault::RefusedByPolicy if openai => (400, openai_error(
                "Your request was rejected as a result of our safety system.", "invalid_request_error", Value::Null, json!("content_policy_violation"))),
            Fault::RefusedByPolicy => (400, anthropic_error("invalid_request_error", "Output blocked by content filtering policy")),
            Fault::ModelMissing if openai => (404, openai_error(
                &format!("The model `{model}` does not exist or you do not have access to it."), "invalid_request_error", Value::Null, json!("model_not_found"))),
            Fault::ModelMissing => (404, anthropic_error("not_found_error", &format!("model: {model}"))),
            Fault::ErrorInside200 => (200, overloaded(dialect)),
            Fault::Html => return Some(Answer {
                status: 200,
                headers,
                content_type: "text/html; charset=utf-8",
                body: "<!doctype html>\n<html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>\n".to_owned(),
            }),
            Fault::Redirect(to) => {
                return Some(Answer { status: 307, headers: vec![("location", to.clone())], content_type: "text/plain", body: String::new() });
            }
            Fault::Status { status, content_type, body } => {
                return Some(Answer { status: *status, headers, content_type, body: body.clone() });
            }
            Fault::ErrorEvent { .. } | Fault::CutAfter(_) | Fault::HangAfter(_) | Fault::Hang | Fault::NoEndMark => return None,
        };
        // OpenAI pretty-prints its errors, Anthropic writes them on one line.
        let body = if openai {
            format!("{error:#}\n")
        } else {
            error.to_string()
        };
        Some(Answer {
            status,
            headers,
            content_type: "application/json",
            body,
        })
    }
}

impl Answer {
    /// A JSON answer on one line.
    pub(crate) fn json(status: u16, body: &Value) -> Answer {
        Answer {
            status,
            headers: Vec::new(),
            content_type: "application/json",
            body: body.to_string(),
        }
    }

    /// A 200 whose body is this stream of events.
    pub(crate) fn events(body: &str) -> Answer {
        Answer {
            status: 200,
            headers: Vec::new(),
            content_type: "text/event-stream",
            body: body.to_owned(),
        }
    }
}

/// The overload error, as a value: in a body or in a stream.
pub(crate) fn overloaded(dialect: Dialect) -> Value {
    match dialect {
        Dialect::OpenAi => openai_error(
            "That model is currently overloaded with other requests. You can retry your request.",
            "server_error",
            Value::Null,
            json!("overloaded"),
        ),
        Dialect::Anthropic => anthropic_error("overloaded_error", "Overloaded"),
    }
}

pub(crate) fn openai_error(message: &str, kind: &str, param: Value, code: Value) -> Value {
    json!({"error": {"message": message, "type": kind, "param": param, "code": code}})
}

pub(crate) fn anthropic_error(kind: &str, message: &str) -> Value {
    json!({"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_011SimSimSimSimSimSimSim"})
}
