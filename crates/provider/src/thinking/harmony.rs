//! Harmony, the format of gpt-oss: messages in channels, of which only the final one is for people.
//!
//! `<|start|>assistant<|channel|>analysis<|message|>…<|end|>`; openai/harmony, `docs/format.md`. Servers lose its parts in
//! many ways: the start, the end, all special tokens (see `words`).

use super::look::{Scan, scan};
use super::markers::{FOREIGN_ROLES, Harmony, Mark};
use super::sieve::{Sieve, State};
use super::surroundings::Stance;
use super::{Close, Step};

/// The longest header, in bytes. More is a message whose header lost its end.
const LONGEST_HEADER: usize = 256;
/// Stands for `<|channel|>` in a header.
const CHANNEL: char = '\u{1}';
/// Stands for the other tokens in a header.
const TOKEN: char = '\u{2}';

/// For whom a message is.
enum Audience {
    People,
    /// For people, if the model tells them nothing else.
    Perhaps,
    Nobody,
    /// Someone else speaks.
    Foreign,
}

impl Harmony {
    /// A header of which the token of the channel came.
    pub(super) fn channel() -> String {
        CHANNEL.to_string()
    }
}

impl Sieve {
    pub(super) fn header(&mut self, mut header: String, text: &str, close: Option<Close>) -> Step {
        let length = match scan(text, close) {
            Scan::More => {
                self.state = State::Header(header);
                return Step::More;
            }
            Scan::Torn => text.len(),
            Scan::Plain(length) => {
                header.push_str(&text[..length]);
                length
            }
            Scan::Mark(Mark::Harmony(Harmony::Message), length, _) => {
                self.open_message(&header);
                return Step::Took(length);
            }
            Scan::Mark(Mark::Harmony(Harmony::End | Harmony::Over), length, _) => {
                self.state = self.answer();
                return Step::Took(length);
            }
            Scan::Mark(mark, length, _) => {
                let channel = mark == Mark::Harmony(Harmony::Channel);
                header.push(if channel { CHANNEL } else { TOKEN });
                length
            }
        };
        self.state = if header.len() > LONGEST_HEADER {
            State::Channel(None)
        } else {
            State::Header(header)
        };
        Step::Took(length)
    }

    fn open_message(&mut self, header: &str) {
        self.frame_thought("");
        self.state = match audience(header) {
            Audience::People => {
                self.skips |= !self.visible;
                State::Prose
            }
            Audience::Perhaps => State::Channel(Some(String::new())),
            Audience::Foreign if self.visible => State::Over,
            Audience::Nobody | Audience::Foreign => State::Channel(None),
        };
    }

    pub(super) fn channel(
        &mut self,
        mut spare: Option<String>,
        text: &str,
        close: Option<Close>,
    ) -> Step {
        let (length, ends) = match scan(text, close) {
            Scan::More => {
                self.state = State::Channel(spare);
                return Step::More;
            }
            Scan::Torn => (text.len(), None),
            Scan::Plain(length) => (length, None),
            Scan::Mark(Mark::Harmony(token), length, _) => {
                let state = match token {
                    Harmony::End | Harmony::Over => Some(self.answer()),
                    Harmony::Start => Some(State::Header(String::new())),
                    Harmony::Channel => Some(State::Header(Harmony::channel())),
                    Harmony::Constrain | Harmony::Message => None,
                };
                (length, state)
            }
            Scan::Mark(_, length, _) => (length, None),
        };
        let Some(state) = ends else {
            let said = &text[..length];
            match &mut spare {
                Some(spare) => spare.push_str(said),
                None => self.thought |= !said.trim().is_empty(),
            }
            self.state = State::Channel(spare);
            return Step::Took(length);
        };
        self.keep_spare(spare);
        self.state = state;
        Step::Took(length)
    }

    /// Keeps what is shown if nothing else is.
    pub(super) fn keep_spare(&mut self, spare: Option<String>) {
        if let Some(spare) = spare.filter(|spare| !spare.trim().is_empty()) {
            self.spare = spare;
        }
    }

    /// A token of Harmony in the answer.
    pub(super) fn token(&mut self, token: Harmony, stance: Stance) -> Option<State> {
        if stance == Stance::Sentence {
            return None;
        }
        self.frame();
        Some(match token {
            Harmony::Start => State::Header(String::new()),
            Harmony::Channel => State::Header(Harmony::channel()),
            Harmony::Over => State::Over,
            Harmony::Constrain | Harmony::Message | Harmony::End => State::Prose,
        })
    }
}

/// For whom the message with this header is: `analysis`, `assistant` + channel + `commentary to=functions.x`, `user`.
fn audience(header: &str) -> Audience {
    let name = |text: &str| -> String {
        let text = text.trim_start();
        let end = |c: char| !c.is_alphanumeric() && c != '_';
        text.split(end).next().unwrap_or("").to_lowercase()
    };
    let role = name(header);
    if FOREIGN_ROLES.contains(&role.as_str()) || role == "functions" {
        return Audience::Foreign;
    }
    let recipient = header.split("to=").nth(1).map(name);
    let channel = header.rsplit_once(CHANNEL).map(|(_, name)| name);
    match (channel.map(name).as_deref(), recipient.as_deref()) {
        (_, Some(recipient)) if recipient != "user" => Audience::Nobody,
        (None | Some("final"), _) => Audience::People,
        (Some("commentary"), None) => Audience::Perhaps,
        _ => Audience::Nobody,
    }
}
