//! A claim that stands in what was put in the place of something else: "my sister is from Porto. Scratch that, Faro".

use std::collections::HashSet;

use super::super::super::refusal::Unsupported;
use super::super::answering::Asked;
use super::super::clause::{self, Clause};
use super::super::is_ideograph;
use super::Claim;
use super::standing::Said;

/// Words that were taken back and may still stand in a claim, where the words that were put in their place are in it.
const STILL_GOOD: usize = 3;

impl Claim {
    /// Whether what it says was put in the place of something that was taken back: some of its words are of what was, and at
    /// least one of what is new.
    pub(super) fn is_mended(&self, claimed: &Clause, said: &[Said], questions: &[&Asked]) -> bool {
        let from = said.iter().filter_map(|(_, taken_back)| *taken_back);
        from.collect::<HashSet<usize>>().into_iter().any(|from| {
            let was: Vec<&Clause> = said
                .iter()
                .filter(|(_, taken_back)| *taken_back == Some(from))
                .map(|(clause, _)| *clause)
                .collect();
            let line = said.get(from).map(|(clause, _)| clause.line);
            let is: Vec<&Clause> = said
                .iter()
                .skip(from)
                .map(|(clause, _)| *clause)
                .take_while(|clause| Some(clause.line) == line)
                .take(4)
                .collect();
            let was_right = |clause: &&&Clause| {
                clause.fault.is_none() && self.role(claimed, clause, questions).is_some()
            };
            let is_right = |clause: &&&Clause| {
                clause
                    .fault
                    .is_none_or(|fault| fault == Unsupported::Unmeant)
                    && clause.negative == claimed.negative
            };
            let (old, new) = (
                clause::set(was.iter().filter(was_right).copied()),
                clause::set(is.iter().filter(is_right).copied()),
            );
            let asked: HashSet<&str> = questions
                .iter()
                .flat_map(|asked| asked.units.iter().map(String::as_str))
                .collect();
            let mut units = claimed.units.iter().map(String::as_str);
            let fresh = claimed
                .units
                .iter()
                .filter(|unit| new.contains(unit.as_str()) && !old.contains(unit.as_str()))
                .count();
            let is_stale =
                |unit: &&String| old.contains(unit.as_str()) && !new.contains(unit.as_str());
            // A word of Chinese has about two signs.
            let weight = |unit: &String| 2 - usize::from(unit.chars().all(is_ideograph));
            let stale: usize = claimed.units.iter().filter(is_stale).map(weight).sum();
            let is_old_news = stale > 2 * STILL_GOOD
                || claimed
                    .units
                    .iter()
                    .any(|unit| unit.chars().any(char::is_numeric) && !new.contains(unit.as_str()));
            fresh > 0
                && !is_old_news
                && units
                    .all(|unit| old.contains(unit) || new.contains(unit) || asked.contains(unit))
        })
    }
}
