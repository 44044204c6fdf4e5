//! What the house counts of replies and of notes while it runs, for the operator's figures.

use memory::consolidation::Notes;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use crate::ladder::{Context, Rung, Which};

/// Counters of one house. Cheap to clone; all clones are one.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    replies: Family<Form, Counter>,
    shrunk: Counter,
    facts: Counter,
    refused: Family<Reason, Counter>,
    unsummed: Family<Reason, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Form {
    form: &'static str,
}

/// All forms that a reply can have.
const FORMS: [&str; 5] = ["full", "shorter", "leaner", "cheaper", "resting"];

impl Counts {
    /// Puts the counters into a registry.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "replies",
            "Replies by form: full, with a lower cap, with less context, by the cheaper model, or the resting line",
            self.replies.clone(),
        );
        registry.register(
            "replies_shrunk",
            "Replies that went out smaller than asked for, because the full hold did not fit",
            self.shrunk.clone(),
        );
        registry.register(
            "facts_read",
            "Facts that a model read out of talk and that were kept, new ones and such as were known",
            self.facts.clone(),
        );
        registry.register(
            "facts_refused",
            "Facts that a model claimed and that were not kept, by the reason",
            self.refused.clone(),
        );
        registry.register(
            "summaries_refused",
            "Summaries that a model wrote and that were not kept, by the reason",
            self.unsummed.clone(),
        );
        // Known from the beginning, so that a rate over them needs no special case.
        for form in FORMS {
            drop(self.replies.get_or_create(&Form { form }));
        }
    }

    /// A reply goes out in this form, which is the first on the ladder or a smaller one.
    pub(crate) fn held(&self, rung: Rung, first: bool) {
        let form = match (first, rung.which, rung.context) {
            (true, ..) => "full",
            (false, Which::Cheaper, _) => "cheaper",
            (false, Which::First, Context::Lean) => "leaner",
            (false, Which::First, Context::Full) => "shorter",
        };
        self.replies.get_or_create(&Form { form }).inc();
        if !first {
            self.shrunk.inc();
        }
    }

    /// A model's answer was read into notes.
    pub(crate) fn noted(&self, notes: &Notes) {
        let kept = notes.outcome.learned.len() + notes.outcome.confirmed.len();
        self.facts.inc_by(kept as u64);
        for refusal in &notes.refused {
            let reason = refusal.key();
            self.refused.get_or_create(&Reason { reason }).inc();
        }
        if let Some(unsummed) = notes.unsummed {
            let reason = unsummed.key();
            self.unsummed.get_or_create(&Reason { reason }).inc();
        }
    }

    /// No form of a reply could be held, so a line stands in its place.
    pub(crate) fn rested(&self) {
        self.replies.get_or_create(&Form { form: "resting" }).inc();
    }
}
