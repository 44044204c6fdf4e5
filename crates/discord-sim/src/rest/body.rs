//! A request's body: JSON, or a multipart form with `payload_json` and files.

use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::error::{ApiError, ApiResult};
use super::{BODY_LIMIT, FILE_LIMIT};
use crate::state::Upload;

/// The body of a request that may carry files.
#[derive(Clone, Debug, Default)]
pub struct Incoming {
    /// The JSON object; empty if there was no body.
    pub json: Value,
    /// The files.
    pub files: Vec<Upload>,
}

impl Incoming {
    /// Reads the JSON as this type; what does not fit is Discord's 50035.
    pub fn parse<T: DeserializeOwned>(&self) -> ApiResult<T> {
        Self::read(&self.json)
    }

    /// [`Incoming::parse`] for any value.
    pub fn read<T: DeserializeOwned>(json: &Value) -> ApiResult<T> {
        T::deserialize(json).map_err(|error| {
            let reason = error.to_string();
            // serde names the field in backticks, and nothing else in them.
            let missing = reason
                .strip_prefix("missing field `")
                .and_then(|rest| rest.split('`').next());
            match missing {
                Some(field) => ApiError::invalid_field(
                    &[field],
                    "BASE_TYPE_REQUIRED",
                    "This field is required",
                ),
                None => ApiError::invalid_field(&["_root"], "BASE_TYPE_INVALID", reason),
            }
        })
    }
}

impl<S: Send + Sync> FromRequest<S> for Incoming {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let kind = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        if kind.starts_with("multipart/form-data") {
            let form = Multipart::from_request(request, state)
                .await
                .map_err(|_| ApiError::invalid_json())?;
            return read_form(form).await;
        }
        let bytes = axum::body::to_bytes(request.into_body(), BODY_LIMIT)
            .await
            .map_err(|_| ApiError::too_large())?;
        if bytes.is_empty() {
            return Ok(Self {
                json: json!({}),
                files: Vec::new(),
            });
        }
        if !kind.starts_with("application/json") {
            return Err(ApiError::wrong_content_type());
        }
        let json = serde_json::from_slice(&bytes).map_err(|_| ApiError::invalid_json())?;
        Ok(Self {
            json,
            files: Vec::new(),
        })
    }
}

async fn read_form(mut form: Multipart) -> ApiResult<Incoming> {
    let mut incoming = Incoming {
        json: json!({}),
        files: Vec::new(),
    };
    while let Some(field) = form
        .next_field()
        .await
        .map_err(|_| ApiError::invalid_json())?
    {
        let name = field.name().unwrap_or_default().to_owned();
        let filename = field.file_name().map(str::to_owned);
        let content_type = field.content_type().map(str::to_owned);
        let bytes = field.bytes().await.map_err(|_| ApiError::too_large())?;
        if name == "payload_json" {
            incoming.json = serde_json::from_slice(&bytes).map_err(|_| ApiError::invalid_json())?;
        } else if let Some(filename) = filename {
            if bytes.len() > FILE_LIMIT {
                return Err(ApiError::too_large());
            }
            let slot = slot_of(&name).unwrap_or(incoming.files.len() as u64);
            incoming.files.push(Upload {
                slot,
                filename,
                content_type,
                description: None,
                bytes: bytes.to_vec(),
            });
        } else if let Ok(text) = String::from_utf8(bytes.to_vec()) {
            // Plain form fields are allowed where no nested value is needed.
            incoming.json[name] = json!(text);
        }
    }
    Ok(incoming)
}

/// `files[3]` is 3.
fn slot_of(name: &str) -> Option<u64> {
    name.strip_prefix("files[")?.strip_suffix(']')?.parse().ok()
}

/// The `payload_json` of a raw multipart body, for the record; found by its JSON, since the record must not fail.
#[must_use]
pub fn payload_json(bytes: &[u8]) -> Option<Value> {
    let text = String::from_utf8_lossy(bytes);
    let after = text.split("name=\"payload_json\"").nth(1)?;
    let start = after.find("\r\n\r\n")? + 4;
    serde_json::Deserializer::from_str(&after[start..])
        .into_iter::<Value>()
        .next()?
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_of_a_form_is_recorded_without_its_files() {
        let form = b"--x\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{\"content\":\"hi\"}\r\n--x\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"a.png\"\r\n\r\n\xff\xfe\r\n--x--";
        assert_eq!(payload_json(form), Some(json!({"content": "hi"})));
    }
}
