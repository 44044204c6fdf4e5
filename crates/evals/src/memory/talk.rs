//! Conversations with questions about them, in the format of LoCoMo's file.

use std::collections::HashMap;
use std::path::Path;

use ::memory::{Author, Fact, FactId, NewTurn, Origin, ScopeId, TurnKind};
use anyhow::Context as _;
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde_json::{Map, Value};
use store::id::{MessageId, UserId};

/// How LoCoMo writes when a session was.
const SESSION_TIME: &str = "%I:%M %p on %d %B, %Y";
/// Between two turns of a session, which the file does not tell.
const BETWEEN: TimeDelta = TimeDelta::seconds(30);

/// A conversation and what is asked about it.
pub struct Talk {
    /// Its turns in their order; turn `n` gets the number `n + 1` in the memory.
    pub lines: Vec<Line>,
    /// The questions of categories 1 to 4 that have evidence.
    pub questions: Vec<Ask>,
    /// What the file says was observed, each with the turns that it comes from.
    pub facts: Vec<Line>,
    /// Questions of these categories that name no turn as evidence and so cannot be counted.
    pub without_evidence: usize,
}

/// Something that was said, or observed.
pub struct Line {
    by: String,
    text: String,
    at: DateTime<Utc>,
    /// The turns that it shows, as numbers in the memory: itself, or the sources of a fact.
    pub shows: Vec<i64>,
}

/// A question.
pub struct Ask {
    /// Its words.
    pub text: String,
    /// LoCoMo's category: 1 several turns, 2 time, 3 needs the world's knowledge, 4 one turn.
    pub category: u64,
    /// The turns that answer it, as numbers in the memory.
    pub evidence: Vec<i64>,
    /// Whether it is marked as put in other words than its answer.
    pub paraphrased: bool,
}

impl Talk {
    /// Spells each Chinese character as a letter of a script that is indexed as it stands, by whole runs, as SQLite's
    /// tokenizer takes Chinese if nobody helps it.
    pub fn without_cjk(&mut self) {
        let mut letters = HashMap::new();
        let mut spell = |text: &mut String| {
            *text = text
                .chars()
                .map(|c| {
                    if !('\u{4e00}'..='\u{9fff}').contains(&c) {
                        return c;
                    }
                    // Yi syllables: more than a thousand letters, none of which is split.
                    let next = 0xA000 + letters.len() as u32 % 0x48C;
                    *letters
                        .entry(c)
                        .or_insert(char::from_u32(next).unwrap_or(c))
                })
                .collect();
        };
        for line in self.lines.iter_mut().chain(&mut self.facts) {
            spell(&mut line.by);
            spell(&mut line.text);
        }
        for ask in &mut self.questions {
            spell(&mut ask.text);
        }
    }
}

impl Ask {
    /// Asks it with every `nth` word left out, as somebody would who remembers less.
    pub fn leave_out(&mut self, nth: usize) {
        let words = self.text.split_whitespace().enumerate();
        let left: Vec<&str> = words
            .filter(|(n, _)| (n + 1) % nth.max(2) != 0)
            .map(|(_, word)| word)
            .collect();
        self.text = left.join(" ");
    }
}

impl Line {
    /// When it was said.
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// Its words.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// As a message in a channel.
    pub fn turn(&self, scope: ScopeId) -> NewTurn {
        NewTurn {
            scope,
            author: Author::Person(self.user()),
            author_name: self.by.clone(),
            kind: TurnKind::Chat,
            text: self.text.clone(),
            messages: vec![],
            at: self.at,
            reply_to: None,
            answers: None,
            proxied: false,
        }
    }

    /// As a fact about whoever said it, known in a scope, that was read from the turns which it shows.
    pub fn fact(&self, id: i64, scope: ScopeId) -> Fact {
        Fact {
            id: FactId(id),
            scope,
            about: self.user(),
            about_name: self.by.clone(),
            proxied: false,
            text: self.text.clone(),
            sources: self.shows.iter().map(|turn| message(*turn)).collect(),
            origin: Origin::Extracted,
            strength: 1,
            pinned: false,
            learned_at: self.at,
            confirmed_at: self.at,
            superseded: None,
        }
    }

    fn user(&self) -> UserId {
        let bytes = self.by.bytes();
        bytes
            .fold(7_u64, |id, byte| id * 31 % 1_000_003 + u64::from(byte))
            .into()
    }
}

/// The message in which a turn was said.
pub fn message(turn: i64) -> MessageId {
    turn.unsigned_abs().into()
}

/// Reads a file of conversations.
pub fn read(path: &Path) -> anyhow::Result<Vec<Talk>> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    parse(&bytes).with_context(|| format!("{} is not in LoCoMo's format", path.display()))
}

/// Reads the conversations of a file.
pub fn parse(bytes: &[u8]) -> anyhow::Result<Vec<Talk>> {
    let samples: Vec<Value> = serde_json::from_slice(bytes)?;
    samples.iter().map(talk).collect()
}

fn talk(sample: &Value) -> anyhow::Result<Talk> {
    let conversation = sample["conversation"]
        .as_object()
        .context("a sample has no conversation")?;
    let mut numbers = HashMap::new();
    let mut lines = Vec::new();
    for session in sessions(conversation) {
        let begun = begun(conversation, session)?;
        let said = conversation[&format!("session_{session}")].as_array();
        for (turn, n) in said.into_iter().flatten().zip(0..) {
            let number = lines.len() as i64 + 1;
            numbers.extend(place(&turn["dia_id"]).map(|place| (place, number)));
            lines.push(Line {
                by: turn["speaker"].as_str().unwrap_or_default().to_owned(),
                text: words(turn),
                at: begun + BETWEEN * n,
                shows: vec![number],
            });
        }
    }
    let numbered = |evidence: &Value| -> Vec<i64> {
        let mut found: Vec<i64> = places(evidence)
            .iter()
            .filter_map(|place| numbers.get(place).copied())
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    };
    let asked = sample["qa"].as_array().into_iter().flatten();
    let mut questions: Vec<Ask> = asked
        .map(|ask| Ask {
            text: ask["question"].as_str().unwrap_or_default().to_owned(),
            category: ask["category"].as_u64().unwrap_or_default(),
            evidence: numbered(&ask["evidence"]),
            paraphrased: ask["paraphrased"].as_bool().unwrap_or_default(),
        })
        .filter(|ask| (1..=4).contains(&ask.category))
        .collect();
    let all = questions.len();
    questions.retain(|ask| !ask.evidence.is_empty());
    let facts = facts(sample, conversation, numbered)?;
    Ok(Talk {
        without_evidence: all - questions.len(),
        lines,
        questions,
        facts,
    })
}

/// What was said, with the caption of its picture as the bot would see it. The `query` that a picture was found by is
/// not part of the conversation.
fn words(turn: &Value) -> String {
    let text = turn["text"].as_str().unwrap_or_default();
    match turn["blip_caption"].as_str() {
        Some(caption) => format!("{text} [image: {caption}]"),
        None => text.to_owned(),
    }
}

fn facts(
    sample: &Value,
    conversation: &Map<String, Value>,
    numbered: impl Fn(&Value) -> Vec<i64>,
) -> anyhow::Result<Vec<Line>> {
    let mut facts = Vec::new();
    for session in sessions(conversation) {
        let begun = begun(conversation, session)?;
        let people = sample["observation"][format!("session_{session}_observation")].as_object();
        for (person, observed) in people.into_iter().flatten() {
            for fact in observed.as_array().into_iter().flatten() {
                let Some(text) = fact[0].as_str() else {
                    continue;
                };
                facts.push(Line {
                    by: person.clone(),
                    text: text.to_owned(),
                    at: begun,
                    shows: numbered(&fact[1]),
                });
            }
        }
    }
    Ok(facts)
}

fn sessions(conversation: &Map<String, Value>) -> Vec<u32> {
    let mut sessions: Vec<u32> = conversation
        .iter()
        .filter(|(_, said)| said.is_array())
        .filter_map(|(key, _)| key.strip_prefix("session_")?.parse().ok())
        .collect();
    sessions.sort_unstable();
    sessions
}

fn begun(conversation: &Map<String, Value>, session: u32) -> anyhow::Result<DateTime<Utc>> {
    let at = conversation
        .get(&format!("session_{session}_date_time"))
        .and_then(Value::as_str)
        .with_context(|| format!("session {session} has no date"))?;
    let at = NaiveDateTime::parse_from_str(at, SESSION_TIME)
        .with_context(|| format!("{at:?} is not a date as LoCoMo writes it"))?;
    Ok(at.and_utc())
}

fn place(id: &Value) -> Option<(u32, u32)> {
    places(id).first().copied()
}

/// Every turn that an evidence entry names. The file has some that name several ("D8:6; D9:17") or are spelled
/// otherwise ("D:11:26", "D30:05"); one that names none ("D") is no evidence.
fn places(evidence: &Value) -> Vec<(u32, u32)> {
    let text = match evidence {
        Value::String(text) => text.clone(),
        Value::Array(all) => {
            let texts: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
            texts.join(" ")
        }
        _ => return Vec::new(),
    };
    text.split('D')
        .filter_map(|place| {
            let mut numbers = place
                .split(|c: char| !c.is_ascii_digit())
                .filter(|digits| !digits.is_empty())
                .map(str::parse);
            Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn evidence_that_is_spelled_otherwise_is_repaired() {
        let evidence = json!([
            "D1:3",
            "D8:6; D9:17",
            "D:11:26",
            "D30:05",
            "D",
            "D9:1 D4:4 D4:6"
        ]);
        let expected = [
            (1, 3),
            (8, 6),
            (9, 17),
            (11, 26),
            (30, 5),
            (9, 1),
            (4, 4),
            (4, 6),
        ];
        assert_eq!(places(&evidence), expected);
    }
}
