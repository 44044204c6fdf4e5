//! The answer, in which a mark may be a mark or a person's word for it.

use super::block::Block;
use super::look::{Scan, scan_line};
use super::markers::{Family, Harmony, Mark};
use super::sieve::{Sieve, State};
use super::surroundings::{Span, Stance, goes_on};
use super::turns::Behind;
use super::{Close, Step};

/// Alpaca's next turn: a heading of exactly this line, behind an empty one.
const NEXT_INSTRUCTION: &str = "### Instruction:\n";

impl Sieve {
    pub(super) fn prose(&mut self, text: &str, close: Option<Close>) -> Step {
        self.state = State::Prose;
        let whole = close.is_some();
        if self.gap.ends_with("\n\n") && self.visible && !self.here.in_fence() {
            if text.starts_with(NEXT_INSTRUCTION) {
                self.frame();
                self.state = State::Over;
                return Step::Took(text.len());
            }
            if !whole && NEXT_INSTRUCTION.starts_with(text) {
                return Step::More;
            }
        }
        match scan_line(text, close) {
            Scan::More => Step::More,
            Scan::Torn => {
                self.frame();
                Step::Took(text.len())
            }
            Scan::Plain(length) => self.plain(&text[..length], whole || length < text.len()),
            Scan::Mark(mark, length, after) => self.mark(mark, text, length, after, whole),
        }
    }

    /// Shows plain text; `ended` if it goes on no further.
    fn plain(&mut self, text: &str, ended: bool) -> Step {
        let (length, channel) = self.before_channel(text, ended);
        if length == 0 && !channel {
            return Step::More;
        }
        self.say(&text[..length]);
        if channel {
            self.thought = true;
            self.frame();
            self.state = State::Over;
        }
        Step::Took(length)
    }

    fn mark(
        &mut self,
        mark: Mark,
        text: &str,
        length: usize,
        after: Option<char>,
        whole: bool,
    ) -> Step {
        let token = &text[..length];
        if self.here.in_fence() {
            if ends(mark) {
                self.state = State::Behind(Behind::new(token, true));
            } else {
                self.say(token);
            }
            return Step::Took(length);
        }
        match self.here.span(text, whole) {
            Span::Unknown => return Step::More,
            Span::Closes(length) => {
                self.say(&text[..length]);
                return Step::Took(length);
            }
            Span::Open => {}
        }
        let stance = self.here.stance(after);
        let thought = matches!(mark, Mark::Open(_) | Mark::Close(Family::Think));
        let line = stance == Stance::Line && ends(mark);
        let speaks = match line {
            true => goes_on(&text[length..], whole),
            false => self.here.speaks(&text[length..], whole),
        };
        let speaks = match speaks {
            None if thought || line => return Step::More,
            speaks => speaks == Some(true),
        };
        let next = if stance == Stance::Quoted {
            None
        } else {
            self.answered(mark, token, stance, speaks)
        };
        match next {
            Some(state) => self.state = state,
            None => self.say(token),
        }
        Step::Took(length)
    }

    /// What follows a mark in the answer; none if it is text.
    fn answered(&mut self, mark: Mark, token: &str, stance: Stance, speaks: bool) -> Option<State> {
        let spoken_of = stance == Stance::Sentence;
        match mark {
            Mark::Open(family @ (Family::Think | Family::Message | Family::Bare)) => {
                if self.unclosed.contains(&family) {
                    return None;
                }
                let block = Block::amid(family, token, stance, speaks);
                return Some(State::Block(Box::new(block)));
            }
            Mark::Close(Family::Think) => return self.unopened(token, speaks),
            Mark::Strike { closing: false } => {
                self.strikes += 1;
                return None;
            }
            Mark::Strike { closing: true } if self.strikes > 0 => {
                self.strikes -= 1;
                return None;
            }
            Mark::Answer { closing: true } if self.wrapped => {}
            Mark::Open(_) | Mark::Close(_) | Mark::Answer { .. } => return None,
            Mark::Drop => {}
            Mark::End | Mark::Strike { .. } | Mark::Harmony(Harmony::End)
                if !spoken_of && !speaks =>
            {
                return Some(State::Behind(Behind::over(token)));
            }
            Mark::Pad => return Some(State::Behind(Behind::new(token, spoken_of))),
            Mark::End | Mark::Strike { .. } | Mark::Harmony(Harmony::End) => {
                return Some(State::Behind(Behind::new(token, true)));
            }
            Mark::Harmony(token) => return self.token(token, stance),
            Mark::Own | Mark::Turn | Mark::Foreign | Mark::Call | Mark::Stray if spoken_of => {
                return None;
            }
            Mark::Own | Mark::Stray => {}
            Mark::Turn => {
                self.frame();
                return Some(State::Role(None));
            }
            Mark::Foreign | Mark::Call => {
                self.frame();
                return Some(State::Over);
            }
        }
        self.frame();
        Some(State::Prose)
    }

    /// A closing tag without its opener. What stands in front of it was shown: whoever shows the whole text cuts it there.
    fn unopened(&mut self, token: &str, spoken_of: bool) -> Option<State> {
        if spoken_of {
            return None;
        }
        if self.settled {
            self.frame();
            return Some(State::Prose);
        }
        self.only_closed = true;
        self.thought = true;
        Some(State::Behind(Behind::new(token, true)))
    }
}

/// Can a text end with this mark?
fn ends(mark: Mark) -> bool {
    matches!(
        mark,
        Mark::End | Mark::Pad | Mark::Strike { closing: true } | Mark::Harmony(Harmony::End)
    )
}
