//! Takes thoughts and the tokens of chat templates out of a reply that comes in pieces.
//!
//! Models that think write their thoughts into the reply in a dozen ways, and servers with a wrong template let its
//! tokens through. [`Thoughts`] is the one filter for all of them. A thought is never returned while the reply still
//! comes, an answer is never lost, and what people may really write (tags in code or quotes, headings, HTML) stays.
//!
//! ```text
//! piece ─► Sieve: start ─► prose ─► text
//!                   │ ▲      │ ▲
//!                   ▼ │      ▼ │
//!            held · block · words · harmony · turns   (what each holds back, it gives back or forgets)
//! ```
//!
//! `markers` are the marks as data, `look` finds one at the beginning of a text, `surroundings` tells how it stands
//! there. The other files are what can be read at the moment. Each takes from the text what is certain, and leaves the
//! rest for the next piece, so that it never matters where a text was cut.
//!
//! Known and not mended: the first words of an answer inside a thought (MiniMax-M3), and thoughts without any mark
//! (`THOUGHT:` of Gemini 2.5 Flash, the tail of an analysis that vLLM moves into the text).

mod block;
mod habit;
mod harmony;
mod held;
mod look;
mod markers;
mod prose;
mod sieve;
mod start;
mod surroundings;
mod turns;
mod words;

#[cfg(test)]
mod tests;

pub(crate) use habit::Habit;

use sieve::Sieve;

/// How this model is known to write at this endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Expects {
    /// Nothing is known. All is held until the end, unless the text shows its manner at once: whether a closing tag will
    /// come cannot be told before it comes.
    #[default]
    Unknown,
    /// What it writes is the answer, or is marked as a thought from its first character on.
    Plain,
    /// Its template opens the thought in the prompt: all is a thought up to the closing tag.
    ClosesOnly,
}

/// How the reply ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Close {
    /// The model was done.
    Plain,
    /// It was cut: by the cap, a filter, or a fault.
    Cut,
}

/// Takes the thoughts out of one reply.
#[derive(Debug)]
pub(crate) struct Thoughts {
    sieve: Sieve,
    /// What cannot be decided on yet.
    pending: String,
}

impl Thoughts {
    pub(crate) fn new(expects: Expects) -> Thoughts {
        Thoughts {
            sieve: Sieve::new(expects),
            pending: String::new(),
        }
    }

    /// The part of the text so far that may be shown now; may be empty.
    pub(crate) fn pass(&mut self, piece: &str) -> String {
        self.pending.push_str(piece);
        self.run(None);
        self.sieve.take()
    }

    /// What was held back when the stream ended.
    pub(crate) fn rest(&mut self, close: Close) -> String {
        self.run(Some(close));
        while let Some(again) = self.sieve.close(close) {
            self.pending = again;
            self.run(Some(close));
        }
        self.sieve.take()
    }

    /// Was anything a thought? Reliable when the reply is over.
    pub(crate) fn saw_thought(&self) -> bool {
        self.sieve.thought
    }

    /// What the reply, now over, has shown of the model's manner; none if that leaves things as they were.
    pub(crate) fn learned(&self) -> Option<Expects> {
        self.sieve.learned()
    }

    fn run(&mut self, close: Option<Close>) {
        let text = std::mem::take(&mut self.pending);
        let mut at = 0;
        while at < text.len() {
            match self.sieve.step(&text[at..], close) {
                Step::Took(length) => at += length,
                Step::More => break,
            }
        }
        self.pending.push_str(&text[at..]);
    }
}

/// What a state did with the text in front of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// So many bytes are dealt with. None, if only the state changed.
    Took(usize),
    /// It cannot be decided before more came.
    More,
}
