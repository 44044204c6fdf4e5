//! What is being read at the moment, and what the reply has shown so far.

use super::block::Block;
use super::held::Held;
use super::markers::Family;
use super::surroundings::Surroundings;
use super::turns::{Behind, Echo};
use super::words::Words;
use super::{Close, Expects, Step};

/// What is being read.
#[derive(Debug)]
pub(super) enum State {
    /// Nothing to be shown came yet: headers, openers.
    Start,
    /// A text of which only its closing tag, or its end, tells what it is.
    Held(Box<Held>),
    /// A thought between marks.
    Block(Box<Block>),
    /// A thought between plain words.
    Words(Words),
    /// The header of a Harmony message.
    Header(String),
    /// A Harmony message that is not for people. If it may be after all, its text so far.
    Channel(Option<String>),
    /// The name of a role, behind a token that begins a turn.
    Role(Option<Echo>),
    /// Someone else's turn in front of the model's own.
    Echo(Echo),
    /// The answer.
    Prose,
    /// What stands behind a token that may be the last.
    Behind(Behind),
    /// Nothing that follows is for people.
    Over,
}

#[derive(Debug)]
pub(super) struct Sieve {
    pub(super) state: State,
    pub(super) expects: Expects,
    /// Whether the text must be held when it shows no manner at its start.
    pub(super) holds: bool,
    /// What of the answer is to be returned next.
    shown: String,
    /// White space that waits for what stands behind it.
    pub(super) gap: String,
    /// A mark was taken out behind the gap: at the end the gap goes too.
    framed: bool,
    /// White space is dropped until something visible comes.
    pub(super) skips: bool,
    /// Something was shown.
    pub(super) visible: bool,
    /// What surrounds the next character of the answer.
    pub(super) here: Surroundings,
    /// The special tokens of Harmony were taken out: its channels are plain words.
    pub(super) stripped: bool,
    /// The answer stands in a tag of its own.
    pub(super) wrapped: bool,
    /// How many `<s>` are open.
    pub(super) strikes: usize,
    /// Openers that are known to be never closed: they are text.
    pub(super) unclosed: Vec<Family>,
    /// Harmony's commentary: shown if nothing else comes.
    pub(super) spare: String,
    pub(super) thought: bool,
    /// A thought was closed that was never opened.
    pub(super) only_closed: bool,
    /// The closing tag that was expected never came.
    pub(super) doubtful: bool,
    /// The manner showed itself, or the model was done.
    pub(super) settled: bool,
}

impl Sieve {
    pub(super) fn new(expects: Expects) -> Sieve {
        Sieve {
            state: State::Start,
            expects,
            holds: expects != Expects::Plain,
            shown: String::new(),
            gap: String::new(),
            framed: false,
            skips: false,
            visible: false,
            here: Surroundings::default(),
            stripped: false,
            wrapped: false,
            strikes: 0,
            unclosed: Vec::new(),
            spare: String::new(),
            thought: false,
            only_closed: false,
            doubtful: false,
            settled: false,
        }
    }

    /// Takes what is certain from the beginning of `text`, to which nothing will be added if the reply has its `close`.
    pub(super) fn step(&mut self, text: &str, close: Option<Close>) -> Step {
        match std::mem::replace(&mut self.state, State::Over) {
            State::Start => self.start(text, close),
            State::Held(held) => self.held(held, text, close),
            State::Block(block) => self.block(block, text, close),
            State::Words(words) => self.words(words, text, close),
            State::Header(header) => self.header(header, text, close),
            State::Channel(spare) => self.channel(spare, text, close),
            State::Role(echo) => self.role(echo, text, close),
            State::Echo(echo) => self.echo(echo, text, close),
            State::Prose => self.prose(text, close),
            State::Behind(behind) => self.behind(behind, text, close),
            State::Over => Step::Took(text.len()),
        }
    }

    /// The text is over. Returns what was held back and is to be read after all.
    pub(super) fn close(&mut self, close: Close) -> Option<String> {
        let again = match std::mem::replace(&mut self.state, State::Prose) {
            State::Held(held) => self.close_held(*held, close),
            State::Block(block) => self.close_block(*block, close),
            State::Words(words) => self.close_words(words, close),
            State::Echo(echo) => Some(echo.raw),
            State::Channel(spare) => {
                self.keep_spare(spare);
                None
            }
            State::Behind(_) => {
                self.frame();
                None
            }
            _ => None,
        };
        if again.is_some() {
            return again;
        }
        if close == Close::Plain && !self.visible && !self.spare.trim().is_empty() {
            return Some(std::mem::take(&mut self.spare));
        }
        self.settled |= close == Close::Plain && self.visible;
        if !self.framed {
            self.shown.push_str(&self.gap);
        }
        self.gap.clear();
        self.state = State::Over;
        None
    }

    /// Shows a part of the answer.
    pub(super) fn say(&mut self, text: &str) {
        self.here.see(text);
        for c in text.chars() {
            if c.is_whitespace() {
                if !self.skips {
                    self.gap.push(c);
                }
                continue;
            }
            self.shown.push_str(&self.gap);
            self.shown.push(c);
            self.gap.clear();
            (self.visible, self.skips, self.framed) = (true, false, false);
        }
    }

    /// A mark was taken out here.
    pub(super) fn frame(&mut self) {
        self.framed = true;
        if !self.visible {
            self.gap.clear();
            self.skips = true;
        }
    }

    /// A thought that showed itself is over, and the answer may begin.
    pub(super) fn frame_thought(&mut self, thought: &str) {
        self.frame();
        self.thought |= !thought.trim().is_empty();
        self.holds = false;
        self.settled = true;
    }

    /// The state in which more of the answer is read.
    pub(super) fn answer(&self) -> State {
        if self.visible {
            State::Prose
        } else {
            State::Start
        }
    }

    pub(super) fn take(&mut self) -> String {
        std::mem::take(&mut self.shown)
    }

    pub(super) fn learned(&self) -> Option<Expects> {
        match self.expects {
            _ if self.only_closed => Some(Expects::ClosesOnly),
            Expects::ClosesOnly if self.doubtful => Some(Expects::Unknown),
            Expects::ClosesOnly => None,
            _ if self.settled => Some(Expects::Plain),
            _ => None,
        }
    }
}
