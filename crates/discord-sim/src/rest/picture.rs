//! Pictures in requests: `data:image/png;base64,…`, and the hashes under which they are told.

use std::hash::{DefaultHasher, Hash, Hasher};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use twilight_model::util::ImageHash;

use super::error::{ApiError, ApiResult};

/// The bytes of a picture in a request; 50035 for what is none.
pub fn decode(data: &str, field: &str) -> ApiResult<Vec<u8>> {
    let refused = |message: &str| {
        ApiError::invalid_field(&[field], "BASE_TYPE_IMAGE_INVALID", message.to_owned())
    };
    let rest = data
        .strip_prefix("data:image/")
        .ok_or_else(|| refused("Unsupported image type given"))?;
    let (kind, encoded) = rest
        .split_once(";base64,")
        .ok_or_else(|| refused("Unsupported image type given"))?;
    if !matches!(kind, "png" | "jpeg" | "jpg" | "gif" | "webp") {
        return Err(refused("Unsupported image type given"));
    }
    STANDARD
        .decode(encoded)
        .ok()
        .filter(|bytes| !bytes.is_empty())
        .ok_or_else(|| refused("Invalid image data"))
}

/// A stand-in for the hash that Discord makes of a picture.
#[must_use]
pub fn hash(bytes: &[u8]) -> ImageHash {
    let mut half = DefaultHasher::new();
    bytes.hash(&mut half);
    let first = half.finish();
    first.hash(&mut half);
    let mut all = [0; 16];
    all[..8].copy_from_slice(&first.to_be_bytes());
    all[8..].copy_from_slice(&half.finish().to_be_bytes());
    ImageHash::new(all, false)
}
