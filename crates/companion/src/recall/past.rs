//! What a prompt takes of what was gathered, whatever the message asks: the recent turns, what long talk came to, and, behind
//! it, what really stood in it.

use std::collections::HashSet;
use std::iter;

use memory::names::{Names, has_mark};
use memory::{Author, Prompted, Summed, Turn};
use safety::language::{self, Language};
use store::id::UserId;
use store::reports::{NewReport, Source};

use super::{Past, Standing, repeats};
use crate::compose::{SUMMARY, Said};

impl Past {
    /// What everybody is called.
    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    /// Whether somebody in the prompt may have a mark behind their name; `person` is what whoever writes is called.
    pub(crate) fn has_marks(&self, person: &str) -> bool {
        let recalled = self.recalled.iter().map(|recalled| &recalled.turn);
        let spoke = self.window.iter().chain(recalled).filter_map(speaker);
        let standing = self.known.iter().flat_map(|known| &known.facts);
        let standing = standing.filter(|fact| self.people.contains(&fact.about));
        let told = standing.chain(&self.brought_up);
        let told = told.map(|fact| fact.about_name.clone());
        let mut called = spoke.chain(told);
        has_mark(person) || called.any(|label| has_mark(&label))
    }

    /// The language in which whoever is answered writes; `words` is their message.
    pub(crate) fn language(&self, words: &str) -> Language {
        let asker = Author::Person(self.asker);
        let own = self.window.iter().rev().filter(|turn| turn.author == asker);
        let texts = own.map(|turn| turn.text.as_str());
        language::lately(iter::once(words).chain(texts))
    }

    /// The language that most is written in by those who talk here; `words` is the message.
    pub(crate) fn language_of_all(&self, words: &str) -> Language {
        let people = self
            .window
            .iter()
            .filter(|turn| turn.author != Author::Persona);
        let texts: Vec<&str> = people.map(|turn| turn.text.as_str()).collect();
        language::of(&format!("{} {words}", texts.join(" ")))
    }

    /// The recent turns that fit a share; a small model sees no reply that only says again what was said, or an example of
    /// its card's.
    pub(crate) fn recent(&self, share: usize, small: Option<&[Said]>) -> Vec<Said> {
        let mut left = share;
        let mut kept: Vec<Said> = vec![];
        for turn in self.window.iter().rev() {
            let Some(rest) = left.checked_sub(memory::turn_tokens(turn)) else {
                break;
            };
            left = rest;
            kept.push(Said {
                by: speaker(turn),
                text: turn.text.clone(),
                told: None,
                number: Some(turn.number),
            });
        }
        kept.reverse();
        match small {
            Some(examples) => repeats::without(kept, examples),
            None => kept,
        }
    }

    /// The summary, and the facts that are always in mind here, within a share. They stay the same from one
    /// consolidation to the next, as long as the same people talk.
    pub(crate) fn known(&self, share: usize) -> Standing {
        let [_, above, elsewhere] = &self.known;
        let here = &self.standing;
        let mut standing = Standing {
            summary: here.summary.clone(),
            ..Standing::default()
        };
        let Some(left) = share.checked_sub(standing.tokens()) else {
            return Standing::default();
        };
        standing.take(here.always(&self.people, left));
        // What comes from elsewhere takes what is left of the share.
        let left = share.saturating_sub(standing.tokens());
        if !above.summary.is_empty() {
            let summary = format!("In the channel above this thread: {}", above.summary);
            if memory::tokens(&summary) < left {
                let gap = if standing.summary.is_empty() {
                    ""
                } else {
                    "\n"
                };
                standing.summary.push_str(gap);
                standing.summary.push_str(&summary);
            }
        }
        for known in [above, elsewhere] {
            let left = share.saturating_sub(standing.tokens());
            standing.take(known.always(&self.people, left));
        }
        standing
    }

    /// What of this stood in the prompt that this report tells of, beside what the persona has of its own, for an answer to
    /// this person.
    pub(crate) fn prompted(&self, person: UserId, own: String, report: &NewReport) -> Prompted {
        let items = report.sections.iter().flat_map(|section| &section.items);
        let (mut turns, mut facts) = (HashSet::new(), HashSet::new());
        for item in items {
            match item.source {
                Source::Turn { id, .. } => drop(turns.replace(id)),
                Source::Fact { id, .. } => drop(facts.replace(id)),
                Source::Lore { .. } => {}
            }
        }
        let (first, last) = report.window.unwrap_or_default();
        let recent = self.window.iter();
        let recent = recent.filter(|turn| (first..=last).contains(&turn.number));
        let found = self.recalled.iter().chain(self.stated.all());
        let recalled = found.map(|recalled| &recalled.turn);
        // What stands in the window, or was both found and stated, stood in the prompt once.
        let mut counted = HashSet::new();
        let recalled = recalled.filter(|turn| turns.contains(&turn.id) && counted.insert(turn.id));
        let known = self.known.iter().flat_map(|known| &known.facts);
        let has_summary = report.sections.iter().any(|one| one.name == SUMMARY);
        let scopes = [Some(self.scope), self.parent].into_iter().flatten();
        let stood = [&self.standing, &self.known[1]];
        let summaries = scopes.zip(stood).filter(|_| has_summary);
        Prompted {
            person,
            own,
            turns: recent.chain(recalled).cloned().collect(),
            facts: known
                .filter(|fact| facts.contains(&fact.id))
                .cloned()
                .collect(),
            summaries: summaries
                .map(|(scope, known)| Summed {
                    scope,
                    epoch: known.epoch,
                    text: known.summary.clone(),
                })
                .collect(),
        }
    }

    /// The last messages as the lorebook scans them, the newest last.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.window.iter().map(|turn| turn.text.as_str())
    }
}

/// What the speaker of a turn is called; `None` is the persona.
pub(super) fn speaker(turn: &Turn) -> Option<String> {
    match turn.author {
        Author::Person(_) => Some(turn.author_name.clone()),
        Author::Persona => None,
    }
}
