//! Reads a messages stream. Usage comes in two parts: the prompt's in the first event, the reply's near the end.

use ledger::Usage;
use serde_json::Value;

use crate::complaint::{self, Asked};
use crate::error::ProviderError;
use crate::evidence::{self, Failure};
use crate::generation::Stop;
use crate::transcript::{Ending, Read, Transcript, believable};

/// What has been read so far.
pub(super) struct Reading {
    asked: Asked,
    stop: Option<Stop>,
    /// `input_tokens`, which leaves out what was read from and written to the cache.
    fresh: Count,
    cached: Count,
    written: Count,
    /// Of the last `message_delta` only: the first event's output count is a beginning.
    output: Count,
    saw_output: bool,
}

/// A count that may not have come, or may be no count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    Missing,
    Broken,
    Is(u64),
}

impl Count {
    /// A later report replaces an earlier one; one that says nothing does not.
    fn update(&mut self, value: &Value) {
        *self = match value {
            Value::Null => return,
            value => value.as_u64().map_or(Count::Broken, Count::Is),
        };
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

impl Reading {
    pub(super) fn new(asked: Asked) -> Reading {
        let missing = Count::Missing;
        Reading {
            asked,
            stop: None,
            fresh: missing,
            cached: missing,
            written: missing,
            output: missing,
            saw_output: false,
        }
    }

    fn prompt_usage(&mut self, usage: &Value) {
        self.fresh.update(&usage["input_tokens"]);
        self.cached.update(&usage["cache_read_input_tokens"]);
        self.written.update(&usage["cache_creation_input_tokens"]);
    }

    fn usage(&self) -> Option<Usage> {
        let (fresh, output) = (self.fresh.required()?, self.output.required()?);
        let (cached_input, cache_write) = (self.cached.or_zero()?, self.written.or_zero()?);
        let input = fresh.checked_add(cached_input)?.checked_add(cache_write)?;
        let usage = Usage {
            input,
            cached_input,
            cache_write,
            output,
            reasoning: 0,
        };
        believable(usage, self.saw_output)
    }
}

impl Transcript for Reading {
    fn read(&mut self, data: &str) -> Result<Read, Failure> {
        if data.trim().is_empty() {
            return Ok(Read::Nothing);
        }
        let event: Value = serde_json::from_str(data).map_err(|_| {
            Failure::unknown(ProviderError::Protocol {
                why: "an event of its stream is no JSON",
            })
        })?;
        if let Some(error) = complaint::find(&event) {
            return Err(Failure {
                outcome: evidence::of(error),
                error: complaint::inside(error, &self.asked),
            });
        }
        match event["type"].as_str().unwrap_or_default() {
            "message_start" => self.prompt_usage(&event["message"]["usage"]),
            "content_block_start" => {
                let text = event["content_block"]["text"].as_str().unwrap_or_default();
                return Ok(self.text(text));
            }
            "content_block_delta" => {
                let delta = &event["delta"];
                if delta["type"] != "text_delta" {
                    self.saw_output = true;
                    return Ok(Read::Working);
                }
                return Ok(self.text(delta["text"].as_str().unwrap_or_default()));
            }
            "message_delta" => {
                self.prompt_usage(&event["usage"]);
                self.output.update(&event["usage"]["output_tokens"]);
                if let Some(reason) = event["delta"]["stop_reason"].as_str() {
                    self.stop = Some(stop(reason, &event["delta"]["stop_sequence"]));
                }
            }
            "message_stop" => return Ok(Read::End),
            // Pings, the ends of blocks, and events that are yet to be invented: Anthropic asks clients to ignore them.
            _ => {}
        }
        Ok(Read::Nothing)
    }

    /// Only a stop reason says that the reply is whole; it comes with the final usage.
    fn ending(&self, _marked: bool) -> Option<Ending> {
        let stop = self.stop.clone()?;
        Some(Ending {
            stop,
            usage: self.usage(),
        })
    }
}

impl Reading {
    fn text(&mut self, text: &str) -> Read {
        if text.is_empty() {
            return Read::Nothing;
        }
        self.saw_output = true;
        // A report that text follows is not the final one.
        self.output = Count::Missing;
        Read::Text(text.to_owned())
    }
}

fn stop(reason: &str, sequence: &Value) -> Stop {
    match reason {
        "end_turn" => Stop::End,
        "max_tokens" | "model_context_window_exceeded" => Stop::Length,
        "stop_sequence" => Stop::Sequence(sequence.as_str().unwrap_or_default().to_owned()),
        "refusal" => Stop::Refused(reason.to_owned()),
        other => Stop::Other(other.chars().take(40).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Asked {
        Asked::example(Default::default())
    }

    fn ending(start: &str, delta: &str) -> Option<Ending> {
        let mut reading = Reading::new(asked());
        let start = format!(r#"{{"type":"message_start","message":{{"usage":{start}}}}}"#);
        let text =
            r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}"#;
        let delta = format!(
            r#"{{"type":"message_delta","delta":{{"stop_reason":"end_turn"}},"usage":{delta}}}"#
        );
        for event in [&start, r#"{"type": "ping"}"#, text, &delta] {
            reading.read(event).unwrap();
        }
        assert_eq!(reading.read(r#"{"type":"message_stop"}"#), Ok(Read::End));
        reading.ending(true)
    }

    #[test]
    fn input_is_the_total_of_what_the_service_counts_apart() {
        let start = r#"{"input_tokens":10,"cache_creation_input_tokens":200,"cache_read_input_tokens":3000,"output_tokens":1}"#;
        let usage = ending(start, r#"{"output_tokens":15}"#).unwrap().usage;
        let expected = Usage {
            input: 3210,
            cached_input: 3000,
            cache_write: 200,
            output: 15,
            reasoning: 0,
        };
        assert_eq!(usage, Some(expected));
    }

    #[test]
    fn a_later_report_replaces_the_first() {
        let delta = r#"{"input_tokens":12,"cache_read_input_tokens":null,"output_tokens":15}"#;
        let usage = ending(r#"{"input_tokens":10,"output_tokens":1}"#, delta)
            .unwrap()
            .usage;
        assert_eq!(
            usage,
            Some(Usage {
                input: 12,
                output: 15,
                ..Usage::default()
            })
        );
    }

    #[test]
    fn a_report_that_cannot_be_true_is_none() {
        let good = r#"{"input_tokens":10,"output_tokens":1}"#;
        for (start, delta) in [
            ("null", r#"{"output_tokens":15}"#),
            (good, "{}"),
            (good, r#"{"output_tokens":-1}"#),
            (good, r#"{"output_tokens":0}"#),
            (good, r#"{"output_tokens":4294967296}"#),
            (r#"{"input_tokens":0}"#, r#"{"output_tokens":15}"#),
            (
                r#"{"input_tokens":1,"cache_read_input_tokens":"many"}"#,
                r#"{"output_tokens":15}"#,
            ),
            (
                r#"{"input_tokens":1,"cache_read_input_tokens":18446744073709551615}"#,
                r#"{"output_tokens":15}"#,
            ),
        ] {
            assert_eq!(ending(start, delta).unwrap().usage, None, "{start} {delta}");
        }
    }

    #[test]
    fn thinking_is_work_and_not_text() {
        let mut reading = Reading::new(asked());
        let thought = r#"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#;
        assert_eq!(reading.read(thought), Ok(Read::Working));
    }

    #[test]
    fn an_error_event_is_typed() {
        let mut reading = Reading::new(asked());
        let event =
            r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#;
        let failure = reading.read(event).unwrap_err();
        assert!(matches!(failure.error, ProviderError::Overloaded { .. }));
        assert_eq!(failure.outcome, ledger::Outcome::Rejected { status: 529 });
    }

    #[test]
    fn every_reason_to_stop_has_a_name() {
        assert_eq!(
            stop("stop_sequence", &Value::from("Ana:")),
            Stop::Sequence("Ana:".to_owned())
        );
        assert_eq!(
            stop("refusal", &Value::Null),
            Stop::Refused("refusal".to_owned())
        );
        assert_eq!(stop("max_tokens", &Value::Null), Stop::Length);
        assert_eq!(
            stop("pause_turn", &Value::Null),
            Stop::Other("pause_turn".to_owned())
        );
    }
}
