//! What the ledger counts while it runs, for the operator's figures. It begins at nought with each start of the
//! program; what is kept for good is in the database.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use store::holds::End;

use crate::refusal::Refusal;

/// Counters of one ledger. Cheap to clone; all clones are one.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    admitted: Counter,
    refused: Family<Reason, Counter>,
    closed: Family<Ending, Counter>,
    breaches: Counter,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ending {
    end: &'static str,
}

impl Counts {
    /// Puts the counters into a registry.
    pub fn register(&self, registry: &mut Registry) {
        let ours = registry.sub_registry_with_prefix("ledger");
        ours.register(
            "holds_admitted",
            "Holds that were set aside",
            self.admitted.clone(),
        );
        ours.register(
            "holds_refused",
            "Holds that were refused, by reason; a reply that shrinks is refused once a size",
            self.refused.clone(),
        );
        ours.register(
            "holds_closed",
            "Holds that were closed: settled by reported usage, posted in full, posted for the prompt alone, or void",
            self.closed.clone(),
        );
        ours.register(
            "breaches",
            "Calls that used more than they were allowed to",
            self.breaches.clone(),
        );
        // Known from the beginning, so that a rate over them needs no special case.
        for end in [End::Settled, End::PostedFull, End::PostedInput, End::Void] {
            self.closed(end, 0);
        }
    }

    pub(crate) fn admitted(&self) {
        self.admitted.inc();
    }

    pub(crate) fn refused(&self, refusal: &Refusal) {
        let reason = refusal.reason();
        self.refused.get_or_create(&Reason { reason }).inc();
    }

    pub(crate) fn closed(&self, end: End, many: u64) {
        let end = match end {
            End::Settled => "settled",
            End::PostedFull => "posted_full",
            End::PostedInput => "posted_input",
            End::Void => "void",
        };
        self.closed.get_or_create(&Ending { end }).inc_by(many);
    }

    pub(crate) fn breach(&self) {
        self.breaches.inc();
    }
}
