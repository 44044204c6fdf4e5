//! The tokens of one call, as a provider reports them.

use serde::{Deserialize, Serialize};

/// More tokens than any call can have. A report above is somebody's error, not a usage.
const BELIEVABLE: u64 = 1_000_000_000;

/// Tokens that a provider says it used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// All prompt tokens, those read from and written to a cache included.
    pub input: u64,
    /// Of these, read from the provider's cache.
    pub cached_input: u64,
    /// Of these, written to the provider's cache.
    pub cache_write: u64,
    /// All reply tokens, reasoning included.
    pub output: u64,
    /// Of these, spent on reasoning.
    pub reasoning: u64,
}

impl Usage {
    /// Prompt and reply tokens together: what a token limit counts.
    pub fn tokens(&self) -> u64 {
        self.input.saturating_add(self.output)
    }

    /// Whether the report can be true: no call has an empty prompt, and no part is larger than its whole.
    /// What cannot be true is treated as if nothing had been reported.
    pub fn is_plausible(&self) -> bool {
        let parts = self.cached_input.checked_add(self.cache_write);
        self.input > 0
            && parts.is_some_and(|parts| parts <= self.input)
            && self.reasoning <= self.output
    }

    /// Whether it is absurd: more than any call can have.
    pub fn is_absurd(&self) -> bool {
        self.input > BELIEVABLE || self.output > BELIEVABLE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_whose_parts_exceed_the_whole_is_not_believed() {
        let good = Usage {
            input: 10,
            cached_input: 4,
            cache_write: 6,
            output: 3,
            reasoning: 3,
        };
        assert!(good.is_plausible());
        assert!(
            !Usage {
                cached_input: 5,
                ..good
            }
            .is_plausible()
        );
        assert!(
            !Usage {
                cached_input: u64::MAX,
                ..good
            }
            .is_plausible()
        );
        assert!(
            !Usage {
                reasoning: 4,
                ..good
            }
            .is_plausible()
        );
        assert!(!Usage::default().is_plausible());
    }
}
