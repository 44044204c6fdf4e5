//! In what frame something is said: asked, supposed, told as others' words, played, not meant, taken back. What stands in one
//! is no word of its person about themselves.

mod fiction;
mod hearsay;
mod irony;
mod passing;
mod question;
mod supposed;
mod taken_back;

use super::super::refusal::Unsupported;
use super::clause::written_out;

pub(super) use fiction::{is_all_played, is_fancy, is_play, opens_a_story};
pub(super) use hearsay::disclaims;
pub(super) use irony::{is_a_groan, is_a_sneer, praises};
pub(super) use passing::is_of_a_day;
pub(super) use question::{asks, is_question};
pub(super) use taken_back::{
    calls_off, gives_away, is_a_retraction, is_over, takes_back, walks_back,
};

/// What stands at the head of a line, in words and in characters of Chinese.
const HEAD_WORDS: usize = 6;
const HEAD_SIGNS: usize = 12;

/// Words in whose frame something may stand, so that whole words can be looked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    /// In small letters and written out, with blanks around: ` i am from leeds `.
    words: String,
    /// As they were written, in small letters.
    raw: String,
    /// The same without signs, with blanks around.
    plain: String,
}

impl Frame {
    pub(super) fn of(text: &str) -> Self {
        let raw = text.to_lowercase().replace('’', "'");
        let words: Vec<&str> = raw
            .split(|c: char| !c.is_alphanumeric() && c != '\'')
            .filter(|word| !word.is_empty())
            .collect();
        Self {
            words: written_out(text),
            plain: format!(" {} ", words.join(" ")),
            raw,
        }
    }

    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.split_whitespace()
    }

    /// The words at its head.
    pub(super) fn head(&self) -> Self {
        let first = |words: &str| {
            let words: Vec<&str> = words.split_whitespace().take(HEAD_WORDS).collect();
            format!(" {} ", words.join(" "))
        };
        Self {
            words: first(&self.words),
            raw: self.raw.chars().take(HEAD_SIGNS).collect(),
            plain: first(&self.plain),
        }
    }

    fn has(&self, all: &[&str]) -> bool {
        all.iter().any(|part| match part.is_ascii() {
            true => {
                let part = format!(" {part} ");
                self.words.contains(&part) || self.plain.contains(&part)
            }
            false => self.raw.contains(part),
        })
    }

    fn begins(&self, all: &[&str]) -> bool {
        let begin = self.words.trim_start();
        all.iter().any(|part| match part.is_ascii() {
            true => begin.trim_end() == *part || begin.starts_with(&format!("{part} ")),
            false => self.raw.trim_start().starts_with(part),
        })
    }

    /// Whether it has a word of Chinese.
    fn is_chinese(&self) -> bool {
        self.raw.chars().any(super::is_ideograph)
    }
}

/// The frame that a clause stands in; `before` are the words of its sentence up to it, and `near` the last of those: others'
/// words and stories reach no further, a condition to the end.
pub(super) fn fault(clause: &Frame, near: &Frame, before: &Frame) -> Option<Unsupported> {
    match () {
        () if fiction::tells(clause, near) => Some(Unsupported::Fiction),
        () if hearsay::tells(clause, near) => Some(Unsupported::Hearsay),
        () if supposed::supposes(clause)
            || supposed::leads_on(before)
            || supposed::doubts(near) =>
        {
            Some(Unsupported::Supposed)
        }
        () if irony::is_overdone(clause) => Some(Unsupported::Unmeant),
        () => None,
    }
}
