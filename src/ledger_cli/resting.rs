//! What rests, since when, and the command that opens it again, in a sentence each.

use chrono::{DateTime, Utc};
use ledger::{Frozen, Quarantine};

/// Everything, after a restored backup.
pub(crate) fn restored(since: DateTime<Utc>) -> String {
    format!(
        "everything since {} UTC: the database is older than what this machine has seen (a restored backup), so nobody \
         knows what was spent in between. Look at your provider's bill, then: familiar ledger acknowledge",
        minute(since)
    )
}

/// A scope, after a call that cost too much.
pub(crate) fn scope(one: &Frozen) -> String {
    format!(
        "{} since {} UTC: {} cost more than was set aside. When you have seen why: familiar ledger acknowledge {}",
        one.scope,
        minute(one.since),
        calls(one.breaches),
        one.scope
    )
}

/// A model, on the terms that it broke.
pub(crate) fn model(one: &Quarantine) -> String {
    format!(
        "{} at {} since {} UTC, after {} on these terms: {}. Correct them in the configuration, or: familiar ledger lift {} --provider {}",
        one.model,
        one.provider,
        minute(one.since),
        calls(one.breaches),
        one.terms,
        one.model,
        one.provider
    )
}

/// The same without the terms, for whoever has them in the configuration.
pub(crate) fn model_in_short(one: &Quarantine) -> String {
    format!(
        "it is quarantined since {} UTC, after {} that took more than these terms allow. Correct its context_window, max_output \
         or price, set caps_certified = false, or: familiar ledger lift {} --provider {}",
        minute(one.since),
        calls(one.breaches),
        one.model,
        one.provider
    )
}

fn minute(at: DateTime<Utc>) -> impl std::fmt::Display {
    at.format("%Y-%m-%d %H:%M")
}

fn calls(many: i64) -> String {
    match many {
        1 => "a call".to_owned(),
        many => format!("{many} calls"),
    }
}
