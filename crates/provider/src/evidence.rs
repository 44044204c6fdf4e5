//! What an error says about the hold of its call: whether the model ran, by the status that the error names.

use ledger::Outcome;
use serde_json::Value;

use crate::error::ProviderError;

/// The HTTP status behind each of Anthropic's error types, by its page on errors
/// (<https://docs.claude.com/en/api/errors>): a stream carries the type alone.
const NAMED_BY_TYPE: [(&str, u16); 10] = [
    ("invalid_request_error", 400),
    ("authentication_error", 401),
    ("billing_error", 402),
    ("permission_error", 403),
    ("not_found_error", 404),
    ("request_too_large", 413),
    ("rate_limit_error", 429),
    ("api_error", 500),
    ("timeout_error", 504),
    ("overloaded_error", 529),
];

/// Why there is no reply, and what that means for the hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) outcome: Outcome,
    pub(crate) error: ProviderError,
}

impl Failure {
    /// A failure after which nobody knows what was billed.
    pub(crate) fn unknown(error: ProviderError) -> Failure {
        Failure {
            outcome: Outcome::Unknown,
            error,
        }
    }

    /// What the failure means for the hold. A field that is refused is refused before the model runs: chat templates fail
    /// with 500, and cost nothing. A network that wants a login first lets nothing through.
    pub(crate) fn outcome(&self) -> Outcome {
        match (self.outcome, &self.error) {
            (
                Outcome::Rejected { status: 500.. },
                ProviderError::FieldRefused { .. }
                | ProviderError::NotAModel { .. }
                | ProviderError::Blocked { .. },
            ) => Outcome::NotRun,
            (outcome, _) => outcome,
        }
    }

    /// The same failure after the model has worked: whatever the answer says then, the tokens so far may be billed.
    pub(crate) fn after_work(self) -> Failure {
        Failure::unknown(self.error)
    }
}

/// What an error in place of a reply means for the hold: the status that it names, or that nothing ran.
pub(crate) fn of(error: &Value) -> Outcome {
    named(error).map_or(Outcome::NotRun, |status| Outcome::Rejected { status })
}

/// The HTTP status that an error would have had: OpenRouter, llama.cpp and vLLM write it as `code`, gateways as `status`.
fn named(error: &Value) -> Option<u16> {
    let status = |value: &Value| {
        let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
        u16::try_from(number)
            .ok()
            .filter(|status| (300..600).contains(status))
    };
    let kind = error["type"].as_str().unwrap_or_default();
    let by_type = || {
        NAMED_BY_TYPE
            .iter()
            .find(|(name, _)| *name == kind)
            .map(|(_, status)| *status)
    };
    status(&error["code"])
        .or_else(|| status(&error["status"]))
        .or_else(by_type)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_error_counts_as_the_status_that_it_names() {
        for (error, status) in [
            (json!({"code": 400, "message": "too long"}), 400),
            (json!({"code": "429"}), 429),
            (json!({"status": 500, "code": "INTERNAL"}), 500),
            (json!({"type": "overloaded_error"}), 529),
            (json!({"type": "api_error", "code": null}), 500),
        ] {
            assert_eq!(of(&error), Outcome::Rejected { status }, "{error}");
        }
    }

    #[test]
    fn an_error_without_a_status_says_that_nothing_ran() {
        for error in [
            json!("overloaded"),
            json!({"code": "server_error"}),
            json!({"code": 1214}),
            json!({"code": 0}),
            json!({"code": 200}),
            json!({"type": "exceed_context_size_error"}),
        ] {
            assert_eq!(of(&error), Outcome::NotRun, "{error}");
        }
    }
}
