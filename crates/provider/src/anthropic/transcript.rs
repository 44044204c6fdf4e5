//! Reads a messages stream. Usage comes in two parts: the prompt's in the first event, the reply's near the end.

use serde_json::Value;

use super::usage::Report;
use crate::complaint::{self, Asked};
use crate::error::ProviderError;
use crate::events::find_error;
use crate::evidence::{self, Failure};
use crate::finish;
use crate::generation::Stop;
use crate::transcript::{Ending, Read, Transcript};

/// What has been read so far.
pub(super) struct Reading {
    asked: Asked,
    stop: Option<Stop>,
    report: Report,
    saw_output: bool,
    thought: bool,
}

impl Reading {
    pub(super) fn new(asked: Asked) -> Reading {
        Reading {
            asked,
            stop: None,
            report: Report::default(),
            saw_output: false,
            thought: false,
        }
    }
}

impl Transcript for Reading {
    fn read(&mut self, name: &str, event: &Value) -> Result<Read, Failure> {
        if let Some(error) = find_error(event) {
            return Err(Failure {
                outcome: evidence::of(&error),
                error: complaint::inside(&error, &self.asked),
            });
        }
        if event["choices"][0]["delta"].is_object() {
            return Err(Failure::unknown(ProviderError::Protocol {
                why: "it speaks OpenAI's dialect",
            }));
        }
        // Relays leave out one of the two.
        match event["type"].as_str().unwrap_or(name) {
            "message_start" => self.report.prompt(&event["message"]["usage"]),
            "content_block_start" => return Ok(self.block(&event["content_block"])),
            "content_block_delta" => return Ok(self.block(&event["delta"])),
            "message_delta" => {
                let delta = &event["delta"];
                // Anthropic's first documentation had the usage inside the delta.
                for usage in [&delta["usage"], &event["usage"]] {
                    self.report.last(usage);
                }
                self.end(delta);
            }
            "message_stop" => return Ok(Read::End),
            "message" => return Ok(self.message(event)),
            // Pings, the ends of blocks, and events that are yet to be invented: Anthropic asks clients to ignore them.
            _ => {}
        }
        Ok(Read::Nothing)
    }

    /// A stop reason says that the reply is whole; where a relay leaves it out, the end mark does.
    fn ending(&self, marked: bool) -> Option<Ending> {
        let stop = match &self.stop {
            Some(stop) => stop.clone(),
            None if marked => Stop::End,
            None => return None,
        };
        let usage = self.report.usage(self.saw_output);
        Some(Ending {
            stop,
            usage,
            thought: self.thought || usage.is_some_and(|usage| usage.reasoning > 0),
        })
    }
}

impl Reading {
    /// A block of content, its beginning, or what is added to it: they have their text in the same place.
    fn block(&mut self, block: &Value) -> Read {
        let text = block["text"].as_str().unwrap_or_default();
        if !text.is_empty() {
            self.saw_output = true;
            self.report.goes_on();
            return Read::Text(text.to_owned());
        }
        match block["type"].as_str().unwrap_or_default() {
            "text" | "text_delta" | "" => return Read::Nothing,
            "thinking" | "thinking_delta" | "redacted_thinking" => self.thought = true,
            _ => {}
        }
        self.saw_output = true;
        self.report.goes_on();
        Read::Working
    }

    /// A whole reply where a stream was asked for.
    fn message(&mut self, message: &Value) -> Read {
        let mut text = String::new();
        for block in message["content"].as_array().into_iter().flatten() {
            if let Read::Text(part) = self.block(block) {
                text.push_str(&part);
            }
        }
        self.report.prompt(&message["usage"]);
        self.report.last(&message["usage"]);
        self.end(message);
        if text.is_empty() {
            Read::Nothing
        } else {
            Read::Text(text)
        }
    }

    fn end(&mut self, said: &Value) {
        let stop = finish::stop(&said["stop_reason"], &said["stop_sequence"]);
        self.stop = stop.or(self.stop.take());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ProviderError;
    use ledger::Usage;

    fn asked() -> Asked {
        Asked::example(Default::default())
    }

    fn hear(reading: &mut Reading, event: &str) -> Result<Read, Failure> {
        reading.read("", &serde_json::from_str(event).unwrap())
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
            hear(&mut reading, event).unwrap();
        }
        assert_eq!(
            hear(&mut reading, r#"{"type":"message_stop"}"#),
            Ok(Read::End)
        );
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
        assert_eq!(hear(&mut reading, thought), Ok(Read::Working));
    }

    #[test]
    fn an_error_event_is_typed() {
        let mut reading = Reading::new(asked());
        let event =
            r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#;
        let failure = hear(&mut reading, event).unwrap_err();
        assert!(matches!(failure.error, ProviderError::Overloaded { .. }));
        assert_eq!(failure.outcome, ledger::Outcome::Rejected { status: 529 });
    }

    #[test]
    fn a_whole_message_is_a_reply() {
        let message = r#"{"type":"message","role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"Hi "},{"type":"text","text":"there."}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":9,"output_tokens":4}}"#;
        let mut reading = Reading::new(asked());
        assert_eq!(
            hear(&mut reading, message),
            Ok(Read::Text("Hi there.".to_owned()))
        );
        let ending = reading.ending(false).unwrap();
        assert_eq!(ending.stop, Stop::End);
        assert_eq!(
            ending.usage.map(|usage| (usage.input, usage.output)),
            Some((9, 4))
        );
    }

    #[test]
    fn an_event_that_only_its_name_describes_is_understood() {
        let mut reading = Reading::new(asked());
        let delta = serde_json::json!({"delta": {"text": "Hi"}});
        let read = reading.read("content_block_delta", &delta);
        assert_eq!(read, Ok(Read::Text("Hi".to_owned())));
        assert_eq!(
            reading.read("message_stop", &serde_json::json!({})),
            Ok(Read::End)
        );
    }
}
