//! Files and pictures at their addresses, as the CDN serves them.

use std::sync::Arc;

use axum::Router;

use crate::Hub;

/// The routes, which need no token.
pub fn routes() -> Router<Arc<Hub>> {
    Router::new()
}

/// Width and height of a PNG; `None` for anything else.
#[must_use]
pub fn picture_size(bytes: &[u8]) -> Option<(u64, u64)> {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let number = |at: usize| -> Option<u64> {
        let four: [u8; 4] = header.get(at..at + 4)?.try_into().ok()?;
        Some(u64::from(u32::from_be_bytes(four)))
    };
    Some((number(8)?, number(12)?))
}
