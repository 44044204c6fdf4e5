//! A message before it is one: what a request or a person's hand wants to post.

use twilight_model::channel::message::sticker::MessageSticker;
use twilight_model::channel::message::{
    AllowedMentions, Component, Embed, MessageFlags, MessageReference,
};
use twilight_model::poll::Poll;

/// A file on its way in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Upload {
    /// The number in `files[n]`, which `attachments[].id` refers to.
    pub slot: u64,
    /// Its name.
    pub filename: String,
    /// Its type, if it was told.
    pub content_type: Option<String>,
    /// What `attachments[].description` says of it.
    pub description: Option<String>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// What is to be posted. Whether it may be is decided before (`rest::draft` for requests).
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The text.
    pub content: String,
    /// The embeds.
    pub embeds: Vec<Embed>,
    /// Buttons, menus and the rest.
    pub components: Vec<Component>,
    /// New files.
    pub uploads: Vec<Upload>,
    /// Which mentions count; `None` is Discord's default, which is all.
    pub allowed_mentions: Option<AllowedMentions>,
    /// Flags such as `EPHEMERAL` and `SUPPRESS_EMBEDS`.
    pub flags: Option<MessageFlags>,
    /// Read aloud.
    pub tts: bool,
    /// What it replies to.
    pub reference: Option<MessageReference>,
    /// Its nonce, echoed in the event and the answer.
    pub nonce: Option<Nonce>,
    /// A poll.
    pub poll: Option<Poll>,
    /// Stickers.
    pub stickers: Vec<MessageSticker>,
}

/// A nonce: a text or a number of the sender's choice.
#[derive(Clone, Debug, PartialEq)]
pub struct Nonce {
    /// The value, as it came.
    pub value: serde_json::Value,
    /// Whether a message of the same author and nonce within the last minutes is returned instead.
    pub enforce: bool,
}

impl Draft {
    /// Plain text.
    #[must_use]
    pub fn text(content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
            ..Self::default()
        }
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.content.is_empty()
            && self.embeds.is_empty()
            && self.components.is_empty()
            && self.uploads.is_empty()
            && self.poll.is_none()
            && self.stickers.is_empty()
    }
}
