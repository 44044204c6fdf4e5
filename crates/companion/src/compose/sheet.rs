//! The sheet on which a prompt is laid out. It writes down what each section takes of its share, for the reply's report.

use store::reports::{self, Item, Section, Source};

use super::{Phrases, Said, Shares};

/// The sections of a prompt, as reports name them.
pub const SECTIONS: [&str; 14] = [
    "persona and safety",
    "world",
    "summary",
    "facts",
    "names",
    "examples",
    "recent turns",
    "example again",
    "lore",
    "recalled",
    "reminder",
    "guidance",
    "told",
    "message",
];

/// A part of the prompt that has a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// See [`Shares::frame`].
    Frame,
    /// See [`Shares::lore`].
    Lore,
    /// See [`Shares::recent`].
    Recent,
    /// See [`Shares::recalled`].
    Recalled,
    /// See [`Shares::message`].
    Message,
}

impl Share {
    fn of(self, shares: Shares) -> reports::Share {
        let (name, limit) = match self {
            Self::Frame => ("frame", shares.frame),
            Self::Lore => ("lore", shares.lore),
            Self::Recent => ("recent", shares.recent),
            Self::Recalled => ("recalled", shares.recalled),
            Self::Message => ("message", shares.message),
        };
        reports::Share {
            name: name.to_owned(),
            limit: small(limit),
        }
    }
}

/// One line of a section.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The line.
    pub text: String,
    /// Where it comes from, for the reply's report.
    pub source: Option<Source>,
}

impl Line {
    /// About how many tokens it takes.
    pub fn tokens(&self) -> usize {
        memory::tokens(&self.text)
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self { text, source: None }
    }
}

/// The prompt while it is laid out: what it says, and what each section takes of its share.
pub(super) struct Sheet {
    shares: Shares,
    /// The stable part.
    pub(super) system: Vec<String>,
    /// What stands before the message.
    pub(super) last: String,
    /// What each section took.
    pub(super) sections: Vec<Section>,
}

impl Sheet {
    /// A sheet with the frame on it.
    pub(super) fn new(shares: Shares, frame: Vec<String>) -> Self {
        Self {
            shares,
            system: frame,
            last: String::new(),
            sections: vec![],
        }
    }

    /// Writes down what a section took. Sections without a word are none.
    pub(super) fn note(&mut self, name: &str, share: Option<Share>, tokens: usize, lines: &[Line]) {
        debug_assert!(SECTIONS.contains(&name), "{name} has no words for people");
        if tokens == 0 {
            return;
        }
        let items = lines.iter().filter_map(|line| {
            Some(Item {
                source: line.source.clone()?,
                tokens: small(line.tokens()),
            })
        });
        self.sections.push(Section {
            name: name.to_owned(),
            share: share.map(|share| share.of(self.shares)),
            tokens: small(tokens),
            items: items.collect(),
        });
    }

    /// A section of the stable part, under a title.
    pub(super) fn stable(&mut self, name: &str, share: Share, title: &str, lines: &[Line]) {
        let tokens = lines.iter().map(Line::tokens).sum();
        self.note(name, Some(share), tokens, lines);
        if tokens > 0 {
            self.system.push(format!("{title}:\n{}", joined(lines)));
        }
    }

    /// A section before the message, which changes with each.
    pub(super) fn aside(&mut self, name: &str, share: Option<Share>, title: &str, lines: &[Line]) {
        let tokens = lines.iter().map(Line::tokens).sum();
        self.note(name, share, tokens, lines);
        if tokens > 0 {
            self.last
                .push_str(&format!("[{title}]\n{}\n\n", joined(lines)));
        }
    }

    /// The message, and in one run with it what whoever writes told: small models overlook what stands further away.
    pub(super) fn message(&mut self, message: &str, told: &[Line], phrases: &Phrases, by: &str) {
        let tokens = told.iter().map(Line::tokens).sum();
        self.note("told", Some(Share::Recalled), tokens, told);
        let texts: Vec<&str> = told.iter().map(|line| line.text.as_str()).collect();
        let message = match texts.is_empty() {
            true => message.to_owned(),
            false => phrases.told(by, &texts).beside(message),
        };
        self.last.push_str(&message);
    }

    /// What to do with this message in particular.
    pub(super) fn guidance(&mut self, sentences: &[String]) {
        let tokens = sentences.iter().map(|sentence| memory::tokens(sentence));
        self.note("guidance", Some(Share::Recalled), tokens.sum(), &[]);
        for sentence in sentences {
            self.last.push_str(&format!("[{sentence}]\n\n"));
        }
    }

    /// Earlier messages, which stand in the request as such.
    pub(super) fn talk(&mut self, name: &str, share: Share, talk: &[Said]) {
        self.note(name, Some(share), talk.iter().map(Said::tokens).sum(), &[]);
    }
}

fn joined(lines: &[Line]) -> String {
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    texts.join("\n")
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
