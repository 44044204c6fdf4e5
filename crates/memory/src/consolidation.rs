//! Consolidation: many messages at once are read by a model, with one question for facts and another for the rolling
//! summary. Each has its own progress, so what one comes to is kept whatever becomes of the other.
//!
//! This room decides when one is due, writes the question and reads the answer. Who asks a model, and pays for it, is the
//! companion's affair. An answer is never trusted: a fact is kept only if its person allows facts, said it themselves,
//! and the words of the fact stand in what they said; a summary only if its words stand in what it sums up.

mod answer;
mod asking;
mod by_name;
mod category;
#[cfg(test)]
mod claims;
mod dated;
mod language;
mod mood;
mod own;
mod question;
mod quotation;
mod reading;
mod refusal;
mod roles;
mod sentence;
mod summing_up;
mod support;
mod words;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use store::consents::Consent;
use store::consolidations::{Consolidated, Progress};
use store::facts::Fact;
use store::id::{ScopeId, UserId};
use store::speakers::Speaker;
use store::turns::{Author, Turn};
use store::{Store, StoreError};

use crate::names::{self, Name, Names};
use crate::tokens::turn_tokens;
use sentence::{Other, Subjects};
use words::Words;

pub use asking::{Answered, Example, Portion, Question, Unreadable, read_sample, sample};
pub use category::is_sensitive;
pub use refusal::{Notes, Refusal, Unsummed, Unsupported};
pub use sentence::{LONGEST_FACT, Unfit};
pub use store::consolidations::Reading;

pub(crate) use own::instructs;
pub use support::sentences;
pub use words::is_ideograph;
pub(crate) use words::{is_empty_word, stem};

/// Facts of a scope that a model is shown, so that it can say which of them a new one replaces.
const SHOWN: u32 = 40;
/// Superseded facts that what comes is held against.
const PAST: u32 = 200;

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
    /// What the turns are read for.
    reading: Reading,
    progress: Progress,
    through: i64,
    turns: Vec<Turn>,
    /// What a model is shown, and a summary may come to repeat.
    known: Vec<Fact>,
    /// What these people only wrote of themselves: they are shown to no model before they were said, for a summary stands in
    /// everybody's prompt.
    unsaid: Vec<Fact>,
    past: Vec<Fact>,
    consents: HashMap<UserId, Consent>,
    /// Those who said no: what they say is not read, nor the answers to it.
    refusing: HashSet<UserId>,
    /// All who ever spoke here, with the names that they had last and their alters'.
    speakers: Vec<Speaker>,
    /// The persona's name, as far as it is kept.
    persona: Option<String>,
}

pub(crate) async fn due(
    store: &Store,
    scope: &ScopeId,
    reading: Reading,
    pace: Pace,
) -> Result<Option<Batch>, StoreError> {
    let progress = store.progress(scope, reading).await?;
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
    let consents: HashMap<UserId, Consent> = store.consenting(&people).await?.into_iter().collect();
    let refusing = store.refusing(&people).await?.into_iter().collect();
    // Between two, nobody else hears of it.
    let alone = match (scope.guild, people.as_slice()) {
        (None, [one]) => Some(*one),
        _ => None,
    };
    let known = store.facts_for(scope, alone, SHOWN).await?;
    let unsaid = store.unsaid_facts(scope, &people, SHOWN).await?;
    let past = store.superseded_facts(scope, &people, PAST).await?;
    Ok(Some(Batch {
        scope: *scope,
        reading,
        progress,
        through,
        turns,
        known,
        unsaid,
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

/// Whether a batch is still what may be read: nothing of its scope was edited or forgotten since, and nobody has said
/// otherwise.
pub(crate) async fn is_current(store: &Store, batch: &Batch) -> Result<bool, StoreError> {
    let progress = store.progress(&batch.scope, batch.reading).await?;
    let mut people: Vec<UserId> = batch.turns.iter().filter_map(|turn| turn.person).collect();
    people.sort();
    people.dedup();
    let consents: HashMap<UserId, Consent> = store.consenting(&people).await?.into_iter().collect();
    let refusing: HashSet<UserId> = store.refusing(&people).await?.into_iter().collect();
    Ok(progress.epoch == batch.progress.epoch
        && consents == batch.consents
        && refusing == batch.refusing)
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

    /// What its turns are read for.
    pub fn reading(&self) -> Reading {
        self.reading
    }

    /// Whether there is nothing to read: all of it was forgotten, or is by people who said no; or nobody in it allows the
    /// facts that are looked for.
    pub fn is_empty(&self) -> bool {
        match self.reading {
            Reading::Facts => self.wanted_lines().next().is_none(),
            Reading::Summary => self.lines().next().is_none(),
        }
    }

    /// The lines in which facts are looked for: of people who allow them, and who do not only ask. A small model makes facts
    /// of whatever it is shown.
    fn wanted_lines(&self) -> impl Iterator<Item = &Turn> {
        self.lines()
            .filter(|turn| self.is_wanted(turn) && !own::only_asks(&turn.text))
    }

    fn is_wanted(&self, turn: &Turn) -> bool {
        let consent = person(turn).and_then(|user| self.consents.get(&user));
        consent.is_some_and(|consent| consent.facts)
    }

    /// What is known of those in whose lines facts are looked for, so that a model can say what a new one replaces.
    fn known_of_wanted(&self) -> impl Iterator<Item = &Fact> {
        let known = self.known.iter();
        known.filter(|fact| self.consents.contains_key(&fact.about))
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

    /// How often in a row it was put off.
    pub fn put_off(&self) -> i64 {
        self.progress.put_off
    }

    /// Whether it was put off to a time that has not come.
    pub fn waits(&self, now: DateTime<Utc>) -> bool {
        self.progress.not_before.is_some_and(|then| now < then)
    }

    /// What everybody is called in the question.
    fn names<'a>(&'a self, house: impl IntoIterator<Item = &'a str>) -> Names {
        let house = house.into_iter().chain(self.persona.as_deref());
        let turns = self.turns.iter();
        let said = turns.filter_map(|turn| Some((person(turn)?, Name::of(turn))));
        let last = self.speakers.iter().map(names::heard);
        Names::new(said.chain(last), house)
    }

    /// The outcome of a batch in which there was nothing to keep.
    pub fn nothing(&self) -> Consolidated {
        Consolidated {
            epoch: self.progress.epoch,
            reading: self.reading,
            through: self.through,
            summary: None,
            learned: vec![],
            confirmed: vec![],
        }
    }
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

/// Whether somebody says this of themselves in a single message; `names` are those of the others in the room.
pub(crate) fn says(message: &str, text: &str, name: &str, names: &[&str]) -> bool {
    let line = support::Line {
        text: message,
        before: None,
        cited: true,
        number: 0,
    };
    own::is_plain_talk(message) && support::support(text, name, &[line], names).is_ok()
}

/// The words by which a message and a fact are compared, but for those of a name.
pub(crate) fn words(text: &str, name: &str) -> HashSet<String> {
    Words::of(text, name).into_set()
}

/// A line that says when a turn was said, for a reader of a whole batch.
pub(crate) fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}
