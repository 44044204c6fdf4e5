//! What can be wrong with a file that should be a character card. Each says what to do next.

use super::{MAX_CARD_BYTES, MAX_FILE_BYTES};

/// Why a file could not be read as a character card, or a card not be written.
///
/// The text of every variant is one sentence or two for the person who sent the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CardError {
    /// No bytes.
    #[error("This file is empty. Export the character again and send the new file.")]
    Empty,
    /// The file is larger than any card this program reads.
    #[error(
        "This file is too large for a character card ({bytes} bytes, the limit is {MAX_FILE_BYTES}). Make its picture smaller, \
         or give the card as a JSON file."
    )]
    FileTooLarge {
        /// The size of the file.
        bytes: usize,
    },
    /// The card's text is larger than this program reads, on its own or after decompression.
    #[error(
        "The text of this card is larger than {MAX_CARD_BYTES} bytes. Shorten its lorebook or remove pictures that are embedded in \
         its text, then export it again."
    )]
    CardTooLarge,
    /// The file is a JPEG, WebP or GIF, which lost the card if there was one.
    #[error(
        "This is a {format} picture, and those hold no character card. Download the card as a PNG or JSON file instead."
    )]
    OtherPicture {
        /// What it is.
        format: &'static str,
    },
    /// The file is a zip archive: CHARX, or an archive around a card.
    #[error(
        "This is a zip archive (perhaps CHARX), which cannot be read yet. Export the card as PNG or JSON instead."
    )]
    Archive,
    /// The PNG ends in the middle.
    #[error(
        "This PNG is cut off in the middle. Download or export it again and send the whole file."
    )]
    PngCut,
    /// A checksum of the PNG does not fit, or its parts make no sense.
    #[error("This PNG is damaged: {what}. Download or export it again.")]
    PngDamaged {
        /// What does not fit.
        what: &'static str,
    },
    /// A picture without a card.
    #[error(
        "This PNG holds no character card. Export it again from your character editor as PNG with the card embedded, or give the \
         JSON file."
    )]
    NoCardInPng,
    /// The picture given for an export is no PNG.
    #[error(
        "A card can only be written into a PNG picture, and this is none. Choose a PNG picture."
    )]
    NotPng,
    /// The card inside the PNG is not base64.
    #[error(
        "The card inside this PNG is damaged (it is not base64). Export it again, or give the JSON file."
    )]
    NotBase64,
    /// Not JSON.
    #[error(
        "This is not a character card: it is neither a PNG nor valid JSON (line {line}, column {column}). Give the card as a PNG \
         or JSON file."
    )]
    NotJson {
        /// The line of the first error, counted from 1.
        line: usize,
        /// The column of the first error.
        column: usize,
    },
    /// JSON, but not an object.
    #[error(
        "This JSON is not a character card: a card is an object with a name. Give the file that your character editor exports."
    )]
    NotAnObject,
    /// A standalone lorebook.
    #[error(
        "This is a lorebook, not a character card. Put it into a card with your character editor and give that card."
    )]
    LorebookAlone,
    /// There is a `data` object, but nothing says which format it follows.
    #[error(
        "This card does not say which format it follows (`spec` is missing). Export it again as a V2 or V3 card."
    )]
    NoSpec,
    /// The card follows a format that this program does not know.
    #[error(
        "This card follows the format “{spec}”, which is not known here. Export it again as a V2 or V3 card."
    )]
    UnknownSpec {
        /// What the card says, shortened.
        spec: String,
    },
    /// The format is known, but its `data` object is missing.
    #[error("This card says it is {spec}, but its `data` is missing. Export it again.")]
    NoData {
        /// What the card says, shortened.
        spec: String,
    },
    /// No name.
    #[error(
        "This card has no name. Give the character a name in your character editor and export it again."
    )]
    NoName,
}
