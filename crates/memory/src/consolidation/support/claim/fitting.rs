//! Whether a clause that was said may speak for a clause of a claim: of the same time and frame, and about the same one.

use super::super::super::refusal::Unsupported;
use super::super::answering::Asked;
use super::super::clause::{About, Clause};
use super::super::is_ideograph;
use super::super::verbs::Time;
use super::Claim;

/// What a clause is to a claim: it says it, or names somebody whom it mentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Anchor,
    Support,
}

impl Claim {
    /// Why a clause says nothing for the claim, whoever it is about.
    pub(super) fn fault(&self, claimed: &Clause, clause: &Clause) -> Option<Unsupported> {
        if let Some(fault) = clause.fault {
            let is_supposed_too = fault == Unsupported::Supposed && claimed.fault == Some(fault);
            return (!is_supposed_too).then_some(fault);
        }
        if clause.calls_off && !claimed.calls_off {
            return Some(Unsupported::TakenBack);
        }
        let is_of_now = matches!(self.time, Time::Present | Time::Open);
        if clause.is_over && is_of_now && !self.clauses.iter().any(|clause| clause.is_over) {
            return Some(Unsupported::OtherTime);
        }
        if clause.is_going_on && claimed.time == Time::Past {
            return Some(Unsupported::OtherTime);
        }
        if clause.excepts != claimed.excepts {
            return Some(Unsupported::Opposite);
        }
        let time = match claimed.time {
            Time::Open => self.time,
            time => time,
        };
        let fits = match (time, clause.time) {
            (Time::OldPlan, Time::OldPlan) => true,
            (_, Time::OldPlan) => false,
            (Time::Plan, Time::Past | Time::Over) => false,
            (Time::Plan, _) => true,
            (Time::Present | Time::Open, Time::Past) => clause.is_change,
            (Time::Present | Time::Open, Time::Plan | Time::Over) => false,
            (Time::Past, Time::Plan) => false,
            (Time::Over, Time::Present | Time::Plan) => false,
            _ => true,
        };
        (!fits).then_some(Unsupported::OtherTime)
    }

    /// What a clause is to a clause of the claim.
    pub(super) fn role(
        &self,
        claimed: &Clause,
        clause: &Clause,
        questions: &[&Asked],
    ) -> Option<Role> {
        let names = |other: &String| self.others.contains(other);
        let owns = |other: &String| clause.possessed.contains(other);
        let is_a_thing = matches!(claimed.about, About::Thing(_));
        let is_of_another =
            |unit: &String| unit.chars().all(is_ideograph) && clause.of_another.contains(unit);
        if is_a_thing && claimed.units.first().is_some_and(is_of_another) {
            return None;
        }
        match (&claimed.about, &clause.about) {
            (_, About::Stranger) => None,
            (About::Speaker, About::Speaker) => {
                let is_lent = |unit: &String| claimed.units.contains(unit);
                let is_had = clause.has && !clause.of_another.iter().any(is_lent);
                (!self.is_having || is_had).then_some(Role::Anchor)
            }
            (About::Speaker, About::Thing(_)) if self.is_having && !clause.has => None,
            (About::Speaker, About::Thing(units)) => (clause.is_fragment
                || units.iter().any(|unit| claimed.units.contains(unit)))
            .then_some(Role::Anchor),
            (About::Speaker, About::Other(other)) => {
                match (names(other), self.is_having && owns(other)) {
                    (true, true) => Some(Role::Anchor),
                    (true, false) if clause.is_fragment => Some(Role::Anchor),
                    (true, false) => Some(Role::Support),
                    (false, _) => None,
                }
            }
            (About::Speaker, About::Pronoun(Some(other))) => names(other).then_some(Role::Support),
            (About::Speaker, About::Pronoun(None)) => Some(Role::Support),
            (About::Other(mine), About::Other(other)) => {
                match mine == other || names(other) && owns(mine) {
                    true => Some(Role::Anchor),
                    false => names(other).then_some(Role::Support),
                }
            }
            (About::Other(mine), About::Pronoun(Some(other))) => {
                (mine == other || names(other)).then_some(Role::Anchor)
            }
            (About::Other(_), About::Pronoun(None)) => Some(Role::Anchor),
            (About::Other(mine), About::Speaker) => match owns(mine) || clause.is_fragment {
                true => Some(Role::Anchor),
                false => clause.units.contains(mine).then_some(Role::Support),
            },
            (About::Other(mine), About::Thing(units)) => {
                (clause.is_fragment || units.contains(mine) || owns(mine)).then_some(Role::Anchor)
            }
            (About::Thing(_), About::Other(other)) => names(other).then_some(Role::Anchor),
            (About::Thing(_), About::Nobody) => None,
            (About::Thing(mine), About::Thing(other)) => {
                let is_same = mine.is_empty() || other.iter().any(|unit| mine.contains(unit));
                (is_same || clause.is_fragment || !questions.is_empty()).then_some(Role::Anchor)
            }
            (About::Thing(_), _) => Some(Role::Anchor),
            (_, About::Nobody) => None,
            _ => None,
        }
    }
}
