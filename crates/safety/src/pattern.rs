//! Patterns that are written in the source and compiled once.

use regex::{Regex, RegexSet};

/// Compiles one pattern of ours.
#[expect(
    clippy::expect_used,
    reason = "every pattern is a literal of this crate, and a test compiles each of them"
)]
pub(crate) fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of this crate")
}

/// Compiles a list of patterns of ours.
#[expect(
    clippy::expect_used,
    reason = "every pattern is a literal of this crate, and a test compiles each of them"
)]
pub(crate) fn set(patterns: impl IntoIterator<Item = String>) -> RegexSet {
    RegexSet::new(patterns).expect("patterns of this crate")
}

/// Compiles a pattern that holds names that people chose; none if it grew too large, as with thousands of people.
pub(crate) fn checked(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()
}
