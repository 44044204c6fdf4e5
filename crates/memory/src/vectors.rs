//! Nearness: how near the meaning of each turn is to a question's.

use std::collections::HashMap;

/// Cosines between a question and the turns of a scope; empty without vectors.
#[derive(Clone, Debug, Default)]
pub(crate) struct Nearness {
    cosines: HashMap<i64, f64>,
}

impl Nearness {
    /// How near one turn is; 0 if it has no vector.
    pub(crate) fn at(&self, number: i64) -> f64 {
        self.cosines.get(&number).copied().unwrap_or_default()
    }

    /// The turns that have a vector near the question's.
    pub(crate) fn near(&self) -> impl Iterator<Item = i64> {
        self.cosines.keys().copied()
    }
}
