//! What is known and stands in the stable part of a prompt, whatever the message is.

use memory::Fact;
use store::reports::Source;

use crate::compose::Line;

/// What is known and stands in the prompt whatever the message is.
#[derive(Default)]
pub(crate) struct Standing {
    pub(crate) summary: String,
    pub(crate) facts: Vec<Line>,
    /// The facts whose lines these are.
    pub(super) taken: Vec<Fact>,
}

impl Standing {
    /// Takes these facts, each once.
    pub(super) fn take(&mut self, facts: Vec<&Fact>) {
        for fact in facts {
            if is_taken(&self.taken, fact) {
                continue;
            }
            self.facts.push(Line {
                text: format!("- {}", fact.text),
                source: Some(Source::Fact {
                    id: fact.id,
                    brought_up: false,
                }),
            });
            self.taken.push(fact.clone());
        }
    }

    /// About how many tokens it takes.
    pub(crate) fn tokens(&self) -> usize {
        let facts = self.facts.iter().map(Line::tokens);
        memory::tokens(&self.summary) + facts.sum::<usize>()
    }
}

/// The same may be known in two places.
pub(super) fn is_taken(taken: &[Fact], fact: &Fact) -> bool {
    taken
        .iter()
        .any(|known| known.id == fact.id || (known.about == fact.about && known.text == fact.text))
}
