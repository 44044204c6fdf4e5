//! A text of which only a closing tag, or its end, tells whether it is a thought.

use super::block::is_left_out;
use super::look::{Scan, scan};
use super::markers::{Family, MUSINGS, Mark};
use super::sieve::{Sieve, State};
use super::surroundings::{Span, Stance, Surroundings, goes_on};
use super::{Close, Expects, Step};

/// How far a thought is read to know it by its first words, in characters.
const MUSED_WITHIN: usize = 200;
/// How far the end of a sentence is looked for, in characters.
const LONGEST_SENTENCE: usize = 300;

#[derive(Debug, Default)]
pub(super) struct Held {
    kept: String,
    here: Surroundings,
    /// The model is known to close what it never opened.
    known: bool,
    /// It begins with `<s>`.
    struck: bool,
    /// Blocks that were opened and not closed.
    depth: usize,
    /// Behind the opener that came last.
    opened: usize,
    /// Where the answer begins, if no better place comes.
    maybe: Option<usize>,
    /// Behind closing tags in the middle of a sentence, of which the sentence may speak.
    doubts: Vec<usize>,
    /// Behind a closing tag in a fence of code, which is no such tag if the fence closes.
    fenced: Option<usize>,
    closed: bool,
}

/// What a mark does to a text that is held.
enum Met {
    /// It belongs to the text.
    Text,
    /// The thought is over.
    Over,
}

impl Held {
    pub(super) fn new(expects: Expects) -> Held {
        Held {
            known: expects == Expects::ClosesOnly,
            ..Held::default()
        }
    }

    pub(super) fn struck(expects: Expects) -> Held {
        Held {
            struck: true,
            ..Held::new(expects)
        }
    }

    fn keep(&mut self, text: &str) {
        self.kept.push_str(text);
        self.here.see(text);
    }

    fn meet(&mut self, mark: Mark, token: &str, after: Option<char>) -> Met {
        let stance = self.here.stance(after);
        let behind = self.kept.len() + token.len();
        if matches!(mark, Mark::Open(_)) {
            self.opened = behind;
        }
        match mark {
            _ if stance == Stance::Quoted => {}
            Mark::Close(_) if self.opened > 0 && is_left_out(&self.kept[self.opened..]) => {}
            Mark::Open(Family::Think | Family::Bare) if stance != Stance::Sentence => {
                self.depth += 1
            }
            Mark::Close(Family::Think) if self.here.in_fence() => self.fenced = Some(behind),
            Mark::Close(Family::Think) if self.depth > 0 => {
                self.depth -= 1;
                self.maybe = self.known.then_some(behind);
            }
            Mark::Close(Family::Think) if stance == Stance::Sentence && self.known => {
                self.maybe = Some(behind);
            }
            // At the end of the text as before the end of the sentence.
            Mark::Close(Family::Think)
                if self.here.stance(after.or(Some('.'))) == Stance::Sentence && !self.known =>
            {
                // With a comma or a period behind it there is no doubt: it is spoken of.
                let doubtful = after.is_none_or(|c| c == ' ');
                self.doubts.extend(doubtful.then_some(behind));
            }
            Mark::Close(Family::Think) => return Met::Over,
            _ => {}
        }
        self.keep(token);
        Met::Text
    }

    /// Where the answer begins, now that nothing more comes; none if there is none.
    fn answer(&mut self, close: Close) -> Option<usize> {
        // The fence never closed: it is the thought's.
        if self.fenced.is_some() && self.here.in_fence() {
            return self.fenced;
        }
        let closed = |at: &&usize| !self.speaks_of(**at, close);
        let closer = self.doubts.iter().rev().find(closed).copied();
        self.maybe.or(closer).or((!self.known).then_some(0))
    }

    /// Does a sentence speak of the closing tag that ends here? Then it goes on, and comes to its end.
    fn speaks_of(&self, at: usize, close: Close) -> bool {
        let behind = &self.kept[at..];
        let ends = |c: char| ".!?:;…。！？：；".contains(c);
        let line = behind.chars().take(LONGEST_SENTENCE);
        let whole = match behind {
            "" => close == Close::Plain,
            _ if goes_on(behind, true) != Some(true) => false,
            _ => close == Close::Cut || line.take_while(|c| *c != '\n').any(ends),
        };
        whole && !self.muses()
    }

    /// Does it speak of the person for whom the answer should be?
    fn muses(&self) -> bool {
        let first: String = self.kept.chars().take(MUSED_WITHIN).collect();
        let first = first.to_lowercase();
        MUSINGS.iter().any(|words| first.contains(words))
    }
}

impl Sieve {
    pub(super) fn held(&mut self, mut held: Box<Held>, text: &str, close: Option<Close>) -> Step {
        let step = match scan(text, close) {
            Scan::More => Step::More,
            Scan::Torn => Step::Took(text.len()),
            Scan::Plain(length) => {
                held.keep(&text[..length]);
                Step::Took(length)
            }
            Scan::Mark(mark, length, after) => match held.here.span(text, close.is_some()) {
                Span::Unknown => Step::More,
                Span::Closes(length) => {
                    held.keep(&text[..length]);
                    Step::Took(length)
                }
                Span::Open => match held.meet(mark, &text[..length], after) {
                    Met::Text => Step::Took(length),
                    Met::Over => {
                        self.only_closed = true;
                        self.frame_thought(&held.kept);
                        // Of an unknown model the thought may go on: it ends at the last closing tag.
                        self.state = if held.known {
                            State::Start
                        } else {
                            State::Held(Box::new(Held {
                                closed: true,
                                ..Held::default()
                            }))
                        };
                        return Step::Took(length);
                    }
                },
            },
        };
        self.state = State::Held(held);
        step
    }

    /// Returns what is read as the answer.
    pub(super) fn close_held(&mut self, mut held: Held, close: Close) -> Option<String> {
        self.holds = false;
        if held.struck {
            self.unstrike(&mut held);
        }
        let mused = !held.known && !held.closed && close == Close::Cut && held.muses();
        let from = held.answer(close).filter(|from| *from > 0 || !mused);
        let Some(from) = from else {
            self.thought = true;
            self.doubtful = close == Close::Plain;
            return None;
        };
        self.state = State::Start;
        let answer = held.kept.split_off(from);
        if from > 0 {
            self.only_closed = true;
            self.frame_thought(&held.kept);
        }
        Some(answer)
    }

    /// Tells the `<s>` that begins a text from one that strikes it through.
    fn unstrike(&mut self, held: &mut Held) {
        let closers = held.kept.matches("</s>").count();
        if closers == 0 || (closers == 1 && held.kept.trim_end().ends_with("</s>")) {
            return;
        }
        self.strikes += 1;
        self.say("<s>");
    }
}
