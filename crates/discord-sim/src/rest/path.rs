//! Ids in paths and wishes in queries, refused in Discord's shape when they make no sense.

use axum::extract::{FromRequestParts, Path, Query, RawPathParams};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::error::ApiError;

/// [`Path`], with Discord's answer to what is no id.
#[derive(Clone, Copy, Debug)]
pub struct InPath<T>(pub T);

impl<S, T> FromRequestParts<S> for InPath<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Send,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        if let Ok(Path(value)) = Path::<T>::from_request_parts(parts, state).await {
            return Ok(Self(value));
        }
        let params = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| ApiError::not_found())?;
        let wrong = params.iter().find(|(name, value)| {
            name.ends_with("_id") && value.parse::<u64>().map_or(true, |id| id == 0)
        });
        let Some((name, value)) = wrong else {
            return Err(ApiError::not_found());
        };
        Err(ApiError::invalid_field(
            &[name],
            "NUMBER_TYPE_COERCE",
            format!("Value \"{value}\" is not snowflake."),
        ))
    }
}

/// [`Query`], with Discord's answer to what cannot be read.
#[derive(Clone, Copy, Debug)]
pub struct InQuery<T>(pub T);

impl<S, T> FromRequestParts<S> for InQuery<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Send,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Query::<T>::from_request_parts(parts, state)
            .await
            .map(|Query(value)| Self(value))
            .map_err(|error| {
                ApiError::invalid_field(&["_root"], "BASE_TYPE_INVALID", error.body_text())
            })
    }
}
