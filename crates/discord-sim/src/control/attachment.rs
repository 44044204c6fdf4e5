//! Files in requests: as text, or in base64.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::ControlError;
use crate::state::Upload;

/// A file that a person attaches.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Attached {
    filename: String,
    content_type: Option<String>,
    description: Option<String>,
    text: String,
    base64: String,
}

impl Attached {
    pub(super) fn upload(self) -> Result<Upload, ControlError> {
        let bytes = match self.base64.as_str() {
            "" => self.text.into_bytes(),
            packed => STANDARD
                .decode(packed)
                .map_err(|error| wrong(&self.filename, &error.to_string()))?,
        };
        if self.filename.is_empty() {
            return Err(wrong("", "it has no `filename`"));
        }
        Ok(Upload {
            slot: 0,
            filename: self.filename,
            content_type: self.content_type,
            description: self.description,
            bytes,
        })
    }
}

fn wrong(filename: &str, why: &str) -> ControlError {
    ControlError(
        StatusCode::UNPROCESSABLE_ENTITY,
        format!("the file `{filename}` cannot be read: {why}"),
    )
}
