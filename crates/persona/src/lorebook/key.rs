//! One key and how it is found in a text.

use regex::{Regex, RegexBuilder};

use crate::script::{composed, folded, parts_words};

/// The longest regular expression that is compiled, in bytes, and how large it may become.
const MAX_PATTERN_BYTES: usize = 1_000;
const MAX_PATTERN_SIZE: usize = 256 * 1024;

/// How the keys of an entry are compared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matching {
    pub(super) case_sensitive: bool,
    pub(super) whole_words: bool,
    /// Every key is a regular expression.
    pub(super) regex: bool,
    /// A key between slashes is one.
    pub(super) regex_in_slashes: bool,
}

/// A key, ready to search with.
#[derive(Debug, Clone)]
pub(super) struct Needle {
    text: String,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Text {
        folded: String,
        case_sensitive: bool,
        whole_words: bool,
    },
    Pattern(Regex),
    /// An expression that does not compile, is too large, or is one too many. Version 3: then the entry does not match at all.
    Broken,
}

/// A text to search in, in the two forms that keys ask for.
pub(super) struct Haystack {
    composed: String,
    folded: String,
}

impl Haystack {
    pub(super) fn new(text: &str) -> Self {
        let composed = composed(text);
        Self {
            folded: composed.to_lowercase(),
            composed,
        }
    }
}

impl Needle {
    /// Prepares a key; `patterns` is how many expressions may still be compiled.
    pub(super) fn new(key: &str, matching: Matching, patterns: &mut usize) -> Self {
        let slashed = matching
            .regex_in_slashes
            .then(|| between_slashes(key))
            .flatten();
        let kind = match slashed {
            Some((pattern, flags)) => compiled(pattern, flags, patterns),
            None if matching.regex => compiled(
                key,
                if matching.case_sensitive { "" } else { "i" },
                patterns,
            ),
            None => {
                let Matching {
                    case_sensitive,
                    whole_words,
                    ..
                } = matching;
                let folded = if case_sensitive {
                    composed(key.trim())
                } else {
                    folded(key.trim())
                };
                Kind::Text {
                    folded,
                    case_sensitive,
                    whole_words,
                }
            }
        };
        Self {
            text: key.trim().to_owned(),
            kind,
        }
    }

    /// The key as the entry has it.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether this is an expression that cannot be used.
    pub(super) fn is_broken(&self) -> bool {
        matches!(self.kind, Kind::Broken)
    }

    /// Whether the key is in the text.
    pub(super) fn is_in(&self, hay: &Haystack) -> bool {
        match &self.kind {
            Kind::Broken => false,
            Kind::Pattern(pattern) => pattern.is_match(&hay.composed),
            Kind::Text { folded, .. } if folded.is_empty() => false,
            Kind::Text {
                folded,
                case_sensitive,
                whole_words,
            } => {
                let text = if *case_sensitive {
                    &hay.composed
                } else {
                    &hay.folded
                };
                text.match_indices(folded.as_str())
                    .any(|(at, _)| !whole_words || stands_alone(text, at, folded.len()))
            }
        }
    }
}

/// Whether words end on both sides of the found piece.
fn stands_alone(text: &str, at: usize, length: usize) -> bool {
    let (before, found, after) = (&text[..at], &text[at..at + length], &text[at + length..]);
    let apart = |left: Option<char>, right: Option<char>| match (left, right) {
        (Some(left), Some(right)) => parts_words(left, right),
        _ => true,
    };
    apart(before.chars().next_back(), found.chars().next())
        && apart(found.chars().next_back(), after.chars().next())
}

/// The expression and flags of `/expression/flags`.
fn between_slashes(key: &str) -> Option<(&str, &str)> {
    let (pattern, flags) = key.trim().strip_prefix('/')?.rsplit_once('/')?;
    let known = !pattern.is_empty() && flags.chars().all(|flag| "dgimsuvy".contains(flag));
    known.then_some((pattern, flags))
}

/// Compiles an expression of a kind whose time is linear in the text, whatever the expression.
fn compiled(pattern: &str, flags: &str, patterns: &mut usize) -> Kind {
    let Some(left) = patterns
        .checked_sub(1)
        .filter(|_| pattern.len() <= MAX_PATTERN_BYTES)
    else {
        return Kind::Broken;
    };
    *patterns = left;
    RegexBuilder::new(pattern)
        .case_insensitive(flags.contains('i'))
        .multi_line(flags.contains('m'))
        .dot_matches_new_line(flags.contains('s'))
        .size_limit(MAX_PATTERN_SIZE)
        .dfa_size_limit(MAX_PATTERN_SIZE)
        .build()
        .map_or(Kind::Broken, Kind::Pattern)
}
