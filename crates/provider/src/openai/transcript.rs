//! Reads a chat-completions stream. Services agree on the frame and differ in where they put usage and reasoning.

use ledger::{PicoUsd, Usage};
use serde_json::Value;

use crate::complaint::{self, Asked};
use crate::error::ProviderError;
use crate::evidence::{self, Failure};
use crate::generation::Stop;
use crate::lookup;
use crate::transcript::{Ending, Read, Transcript, believable};

/// A longer name of a call is none.
const LONGEST_NAME: usize = 200;

/// What has been read so far.
pub(super) struct Reading {
    asked: Asked,
    stop: Option<Stop>,
    /// The newest report. One that text still follows (vLLM can report with every token) is not the final one.
    usage: Option<Value>,
    saw_output: bool,
    /// The service's own name of the call.
    name: Option<String>,
}

impl Reading {
    pub(super) fn new(asked: Asked) -> Reading {
        Reading {
            asked,
            stop: None,
            usage: None,
            saw_output: false,
            name: None,
        }
    }
}

impl Transcript for Reading {
    fn read(&mut self, data: &str) -> Result<Read, Failure> {
        let data = data.trim();
        if data.is_empty() {
            return Ok(Read::Nothing);
        }
        if data == "[DONE]" {
            return Ok(Read::End);
        }
        let chunk: Value = serde_json::from_str(data).map_err(|_| {
            Failure::unknown(ProviderError::Protocol {
                why: "an event of its stream is no JSON",
            })
        })?;
        if let Some(error) = complaint::find(&chunk) {
            return Err(Failure {
                outcome: evidence::of(error),
                error: complaint::inside(error, &self.asked),
            });
        }
        if self.name.is_none() {
            let name = chunk["id"].as_str().filter(|name| !name.is_empty());
            self.name = name.map(|name| name.chars().take(LONGEST_NAME).collect());
        }
        let choice = &chunk["choices"][0];
        let delta = &choice["delta"];
        let text = text_of(&delta["content"]);
        // `refusal` is OpenAI's own way to decline: the model's words, in a field of their own.
        let text = if text.is_empty() {
            text_of(&delta["refusal"])
        } else {
            text
        };
        let works = ["reasoning_content", "reasoning"]
            .iter()
            .any(|&field| is_present(&delta[field]))
            || delta["content"].is_array()
            || is_present(&delta["tool_calls"]);
        if works || !text.is_empty() {
            self.usage = None;
            self.saw_output = true;
        }
        if let Some(reason) = choice["finish_reason"].as_str() {
            self.stop = Some(stop(reason, &choice["stop_reason"]));
        }
        if is_present(&delta["refusal"]) {
            self.stop = Some(Stop::Refused("refusal".to_owned()));
        }
        let usage = [&chunk["usage"], &chunk["x_groq"]["usage"], &choice["usage"]];
        if let Some(usage) = usage.into_iter().find(|usage| usage.is_object()) {
            self.usage = Some(usage.clone());
        }
        Ok(match (text.is_empty(), works) {
            (false, _) => Read::Text(text),
            (true, true) => Read::Working,
            (true, false) => Read::Nothing,
        })
    }

    fn charge(&self) -> Option<PicoUsd> {
        lookup::charge(self.usage.as_ref()?)
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// `[DONE]` ends the stream, and so does a proper end of the body behind a finish reason: some services leave the
    /// mark out, and what is billed is known by then.
    fn ending(&self, marked: bool) -> Option<Ending> {
        let stop = match &self.stop {
            Some(stop) => stop.clone(),
            None if marked => Stop::End,
            None => return None,
        };
        let usage = self.usage.as_ref().and_then(read_usage);
        Some(Ending {
            stop,
            usage: usage.and_then(|usage| believable(usage, self.saw_output)),
        })
    }
}

/// Text from a string, or from Mistral's list of parts, in which thoughts are parts too.
fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts
            .iter()
            .filter(|part| part["type"] == "text")
            .filter_map(|part| part["text"].as_str())
            .collect(),
        _ => String::new(),
    }
}

fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        _ => true,
    }
}

fn stop(reason: &str, sequence: &Value) -> Stop {
    match (reason, sequence.as_str()) {
        // vLLM says which sequence it was.
        ("stop", Some(sequence)) => Stop::Sequence(sequence.to_owned()),
        ("stop" | "eos" | "end_turn", None) => Stop::End,
        ("length" | "model_length" | "max_tokens", _) => Stop::Length,
        ("content_filter" | "refusal", _) => Stop::Refused(reason.to_owned()),
        (other, _) => Stop::Other(other.chars().take(40).collect()),
    }
}

/// Both counts, or nothing.
fn read_usage(usage: &Value) -> Option<Usage> {
    let input = usage["prompt_tokens"].as_u64()?;
    let mut output = usage["completion_tokens"].as_u64()?;
    let prompt = &usage["prompt_tokens_details"];
    let cached =
        count(&prompt["cached_tokens"]).or_else(|| count(&usage["prompt_cache_hit_tokens"]));
    let written = count(&prompt["cache_write_tokens"]);
    let reasoning = count(&usage["completion_tokens_details"]["reasoning_tokens"]).unwrap_or(0);
    // Some services (xAI, Gemini) count reasoning in the total, but not in the completion.
    if let Some(total) = usage["total_tokens"].as_u64() {
        output = output.max(total.saturating_sub(input));
    }
    Some(Usage {
        input,
        cached_input: cached.unwrap_or(0),
        cache_write: written.unwrap_or(0),
        output: output.max(reasoning),
        reasoning,
    })
}

fn count(value: &Value) -> Option<u64> {
    value.as_u64()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Asked {
        Asked::example(Default::default())
    }

    /// Reads whole events; text, and what is known at the end.
    fn read(events: &[&str]) -> (String, Option<Ending>) {
        let mut reading = Reading::new(asked());
        let mut text = String::new();
        for event in events {
            match reading.read(event).unwrap() {
                Read::Text(delta) => text.push_str(&delta),
                Read::End => return (text, reading.ending(true)),
                Read::Nothing | Read::Working => {}
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
    fn a_report_that_cannot_be_true_is_none() {
        for report in [
            r#"{"prompt_tokens":20}"#,
            r#"{"prompt_tokens":null,"completion_tokens":3}"#,
            r#"{"prompt_tokens":-20,"completion_tokens":3}"#,
            r#"{"prompt_tokens":2.5,"completion_tokens":3}"#,
            r#"{"prompt_tokens":"20","completion_tokens":3}"#,
            r#"{"prompt_tokens":0,"completion_tokens":3}"#,
            r#"{"prompt_tokens":20,"completion_tokens":0}"#,
            r#"{"prompt_tokens":20,"completion_tokens":5000000000}"#,
            r#"{"prompt_tokens":20,"completion_tokens":1e30}"#,
            r#"{"prompt_tokens":20,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":21}}"#,
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
            reading.read(r#"{"choices":[{"delta":{"reasoning":"hm"}}]}"#),
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
            ("not json", "Protocol"),
        ] {
            let error = reading.read(event).unwrap_err().error;
            assert!(
                format!("{error:?}").starts_with(expected),
                "{event}: {error:?}"
            );
        }
        assert_eq!(
            reading.read(r#"{"error":null,"choices":[]}"#),
            Ok(Read::Nothing)
        );
    }
}
