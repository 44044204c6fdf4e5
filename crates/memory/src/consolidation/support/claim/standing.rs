//! Whether a claim stands in lines: each of its clauses in clauses of its kind.

use std::collections::HashSet;

use super::super::super::refusal::Unsupported;
use super::super::answering::{Answer, Asked};
use super::super::clause::{About, Clause};
use super::super::said::Read;
use super::Claim;
use super::fitting::Role;

/// Words that an "it" may stand for.
const POINTED_AT: usize = 3;

impl Claim {
    /// Whether it stands in these lines, which follow each other.
    pub(in super::super) fn stands_in(&self, lines: &[Read]) -> Result<(), Unsupported> {
        if self.clauses.is_empty() {
            return Err(Unsupported::Unsaid);
        }
        let offset = |at: usize| {
            lines[..at]
                .iter()
                .map(|line| line.clauses.len())
                .sum::<usize>()
        };
        let said: Vec<(&Clause, Option<usize>)> = lines
            .iter()
            .enumerate()
            .flat_map(|(at, line)| {
                line.clauses
                    .iter()
                    .map(move |clause| (clause, clause.taken_back.map(|from| from + offset(at))))
            })
            .collect();
        let questions: Vec<&Asked> = lines
            .iter()
            .filter_map(|line| line.question.as_ref())
            .collect();
        self.clauses.iter().try_for_each(|claimed| {
            let reason = match self.is_said(claimed, &said, &questions) {
                Ok(()) => return Ok(()),
                Err(reason) => reason,
            };
            match self.is_mended(claimed, &said, &questions) {
                true => Ok(()),
                false => Err(reason),
            }
        })
    }

    /// Whether a clause of it is said in clauses of its kind.
    fn is_said(
        &self,
        claimed: &Clause,
        said: &[(&Clause, Option<usize>)],
        questions: &[&Asked],
    ) -> Result<(), Unsupported> {
        let mut known: HashSet<&str> = HashSet::new();
        let mut anchored: HashSet<&str> = HashSet::new();
        let mut missed: Vec<(&Clause, Unsupported)> = vec![];
        for (at, (clause, taken_back)) in said.iter().enumerate() {
            let shares = clause.units.iter().any(|unit| claimed.units.contains(unit));
            let fault = match (taken_back, self.fault(claimed, clause)) {
                (Some(_), None) => Some(Unsupported::TakenBack),
                (_, fault) => fault,
            };
            if let Some(fault) = fault {
                missed.push((clause, fault));
                continue;
            }
            let Some(role) = self.role(claimed, clause, questions) else {
                missed.push((clause, Unsupported::OfAnother));
                continue;
            };
            if role == Role::Anchor && clause.negative != claimed.negative {
                missed.push((clause, Unsupported::Opposite));
                continue;
            }
            known.extend(clause.units.iter().map(String::as_str));
            known.extend(clause.stands_for.as_deref());
            if role == Role::Support {
                continue;
            }
            anchored.extend(clause.units.iter().map(String::as_str));
            anchored.extend(clause.stands_for.as_deref());
            // What has no verb of its own goes on from the clause before it, and "it" stands for something in there.
            let goes_on = |earlier: &&Clause| {
                !earlier.is_fragment
                    && (earlier.line, earlier.sentence) == (clause.line, clause.sentence)
                    && self.role(claimed, earlier, questions) == Some(Role::Anchor)
            };
            let earlier = said[..at]
                .iter()
                .rev()
                .map(|(earlier, _)| *earlier)
                .find(goes_on);
            let is_whole = clause.units.iter().all(|unit| claimed.units.contains(unit));
            if let Some(earlier) = earlier.filter(|earlier| {
                shares && is_whole && clause.is_fragment && earlier.fault.is_none()
            }) {
                known.extend(earlier.units.iter().map(String::as_str));
                anchored.extend(earlier.units.iter().map(String::as_str));
            }
            if clause.points_back && shares {
                let pointed = said[..at]
                    .iter()
                    .rev()
                    .map(|(earlier, _)| *earlier)
                    .filter(|earlier| earlier.fault.is_none())
                    .take(3);
                let missing: Vec<&str> = pointed
                    .flat_map(|earlier| earlier.units.iter().map(String::as_str))
                    .filter(|unit| claimed.units.iter().any(|own| own == unit))
                    .collect();
                if missing.len() <= POINTED_AT {
                    known.extend(missing);
                }
            }
        }
        let own = claimed
            .units
            .iter()
            .any(|unit| anchored.contains(unit.as_str()));
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
            if of_them && (yes || own && asked.says != Answer::No) {
                // What they said themselves is not taken from what they were asked.
                let is_said =
                    |unit: &String| said.iter().any(|(clause, _)| clause.units.contains(unit));
                let adopted = asked
                    .units
                    .iter()
                    .filter(|unit| yes || !asked.exact.contains(*unit) && !is_said(unit));
                let adopted: Vec<&str> = adopted.map(String::as_str).collect();
                known.extend(&adopted);
                anchored.extend(&adopted);
            }
        }
        let is_known = |unit: &&String| {
            known.contains(unit.as_str())
                || self.subject.contains(unit) && self.is_named(unit, said)
        };
        let head = claimed
            .units
            .iter()
            .find(|unit| !self.subject.contains(unit));
        let is_anchored = head
            .or(claimed.units.first())
            .is_some_and(|head| anchored.contains(head.as_str()));
        let unknown: Vec<&String> = claimed
            .units
            .iter()
            .filter(|unit| !is_known(unit))
            .collect();
        if unknown.is_empty() && is_anchored && !claimed.units.is_empty() {
            return Ok(());
        }
        if claimed.units.is_empty() {
            return Ok(());
        }
        // The reason is that of the clause which would have said the rest.
        let wanted: Vec<&String> = if unknown.is_empty() {
            head.into_iter().collect()
        } else {
            unknown
        };
        let would = missed
            .iter()
            .filter(|(clause, _)| wanted.iter().any(|unit| clause.units.contains(unit)));
        let reason = would.map(|(_, reason)| *reason).max();
        let is_exact = |unit: &&String| unit.chars().any(char::is_numeric);
        Err(reason.unwrap_or(match wanted.iter().any(is_exact) {
            true => Unsupported::Inexact,
            false => Unsupported::Unsaid,
        }))
    }

    /// Whether somebody or something that the claim is about is named at all.
    fn is_named(&self, unit: &str, said: &[(&Clause, Option<usize>)]) -> bool {
        said.iter().any(|(clause, _)| {
            clause.stands_for.as_deref() == Some(unit)
                || clause.units.iter().any(|own| own == unit)
                    && clause
                        .fault
                        .is_none_or(|fault| fault == Unsupported::Unmeant)
        })
    }
}
