//! Files that come with a message, and those that stay at an edit.

use serde_json::Value;
use twilight_model::id::Id;
use twilight_model::id::marker::AttachmentMarker;

use crate::rest::body::Incoming;
use crate::rest::error::{ApiError, ApiResult};
use crate::state::Upload;

/// How many files one message takes.
const FILES_LIMIT: usize = 10;
/// How large one file may be in a small server.
const FILE_SIZE: usize = 10 * 1024 * 1024;

/// The files with what `attachments[]` says of them, under names that fit into an address.
pub fn described(incoming: &Incoming) -> ApiResult<Vec<Upload>> {
    let mut uploads = incoming.files.clone();
    if uploads.len() > FILES_LIMIT {
        return Err(ApiError::invalid_field(
            &["attachments"],
            "BASE_TYPE_MAX_LENGTH",
            "Must be 10 or fewer in length.",
        ));
    }
    let told = incoming.json["attachments"].as_array();
    for upload in &mut uploads {
        if upload.bytes.len() > FILE_SIZE {
            return Err(ApiError::too_large());
        }
        let about = told
            .into_iter()
            .flatten()
            .find(|about| number(&about["id"]) == Some(upload.slot));
        if let Some(name) = about.and_then(|about| about["filename"].as_str()) {
            name.clone_into(&mut upload.filename);
        }
        upload.description = about
            .and_then(|about| about["description"].as_str())
            .map(str::to_owned);
        let length = upload
            .description
            .as_deref()
            .map_or(0, |text| text.chars().count());
        if length > twilight_validate::message::ATTACHMENT_DESCIPTION_LENGTH_MAX {
            return Err(ApiError::invalid_field(
                &["attachments", &upload.slot.to_string(), "description"],
                "BASE_TYPE_MAX_LENGTH",
                "Must be 1024 or fewer in length.",
            ));
        }
        upload.filename = plain(&upload.filename);
    }
    Ok(uploads)
}

/// The old attachments that stay; `None` if the edit does not speak of them. New ones are named by their slot, which
/// is no id of an old one.
pub fn kept(attachments: &Value) -> Option<Vec<Id<AttachmentMarker>>> {
    let list = attachments.as_array()?;
    Some(
        list.iter()
            .filter_map(|kept| number(&kept["id"]).and_then(Id::new_checked))
            .collect(),
    )
}

/// An id is a text or a number.
fn number(id: &Value) -> Option<u64> {
    id.as_u64().or_else(|| id.as_str()?.parse().ok())
}

/// Spaces become underscores and odd characters vanish, as at Discord.
fn plain(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|letter| if letter == ' ' { '_' } else { letter })
        .filter(|letter| letter.is_ascii_alphanumeric() || "._-".contains(*letter))
        .collect();
    if name.is_empty() {
        "unknown".to_owned()
    } else {
        name
    }
}
