//! Reads an error answer: which of the many ways to say it means what.

use std::time::Duration;

use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::cause::{self, Cause};
use crate::error::ProviderError;
use crate::manners::{self, Lesson, Manners, Sent};
use crate::quote::Quote;
use crate::wrapped::Wrapped;
use crate::{blocked, pause};

/// What is known about the request that an answer complains about.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) host: String,
    pub(crate) model: String,
    /// Struck out of whatever is quoted.
    pub(crate) key: secrecy::SecretString,
    /// What was sent: only that can have been refused.
    pub(crate) sent: Sent,
    /// Where a refusal is remembered.
    pub(crate) manners: Manners,
}

impl Asked {
    /// The same, of a request with these fields.
    pub(crate) fn about(mut self, sent: Sent, manners: &Manners) -> Asked {
        self.sent = sent;
        self.manners = manners.clone();
        self
    }

    /// Remembers what was refused. The first refusal of a field is a line in the log.
    fn refused(&self, lessons: &[Lesson], said: &Quote) -> Option<ProviderError> {
        for &lesson in lessons {
            if self.manners.learn(lesson) {
                tracing::warn!(endpoint = %self.host, model = %self.model, field = %lesson.field, %said, "the endpoint refuses a field; from now on {lesson}");
            }
        }
        lessons
            .first()
            .map(|lesson| lesson_error(*lesson, said.clone()))
    }

    /// No field is named: leaves one out to see whether it was that.
    fn on_trial(&self, said: &Quote) -> Option<ProviderError> {
        let lesson = self.manners.try_without(&self.sent)?;
        tracing::info!(endpoint = %self.host, model = %self.model, field = %lesson.field, %said, "the endpoint refuses a request and names no field of it; it is asked again without this one");
        Some(lesson_error(lesson, said.clone()))
    }

    /// The request was taken: what was left out of it on trial is known to be refused.
    pub(crate) fn taken(&self) {
        if let Some(lesson) = self.manners.taken(&self.sent) {
            tracing::warn!(endpoint = %self.host, model = %self.model, field = %lesson.field, "the endpoint refused requests and named no field of them, and takes them without this one; from now on {lesson}");
        }
    }

    /// Makes room for thinking, after the cap went to it and the reply was cut or never came.
    pub(crate) fn thought(&self) {
        let (host, model, cap) = (&self.host, &self.model, self.sent.cap);
        match self.manners.make_room(cap, self.sent.room) {
            Some(lesson) => {
                tracing::warn!(endpoint = %host, %model, cap, "the model spent its cap on thinking and had no room left to answer; from now on {lesson}. Raise `cap` in the configuration of this model to have it so from the start");
            }
            None => {
                tracing::warn!(endpoint = %host, %model, cap, "the model spent its cap on thinking and had no room left to answer, and the cap is as high as max_output and context_window let it be; raise these in the configuration of this model, if they are lower than the truth");
            }
        }
    }

    /// A request to an example, with these fields.
    #[cfg(test)]
    pub(crate) fn example(sent: Sent) -> Asked {
        Asked {
            host: "api.example".to_owned(),
            model: "m".to_owned(),
            key: "topsecret".to_owned().into(),
            sent,
            manners: Manners::default(),
        }
    }
}

fn lesson_error(lesson: Lesson, said: Quote) -> ProviderError {
    ProviderError::FieldRefused {
        field: lesson.field,
        said,
    }
}

/// A captive portal's status (RFC 6585, 6).
const NETWORK_LOGIN: u16 = 511;
/// Something answers, and has no such route.
pub(crate) const NO_SUCH_PATH: &str = "it does not know this path";

/// The error inside a body or an event, if there is one. Services put it under `error`, as an object or a string; some
/// send the object itself, some a list of one, and Python's frameworks a `detail`.
pub(crate) fn find(body: &Value) -> Option<&Value> {
    let body = body.get(0).unwrap_or(body);
    if let Some(error) = body.get("error").filter(|error| !error.is_null()) {
        return Some(error);
    }
    let is_error = body["object"] == "error" || body["type"] == "error";
    if is_error {
        Some(body)
    } else {
        body.get("detail")
    }
}

/// Types an error answer with this status.
pub(crate) fn answer(status: u16, headers: &HeaderMap, body: &str, asked: &Asked) -> ProviderError {
    let parsed: Value = serde_json::from_str(body).unwrap_or(Value::Null);
    let html = crate::transport::is_html(headers) || body.trim_start().starts_with('<');
    if let Some(by) = blocked::by(status, headers, body, html) {
        return ProviderError::Blocked {
            host: asked.host.clone(),
            by,
        };
    }
    if status == NETWORK_LOGIN {
        return ProviderError::NotAModel {
            host: asked.host.clone(),
            why: "the network wants somebody to log in first",
        };
    }
    if html && !matches!(status, 401 | 402 | 403 | 429 | 500..) {
        return ProviderError::NotAModel {
            host: asked.host.clone(),
            why: "it answers with a web page",
        };
    }
    if (300..400).contains(&status) {
        return ProviderError::NotAModel {
            host: asked.host.clone(),
            why: "it redirects elsewhere",
        };
    }
    let said = match html {
        true => Wrapped::default(),
        // Text that is no JSON is words too.
        false if parsed.is_null() => Wrapped::read(&Value::String(body.to_owned())),
        false => Wrapped::read(&parsed),
    };
    typed(Some(status), &said, pause::told(headers, body), asked)
}

/// Types an error that stands inside a 200 or a stream.
pub(crate) fn inside(error: &Value, asked: &Asked) -> ProviderError {
    // OpenRouter and llama.cpp put the HTTP status that it would have been into `code`.
    let status = error["code"]
        .as_u64()
        .and_then(|code| u16::try_from(code).ok())
        .filter(|code| *code >= 400);
    let pause = pause::in_words(&error.to_string());
    typed(status, &Wrapped::read(error), pause, asked)
}

fn typed(
    status: Option<u16>,
    wrapped: &Wrapped,
    retry_after: Option<Duration>,
    asked: &Asked,
) -> ProviderError {
    use secrecy::ExposeSecret;
    let message = wrapped.message();
    let said = Quote::clean(&message, asked.key.expose_secret());
    let cause = cause::of(wrapped);
    match (cause, status) {
        // By these statuses it is about something else, whatever words are quoted.
        (Some(Cause::Filter), status) if !matches!(status, Some(401 | 402 | 429 | 503 | 529)) => {
            return ProviderError::RefusedByPolicy { said };
        }
        (Some(Cause::Money), _) | (_, Some(402)) => return ProviderError::OutOfCredit { said },
        (Some(Cause::Key), _) | (_, Some(401)) => return ProviderError::Authentication { said },
        // Groq's 413 is called a rate limit, but waiting does not make the prompt shorter.
        (Some(Cause::Length), status) if status != Some(429) => {
            return ProviderError::ContextTooLong { said };
        }
        (_, Some(413)) => return ProviderError::ContextTooLong { said },
        (Some(Cause::Haste), _) | (_, Some(429)) => {
            return ProviderError::RateLimited { retry_after, said };
        }
        (Some(Cause::Load), _) | (_, Some(503 | 529)) => {
            return ProviderError::Overloaded { retry_after, said };
        }
        (Some(Cause::NothingLoaded), _) => {
            return ProviderError::NothingLoaded {
                model: asked.model.clone(),
                said,
            };
        }
        (None | Some(Cause::Filter | Cause::Length), _) => {}
    }
    let lessons = manners::read(status, wrapped, &asked.sent);
    if let Some(refused) = asked.refused(&lessons, &said) {
        return refused;
    }
    let text = message.to_lowercase();
    let params = wrapped.params.iter();
    let kind = wrapped.kinds.iter().chain(params).map(String::as_str);
    let kind = kind.collect::<Vec<_>>().join(" ").to_lowercase();
    let says = |any: &[&str]| {
        any.iter()
            .any(|part| text.contains(part) || kind.contains(part))
    };
    if status == Some(403) || says(&["permission_error"]) {
        return ProviderError::Authentication { said };
    }
    let missing = says(&[
        "not found",
        "not exist",
        "not_found",
        "invalid model",
        "not a valid model",
    ]);
    if (missing && text.contains("model")) || text.contains("no endpoints found") {
        return ProviderError::ModelMissing {
            model: asked.model.clone(),
            said,
        };
    }
    if matches!(status, Some(404 | 405)) {
        return ProviderError::NotAModel {
            host: asked.host.clone(),
            why: NO_SUCH_PATH,
        };
    }
    // Some say no more than "Invalid input".
    let trial = match status {
        Some(400 | 422) if !manners::is_of_the_cap(wrapped) => asked.on_trial(&said),
        _ => None,
    };
    trial.unwrap_or(ProviderError::Other { status, said })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Asked {
        Asked::example(Sent::default())
    }

    fn name(error: &ProviderError) -> String {
        let debug = format!("{error:?}");
        debug.split(' ').next().unwrap_or_default().to_owned()
    }

    /// How services that people point Familiar at say it; gathered from their documentation and sources.
    #[test]
    fn each_services_way_of_saying_it_is_understood() {
        for (status, body, expected) in [
            (
                404,
                r#"{"error":{"message":"model \"qwen\" not found, try pulling it first","type":"api_error","param":null,"code":null}}"#,
                "ModelMissing",
            ),
            (
                400,
                r#"{"error":{"message":"x is not a valid model ID","code":400}}"#,
                "ModelMissing",
            ),
            (
                400,
                r#"{"object":"error","message":"Invalid model: mistral-huge","type":"invalid_model","param":null,"code":"1500"}"#,
                "ModelMissing",
            ),
            (
                404,
                r#"{"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","param":null,"code":404}"#,
                "ModelMissing",
            ),
            (404, r#"{"detail":"Not Found"}"#, "NotAModel"),
            (
                404,
                r#"{"error":{"message":"File Not Found","type":"not_found_error","code":404}}"#,
                "NotAModel",
            ),
            (405, "", "NotAModel"),
            (404, "<html><body>nginx</body></html>", "NotAModel"),
            (
                400,
                r#"{"error":{"code":400,"message":"request (4031 tokens) exceeds the available context size (2048 tokens), try increasing it","type":"exceed_context_size_error","n_prompt_tokens":4031,"n_ctx":2048}}"#,
                "ContextTooLong",
            ),
            (
                400,
                r#"{"object":"error","message":"This model's maximum context length is 4096 tokens.","type":"BadRequestError","code":400}"#,
                "ContextTooLong",
            ),
            (
                413,
                r#"{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}"#,
                "ContextTooLong",
            ),
            (
                400,
                r#"{"error":{"message":"Content Exists Risk","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}"#,
                "RefusedByPolicy",
            ),
            (
                403,
                r#"{"error":{"code":403,"message":"Your chosen model requires moderation and your input was flagged","metadata":{"reasons":["violence"]}}}"#,
                "RefusedByPolicy",
            ),
            (
                403,
                r#"{"type":"error","error":{"type":"permission_error","message":"no access"}}"#,
                "Authentication",
            ),
            (
                401,
                r#"{"error":{"message":"No auth credentials found","code":401}}"#,
                "Authentication",
            ),
            (401, "<html>401</html>", "Authentication"),
            (
                402,
                r#"{"error":{"message":"Insufficient Balance","type":"unknown_error","code":"invalid_request_error"}}"#,
                "OutOfCredit",
            ),
            (
                429,
                r#"{"message":"Requests rate limit exceeded"}"#,
                "RateLimited",
            ),
            (
                503,
                r#"{"error":{"message":"Loading model","type":"unavailable_error","code":503}}"#,
                "Overloaded",
            ),
            (502, "<html><body>502 Bad Gateway</body></html>", "Other"),
            (
                422,
                r#"{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}"#,
                "Other",
            ),
        ] {
            assert_eq!(
                name(&answer(status, &HeaderMap::new(), body, &asked())),
                expected,
                "{status} {body}"
            );
        }
    }

    #[test]
    fn no_error_sentence_carries_the_key() {
        let body = r#"{"error":{"message":"the key topsecret is not allowed for model m: rate"}}"#;
        for status in [400, 401, 402, 403, 404, 429, 500, 503] {
            let error = answer(status, &HeaderMap::new(), body, &asked());
            assert!(
                !format!("{error} {error:?}").contains("topsecret"),
                "{error}"
            );
        }
    }
}
