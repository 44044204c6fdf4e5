//! What stands in the stable part of a place's prompts: its summary, and the facts that are always in mind there. A consolidation
//! writes both anew; shown at once, they would change the beginning of every prompt between two cuts of the window, and a
//! provider's cache would have none of it. So they are shown from the next cut on. Until then nothing is missed: the turns that
//! they sum up still stand in the window word for word, and a message brings up the new facts that it asks for.
//!
//! What was forgotten, edited, corrected, pinned or superseded changes at once.

use std::collections::HashMap;

use dashmap::DashMap;
use memory::{Fact, FactId, Known, Origin, ScopeId};

/// Places that are remembered; of more than these all are let go of, which costs each of them one prompt from its beginning.
const PLACES: usize = 4_096;

/// What stands in each place. It is lost by a restart, which costs what a cut costs.
#[derive(Debug, Default)]
pub struct Standings(DashMap<ScopeId, Stood>);

/// What has stood since the window was cut.
#[derive(Debug)]
struct Stood {
    /// The number of the window's first turn.
    begin: i64,
    epoch: i64,
    summary: String,
    /// In the order in which they stood.
    facts: Vec<FactId>,
}

impl Standings {
    /// What of `known` stands in a prompt whose window begins with this turn.
    pub(crate) fn of(&self, scope: &ScopeId, begin: i64, known: &Known) -> Known {
        if let Some(stood) = self.0.get(scope)
            && let Some(held) = stood.holds(begin, known)
        {
            return held;
        }
        if self.0.len() >= PLACES {
            self.0.clear();
        }
        let stood = Stood {
            begin,
            epoch: known.epoch,
            summary: known.summary.clone(),
            facts: known.facts.iter().map(|fact| fact.id).collect(),
        };
        self.0.insert(*scope, stood);
        known.clone()
    }
}

impl Stood {
    /// What stood, if it still may; `None` where the window was cut, or something of it is no longer so.
    fn holds(&self, begin: i64, known: &Known) -> Option<Known> {
        let is_gone = known.summary.is_empty() && !self.summary.is_empty();
        if self.begin != begin || self.epoch != known.epoch || is_gone {
            return None;
        }
        let mut now: HashMap<FactId, &Fact> =
            known.facts.iter().map(|fact| (fact.id, fact)).collect();
        let mut facts = vec![];
        for id in &self.facts {
            facts.push(now.remove(id)?.clone());
        }
        // What people pinned or wrote themselves they expect to be heard now.
        let is_wanted = |fact: &&Fact| fact.pinned || fact.origin != Origin::Extracted;
        if now.into_values().any(|fact| is_wanted(&fact)) {
            return None;
        }
        Some(Known {
            summary: self.summary.clone(),
            epoch: known.epoch,
            facts,
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use store::id::PersonaId;

    use super::*;

    fn fact(id: i64) -> Fact {
        Fact {
            id: FactId(id),
            scope: scope(),
            about: 7.into(),
            about_name: "Ada".into(),
            proxied: false,
            text: format!("Ada has goat {id}."),
            sources: vec![],
            origin: Origin::Extracted,
            strength: 1,
            pinned: false,
            learned_at: DateTime::UNIX_EPOCH,
            confirmed_at: DateTime::UNIX_EPOCH,
            superseded: None,
        }
    }

    fn scope() -> ScopeId {
        ScopeId {
            guild: None,
            channel: 1.into(),
            persona: PersonaId(1),
        }
    }

    fn known(summary: &str, epoch: i64, facts: Vec<Fact>) -> Known {
        Known {
            summary: summary.into(),
            epoch,
            facts,
        }
    }

    #[test]
    fn what_a_consolidation_wrote_is_shown_from_the_next_cut_on() {
        let standings = Standings::default();
        let (before, after) = (
            known("", 0, vec![fact(1)]),
            known("They met.", 0, vec![fact(2), fact(1)]),
        );
        assert_eq!(standings.of(&scope(), 1, &before), before);
        assert_eq!(standings.of(&scope(), 1, &after), before);
        assert_eq!(standings.of(&scope(), 17, &after), after);
    }

    #[test]
    fn what_was_forgotten_pinned_or_superseded_changes_at_once() {
        let pinned = Fact {
            pinned: true,
            ..fact(2)
        };
        for now in [
            known("They met.", 1, vec![fact(1)]),
            known("They met.", 0, vec![pinned, fact(1)]),
            known("They met.", 0, vec![fact(2)]),
        ] {
            let standings = Standings::default();
            standings.of(&scope(), 1, &known("", 0, vec![fact(1)]));
            assert_eq!(standings.of(&scope(), 1, &now), now);
        }
    }
}
