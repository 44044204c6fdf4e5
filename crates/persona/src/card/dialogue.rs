//! Example dialogues: the text of `mes_example`, cut at `<START>` and into who says what.

use crate::macros::{self, Scene};

/// Who speaks a line of an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Speaker {
    /// The person who chats: `{{user}}:`.
    Person,
    /// The persona: `{{char}}:`.
    Persona,
    /// Text before anyone speaks.
    Nobody,
}

/// What one of them says in an example. Macros are not expanded yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Who speaks.
    pub speaker: Speaker,
    /// What is said; may have several lines.
    pub text: String,
}

/// One example dialogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialogue {
    /// What is said, in order.
    pub lines: Vec<Line>,
}

/// How a speaker can be written before the colon, beside the names themselves.
const PERSON: [&str; 3] = ["{{user}}", "<user>", "you"];
const PERSONA: [&str; 3] = ["{{char}}", "<bot>", "<char>"];

impl Dialogue {
    /// The dialogue with names in front of the lines and macros expanded.
    #[must_use]
    pub fn render(&self, scene: &Scene<'_>) -> String {
        let lines = self.lines.iter().map(|line| {
            let text = macros::expand(&line.text, scene);
            match line.speaker {
                Speaker::Person => format!("{}: {text}", macros::one_line(scene.person)),
                Speaker::Persona => format!("{}: {text}", macros::one_line(scene.persona)),
                Speaker::Nobody => text,
            }
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// Cuts `mes_example` into dialogues. Text without any `<START>` is one dialogue. `names` are those of the character, which
/// some cards write out instead of `{{char}}`.
pub(super) fn parse(examples: &str, names: &[&str]) -> Vec<Dialogue> {
    let unix = examples.replace("\r\n", "\n").replace('\r', "\n");
    blocks(&unix)
        .into_iter()
        .map(|block| dialogue(block, names))
        .filter(|dialogue| !dialogue.lines.is_empty())
        .collect()
}

/// The text between the marks, in any spelling of their case.
fn blocks(text: &str) -> Vec<&str> {
    const MARK: &str = "<start>";
    // ASCII lower case keeps every byte at its place, so the places fit the original text.
    let lower = text.to_ascii_lowercase();
    let mut from = 0;
    let mut blocks = Vec::new();
    for (at, _) in lower.match_indices(MARK) {
        blocks.push(&text[from..at]);
        from = at + MARK.len();
    }
    blocks.push(&text[from..]);
    blocks
}

fn dialogue(block: &str, names: &[&str]) -> Dialogue {
    let mut lines: Vec<Line> = Vec::new();
    for raw in block.trim().lines() {
        if let Some((speaker, text)) = spoken(raw, names) {
            lines.push(Line {
                speaker,
                text: text.to_owned(),
            });
        } else if let Some(last) = lines.last_mut() {
            last.text.push('\n');
            last.text.push_str(raw.trim_end());
        } else if !raw.trim().is_empty() {
            lines.push(Line {
                speaker: Speaker::Nobody,
                text: raw.trim().to_owned(),
            });
        }
    }
    for line in &mut lines {
        line.text.truncate(line.text.trim_end().len());
    }
    lines.retain(|line| !line.text.is_empty());
    Dialogue { lines }
}

/// The speaker in front of a colon, if it is one of the two.
fn spoken<'a>(raw: &'a str, names: &[&str]) -> Option<(Speaker, &'a str)> {
    let (who, text) = raw.split_once([':', '：'])?;
    let text = if who.starts_with("**") {
        text.strip_prefix("**").unwrap_or(text)
    } else {
        text
    };
    let who = who.trim().trim_matches('*').to_lowercase();
    let is = |known: &str| !known.is_empty() && who == known.to_lowercase();
    if PERSONA.iter().copied().chain(names.iter().copied()).any(is) {
        return Some((Speaker::Persona, text.trim()));
    }
    PERSON
        .iter()
        .copied()
        .any(is)
        .then(|| (Speaker::Person, text.trim()))
}
