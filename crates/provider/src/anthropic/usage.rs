//! A message's report of its tokens, in two parts that may correct each other.

use ledger::Usage;
use serde_json::Value;

use crate::counts::{believable, reasoning, whole};

/// What has been reported so far.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// `input_tokens`, which leaves out what was read from and written to the cache.
    fresh: Count,
    cached: Count,
    written: Count,
    /// Of the last report only: the first event's output count is a beginning.
    output: Count,
    reasoning: u64,
}

/// A count that may not have come, or may be no count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Count {
    #[default]
    Missing,
    Broken,
    Is(u64),
}

impl Count {
    /// A later report replaces an earlier one; one that says nothing, or zero as relays do that do not know, does not.
    fn update(&mut self, value: &Value) {
        let said = match value {
            Value::Null => return,
            value => whole(value).map_or(Count::Broken, Count::Is),
        };
        if !matches!((*self, said), (Count::Is(1..), Count::Is(0))) {
            *self = said;
        }
    }

    fn required(self) -> Option<u64> {
        if let Count::Is(count) = self {
            Some(count)
        } else {
            None
        }
    }

    fn or_zero(self) -> Option<u64> {
        if self == Count::Missing {
            Some(0)
        } else {
            self.required()
        }
    }
}

impl Report {
    /// Takes the prompt's part in.
    pub(super) fn prompt(&mut self, usage: &Value) {
        self.fresh.update(&usage["input_tokens"]);
        self.cached.update(&usage["cache_read_input_tokens"]);
        self.written.update(&usage["cache_creation_input_tokens"]);
    }

    /// Takes a report in that counts the output too. Its counts are totals, not what was added.
    pub(super) fn last(&mut self, usage: &Value) {
        self.prompt(usage);
        self.output.update(&usage["output_tokens"]);
        self.reasoning = self.reasoning.max(reasoning(usage));
    }

    /// Output follows: the report so far is not the final one.
    pub(super) fn goes_on(&mut self) {
        self.output = Count::Missing;
    }

    /// All of it, if it is whole and can be true.
    pub(super) fn usage(&self, saw_output: bool) -> Option<Usage> {
        let (fresh, output) = (self.fresh.required()?, self.output.required()?);
        let (cached_input, cache_write) = (self.cached.or_zero()?, self.written.or_zero()?);
        let input = fresh.checked_add(cached_input)?.checked_add(cache_write)?;
        let usage = Usage {
            input,
            cached_input,
            cache_write,
            output,
            reasoning: self.reasoning.min(output),
        };
        believable(usage, saw_output)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_later_report_corrects_an_earlier_one_and_zero_corrects_nothing() {
        let mut report = Report::default();
        report.prompt(&json!({"input_tokens": 0, "cache_read_input_tokens": 0}));
        report
            .last(&json!({"input_tokens": 30.0, "cache_read_input_tokens": 8, "output_tokens": 5}));
        report.last(&json!({"input_tokens": 0, "output_tokens": 7.0}));
        let usage = report.usage(true).unwrap();
        assert_eq!((usage.input, usage.cached_input, usage.output), (38, 8, 7));
    }

    #[test]
    fn a_report_that_output_follows_is_not_the_final_one() {
        let mut report = Report::default();
        report.last(&json!({"input_tokens": 9, "output_tokens": 1}));
        report.goes_on();
        assert_eq!(report.usage(true), None);
    }
}
