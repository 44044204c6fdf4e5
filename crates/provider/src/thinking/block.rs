//! A thought between its opener and its closer.

use super::look::{Scan, scan};
use super::markers::{Family, Harmony, Mark};
use super::sieve::{Sieve, State};
use super::surroundings::{Stance, Surroundings};
use super::{Close, Step};

/// What stands between two tags that are spoken of, and is no thought: `<think> and </think>`.
const AND: &[&str] = &["and", "or", "&", "to", "和", "与", "或", "到"];

#[derive(Debug)]
pub(super) struct Block {
    family: Family,
    opener: String,
    /// How the opener stands in the answer; none if the answer has not begun.
    amid: Option<Stance>,
    /// The sentence that the opener stands in seems to speak of it.
    spoken: bool,
    /// The thought so far.
    raw: String,
    here: Surroundings,
    /// Blocks inside that are open.
    depth: usize,
    /// The opener came twice in a row: one of the two may never be closed.
    doubled: bool,
    /// Behind a closer that may not have been the right one.
    maybe: Option<usize>,
}

impl Block {
    pub(super) fn new(family: Family, opener: &str) -> Block {
        Block {
            family,
            opener: opener.to_owned(),
            amid: None,
            spoken: false,
            raw: String::new(),
            here: Surroundings::default(),
            depth: 0,
            doubled: false,
            maybe: None,
        }
    }

    /// A block in the answer.
    pub(super) fn amid(family: Family, opener: &str, stance: Stance, spoken: bool) -> Block {
        Block {
            amid: Some(stance),
            spoken,
            ..Block::new(family, opener)
        }
    }

    fn keep(&mut self, text: &str) {
        self.raw.push_str(text);
        self.here.see(text);
    }

    fn closes(&self, mark: Mark) -> bool {
        match self.family {
            Family::Message => matches!(mark, Mark::End | Mark::Harmony(Harmony::End)),
            Family::Bare => matches!(
                mark,
                Mark::Close(Family::Think) | Mark::Harmony(Harmony::End)
            ),
            family => mark == Mark::Close(family),
        }
    }

    /// Is all of this no thought, but a sentence about the tags? None if more must come to tell.
    fn speaks(&self, behind: &str, whole: bool) -> Option<bool> {
        let inside = self.raw.trim();
        if self.amid.is_some() && is_left_out(inside) {
            return Some(true);
        }
        if !self.spoken && !AND.contains(&inside) {
            return Some(false);
        }
        self.here.speaks(behind, whole)
    }

    /// Does this mark end the thought?
    fn ends(&mut self, mark: Mark, token: &str, after: Option<char>) -> bool {
        let stance = self.here.stance(after);
        let behind = self.raw.len() + token.len();
        if stance == Stance::Quoted {
            self.keep(token);
            return false;
        }
        if mark == Mark::Open(self.family) && stance != Stance::Sentence {
            let again = self.raw.trim().is_empty();
            self.doubled |= again;
            self.depth += usize::from(!again);
        }
        if self.closes(mark) {
            if stance != Stance::Sentence && self.depth == 0 && !self.doubled {
                return true;
            }
            self.depth = self.depth.saturating_sub(1);
            self.maybe = Some(behind);
        }
        self.keep(token);
        false
    }
}

/// Do only dots stand between the tags? Nobody thinks so; who explains the tags writes so.
pub(super) fn is_left_out(inside: &str) -> bool {
    !inside.is_empty() && inside.chars().all(|c| c == '.' || c == '…')
}

impl Sieve {
    pub(super) fn block(
        &mut self,
        mut block: Box<Block>,
        text: &str,
        close: Option<Close>,
    ) -> Step {
        let step = match scan(text, close) {
            Scan::More => Step::More,
            Scan::Torn => Step::Took(text.len()),
            Scan::Plain(length) => {
                block.keep(&text[..length]);
                Step::Took(length)
            }
            Scan::Mark(mark, length, after) => {
                let speaks = match block.closes(mark) && block.depth == 0 {
                    true => block.speaks(&text[length..], close.is_some()),
                    false => Some(false),
                };
                if speaks == Some(true) {
                    self.say(&block.opener);
                    self.say(&block.raw);
                    self.say(&text[..length]);
                    self.state = State::Prose;
                    return Step::Took(length);
                }
                if speaks.is_none() {
                    self.state = State::Block(block);
                    return Step::More;
                }
                if block.ends(mark, &text[..length], after) {
                    self.leave(&block);
                    return Step::Took(length);
                }
                Step::Took(length)
            }
        };
        self.state = State::Block(block);
        step
    }

    /// The thought is over.
    fn leave(&mut self, block: &Block) {
        self.skips |= !self.gap.is_empty();
        self.frame_thought(&block.raw);
        self.state = self.answer();
    }

    /// The text ended inside the thought. Returns what is read as the answer.
    pub(super) fn close_block(&mut self, mut block: Block, close: Close) -> Option<String> {
        if let Some(behind) = block.maybe {
            let answer = block.raw.split_off(behind);
            self.leave(&block);
            self.unclosed.push(block.family);
            return Some(answer);
        }
        let soft = match (block.family, block.amid) {
            (Family::Bare, _) | (Family::Weak(_), None) => true,
            // A person's word for it in the middle of a line; on a line of its own it is the model's.
            (_, Some(stance)) => stance != Stance::Line,
            _ => false,
        };
        if close == Close::Cut || !soft {
            self.frame_thought(&block.raw);
            self.thought = true;
            return None;
        }
        self.unclosed.push(block.family);
        self.state = self.answer();
        if block.family != Family::Bare || block.amid == Some(Stance::Sentence) {
            self.say(&block.opener);
            self.state = State::Prose;
        }
        Some(block.raw)
    }
}
