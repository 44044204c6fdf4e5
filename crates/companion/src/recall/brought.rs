//! What a message brings back. What the asker said is set apart where it may answer them: it stands right before their question.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use memory::{Author, Fact, Oneself, Turn};
use store::id::{MessageId, TurnId, UserId};
use store::reports::Source;

use super::past::speaker;
use super::standing::is_taken;
use super::{Past, Standing};
use crate::compose::{Line, Phrases};
use crate::report;

/// What a message brings back, as a prompt lays it out.
#[derive(Default)]
pub(crate) struct Brought {
    /// What the asker said and what is known of them, where they ask for it.
    pub(crate) told: Vec<Line>,
    /// All else.
    pub(crate) recalled: Vec<Line>,
}

/// The facts that a message brings up, each with its person.
#[derive(Default)]
struct BroughtUp {
    lines: Vec<(UserId, Line)>,
    /// The messages that they were read from.
    told: HashSet<MessageId>,
}

impl BroughtUp {
    /// About how many tokens they take.
    fn tokens(&self) -> usize {
        self.lines.iter().map(|(_, line)| line.tokens()).sum()
    }
}

impl Past {
    /// What they ask of themselves who are answered.
    pub(crate) fn asks(&self) -> Oneself {
        self.asks
    }

    /// What the message brings back, within a share: facts first, then turns, of which no fact tells. What the asker said is set
    /// apart where they ask for it: the likely ones, where the model is small.
    pub(crate) fn brought(
        &self,
        phrases: &Phrases,
        standing: &Standing,
        share: usize,
        (persona, is_small): (&str, bool),
    ) -> Brought {
        let mut facts = self.brought_up(phrases, standing, share / 2);
        let mut left = share.saturating_sub(facts.tokens());
        let (mut told, apart) = match self.asks {
            Oneself::Nothing => Default::default(),
            _ => self.told(phrases, &mut left, (&facts.told, is_small)),
        };
        let mut recalled = self.recalled(left, (persona, is_small), (&facts.told, &apart));
        let (own, others) = facts
            .lines
            .drain(..)
            .partition(|(about, _)| self.asks != Oneself::Nothing && *about == self.asker);
        let lines = |lines: Vec<(UserId, Line)>| lines.into_iter().map(|(_, line)| line);
        told.splice(..0, lines(own));
        recalled.splice(..0, lines(others));
        Brought { told, recalled }
    }

    /// Whether a turn has no place among the others. It stands in the window; or the asker asks about themselves and it is
    /// their own, or the persona's guess at an earlier time, unless it is asked what was said. A small model takes what it
    /// once said for what it is to say, so that it sees none of that otherwise.
    fn is_left_out(&self, turn: &Turn, is_small: bool) -> bool {
        let is_asked = self.asks.is_certain();
        let is_beside = match turn.author {
            Author::Person(user) => is_asked && user == self.asker,
            Author::Persona => (is_asked || is_small) && !self.claims,
        };
        is_beside || self.window.iter().any(|recent| recent.id == turn.id)
    }

    /// What the asker said, quoted, the newest last; and of which turns it is.
    fn told(
        &self,
        phrases: &Phrases,
        left: &mut usize,
        (known, few): (&HashSet<MessageId>, bool),
    ) -> (Vec<Line>, HashSet<TurnId>) {
        let mut kept: Vec<((DateTime<Utc>, i64), Line)> = vec![];
        let mut turns = HashSet::new();
        for found in self.stated.told(few) {
            let turn = &found.turn;
            if turn.messages.iter().any(|message| known.contains(message)) {
                continue;
            }
            let line = Line {
                text: phrases.quoted(&turn.text, turn.at, self.now, turn.scope != self.scope),
                source: Some(report::recalled(found)),
            };
            if let Some(rest) = left.checked_sub(line.tokens()) {
                *left = rest;
                turns.insert(turn.id);
                kept.push(((turn.at, turn.number), line));
            }
        }
        kept.sort_by_key(|(said, _)| *said);
        (kept.into_iter().map(|(_, line)| line).collect(), turns)
    }

    /// The recalled turns that fit a share, one line each, with their time and speaker, without those of which a fact
    /// tells that was brought up, and without those that were set apart.
    fn recalled(
        &self,
        share: usize,
        (persona, is_small): (&str, bool),
        (told, apart): (&HashSet<MessageId>, &HashSet<TurnId>),
    ) -> Vec<Line> {
        let mut left = share;
        let mut kept: Vec<((DateTime<Utc>, i64), Line)> = vec![];
        for recalled in &self.recalled {
            let turn = &recalled.turn;
            let is_told = turn.messages.iter().any(|message| told.contains(message));
            if is_told || apart.contains(&turn.id) || self.is_left_out(turn, is_small) {
                continue;
            }
            let place = match turn.scope == self.scope {
                true => "",
                false => " in the channel above",
            };
            let by = speaker(turn).unwrap_or_else(|| persona.to_owned());
            // In English among Chinese too: of lines that begin 1分钟前，老梁： a small model makes lines of its own, and speaks for them.
            let line = Line {
                text: format!(
                    "{}{place}, {by}: {}",
                    memory::ago(turn.at, self.now),
                    turn.text.replace('\n', " ")
                ),
                source: Some(report::recalled(recalled)),
            };
            let Some(rest) = left.checked_sub(line.tokens()) else {
                continue;
            };
            left = rest;
            kept.push(((turn.at, turn.number), line));
        }
        kept.sort_by_key(|(said, _)| *said);
        kept.into_iter().map(|(_, line)| line).collect()
    }

    /// Facts that the message brings up, within a share, without those that stand in the prompt already.
    fn brought_up(&self, phrases: &Phrases, standing: &Standing, share: usize) -> BroughtUp {
        let mut taken = standing.taken.clone();
        // The same may be known in two places.
        let everything = self.known.iter().flat_map(|known| &known.facts);
        let everything =
            everything.filter(|fact| self.asks == Oneself::Everything && fact.about == self.asker);
        let wanted = everything.chain(&self.brought_up).chain(self.fresh());
        let new = wanted.filter(|fact| {
            let is_new = !is_taken(&taken, fact);
            if is_new {
                taken.push((*fact).clone());
            }
            is_new
        });
        let mut brought_up = BroughtUp::default();
        for fact in memory::take_facts(new, share, self.now) {
            brought_up.told.extend(&fact.sources);
            let line = Line {
                text: match self.asks != Oneself::Nothing && fact.about == self.asker {
                    true => phrases.known(fact, self.now),
                    false => memory::fact_line(fact, self.now),
                },
                source: Some(Source::Fact {
                    id: fact.id,
                    brought_up: !self.is_fresh(fact) || self.brought_up.contains(fact),
                }),
            };
            brought_up.lines.push((fact.about, line));
        }
        brought_up
    }

    /// Facts about those who talk here that stand in the stable part only from the window's next cut on.
    fn fresh(&self) -> impl Iterator<Item = &Fact> {
        let [here, ..] = &self.known;
        here.facts.iter().filter(|fact| self.is_fresh(fact))
    }

    /// Whether a fact is always in mind here, and does not stand in the stable part yet.
    fn is_fresh(&self, fact: &Fact) -> bool {
        let stands = || self.standing.facts.iter().any(|known| known.id == fact.id);
        fact.scope == self.scope && self.people.contains(&fact.about) && !stands()
    }
}
