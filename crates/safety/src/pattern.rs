//! Patterns that are written in the source and compiled once.
//!
//! Those over long lists of phrases are compiled to match bytes: a `.` or `[^ ]` that knows all of Unicode would make
//! them ten times as large, and the first message would wait for it.

use std::borrow::Cow;

use regex::bytes;
use regex::{Regex, RegexBuilder};

use crate::normalize::single_letters;

/// Compiles one pattern of ours.
#[expect(
    clippy::expect_used,
    reason = "every pattern is a literal of this crate, and a test compiles each of them"
)]
pub(crate) fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of this crate")
}

/// Compiles a pattern that holds names that people chose; none if it grew too large, as with thousands of people.
pub(crate) fn checked(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).build().ok()
}

/// A list of phrases, any of which may match.
pub(crate) struct Phrases(bytes::RegexSet);

impl Phrases {
    /// Phrases over the words of a [`Seen`](crate::normalize::Seen) text: whole words, each letter counted once.
    pub(crate) fn of_words(phrases: &[&str], parts: &[(&str, &str)]) -> Self {
        Self::compiled(phrases.iter().map(|p| worded(p, parts)))
    }

    /// Phrases over the Chinese of a [`Seen`](crate::normalize::Seen) text.
    pub(crate) fn of_han(phrases: &[&str], parts: &[(&str, &str)]) -> Self {
        Self::compiled(phrases.iter().map(|p| filled(p, parts)))
    }

    #[expect(
        clippy::expect_used,
        reason = "every pattern is a literal of this crate, and a test compiles each of them"
    )]
    fn compiled(patterns: impl Iterator<Item = String>) -> Self {
        Self(
            bytes::RegexSetBuilder::new(patterns)
                .unicode(false)
                .build()
                .expect("patterns of this crate"),
        )
    }

    /// Whether one of the phrases is in `text`.
    pub(crate) fn are_in(&self, text: &[u8]) -> bool {
        self.0.is_match(text)
    }
}

/// Phrases that are taken out of a text before others are looked for.
pub(crate) struct Idioms(bytes::Regex);

impl Idioms {
    /// Idioms over the words of a [`Seen`](crate::normalize::Seen) text.
    pub(crate) fn of_words(idioms: &[&str], parts: &[(&str, &str)]) -> Self {
        // One pair of spaces around all, so that each idiom is whole words.
        let all = idioms
            .iter()
            .map(|p| single_letters(&filled(p, parts)))
            .collect::<Vec<_>>()
            .join("|");
        Self::compiled(&format!(" (?:{all}) "))
    }

    /// Idioms over the Chinese of a [`Seen`](crate::normalize::Seen) text.
    pub(crate) fn of_han(idioms: &[&str], parts: &[(&str, &str)]) -> Self {
        Self::compiled(
            &idioms
                .iter()
                .map(|p| filled(p, parts))
                .collect::<Vec<_>>()
                .join("|"),
        )
    }

    #[expect(
        clippy::expect_used,
        reason = "every pattern is a literal of this crate, and a test compiles each of them"
    )]
    fn compiled(pattern: &str) -> Self {
        Self(
            bytes::RegexBuilder::new(pattern)
                .unicode(false)
                .build()
                .expect("patterns of this crate"),
        )
    }

    /// Whether one of them is in `text`.
    pub(crate) fn are_in(&self, text: &str) -> bool {
        self.0.is_match(text.as_bytes())
    }

    /// `text` with `gap` in their place.
    pub(crate) fn taken_out<'t>(&self, text: &'t str, gap: &str) -> Cow<'t, [u8]> {
        self.0.replace_all(text.as_bytes(), gap.as_bytes())
    }
}

/// A pattern with its named parts filled in. Parts may name other parts, those behind them in the list.
fn filled(readable: &str, parts: &[(&str, &str)]) -> String {
    let pattern = parts
        .iter()
        .fold(readable.to_owned(), |text, (name, part)| {
            text.replace(name, part)
        });
    format!("(?:{pattern})")
}

fn worded(readable: &str, parts: &[(&str, &str)]) -> String {
    format!(" {} ", single_letters(&filled(readable, parts)))
}
