//! Consolidation: one model call for many messages writes the rolling summary and reads out facts.
//!
//! This room decides when it is due, writes the question and reads the answer. Who asks a model, and pays for it, is the
//! companion's affair. An answer is never trusted: a fact is kept only if its person allows facts, said it themselves,
//! and the words of the fact stand in what they said; a summary only if its words stand in what it sums up.

mod answer;
mod category;
mod question;
mod support;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use store::consents::Consent;
use store::consolidations::{Consolidated, Progress};
use store::facts::{Fact, NewFact, Origin};
use store::id::{FactId, MessageId, ScopeId, UserId};
use store::turns::{Author, Turn};
use store::{Store, StoreError};

use crate::tokens::{tokens, turn_tokens};
use answer::{Claim, RawAnswer};
use support::Words;

pub use category::is_sensitive;

/// Facts of a scope that a model is shown, so that it can say which of them a new one replaces.
const SHOWN: u32 = 40;
/// The most facts that one call may add: more is a list, not a memory.
const MOST_FACTS: usize = 8;
/// A fact is one sentence.
const LONGEST_FACT: usize = 240;
/// Two facts with this share of their words in common are one.
const SAME: f64 = 0.7;
/// The most tokens of a summary.
const LONGEST_SUMMARY: usize = 260;

/// When a scope is consolidated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Turns that make it due.
    pub every: i64,
    /// Turns that are read at once, at most.
    pub most: i64,
    /// Tokens that they may have together.
    pub max_tokens: usize,
}

/// Turns that are to be read, and what is known already.
#[derive(Clone, Debug)]
pub struct Batch {
    scope: ScopeId,
    progress: Progress,
    through: i64,
    turns: Vec<Turn>,
    known: Vec<Fact>,
    consents: HashMap<UserId, Consent>,
}

/// The text of a question to a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What it is to do.
    pub system: String,
    /// What it is to read.
    pub text: String,
    /// The JSON Schema of its answer, for endpoints that hold a model to one.
    pub schema: serde_json::Value,
}

/// An answer in which there was nothing to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the model's answer holds no JSON object with a summary or facts")]
pub struct Unreadable;

pub(crate) async fn due(
    store: &Store,
    scope: &ScopeId,
    pace: Pace,
) -> Result<Option<Batch>, StoreError> {
    let progress = store.progress(scope).await?;
    let newest = store.newest_number(scope).await?;
    if newest - progress.through < pace.every.max(1) {
        return Ok(None);
    }
    let last = newest.min(progress.through + pace.most.max(1));
    let numbers: Vec<i64> = (progress.through + 1..=last).collect();
    let mut turns = store.turns_numbered(scope, &numbers).await?;
    let through = cut(&mut turns, pace.max_tokens).unwrap_or(last);
    let mut people: Vec<UserId> = turns.iter().filter_map(person).collect();
    people.sort();
    people.dedup();
    let consents = store.consenting(&people).await?.into_iter().collect();
    let known = store.facts(scope, SHOWN).await?;
    Ok(Some(Batch {
        scope: *scope,
        progress,
        through,
        turns,
        known,
        consents,
    }))
}

/// Cuts the turns to a number of tokens, and says which is the last one then; a single turn that is longer is kept.
fn cut(turns: &mut Vec<Turn>, max_tokens: usize) -> Option<i64> {
    let mut sum = 0;
    let kept = turns
        .iter()
        .take_while(|turn| {
            sum += turn_tokens(turn);
            sum <= max_tokens
        })
        .count();
    if kept == turns.len() {
        return None;
    }
    turns.truncate(kept.max(1));
    turns.last().map(|turn| turn.number)
}

fn person(turn: &Turn) -> Option<UserId> {
    match turn.author {
        Author::Person(user) => Some(user),
        Author::Persona => None,
    }
}

impl Batch {
    /// The scope whose turns these are.
    pub fn scope(&self) -> &ScopeId {
        &self.scope
    }

    /// Whether there is nothing to read: all of it was forgotten.
    pub fn is_empty(&self) -> bool {
        self.turns.is_empty()
    }

    /// Attempts on these turns that came to nothing.
    pub fn failures(&self) -> i64 {
        self.progress.failures
    }

    /// What to ask a model.
    pub fn question(&self, persona: &str) -> Question {
        question::write(self, persona)
    }

    /// Reads a model's answer and throws away whatever its sources do not support.
    pub fn read(&self, answer: &str) -> Result<Consolidated, Unreadable> {
        let RawAnswer { summary, claims } = answer::read(answer).ok_or(Unreadable)?;
        let mut learned: Vec<NewFact> = vec![];
        let mut confirmed: Vec<(FactId, Vec<MessageId>)> = vec![];
        for claim in claims.into_iter().take(MOST_FACTS) {
            let Some(fact) = self.supported(&claim) else {
                continue;
            };
            let words = Words::of(&fact.text, &fact.about_name);
            if learned.iter().any(|other| {
                other.about == fact.about && words.are_like(&other.text, &other.about_name, SAME)
            }) {
                continue;
            }
            match self.known.iter().find(|known| {
                known.about == fact.about && words.are_like(&known.text, &known.about_name, SAME)
            }) {
                Some(known) => confirmed.push((known.id, fact.sources)),
                None => learned.push(fact),
            }
        }
        Ok(Consolidated {
            summary: summary.and_then(|summary| self.kept_summary(&summary)),
            learned,
            confirmed,
            ..self.nothing()
        })
    }

    /// The outcome of a batch in which there was nothing to keep.
    pub fn nothing(&self) -> Consolidated {
        Consolidated {
            epoch: self.progress.epoch,
            through: self.through,
            summary: None,
            learned: vec![],
            confirmed: vec![],
        }
    }

    /// The fact that a claim makes, if its person allows it and said it.
    fn supported(&self, claim: &Claim) -> Option<NewFact> {
        let text = claim.fact.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() || text.chars().count() > LONGEST_FACT {
            return None;
        }
        let (about, about_name) = self.whom(&claim.about)?;
        let consent = self.consents.get(&about).filter(|consent| consent.facts)?;
        if is_sensitive(&text) && !consent.sensitive {
            return None;
        }
        let sources: Vec<&Turn> = self
            .turns
            .iter()
            .filter(|turn| claim.sources.contains(&turn.number) && person(turn) == Some(about))
            .filter(|turn| support::is_plain_talk(&turn.text))
            .collect();
        let contexts: Vec<&str> = sources
            .iter()
            .filter_map(|source| self.before(source))
            .collect();
        let said: Vec<&str> = sources.iter().map(|turn| turn.text.as_str()).collect();
        if !support::is_supported(&text, &about_name, &said, &contexts) {
            return None;
        }
        let supersedes = claim
            .replaces
            .and_then(|number| self.known.get(number.checked_sub(1)?))
            .filter(|known| known.about == about)
            .map(|known| known.id);
        Some(NewFact {
            about,
            about_name,
            text,
            sources: sources
                .iter()
                .filter_map(|turn| turn.messages.first().copied())
                .collect(),
            supersedes,
            origin: Origin::Extracted,
        })
    }

    /// The turn before: a short answer is understood by its question.
    fn before(&self, turn: &Turn) -> Option<&str> {
        let at = self.turns.iter().position(|other| other.id == turn.id)?;
        Some(self.turns.get(at.checked_sub(1)?)?.text.as_str())
    }

    /// The one person of that name who spoke here.
    fn whom(&self, name: &str) -> Option<(UserId, String)> {
        let name = name.trim();
        let mut found: Option<(UserId, String)> = None;
        for turn in &self.turns {
            let Some(user) = person(turn) else { continue };
            if !turn.author_name.eq_ignore_ascii_case(name) {
                continue;
            }
            match &found {
                Some((other, _)) if *other != user => return None,
                _ => found = Some((user, turn.author_name.clone())),
            }
        }
        found
    }

    fn kept_summary(&self, summary: &str) -> Option<String> {
        let summary = summary.trim();
        if summary.is_empty() || tokens(summary) > LONGEST_SUMMARY {
            return None;
        }
        let read: Vec<&str> = self
            .turns
            .iter()
            .flat_map(|turn| [turn.text.as_str(), turn.author_name.as_str()])
            .chain([self.progress.summary.as_str()])
            .chain(self.known.iter().map(|fact| fact.text.as_str()))
            .collect();
        support::is_grounded(summary, &read).then(|| summary.to_owned())
    }
}

/// The words by which a message and a fact are compared.
pub(crate) fn words(text: &str) -> HashSet<String> {
    Words::of(text, "").into_set()
}

/// A line that says when a turn was said, for a reader of a whole batch.
pub(crate) fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}
