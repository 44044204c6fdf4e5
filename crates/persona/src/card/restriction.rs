//! What a card says about the people and the places it is for: whether it is age-restricted, and its languages.

use super::{Card, field};
use crate::script::folded;

/// Tags that mean adult content wherever they stand inside a tag.
const ADULT_WORDS: [&str; 16] = [
    "nsfw", "nsfl", "explicit", "erotic", "erotica", "porn", "hentai", "smut", "lewd", "r18",
    "r18g", "18+", "xxx", "sexual", "fetish", "kink",
];

/// Tags that mean adult content only where they are the whole tag (a “young adult” novel is none).
const ADULT_TAGS: [&str; 12] = [
    "adult",
    "adults",
    "adult only",
    "adults only",
    "adult content",
    "mature",
    "mature content",
    "成人",
    "成人向",
    "色情",
    "r-18",
    "18 +",
];

/// The same in scripts without spaces, anywhere inside a tag.
const ADULT_PARTS: [&str; 4] = ["成人向", "色情", "十八禁", "限制级"];

impl Card {
    /// Whether the persona may only speak where Discord marks a channel as age-restricted: by its tags, or because
    /// `extensions.familiar.age_restricted` says so. The extension cannot lift what a tag says.
    #[must_use]
    pub fn is_age_restricted(&self) -> bool {
        let flagged = self
            .familiar()
            .and_then(|own| field::flag(own, &["age_restricted"]))
            .unwrap_or(false);
        flagged || self.tags().iter().any(|tag| is_adult(tag))
    }

    /// The languages the persona speaks, the first one first, as codes such as `en` or `zh-tw`: what
    /// `extensions.familiar.language` says, as one code, several in one text (`zh-en`, `zh, en`), or a list. Empty if it does not
    /// say.
    #[must_use]
    pub fn languages(&self) -> Vec<String> {
        let Some(own) = self.familiar() else {
            return Vec::new();
        };
        let codes = field::list(own, &["language", "languages"]);
        codes
            .iter()
            .flat_map(|codes| codes.split([',', '+', '/', ' ', ';']))
            .flat_map(pair)
            .filter(|code| !code.is_empty())
            .collect()
    }

    /// The first of [`Card::languages`] without its region, `en` if the card does not say.
    #[must_use]
    pub fn main_language(&self) -> String {
        let first = self.languages().into_iter().next().unwrap_or_default();
        match first.split(['-', '_']).next() {
            Some(code) if !code.is_empty() => code.to_owned(),
            _ => "en".to_owned(),
        }
    }
}

/// `zh-en` is two languages, `zh-TW` and `de-de` are one in a region.
fn pair(code: &str) -> Vec<String> {
    const LANGUAGES: [&str; 10] = ["en", "zh", "ja", "ko", "de", "fr", "es", "it", "pt", "ru"];
    match code.split_once('-') {
        Some((one, other)) if one != other && LANGUAGES.contains(&other) => {
            vec![one.to_ascii_lowercase(), other.to_owned()]
        }
        _ => vec![code.to_ascii_lowercase()],
    }
}

/// Whether a tag stands for adult content. `sfw` does not.
fn is_adult(tag: &str) -> bool {
    let tag = folded(tag);
    let tag = tag.trim().trim_start_matches('#');
    let mut words = tag.split(|c: char| !c.is_alphanumeric() && c != '+');
    ADULT_TAGS.contains(&tag)
        || words.any(|word| ADULT_WORDS.contains(&word))
        || ADULT_PARTS.iter().any(|part| tag.contains(part))
}
