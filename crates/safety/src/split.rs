//! Split.

/// The most characters of one message.
pub const LIMIT: usize = 2000;

/// Cuts `text` into messages of at most [`LIMIT`] characters; none for a blank text.
pub fn split(text: &str) -> Vec<String> {
    vec![text.to_owned()]
}
