//! Consolidation: one model call for many messages writes the rolling summary and reads out facts.
//!
//! This room decides when it is due, writes the question and reads the answer. Who asks a model, and pays for it, is the
//! companion's affair. An answer is never trusted: a fact is kept only if its person allows facts, said it themselves,
//! and the words of the fact stand in what they said; a summary only if its words stand in what it sums up.

mod answer;
mod category;
mod mood;
mod own;
mod question;
mod quotation;
mod sentence;
mod support;
mod words;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use store::consents::Consent;
use store::consolidations::{Consolidated, Progress};
use store::facts::{Fact, NewFact, Origin};
use store::id::{FactId, MessageId, ScopeId, UserId};
use store::turns::{Author, Turn};
use store::{Store, StoreError};

use crate::names::{self, Names};
use crate::tokens::{tokens, turn_tokens};
use answer::{Claim, RawAnswer};
use sentence::{Other, Subjects};
use support::{Said, are_alike};
use words::Words;

pub use category::is_sensitive;
pub use sentence::{LONGEST_FACT, Unfit};

pub(crate) use own::instructs;
pub(crate) use words::is_ideograph;

/// Facts of a scope that a model is shown, so that it can say which of them a new one replaces.
const SHOWN: u32 = 40;
/// Superseded facts that what comes is held against.
const PAST: u32 = 200;
/// The most facts that one call may add: more is a list, not a memory.
const MOST_FACTS: usize = 8;
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
    past: Vec<Fact>,
    consents: HashMap<UserId, Consent>,
    /// Those who said no: what they say is not read, nor the answers to it.
    refusing: HashSet<UserId>,
    /// All who ever spoke here, with the names that they had last.
    speakers: Vec<(UserId, String)>,
    /// The persona's name, as far as it is kept.
    persona: Option<String>,
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
    let mut turns = store
        .turns_to_read(scope, progress.through + 1, last)
        .await?;
    let through = cut(&mut turns, pace.max_tokens).unwrap_or(last);
    let mut people: Vec<UserId> = turns.iter().filter_map(|turn| turn.person).collect();
    people.sort();
    people.dedup();
    let consents = store.consenting(&people).await?.into_iter().collect();
    let refusing = store.refusing(&people).await?.into_iter().collect();
    let known = store.facts(scope, SHOWN).await?;
    let past = store.superseded_facts(scope, &people, PAST).await?;
    Ok(Some(Batch {
        scope: *scope,
        progress,
        through,
        turns,
        known,
        past,
        consents,
        refusing,
        speakers: store.speakers(scope).await?,
        persona: store
            .persona(scope.persona)
            .await?
            .map(|persona| persona.name),
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

    /// Whether there is nothing to read: all of it was forgotten, or is by people who said no.
    pub fn is_empty(&self) -> bool {
        self.lines().next().is_none()
    }

    /// The turns that a model reads: not of people who said no, nor what answers them.
    fn lines(&self) -> impl Iterator<Item = &Turn> {
        self.turns.iter().filter(|turn| self.is_read(turn))
    }

    fn is_read(&self, turn: &Turn) -> bool {
        turn.person
            .is_none_or(|person| !self.refusing.contains(&person))
    }

    /// What the people had said when these turns were read.
    pub(crate) fn consents(&self) -> Vec<(UserId, Consent)> {
        let yes = self.consents.iter().map(|(user, said)| (*user, *said));
        let no = self.refusing.iter().map(|user| (*user, Consent::default()));
        yes.chain(no).collect()
    }

    /// Attempts on these turns that came to nothing.
    pub fn failures(&self) -> i64 {
        self.progress.failures
    }

    /// What to ask a model.
    pub fn question(&self, persona: &str) -> Question {
        self.question_beside(persona, None)
    }

    /// The same where the bot's account has a name too: a member who is called so is not taken for it.
    pub fn question_beside(&self, persona: &str, account: Option<&str>) -> Question {
        let house = [persona].into_iter().chain(account);
        question::write(self, persona, &self.names(house))
    }

    /// What everybody is called in the question.
    fn names<'a>(&'a self, house: impl IntoIterator<Item = &'a str>) -> Names {
        let house = house.into_iter().chain(self.persona.as_deref());
        let turns = self.turns.iter();
        let said = turns.filter_map(|turn| Some((person(turn)?, turn.author_name.as_str())));
        let speakers = self.speakers.iter();
        let last = speakers.map(|(user, name)| (*user, name.as_str()));
        Names::new(said.chain(last), house)
    }

    /// Reads a model's answer and throws away whatever its sources do not support.
    pub fn read(&self, answer: &str) -> Result<Consolidated, Unreadable> {
        let RawAnswer { summary, claims } = answer::read(answer).ok_or(Unreadable)?;
        let names = self.names([]);
        let mut learned: Vec<NewFact> = vec![];
        let mut confirmed: Vec<(FactId, Vec<MessageId>)> = vec![];
        for claim in claims.into_iter().take(MOST_FACTS) {
            let Some(fact) = self.supported(&claim, &names) else {
                continue;
            };
            let same = |about: UserId, text: &str| {
                about == fact.about && are_alike(&fact.text, text, &fact.about_name, SAME)
            };
            if learned.iter().any(|other| same(other.about, &other.text)) {
                continue;
            }
            // Turns are read again after something was taken out. What stood then and was replaced since stays replaced.
            let is_past = |past: &&Fact| {
                same(past.about, &past.text)
                    && fact
                        .sources
                        .iter()
                        .all(|source| past.sources.contains(source))
            };
            if self.past.iter().any(|past| is_past(&past)) {
                continue;
            }
            match self
                .known
                .iter()
                .find(|known| same(known.about, &known.text))
            {
                Some(known) => confirmed.push((known.id, fact.sources)),
                None => learned.push(fact),
            }
        }
        Ok(Consolidated {
            summary: summary.and_then(|summary| self.kept_summary(&summary, &names)),
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
    fn supported(&self, claim: &Claim, names: &Names) -> Option<NewFact> {
        let about = self.whom(claim, names)?;
        let consent = self.consents.get(&about).filter(|consent| consent.facts)?;
        let about_name = names.unmarked(about, "");
        let others: Vec<(Option<UserId>, String)> = self.others(about, names);
        let is_of_a_namesake = |(other, name): &(Option<UserId>, String)| {
            names::are_alike(name, &about_name)
                && other.is_some_and(|other| names.are_marked_in(&claim.fact, other))
        };
        if others.iter().any(is_of_a_namesake) {
            return None;
        }
        let subjects = Subjects {
            name: &about_name,
            sensitive: consent.sensitive,
            others: self.other_names(&others, &about_name),
        };
        let claimed = names::in_its_letters(names.without_marks(&claim.fact).trim(), &about_name);
        let text = sentence::admit(&claimed, &subjects).ok()?;
        let sources: Vec<&Turn> = self
            .turns
            .iter()
            .filter(|turn| claim.sources.contains(&turn.number) && person(turn) == Some(about))
            .filter(|turn| own::is_plain_talk(&turn.text))
            .collect();
        let said = Said {
            own: sources.iter().map(|turn| turn.text.as_str()).collect(),
            before: sources
                .iter()
                .filter_map(|turn| self.before(turn))
                .collect(),
            names: others.iter().map(|(_, name)| name.as_str()).collect(),
        };
        if !support::is_supported(&text, &about_name, &said) {
            return None;
        }
        Some(NewFact {
            about,
            supersedes: self.replaced(claim, about, &text, &about_name, &said),
            about_name,
            text,
            sources: sources
                .iter()
                .filter_map(|turn| turn.messages.first().copied())
                .collect(),
            origin: Origin::Extracted,
        })
    }

    /// The others whom a fact may not be about. Whoever has its person's own name is none of them: their name stands for
    /// its person there.
    fn other_names<'a>(
        &self,
        others: &'a [(Option<UserId>, String)],
        name: &str,
    ) -> Vec<Other<'a>> {
        let others = others.iter();
        others
            .filter(|(_, other)| !names::are_alike(other, name))
            .map(|(other, name)| Other {
                name,
                allows: other.is_none_or(|other| self.consents.contains_key(&other)),
            })
            .collect()
    }

    /// The known fact that a claim takes the place of. One that it shares no word with it replaces only if its person
    /// speaks of a change.
    fn replaced(
        &self,
        claim: &Claim,
        about: UserId,
        text: &str,
        name: &str,
        said: &Said,
    ) -> Option<FactId> {
        let known = self.known.get(claim.replaces?.checked_sub(1)?)?;
        let is_near = Words::of(text, name).touch(&known.text, &known.about_name)
            || said.own.iter().any(|own| mood::is_a_change(own));
        (known.about == about && is_near).then_some(known.id)
    }

    /// The line before, if it may be what a short answer answers: the persona's, or of somebody who allows facts. A
    /// bot's never is.
    fn before(&self, turn: &Turn) -> Option<&str> {
        let at = self.turns.iter().position(|other| other.id == turn.id)?;
        let before = self.turns.get(at.checked_sub(1)?)?;
        let counts = person(before).is_none_or(|user| self.consents.contains_key(&user));
        let counts = counts && self.is_read(before);
        (counts && own::is_plain_talk(&before.text)).then_some(before.text.as_str())
    }

    /// Everybody else who spoke in these turns, the persona included, with their names.
    fn others(&self, about: UserId, names: &Names) -> Vec<(Option<UserId>, String)> {
        let turns = self.turns.iter();
        let mut others: Vec<(Option<UserId>, String)> = turns
            .filter(|turn| person(turn) != Some(about))
            .map(|turn| match person(turn) {
                Some(user) => (Some(user), names.unmarked(user, &turn.author_name)),
                None => (None, turn.author_name.clone()),
            })
            .collect();
        others.sort();
        others.dedup();
        others
    }

    /// The one person of these turns whom a claim names. Of several who have the name, the one who said its sources.
    fn whom(&self, claim: &Claim, names: &Names) -> Option<UserId> {
        let mut meant = names.meant(&claim.about);
        let said = |user: &UserId, turn: &Turn| person(turn) == Some(*user);
        meant.retain(|user| self.turns.iter().any(|turn| said(user, turn)));
        if meant.len() > 1 {
            let is_source = |turn: &&Turn| claim.sources.contains(&turn.number);
            meant.retain(|user| {
                self.turns
                    .iter()
                    .filter(is_source)
                    .any(|turn| said(user, turn))
            });
        }
        match meant.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// The summary, if it stands in what it sums up, without the sentences that may not be kept. `None` if nothing is left, or
    /// if it gives orders: it stands in everybody's prompt.
    fn kept_summary(&self, summary: &str, names: &Names) -> Option<String> {
        let kept: String = sentences(summary)
            .filter(|sentence| self.may_be_summed_up(sentence, names))
            .collect();
        let summary = kept.trim();
        if summary.is_empty() || tokens(summary) > LONGEST_SUMMARY || instructs(summary) {
            return None;
        }
        let plain = names.without_marks(summary);
        let read: Vec<&str> = self
            .lines()
            .flat_map(|turn| [turn.text.as_str(), turn.author_name.as_str()])
            .chain([self.progress.summary.as_str()])
            .chain(self.known.iter().map(|fact| fact.text.as_str()))
            .collect();
        support::is_grounded(&plain, &read).then(|| summary.to_owned())
    }

    /// Whether a sentence may stand in a summary: nothing sensitive unless all who were read allow that, and nothing about
    /// somebody who said no.
    fn may_be_summed_up(&self, sentence: &str, names: &Names) -> bool {
        let allows = |person: UserId| self.consents.get(&person).is_some_and(|c| c.sensitive);
        let all_allow = || self.lines().filter_map(|turn| turn.person).all(allows);
        let called = |turn: &Turn| {
            person(turn).map_or_else(String::new, |user| names.unmarked(user, &turn.author_name))
        };
        let names_a_refusing = self.turns.iter().any(|turn| {
            person(turn).is_some_and(|person| self.refusing.contains(&person))
                && own::names(sentence, &called(turn))
        });
        !names_a_refusing && (!is_sensitive(sentence) || all_allow())
    }
}

/// The sentences of a text, with their ends.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['.', '!', '?', ';', '\n', '。', '！', '？', '；'])
}

/// What a person writes about themselves as it may stand as a fact; `others` are everybody else here, with whether facts
/// about them are allowed.
pub(crate) fn check_own<'a>(
    text: &str,
    name: &str,
    sensitive: bool,
    others: impl IntoIterator<Item = (&'a str, bool)>,
) -> Result<String, Unfit> {
    let others = others.into_iter();
    let of = Subjects {
        name,
        sensitive,
        others: others
            .map(|(name, allows)| Other { name, allows })
            .collect(),
    };
    sentence::of_oneself(text, &of)
}

/// The words by which a message and a fact are compared, but for those of a name.
pub(crate) fn words(text: &str, name: &str) -> HashSet<String> {
    Words::of(text, name).into_set()
}

/// A line that says when a turn was said, for a reader of a whole batch.
pub(crate) fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}
