//! The maker's notes for people, in several languages.

use serde_json::Value;

use super::{Card, field};

impl Card {
    /// The maker's notes, in `language` (an ISO 639-1 code such as `zh`, a region after it does not matter) where the card has
    /// them, else in English, else in any language. For people; never part of a prompt.
    #[must_use]
    pub fn creator_notes(&self, language: &str) -> String {
        let plain = field::text(self.definition(), &["creator_notes"]);
        let Some(many) = field::object(self.definition(), "creator_notes_multilingual") else {
            return plain;
        };
        let of = |wanted: &str| {
            let notes = many
                .iter()
                .filter_map(|(code, text)| Some((code, text.as_str()?)));
            let mut fitting =
                notes.filter(|(code, text)| base(code) == base(wanted) && !text.is_empty());
            fitting.next().map(|(_, text)| text.to_owned())
        };
        // Version 3: next to the multilingual notes, the plain ones are the English ones unless there are others.
        of(language)
            .or_else(|| of("en"))
            .or_else(|| Some(plain).filter(|plain| !plain.is_empty()))
            .or_else(|| many.values().find_map(Value::as_str).map(str::to_owned))
            .unwrap_or_default()
    }
}

/// The language of a code without its region: `zh-CN` is `zh`.
pub(super) fn base(code: &str) -> String {
    code.split(['-', '_'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
}
