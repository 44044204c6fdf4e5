//! The application's own emojis: a persona's avatar lives here, at an address that never expires.

use twilight_model::guild::Emoji;

/// An emoji of the application, with its picture.
#[derive(Clone, Debug)]
pub struct ApplicationEmoji {
    /// What Discord tells of it.
    pub emoji: Emoji,
    /// The picture, served at `/emojis/{id}.png`.
    pub image: Vec<u8>,
}
