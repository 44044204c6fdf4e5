//! The start of a reply, where the headers of templates and the openers of thoughts stand.

use super::block::Block;
use super::held::Held;
use super::look::{Scan, scan};
use super::markers::{FOLD_ENDS, FOLDED, Family, HEADERS, Harmony, Mark, WORDS};
use super::sieve::{Sieve, State};
use super::turns::Echo;
use super::words::Words;
use super::{Close, Step};

/// How far the summary of a fold is looked for, in bytes.
const LONGEST_SUMMARY: usize = 300;

/// What a reply begins with.
enum Head {
    /// It may become something yet.
    More,
    /// So many bytes that are not for people, and what is read behind them.
    Then(State, usize),
    /// The answer, or what may be one.
    Text,
}

impl Sieve {
    pub(super) fn start(&mut self, text: &str, close: Option<Close>) -> Step {
        let lead = text.len() - text.trim_start().len();
        if lead > 0 {
            self.say(&text[..lead]);
            self.state = State::Start;
            return Step::Took(lead);
        }
        match self.head(text, close) {
            Head::More => {
                self.state = State::Start;
                Step::More
            }
            Head::Then(state, length) => {
                self.frame();
                self.state = state;
                Step::Took(length)
            }
            Head::Text => {
                self.state = if self.holds {
                    State::Held(Box::new(Held::new(self.expects)))
                } else {
                    State::Prose
                };
                Step::Took(0)
            }
        }
    }

    fn head(&mut self, text: &str, close: Option<Close>) -> Head {
        match scan(text, close) {
            Scan::More => Head::More,
            Scan::Torn => Head::Then(State::Start, text.len()),
            Scan::Plain(_) => self.words_at(text, close.is_some()),
            Scan::Mark(mark, length, after) => self.mark_at(mark, &text[..length], after),
        }
    }

    fn mark_at(&mut self, mark: Mark, token: &str, after: Option<char>) -> Head {
        let state = match mark {
            Mark::Open(family) if self.unclosed.contains(&family) => return Head::Text,
            Mark::Open(family) => State::Block(Box::new(Block::new(family, token))),
            Mark::Answer { closing: false } => {
                self.wrapped = true;
                State::Start
            }
            Mark::Answer { closing: true } | Mark::Close(Family::Weak(_)) => return Head::Text,
            Mark::Strike { closing: false } if self.strikes > 0 => return Head::Text,
            // "<s>struck</s> through", or "<s>the whole reply</s>"? The end tells.
            Mark::Strike { closing: false }
                if after.is_some_and(|c| !c.is_whitespace() && c != '<' && c != '[') =>
            {
                State::Held(Box::new(Held::struck(self.expects)))
            }
            Mark::Foreign => State::Echo(Echo::default()),
            Mark::Turn => State::Role(None),
            Mark::Call => State::Over,
            Mark::Harmony(Harmony::Start) => State::Header(String::new()),
            Mark::Harmony(Harmony::Channel) => State::Header(Harmony::channel()),
            Mark::Close(_)
            | Mark::Drop
            | Mark::End
            | Mark::Pad
            | Mark::Own
            | Mark::Stray
            | Mark::Strike { .. }
            | Mark::Harmony(_) => State::Start,
        };
        Head::Then(state, token.len())
    }

    fn words_at(&mut self, text: &str, whole: bool) -> Head {
        let mut more = false;
        let mut begins = |words: &str| {
            more |= !whole && words.len() > text.len() && words.starts_with(text);
            text.starts_with(words)
        };
        if let Some(header) = HEADERS.iter().find(|header| begins(header)) {
            return Head::Then(State::Start, header.len());
        }
        if begins("assistant<|channel|>") {
            return Head::Then(
                State::Header(Harmony::channel()),
                "assistant<|channel|>".len(),
            );
        }
        // Harmony that lost only its first token.
        for channel in ["analysis", "commentary", "final"] {
            if begins(&format!("{channel}<|message|>")) {
                return Head::Then(State::Header(Harmony::channel() + channel), channel.len());
            }
        }
        if begins("to=self<|message|>") {
            let token = "to=self<|message|>";
            let block = Block::new(Family::Message, token);
            return Head::Then(State::Block(Box::new(block)), token.len());
        }
        if begins("assistantfinal") {
            return self.final_channel("assistantfinal".len());
        }
        let words = WORDS.iter().find(|(words, _)| begins(words));
        let (bare_final, bare_thought) = (begins("final"), begins("thought"));
        if more {
            return Head::More;
        }
        match folded(text, whole) {
            Some(0) => return Head::More,
            Some(length) => {
                let words = Words::new(&text[..length], FOLD_ENDS);
                return Head::Then(State::Words(words), length);
            }
            None => {}
        }
        let next = |words: &str| text[words.len()..].chars().next();
        if let Some(&(words, closers)) = words {
            let joined = words.starts_with("assistant") || !words.ends_with(char::is_alphabetic);
            return match next(words) {
                None if !whole => Head::More,
                Some(c) if joined || c.is_alphanumeric() || "\"“{[*".contains(c) => {
                    Head::Then(State::Words(Words::new(words, closers)), words.len())
                }
                _ => Head::Text,
            };
        }
        if bare_final || bare_thought {
            let word = if bare_final { "final" } else { "thought" };
            return match next(word) {
                None if !whole => Head::More,
                Some(c)
                    if bare_final && (c.is_uppercase() || c == '{' || c == '"' || is_emoji(c)) =>
                {
                    self.final_channel(word.len())
                }
                Some(c) if bare_thought && c.is_uppercase() => Head::Then(State::Start, word.len()),
                _ => Head::Text,
            };
        }
        Head::Text
    }

    /// The final channel of stripped Harmony begins.
    fn final_channel(&mut self, length: usize) -> Head {
        self.stripped = true;
        self.frame_thought("");
        Head::Then(State::Prose, length)
    }
}

/// How long the head of a fold is whose summary speaks of thinking; nothing of it, if more must come to tell.
fn folded(text: &str, whole: bool) -> Option<usize> {
    const OPENER: &str = "<details";
    const CLOSER: &str = "</summary>";
    if !text.starts_with(OPENER) {
        return (!whole && OPENER.starts_with(text)).then_some(0);
    }
    let Some(end) = text.find(CLOSER) else {
        return (!whole && text.len() <= LONGEST_SUMMARY).then_some(0);
    };
    let head = text[..end].to_lowercase();
    let (_, summary) = head.rsplit_once("<summary")?;
    let thinks = end <= LONGEST_SUMMARY && FOLDED.iter().any(|word| summary.contains(word));
    thinks.then_some(end + CLOSER.len())
}

/// Emoji and other pictures, from "Mahjong Tiles" on.
fn is_emoji(c: char) -> bool {
    ('\u{1F000}'..'\u{20000}').contains(&c)
}
