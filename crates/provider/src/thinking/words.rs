//! Thoughts between plain words: Granite's headers, Harmony without its special tokens, fences and folds.

use super::markers::{STRIPPED, STRIPPED_THOUGHTS};
use super::sieve::{Sieve, State};
use super::{Close, Step};

#[derive(Debug)]
pub(super) struct Words {
    opener: String,
    closers: &'static [&'static str],
    raw: String,
}

impl Words {
    pub(super) fn new(opener: &str, closers: &'static [&'static str]) -> Words {
        Words {
            opener: opener.to_owned(),
            closers,
            raw: String::new(),
        }
    }
}

impl Sieve {
    pub(super) fn words(&mut self, mut words: Words, text: &str, close: Option<Close>) -> Step {
        if let Some((at, closer)) = first(text, words.closers) {
            words.raw.push_str(&text[..at]);
            self.frame_thought(&words.raw);
            self.stripped = words.closers == STRIPPED;
            self.state = State::Prose;
            return Step::Took(at + closer.len());
        }
        let length = match close {
            Some(_) => text.len(),
            None => text.len() - unfinished(text, words.closers),
        };
        words.raw.push_str(&text[..length]);
        self.state = State::Words(words);
        if length == 0 {
            Step::More
        } else {
            Step::Took(length)
        }
    }

    /// The answer never came. If the model was done, what it wrote is the answer, however it begins.
    pub(super) fn close_words(&mut self, words: Words, close: Close) -> Option<String> {
        if close == Close::Cut {
            self.frame_thought(&words.raw);
            return None;
        }
        self.say(&words.opener);
        Some(words.raw)
    }

    /// How much of `text` stands in front of a channel of stripped Harmony, and whether one begins there.
    pub(super) fn before_channel(&self, text: &str, whole: bool) -> (usize, bool) {
        if !self.stripped {
            return (text.len(), false);
        }
        match first(text, STRIPPED_THOUGHTS) {
            Some((at, _)) => (at, true),
            None if whole => (text.len(), false),
            None => (text.len() - unfinished(text, STRIPPED_THOUGHTS), false),
        }
    }
}

/// The first of these words in a text, and where it stands.
fn first<'a>(text: &str, words: &[&'a str]) -> Option<(usize, &'a str)> {
    words
        .iter()
        .filter_map(|&word| text.find(word).map(|at| (at, word)))
        .min()
}

/// How many bytes at the end of a text may become one of these words.
fn unfinished(text: &str, words: &[&str]) -> usize {
    let longest = words.iter().map(|word| word.len()).max().unwrap_or(0);
    let from = text.len().saturating_sub(longest);
    (from..text.len())
        .filter(|&at| text.is_char_boundary(at))
        .find(|&at| words.iter().any(|word| word.starts_with(&text[at..])))
        .map_or(0, |at| text.len() - at)
}
