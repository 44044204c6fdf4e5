//! Where a turn ends and another begins: the model's own header goes, and what it writes for others is not read.

use super::look::{Scan, scan};
use super::markers::{FOREIGN_LINES, FOREIGN_ROLES, Harmony, Mark, OWN_ROLES};
use super::sieve::{Sieve, State};
use super::{Close, Step};

/// The longest name of a role, in bytes.
const LONGEST_ROLE: usize = 40;

/// A turn of someone else in front of the model's own: it repeats its prompt.
#[derive(Debug, Default)]
pub(super) struct Echo {
    pub(super) raw: String,
}

/// A token that ends a turn, if nothing of the same turn follows.
#[derive(Debug)]
pub(super) struct Behind {
    raw: String,
    /// The white space behind it.
    white: String,
    /// It is text, if any text follows.
    literal: bool,
    /// The model said itself that its turn is over, and did not begin again.
    over: bool,
}

impl Behind {
    pub(super) fn new(token: &str, literal: bool) -> Behind {
        Behind {
            raw: token.to_owned(),
            white: String::new(),
            literal,
            over: false,
        }
    }

    /// Behind the model's own mark of the end.
    pub(super) fn over(token: &str) -> Behind {
        Behind {
            over: true,
            ..Behind::new(token, false)
        }
    }
}

/// Whose turn it is.
enum Turn {
    More,
    /// The model's; the header goes on for so many bytes.
    Own(usize),
    Foreign(usize),
    /// Somebody's with a name.
    Named(usize),
}

impl Sieve {
    pub(super) fn behind(&mut self, mut behind: Behind, text: &str, close: Option<Close>) -> Step {
        self.frame();
        let lead = text.len() - text.trim_start().len();
        if lead > 0 {
            behind.white.push_str(&text[..lead]);
            self.state = State::Behind(behind);
            return Step::Took(lead);
        }
        let (state, length) = match scan(text, close) {
            Scan::More => {
                self.state = State::Behind(behind);
                return Step::More;
            }
            Scan::Torn => (State::Over, text.len()),
            Scan::Mark(
                mark @ (Mark::End
                | Mark::Pad
                | Mark::Own
                | Mark::Drop
                | Mark::Strike { .. }
                | Mark::Harmony(Harmony::End | Harmony::Over)),
                length,
                _,
            ) => {
                // Its turn begins again, or a part of it.
                behind.over &= !matches!(mark, Mark::Own | Mark::Drop);
                behind.raw.push_str(&behind.white);
                behind.raw.push_str(&text[..length]);
                behind.white.clear();
                (State::Behind(behind), length)
            }
            _ if behind.literal => return self.after_all(&behind),
            Scan::Mark(Mark::Foreign | Mark::Call, length, _) => (State::Over, length),
            Scan::Mark(Mark::Turn, length, _) => (State::Role(None), length),
            Scan::Mark(Mark::Harmony(_) | Mark::Close(_) | Mark::Answer { closing: true }, ..) => {
                return self.after_all(&behind);
            }
            Scan::Mark(_, length, _) if behind.over => (State::Over, length),
            Scan::Mark(..) => return self.after_all(&behind),
            Scan::Plain(_) => match line(text, close.is_some()) {
                Turn::More => {
                    self.state = State::Behind(behind);
                    return Step::More;
                }
                Turn::Foreign(length) => (State::Over, length),
                Turn::Own(length) => {
                    self.say(&behind.white);
                    (self.answer(), length)
                }
                Turn::Named(_) if behind.over => (State::Over, text.len()),
                Turn::Named(_) => return self.after_all(&behind),
            },
        };
        self.state = state;
        Step::Took(length)
    }

    /// The same turn goes on behind the token.
    fn after_all(&mut self, behind: &Behind) -> Step {
        if behind.literal {
            self.say(&behind.raw);
        }
        self.say(&behind.white);
        self.state = State::Prose;
        Step::Took(0)
    }

    pub(super) fn role(&mut self, echo: Option<Echo>, text: &str, close: Option<Close>) -> Step {
        let (state, length) = match role(text, close.is_some()) {
            Turn::More => {
                self.state = State::Role(echo);
                return Step::More;
            }
            Turn::Foreign(_) | Turn::Named(_) if self.visible => (State::Over, text.len()),
            Turn::Foreign(length) => (State::Echo(echo.unwrap_or_default()), length),
            Turn::Own(length) | Turn::Named(length) => (self.answer(), length),
        };
        self.frame();
        self.skips |= !self.gap.is_empty();
        self.state = state;
        Step::Took(length)
    }

    pub(super) fn echo(&mut self, mut echo: Echo, text: &str, close: Option<Close>) -> Step {
        let (length, over) = match scan(text, close) {
            Scan::More => {
                self.state = State::Echo(echo);
                return Step::More;
            }
            Scan::Torn => (text.len(), false),
            Scan::Plain(length) => (length, false),
            Scan::Mark(Mark::Turn, length, _) => {
                self.state = State::Role(Some(echo));
                return Step::Took(length);
            }
            Scan::Mark(mark, length, _) => {
                let own = mark == Mark::Own || &text[..length] == "[/INST]";
                (length, own)
            }
        };
        if over {
            self.state = State::Start;
            return Step::Took(length);
        }
        if matches!(scan(text, close), Scan::Plain(_)) {
            echo.raw.push_str(&text[..length]);
        }
        self.state = State::Echo(echo);
        Step::Took(length)
    }
}

/// The role whose name stands behind a token that begins a turn.
fn role(text: &str, whole: bool) -> Turn {
    let name = text.trim_start_matches(' ');
    let lead = text.len() - name.len();
    let begins = |role: &str| {
        name.get(..role.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(role))
    };
    if let Some(role) = OWN_ROLES.iter().find(|role| begins(role)) {
        return Turn::Own(lead + role.len());
    }
    if let Some(role) = FOREIGN_ROLES.iter().find(|role| begins(role)) {
        return Turn::Foreign(lead + role.len());
    }
    match name.find(|c: char| !c.is_alphanumeric() && !" _-.".contains(c)) {
        None if !whole && name.len() <= LONGEST_ROLE => Turn::More,
        Some(end) if name[end..].starts_with('\n') && (1..=LONGEST_ROLE).contains(&end) => {
            Turn::Named(lead + end)
        }
        _ => Turn::Own(lead),
    }
}

/// The turn that begins with a line of plain words behind the end of another.
fn line(text: &str, whole: bool) -> Turn {
    let own = OWN_ROLES[..2].iter().map(|role| format!("{role}\n"));
    for line in own {
        if text.starts_with(&line) {
            return Turn::Own(line.len());
        }
        if !whole && line.starts_with(text) {
            return Turn::More;
        }
    }
    for line in FOREIGN_LINES {
        if text.starts_with(line) {
            return Turn::Foreign(line.len());
        }
        if !whole && line.starts_with(text) {
            return Turn::More;
        }
    }
    Turn::Named(0)
}
