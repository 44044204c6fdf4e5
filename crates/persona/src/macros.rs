//! Macros of character cards: `{{char}}`, `{{user}}`, `{{random:a,b}}` and the rest, in any case.
//!
//! The text of the card is read once, from left to right. What a macro puts in is never read again, so a person who calls
//! themselves `{{char}}` or `{{original}}` is shown under just that name. Macros inside the options of `{{random:…}}` are part of
//! the card's text and are expanded. Macros that are not known here stay as they are.

mod chance;

use std::collections::HashMap;

use chrono::NaiveDateTime;

use chance::Chance;

/// How deep macros may stand inside one another.
const MAX_DEPTH: usize = 8;

/// The longest name of a macro, `hidden_key`.
const LONGEST_NAME: usize = 10;

/// The most dice of one `{{roll:…}}`, and the most faces of a die.
const MAX_DICE: u64 = 100;
const MAX_FACES: u64 = 1_000_000;

/// What macros stand for: names, time and chance.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// `{{char}}` and `<BOT>`: how the persona is called, see [`crate::Card::called`].
    pub persona: &'a str,
    /// `{{user}}` and `<USER>`: how the person is called. A stable text, such as “the others”, keeps a prompt cacheable where
    /// many people talk.
    pub person: &'a str,
    /// The time on the wall where the people are.
    pub now: NaiveDateTime,
    /// Decides `{{random:…}}` and `{{roll:…}}`. The same seed gives the same text.
    pub seed: u64,
    /// Decides `{{pick:…}}`, which stays the same in one conversation: the same for every message of it.
    pub conversation: u64,
}

/// Expands the macros of a text from a card. `{{original}}` stays as it is.
#[must_use]
pub fn expand(text: &str, scene: &Scene<'_>) -> String {
    expand_over(text, scene, None)
}

/// Expands the macros of a text that takes the place of another one, to which it can refer by `{{original}}`.
#[must_use]
pub fn expand_with_original(text: &str, scene: &Scene<'_>, original: &str) -> String {
    expand_over(text, scene, Some(original))
}

/// A name in one line: line breaks in a name would look like a new message to a model.
pub(crate) fn one_line(name: &str) -> String {
    name.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The text without what `{{// …}}` and `{{comment: …}}` hide, and with what `{{hidden_key:…}}` hides: the form in which lore is
/// searched for the keys of other lore.
pub(crate) fn searchable(text: &str) -> String {
    walk(text, &mut |inner| match Macro::of(inner) {
        Macro::Comment => Some(String::new()),
        Macro::HiddenKey(key) => Some(key.to_owned()),
        _ => None,
    })
}

fn expand_over(text: &str, scene: &Scene<'_>, original: Option<&str>) -> String {
    let mut expansion = Expansion {
        scene,
        original,
        chance: Chance::new(scene.seed),
        picks: 0,
        text,
    };
    expansion.pass(text, MAX_DEPTH)
}

/// One text on its way through.
struct Expansion<'a> {
    scene: &'a Scene<'a>,
    original: Option<&'a str>,
    chance: Chance,
    picks: u64,
    /// The whole text: the same text picks the same options.
    text: &'a str,
}

impl Expansion<'_> {
    fn pass(&mut self, text: &str, depth: usize) -> String {
        walk(text, &mut |inner| self.value(inner, depth))
    }

    /// What a macro stands for, or nothing if it is not known here.
    fn value(&mut self, inner: &str, depth: usize) -> Option<String> {
        let now = self.scene.now;
        Some(match Macro::of(inner) {
            Macro::Persona => one_line(self.scene.persona),
            Macro::Person => one_line(self.scene.person),
            Macro::Original => self.original?.to_owned(),
            Macro::Comment | Macro::HiddenKey(_) => String::new(),
            Macro::Newline => "\n".to_owned(),
            Macro::Time => now.format("%H:%M").to_string(),
            Macro::Date => now.format("%Y-%m-%d").to_string(),
            Macro::Weekday => now.format("%A").to_string(),
            Macro::Reverse(text) => self.inner(text, depth).chars().rev().collect(),
            Macro::Random(options) => {
                let options = split_options(options);
                let chosen = self.chance.below(options.len() as u64);
                self.option(&options, chosen, depth)
            }
            Macro::Pick(options) => {
                let options = split_options(options);
                self.picks += 1;
                let mut chance = Chance::of_text(self.scene.conversation ^ self.picks, self.text);
                self.option(&options, chance.below(options.len() as u64), depth)
            }
            Macro::Roll(dice) => self.roll(dice)?.to_string(),
            Macro::Unknown => return None,
        })
    }

    fn option(&mut self, options: &[String], chosen: u64, depth: usize) -> String {
        let chosen = usize::try_from(chosen)
            .ok()
            .and_then(|at| options.get(at))
            .cloned()
            .unwrap_or_default();
        self.inner(&chosen, depth)
    }

    /// Text of the card inside a macro.
    fn inner(&mut self, text: &str, depth: usize) -> String {
        if depth == 0 {
            text.to_owned()
        } else {
            self.pass(text, depth - 1)
        }
    }

    /// `6`, `d6` or `2d6`.
    fn roll(&mut self, dice: &str) -> Option<u64> {
        let dice = dice.trim().to_ascii_lowercase();
        let (count, faces) = dice.split_once('d').unwrap_or(("1", &dice));
        let count = if count.is_empty() {
            1
        } else {
            count.parse().ok()?
        };
        let faces: u64 = faces.trim().parse().ok()?;
        let fits = (1..=MAX_DICE).contains(&count) && (1..=MAX_FACES).contains(&faces);
        fits.then(|| (0..count).map(|_| 1 + self.chance.below(faces)).sum())
    }
}

/// A macro by its name.
enum Macro<'a> {
    Persona,
    Person,
    Original,
    Comment,
    HiddenKey(&'a str),
    Newline,
    Time,
    Date,
    Weekday,
    Reverse(&'a str),
    Random(&'a str),
    Pick(&'a str),
    Roll(&'a str),
    Unknown,
}

impl<'a> Macro<'a> {
    /// Reads what stands between the braces.
    fn of(inner: &'a str) -> Self {
        let inner = inner.trim();
        if inner.starts_with("//") {
            return Self::Comment;
        }
        // No name is longer, and a text of nothing but nested braces is not read again at every level.
        let (name, rest) = match inner
            .bytes()
            .take(LONGEST_NAME + 1)
            .position(|byte| matches!(byte, b':' | b' '))
        {
            Some(at) => (&inner[..at], inner[at + 1..].trim_start()),
            None if inner.len() > LONGEST_NAME => return Self::Unknown,
            None => (inner, ""),
        };
        match (
            name.to_ascii_lowercase().as_str(),
            inner.len() == name.len(),
        ) {
            ("char", true) => Self::Persona,
            ("user", true) => Self::Person,
            ("original", true) => Self::Original,
            ("newline", true) => Self::Newline,
            ("time", true) => Self::Time,
            ("date", true) => Self::Date,
            ("weekday", true) => Self::Weekday,
            ("comment", false) => Self::Comment,
            ("hidden_key", false) => Self::HiddenKey(rest),
            ("reverse", false) => Self::Reverse(rest),
            ("random", false) => Self::Random(rest),
            ("pick", false) => Self::Pick(rest),
            ("roll", false) => Self::Roll(rest.trim_start_matches(':')),
            _ => Self::Unknown,
        }
    }
}

/// Goes through a text once and asks for the value of everything between double braces, and of `<USER>`, `<BOT>` and `<CHAR>`.
/// What has no value stays.
fn walk(text: &str, value: &mut dyn FnMut(&str) -> Option<String>) -> String {
    let pairs = braces(text);
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    while let Some(at) = text[from..].find(['{', '<']).map(|at| from + at) {
        out.push_str(&text[from..at]);
        let found = match pairs.get(&at) {
            Some(end) => Some((&text[at + 2..end - 2], *end)),
            None => angled(&text[at..]).map(|(name, length)| (name, at + length)),
        };
        match found.and_then(|(inner, end)| Some((value(inner)?, end))) {
            Some((value, end)) => {
                out.push_str(&value);
                from = end;
            }
            None => {
                // An unknown macro is passed brace by brace, so that a known one inside it still counts.
                out.push_str(&text[at..=at]);
                from = at + 1;
            }
        }
    }
    out.push_str(&text[from..]);
    out
}

/// Where each double brace opens, and where its pair ends. One pass, however the braces are nested.
fn braces(text: &str) -> HashMap<usize, usize> {
    let bytes = text.as_bytes();
    let (mut open, mut pairs, mut at) = (Vec::new(), HashMap::new(), 0);
    while at < bytes.len() {
        let run = bytes[at..]
            .iter()
            .take_while(|byte| **byte == bytes[at])
            .count();
        match bytes[at] {
            // Of an odd number of braces, the outermost one stands alone: `{{{char}}}` is a macro in single braces.
            b'{' => open.extend((at + run % 2..at + run).step_by(2)),
            b'}' => {
                for end in (at + 2..=at + run).step_by(2) {
                    pairs.extend(open.pop().map(|start| (start, end)));
                }
            }
            _ => {}
        }
        at += run;
    }
    pairs
}

/// The old angled spellings.
fn angled(text: &str) -> Option<(&'static str, usize)> {
    const SPELLINGS: [(&str, &str); 3] =
        [("<user>", "user"), ("<bot>", "char"), ("<char>", "char")];
    let (spelling, name) = SPELLINGS.into_iter().find(|(spelling, _)| {
        text.get(..spelling.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(spelling))
    })?;
    Some((name, spelling.len()))
}

/// Options between commas (`\,` is a comma), or between double colons, as an older habit has it.
fn split_options(options: &str) -> Vec<String> {
    let options = options.trim_start_matches(':');
    if options.contains("::") {
        return options
            .split("::")
            .map(|option| option.trim().to_owned())
            .collect();
    }
    let mut split = vec![String::new()];
    let (mut depth, mut chars) = (0_usize, options.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match (c, split.last_mut()) {
            ('\\', Some(last)) if chars.peek() == Some(&',') => {
                chars.next();
                last.push(',');
            }
            (',', _) if depth == 0 => split.push(String::new()),
            (c, Some(last)) => last.push(c),
            (_, None) => {}
        }
    }
    split
        .into_iter()
        .map(|option| option.trim().to_owned())
        .collect()
}
