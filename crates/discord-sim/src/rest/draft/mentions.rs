//! `allowed_mentions`: which combinations Discord refuses.

use serde_json::Value;

use crate::rest::error::{ApiError, ApiResult};

/// How many people or roles may be named.
const NAMED_LIMIT: usize = 100;
/// What `parse` may list.
const KINDS: [&str; 3] = ["everyone", "roles", "users"];

/// Checks the value of `allowed_mentions`; null is Discord's default.
pub fn check(allowed: &Value) -> ApiResult<()> {
    let parse = allowed["parse"].as_array().map_or(&[][..], Vec::as_slice);
    for (index, kind) in parse.iter().enumerate() {
        if !kind.as_str().is_some_and(|kind| KINDS.contains(&kind)) {
            return Err(ApiError::invalid_field(
                &["allowed_mentions", "parse", &index.to_string()],
                "BASE_TYPE_CHOICES",
                "Value must be one of ('everyone', 'roles', 'users').",
            ));
        }
    }
    for kind in ["users", "roles"] {
        let named = allowed[kind].as_array().map_or(&[][..], Vec::as_slice);
        if named.len() > NAMED_LIMIT {
            return Err(ApiError::invalid_field(
                &["allowed_mentions", kind],
                "BASE_TYPE_MAX_LENGTH",
                "Must be 100 or fewer in length.",
            ));
        }
        if !named.is_empty() && parse.iter().any(|parsed| parsed == kind) {
            let list: Vec<String> = named.iter().map(Value::to_string).collect();
            return Err(ApiError::invalid_field(
                &["allowed_mentions"],
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                format!(
                    "parse:[\"{kind}\"] and {kind}: [{}] are mutually exclusive.",
                    list.join(", ")
                ),
            ));
        }
    }
    Ok(())
}
