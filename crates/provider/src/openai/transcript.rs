//! Reads a chat-completions stream. Services agree on the frame and differ in where they put usage and reasoning.

use ledger::PicoUsd;
use serde_json::Value;

use super::chunk::{self, Chunk};
use super::usage;
use crate::complaint::{self, Asked};
use crate::counts::believable;
use crate::error::ProviderError;
use crate::events::find_error;
use crate::evidence::{self, Failure};
use crate::finish;
use crate::generation::Stop;
use crate::lookup;
use crate::transcript::{Ending, Read, Transcript};

/// A longer name of a call is none.
const LONGEST_NAME: usize = 200;

/// What has been read so far.
pub(super) struct Reading {
    asked: Asked,
    stop: Option<Stop>,
    /// Output came behind the reason to stop: then a later reason counts.
    went_on: bool,
    /// The newest report, and whether text still followed it (vLLM can report with every token): then it is not final.
    usage: Option<Value>,
    stale: bool,
    /// The text so far: some services repeat it at the end.
    text: String,
    saw_output: bool,
    thought: bool,
    /// The service's own name of the call.
    name: Option<String>,
}

impl Reading {
    pub(super) fn new(asked: Asked) -> Reading {
        Reading {
            asked,
            stop: None,
            went_on: false,
            usage: None,
            stale: false,
            text: String::new(),
            saw_output: false,
            thought: false,
            name: None,
        }
    }

    /// Whether a report says less than the one before: what was billed does not shrink.
    fn is_lower(&self, report: &Value) -> bool {
        let total = |report: &Value| {
            let usage = usage::read(report)?;
            Some(usage.input.saturating_add(usage.output))
        };
        let before = self.usage.as_ref().and_then(total);
        before.is_some_and(|before| total(report).is_none_or(|now| now < before))
    }

    /// What is new in a text; of one that repeats all that was written, the rest.
    fn fresh(&mut self, text: String, snapshot: bool) -> String {
        let known = snapshot && self.text.len() > 1 && text.starts_with(&self.text);
        let fresh = if known {
            text[self.text.len()..].to_owned()
        } else {
            text
        };
        self.text.push_str(&fresh);
        fresh
    }
}

impl Transcript for Reading {
    fn read(&mut self, _name: &str, event: &Value) -> Result<Read, Failure> {
        if let Some(error) = find_error(event) {
            return Err(Failure {
                outcome: evidence::of(&error),
                error: complaint::inside(&error, &self.asked),
            });
        }
        if let Some(why) = foreign(event) {
            return Err(Failure::unknown(ProviderError::Protocol { why }));
        }
        if self.name.is_none() {
            let name = event["id"].as_str().filter(|name| !name.is_empty());
            self.name = name.map(|name| name.chars().take(LONGEST_NAME).collect());
        }
        let mut chunk = chunk::read(event);
        let text = self.fresh(std::mem::take(&mut chunk.text), chunk.snapshot);
        self.thought |= chunk.thinks;
        if chunk.works || !text.is_empty() {
            self.stale = true;
            self.went_on = true;
            self.saw_output = true;
        }
        if let Some(stop) = stop_of(&chunk) {
            // What was said first stays: SGLang says it twice, and others say a plain stop behind it.
            if self.stop.is_none() || self.went_on && !matches!(self.stop, Some(Stop::Refused(_))) {
                self.stop = Some(stop);
                self.went_on = false;
            }
        }
        if let Some(usage) = usage::find(event) {
            if !self.is_lower(usage) {
                self.usage = Some(usage.clone());
            }
            self.stale = false;
        }
        Ok(match (text.is_empty(), chunk.works) {
            (false, _) => Read::Text(text),
            (true, true) => Read::Working,
            (true, false) => Read::Nothing,
        })
    }

    fn charge(&self) -> Option<PicoUsd> {
        lookup::charge(self.usage.as_ref().filter(|_| !self.stale)?)
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// `[DONE]` ends the stream, and so does a finish reason: some services leave the mark out, and what is billed is
    /// known by then.
    fn ending(&self, marked: bool) -> Option<Ending> {
        let stop = match &self.stop {
            Some(stop) => stop.clone(),
            None if marked => Stop::End,
            None => return None,
        };
        let usage = self.usage.as_ref().filter(|_| !self.stale);
        let usage = usage.and_then(usage::read);
        let usage = usage.and_then(|usage| believable(usage, self.saw_output));
        Some(Ending {
            stop,
            usage,
            thought: self.thought || usage.is_some_and(|usage| usage.reasoning > 0),
        })
    }
}

/// The dialect of an event that is not of this one.
fn foreign(event: &Value) -> Option<&'static str> {
    match event["type"].as_str()? {
        "message_start" | "content_block_delta" | "message_delta" => {
            Some("it speaks Anthropic's dialect")
        }
        kind if kind.starts_with("response.") => {
            Some("it speaks OpenAI's responses, which Familiar does not")
        }
        _ => None,
    }
}

/// Why the reply ended, if this chunk says so.
fn stop_of(chunk: &Chunk) -> Option<Stop> {
    if chunk.refusal {
        return Some(Stop::Refused("refusal".to_owned()));
    }
    finish::stop(&chunk.reason, &chunk.sequence).or(chunk.whole.then_some(Stop::End))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::Usage;

    fn asked() -> Asked {
        Asked::example(Default::default())
    }

    fn hear(reading: &mut Reading, event: &str) -> Result<Read, Failure> {
        reading.read("", &serde_json::from_str(event).unwrap())
    }

    /// Reads whole events; text, and what is known at the end.
    fn read(events: &[&str]) -> (String, Option<Ending>) {
        let mut reading = Reading::new(asked());
        let mut text = String::new();
        for event in events {
            if *event == DONE {
                return (text, reading.ending(true));
            }
            if let Read::Text(delta) = hear(&mut reading, event).unwrap() {
                text.push_str(&delta);
            }
        }
        (text, reading.ending(false))
    }

    fn usage(events: &[&str]) -> Option<Usage> {
        read(events).1.and_then(|ending| ending.usage)
    }

    const HI: &str = r#"{"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}"#;
    const STOP: &str = r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#;
    const DONE: &str = "[DONE]";

    #[test]
    fn usage_is_found_where_each_service_puts_it() {
        let openai = r#"{"choices":[],"usage":{"prompt_tokens":20,"completion_tokens":9,"total_tokens":29,"prompt_tokens_details":{"cached_tokens":16},"completion_tokens_details":{"reasoning_tokens":5}}}"#;
        let expected = Usage {
            input: 20,
            cached_input: 16,
            output: 9,
            reasoning: 5,
            ..Usage::default()
        };
        assert_eq!(usage(&[HI, STOP, openai, DONE]), Some(expected));

        let groq = r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"x_groq":{"id":"r","usage":{"queue_time":0.1,"prompt_tokens":20,"completion_tokens":9,"total_tokens":29}}}"#;
        let plain = Usage {
            input: 20,
            output: 9,
            ..Usage::default()
        };
        assert_eq!(usage(&[HI, groq, DONE]), Some(plain));

        let mistral = r#"{"choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"total_tokens":29,"completion_tokens":9}}"#;
        assert_eq!(usage(&[HI, mistral, DONE]), Some(plain));

        let deepseek = r#"{"choices":[{"index":0,"delta":{"content":"","reasoning_content":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":9,"total_tokens":29,"prompt_cache_hit_tokens":12,"prompt_cache_miss_tokens":8}}"#;
        assert_eq!(
            usage(&[HI, deepseek, DONE]),
            Some(Usage {
                cached_input: 12,
                ..plain
            })
        );

        let openrouter = r#"{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":{"prompt_tokens":20,"completion_tokens":9,"total_tokens":29,"cost":0.0001,"prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":8}}}"#;
        assert_eq!(
            usage(&[HI, STOP, openrouter, DONE]),
            Some(Usage {
                cache_write: 8,
                ..plain
            })
        );

        let xai = r#"{"choices":[],"usage":{"prompt_tokens":20,"completion_tokens":9,"total_tokens":59,"completion_tokens_details":{"reasoning_tokens":30}}}"#;
        assert_eq!(
            usage(&[HI, STOP, xai, DONE]),
            Some(Usage {
                output: 39,
                reasoning: 30,
                ..plain
            })
        );
    }

    #[test]
    fn a_report_that_text_follows_is_not_the_final_one() {
        let early = r#"{"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}],"usage":{"prompt_tokens":20,"completion_tokens":1,"total_tokens":21}}"#;
        assert_eq!(usage(&[early, HI, STOP, DONE]), None);
        let last = r#"{"choices":[{"index":0,"delta":{"content":"!"},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":2,"total_tokens":22}}"#;
        assert_eq!(
            usage(&[early, last, DONE]),
            Some(Usage {
                input: 20,
                output: 2,
                ..Usage::default()
            })
        );
    }

    #[test]
    fn a_report_that_says_less_erases_none() {
        let full = r#"{"choices":[],"usage":{"prompt_tokens":20,"completion_tokens":2}}"#;
        for less in ["null", "{}", r#"{"prompt_tokens":20,"total_tokens":20}"#] {
            let event = format!(r#"{{"choices":[],"usage":{less}}}"#);
            assert!(usage(&[HI, full, STOP, &event, DONE]).is_some(), "{less}");
        }
    }

    #[test]
    fn text_that_is_repeated_as_a_whole_is_taken_once() {
        let whole = r#"{"object":"chat.completion","choices":[{"message":{"content":"Hi there."},"finish_reason":"stop"}]}"#;
        let (text, ending) = read(&[HI, whole, DONE]);
        assert_eq!(text, "Hi there.");
        assert_eq!(ending.map(|ending| ending.stop), Some(Stop::End));
    }

    #[test]
    fn the_first_reason_stays_unless_the_reply_goes_on() {
        let length = r#"{"choices":[{"delta":{},"finish_reason":"length"}]}"#;
        let stop = |events: &[&str]| read(events).1.map(|ending| ending.stop);
        assert_eq!(stop(&[HI, length, STOP, DONE]), Some(Stop::Length));
        assert_eq!(stop(&[HI, STOP, HI, length, DONE]), Some(Stop::Length));
        assert_eq!(stop(&[HI, STOP, HI, DONE]), Some(Stop::End));
    }

    #[test]
    fn a_report_that_cannot_be_true_is_none() {
        for report in [
            r#"{"prompt_tokens":20}"#,
            r#"{"prompt_tokens":null,"completion_tokens":3}"#,
            r#"{"prompt_tokens":-20,"completion_tokens":3}"#,
            r#"{"prompt_tokens":2.5,"completion_tokens":3}"#,
            r#"{"prompt_tokens":0,"completion_tokens":3}"#,
            r#"{"prompt_tokens":20,"completion_tokens":0}"#,
            r#"{"prompt_tokens":20,"completion_tokens":5000000000}"#,
            r#"{"prompt_tokens":20,"completion_tokens":1e30}"#,
            r#"{"prompt_tokens":20,"completion_tokens":3,"total_tokens":99999999999}"#,
        ] {
            let event = format!(r#"{{"choices":[],"usage":{report}}}"#);
            assert_eq!(usage(&[HI, STOP, &event, DONE]), None, "{report}");
        }
    }

    #[test]
    fn reasoning_is_work_and_not_text() {
        let (text, _) = read(&[
            r#"{"choices":[{"delta":{"reasoning_content":"let me see"}}]}"#,
            r#"{"choices":[{"delta":{"content":"","reasoning":"hm","reasoning_details":[]}}]}"#,
            r#"{"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]}}]}"#,
            r#"{"choices":[{"delta":{"content":[{"type":"text","text":"Hello"}]}}]}"#,
        ]);
        assert_eq!(text, "Hello");
        let mut reading = Reading::new(asked());
        assert_eq!(
            hear(
                &mut reading,
                r#"{"choices":[{"delta":{"reasoning":"hm"}}]}"#
            ),
            Ok(Read::Working)
        );
    }

    #[test]
    fn every_reason_to_stop_has_a_name() {
        let stop_of = |choice: &str| {
            let event = format!(r#"{{"choices":[{choice}]}}"#);
            read(&[HI, &event, DONE]).1.map(|ending| ending.stop)
        };
        assert_eq!(stop_of(r#"{"finish_reason":"length"}"#), Some(Stop::Length));
        assert_eq!(
            stop_of(r#"{"finish_reason":"content_filter"}"#),
            Some(Stop::Refused("content_filter".to_owned()))
        );
        assert_eq!(
            stop_of(r#"{"delta":{"refusal":"I can't."},"finish_reason":"stop"}"#),
            Some(Stop::Refused("refusal".to_owned()))
        );
        assert_eq!(
            stop_of(r#"{"finish_reason":"stop","stop_reason":"Ana:"}"#),
            Some(Stop::Sequence("Ana:".to_owned()))
        );
        assert_eq!(
            stop_of(r#"{"finish_reason":"stop","stop_reason":128009}"#),
            Some(Stop::End)
        );
        assert_eq!(
            stop_of(r#"{"finish_reason":"tool_calls"}"#),
            Some(Stop::Other("tool_calls".to_owned()))
        );
        assert_eq!(stop_of("{}"), Some(Stop::End), "[DONE] alone is an end too");
    }

    #[test]
    fn without_a_reason_and_a_mark_the_reply_is_cut() {
        assert_eq!(read(&[HI]).1, None);
        assert!(
            read(&[HI, STOP]).1.is_some(),
            "a finish reason and a proper end of the body are an end"
        );
    }

    #[test]
    fn errors_inside_a_stream_are_typed() {
        let mut reading = Reading::new(asked());
        for (event, expected) in [
            (
                r#"{"error":{"message":"Provider returned error","code":429},"choices":[{"delta":{"content":""},"finish_reason":"error"}]}"#,
                "RateLimited",
            ),
            (
                r#"{"error":{"code":500,"message":"slot lost","type":"server_error"}}"#,
                "Other",
            ),
            (
                r#"{"object":"error","message":"maximum context length is 10","type":"BadRequestError","code":400}"#,
                "ContextTooLong",
            ),
            (r#"{"error":"upstream overloaded"}"#, "Overloaded"),
        ] {
            let error = hear(&mut reading, event).unwrap_err().error;
            assert!(
                format!("{error:?}").starts_with(expected),
                "{event}: {error:?}"
            );
        }
        assert_eq!(
            hear(&mut reading, r#"{"error":null,"choices":[]}"#),
            Ok(Read::Nothing)
        );
    }
}
