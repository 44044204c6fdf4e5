//! Whether a claim stands in lines: each of its clauses in clauses of its kind.

use std::collections::HashSet;

use super::super::super::refusal::Unsupported;
use super::super::answering::{Answer, Asked};
use super::super::clause::{About, Clause};
use super::super::said::Read;
use super::Claim;
use super::agreeing;
use super::fitting::Role;

/// Words that an "it" may stand for.
const POINTED_AT: usize = 3;

/// A clause that was said, and by which of those that follow it was taken back.
pub(super) type Said<'a> = (&'a Clause, Option<usize>);

/// What is known from the clauses that fit a claim.
#[derive(Default)]
struct Known<'a> {
    /// Every word that may stand in it.
    words: HashSet<&'a str>,
    /// Those that are said of the one whom it is about.
    anchored: HashSet<&'a str>,
    /// Clauses that do not fit, and why.
    missed: Vec<(&'a Clause, Unsupported)>,
}

impl<'a> Known<'a> {
    fn add(&mut self, words: impl IntoIterator<Item = &'a str> + Clone) {
        self.words.extend(words.clone());
        self.anchored.extend(words);
    }
}

impl Claim {
    /// Whether it stands in these lines, which follow each other.
    pub(in super::super) fn stands_in(&self, lines: &[Read]) -> Result<(), Unsupported> {
        // A claim of light words ("it evens out") says nothing that could have been said.
        if self.clauses.iter().all(|clause| clause.units.is_empty()) {
            return Err(Unsupported::Unsaid);
        }
        let mut said: Vec<Said> = vec![];
        for line in lines {
            let offset = said.len();
            said.extend(
                (line.clauses.iter())
                    .map(|clause| (clause, clause.taken_back.map(|from| from + offset))),
            );
        }
        let questions: Vec<&Asked> = lines
            .iter()
            .filter_map(|line| line.question.as_ref())
            .collect();
        let is_unmeant = |claimed: &Clause| claimed.fault == Some(Unsupported::Unmeant);
        if self.clauses.iter().any(is_unmeant) {
            return Err(Unsupported::Unmeant);
        }
        self.clauses
            .iter()
            .try_for_each(|claimed| match self.is_said(claimed, &said, &questions) {
                Err(_) if self.is_mended(claimed, &said, &questions) => Ok(()),
                is_said => is_said,
            })
    }

    /// Whether a clause of it is said in clauses of its kind.
    fn is_said(
        &self,
        claimed: &Clause,
        said: &[Said],
        questions: &[&Asked],
    ) -> Result<(), Unsupported> {
        let mut known = self.known(claimed, said, questions);
        self.adopt(&mut known, claimed, said, questions);
        if claimed.units.is_empty() {
            return Ok(());
        }
        let is_known = |unit: &&String| {
            known.words.contains(unit.as_str())
                || self.subject.contains(unit) && self.is_named(unit, said)
        };
        let head = claimed
            .units
            .iter()
            .find(|unit| !self.subject.contains(unit));
        let is_anchored = head
            .or(claimed.units.first())
            .is_some_and(|head| known.anchored.contains(head.as_str()));
        let unknown: Vec<&String> = (claimed.units.iter())
            .filter(|unit| !is_known(unit))
            .collect();
        if unknown.is_empty() && is_anchored {
            let agrees = agreeing::counts_the_same(claimed, said)
                && agreeing::fills_the_same_slot(claimed, said)
                && (agreeing::is_as_often(claimed, said) || !questions.is_empty());
            return match agrees {
                true => Ok(()),
                false => Err(Unsupported::Inexact),
            };
        }
        let wanted: Vec<&String> = match unknown.is_empty() {
            true => head.into_iter().collect(),
            false => unknown,
        };
        Err(reason(&wanted, &known.missed))
    }

    /// What the clauses that were said let one know of a clause of it.
    fn known<'a>(&self, claimed: &Clause, said: &[Said<'a>], questions: &[&Asked]) -> Known<'a> {
        let mut known = Known::default();
        let mut anchors: Vec<(usize, &'a Clause)> = vec![];
        for (at, (clause, taken_back)) in said.iter().enumerate() {
            match self.part(claimed, (clause, *taken_back), questions) {
                Err(reason) => known.missed.push((clause, reason)),
                Ok(role) => {
                    if role == Role::Support {
                        known.words.extend(clause.units.iter().map(String::as_str));
                        known.words.extend(clause.stands_for.as_deref());
                    } else {
                        anchors.push((at, clause));
                    }
                }
            }
        }
        let base = agreeing::base(claimed, &anchors);
        for (at, clause) in anchors {
            let is_near = base.is_some_and(|(place, _)| agreeing::is_near(said, at, place));
            if !agreeing::goes_with(claimed, clause, base.map(|(_, base)| base), is_near) {
                known.missed.push((clause, Unsupported::Unsaid));
                continue;
            }
            known.add(clause.units.iter().map(String::as_str));
            known.add(clause.stands_for.as_deref());
            self.follow(&mut known, claimed, &said[..at], clause, questions);
        }
        known
    }

    /// What a clause that was said is to a clause of it, or why it is nothing.
    fn part(
        &self,
        claimed: &Clause,
        (clause, taken_back): Said,
        questions: &[&Asked],
    ) -> Result<Role, Unsupported> {
        match self.fault(claimed, clause) {
            Some(fault) => return Err(fault),
            None if taken_back.is_some() => return Err(Unsupported::TakenBack),
            None => {}
        }
        match self.role(claimed, clause, questions) {
            None => Err(Unsupported::OfAnother),
            Some(Role::Anchor) if clause.negative != claimed.negative => Err(Unsupported::Opposite),
            Some(Role::Anchor) if clause.is_passing && !claimed.is_passing => {
                Err(Unsupported::Passing)
            }
            Some(role) => Ok(role),
        }
    }

    /// What has no verb of its own goes on from the clause before it, and "it" stands for something in there.
    fn follow<'a>(
        &self,
        known: &mut Known<'a>,
        claimed: &Clause,
        before: &[Said<'a>],
        clause: &Clause,
        questions: &[&Asked],
    ) {
        if !clause.units.iter().any(|unit| claimed.units.contains(unit)) {
            return;
        }
        let fits = |earlier: &&'a Clause| self.fault(claimed, earlier).is_none();
        let mut earlier = before.iter().rev().map(|(earlier, _)| *earlier);
        if clause.points_back {
            let pointed = earlier.clone().filter(fits).take(3);
            let missing: Vec<&str> = pointed
                .flat_map(|earlier| earlier.units.iter().map(String::as_str))
                .filter(|unit| claimed.units.iter().any(|own| own == unit))
                .collect();
            if missing.len() <= POINTED_AT {
                known.words.extend(missing);
            }
        }
        let goes_on = |earlier: &&Clause| {
            !earlier.is_fragment
                && (earlier.line, earlier.sentence) == (clause.line, clause.sentence)
                && self.role(claimed, earlier, questions) == Some(Role::Anchor)
        };
        let is_whole = clause.units.iter().all(|unit| claimed.units.contains(unit));
        if let Some(earlier) = earlier.find(goes_on)
            && clause.is_fragment
            && is_whole
            && fits(&earlier)
        {
            known.add(earlier.units.iter().map(String::as_str));
        }
    }

    /// What a line answers, its person says too.
    fn adopt<'a>(
        &self,
        known: &mut Known<'a>,
        claimed: &Clause,
        said: &[Said<'a>],
        questions: &[&'a Asked],
    ) {
        let own = claimed
            .units
            .iter()
            .any(|unit| known.anchored.contains(unit.as_str()));
        for asked in questions {
            let yes = asked.says == Answer::Yes && !claimed.negative
                || asked.says == Answer::No && claimed.negative;
            let of_them = match (&claimed.about, asked.of_a_third) {
                (About::Speaker, true) => false,
                (About::Speaker, false) => {
                    asked.others.iter().all(|other| self.others.contains(other))
                }
                _ => true,
            };
            // "Three of my colleagues smoke, I don't"
            let is_denied = said.iter().any(|(clause, _)| {
                clause.about == About::Speaker
                    && clause.negative != claimed.negative
                    && !clause.units.is_empty()
                    && clause.units.iter().all(|unit| asked.units.contains(unit))
            });
            if of_them && (yes || own && !is_denied && asked.says != Answer::No) {
                // What they said themselves is not taken from what they were asked.
                let is_said =
                    |unit: &String| said.iter().any(|(clause, _)| clause.units.contains(unit));
                let adopted: Vec<&str> = (asked.units.iter())
                    .filter(|unit| yes || !asked.exact.contains(*unit) && !is_said(unit))
                    .map(String::as_str)
                    .collect();
                known.add(adopted);
            }
        }
    }

    /// Whether somebody or something that the claim is about is named at all.
    fn is_named(&self, unit: &str, said: &[Said]) -> bool {
        said.iter().any(|(clause, _)| {
            clause.stands_for.as_deref() == Some(unit)
                || clause.units.iter().any(|own| own == unit)
                    && clause
                        .fault
                        .is_none_or(|fault| fault == Unsupported::Unmeant)
        })
    }
}

/// Why these words are not known: the reason of the clause which would have said them.
fn reason(wanted: &[&String], missed: &[(&Clause, Unsupported)]) -> Unsupported {
    let would = missed
        .iter()
        .filter(|(clause, _)| wanted.iter().any(|unit| clause.units.contains(unit)));
    let is_exact = |unit: &&String| unit.chars().any(char::is_numeric);
    let otherwise = match wanted.iter().any(is_exact) {
        true => Unsupported::Inexact,
        false => Unsupported::Unsaid,
    };
    would.map(|(_, reason)| *reason).max().unwrap_or(otherwise)
}
