//! The shape of an answer: how it is asked for, and how an endpoint says that it takes none.

use serde_json::Value;

/// The shape that an answer is to have. Endpoints that know schemas hold the model to it; others refuse it
/// ([`crate::Field::Schema`]) or pass it over, so that whoever asks for it says in words too what is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// What it is of: letters, digits, `_` and `-`, at most 64 of them.
    pub name: String,
    /// The JSON Schema. What all services take: every property required, `additionalProperties` false, no bounds.
    pub schema: Value,
}

/// What services say of a schema that they do not take.
pub(crate) const REFUSALS: [&str; 9] = [
    "response_format",
    "response format",
    "json_schema",
    "json schema",
    "output_config",
    "output_format",
    "structured output",
    "structured_output",
    "grammar",
];

#[cfg(test)]
mod tests {
    use crate::complaint::{Asked, answer};
    use crate::manners::Sent;
    use reqwest::header::HeaderMap;

    fn name(status: u16, body: &str, with_schema: bool) -> String {
        let sent = Sent {
            schema: with_schema,
            ..Sent::default()
        };
        let asked = Asked::example(sent);
        let debug = format!("{:?}", answer(status, &HeaderMap::new(), body, &asked));
        debug.split(' ').next().unwrap_or_default().to_owned()
    }

    /// Gathered from reports about these services and from their sources.
    #[test]
    fn a_refused_schema_is_told_from_other_refusals() {
        for (status, body) in [
            (
                400,
                r#"{"error":{"message":"This response_format type is unavailable now","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}"#,
            ),
            (
                422,
                r#"{"detail":"Failed to deserialize: response_format: unknown variant `json_schema`"}"#,
            ),
            (
                400,
                r#"{"error":{"message":"'response_format.type' : value is not one of the allowed values ['text','json_object']","type":"invalid_request_error"}}"#,
            ),
            (
                400,
                r#"{"error":{"message":"Invalid input","type":"invalid_request_error","param":"response_format"}}"#,
            ),
            (400, r#"{"error":{"message":"Bad Request"}}"#),
            (
                400,
                r#"{"type":"error","error":{"type":"invalid_request_error","message":"output_config: Extra inputs are not permitted"}}"#,
            ),
            (
                404,
                r#"{"error":{"message":"No endpoints found that can handle the requested parameters: response_format","code":404}}"#,
            ),
            (
                400,
                r#"{"error":{"code":400,"message":"Failed to initialize samplers: failed to parse grammar","type":"invalid_request_error"}}"#,
            ),
            (
                422,
                r#"{"detail":[{"type":"extra_forbidden","loc":["body","response_format"],"msg":"Extra inputs are not permitted"}]}"#,
            ),
        ] {
            let refused = name(status, body, true);
            assert_eq!(refused, "FieldRefused", "{status} {body}");
            let plain = name(status, body, false);
            assert_ne!(plain, "FieldRefused", "{status} {body}");
        }
        for (status, body, expected) in [
            (
                401,
                r#"{"error":{"message":"No auth credentials found"}}"#,
                "Authentication",
            ),
            (
                429,
                r#"{"error":{"message":"Rate limit reached for structured outputs"}}"#,
                "RateLimited",
            ),
            (
                400,
                r#"{"error":{"message":"prompt is too long: 9000 tokens > 8192 maximum"}}"#,
                "ContextTooLong",
            ),
            (
                400,
                r#"{"error":{"message":"x is not a valid model ID","code":400}}"#,
                "ModelMissing",
            ),
            (500, r#"{"error":{"message":"internal error"}}"#, "Other"),
        ] {
            assert_eq!(name(status, body, true), expected, "{status} {body}");
        }
    }
}
