//! OpenAI's chat completions, as bytes.

use serde_json::{Value, json};

use crate::body::Frame;
use crate::fault::{self, Fault};
use crate::prompt::{Dialect, Prompt};
use crate::reply::{Ending, Reply, UsageReport};

/// A moment in 2025; the wire wants one and no test may depend on it.
const CREATED: u64 = 1_750_000_000;

/// The events of a stream.
pub(crate) fn stream(prompt: &Prompt, reply: &Reply, ending: &Ending, name: &str) -> Vec<Frame> {
    let mut frames = Vec::new();
    let mut push = |value: &Value, paced| {
        frames.push(Frame {
            bytes: format!("data: {value}\n\n").into_bytes(),
            paced,
        })
    };
    // Real streams carry `"usage":null` in every chunk once usage was asked for.
    let chunk = |delta: Value, finish: Value| {
        let mut chunk = envelope(prompt, name, "chat.completion.chunk");
        chunk["choices"] =
            json!([{"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish}]);
        if prompt.wants_usage {
            chunk["usage"] = Value::Null;
        }
        chunk
    };
    push(
        &chunk(
            json!({"role": "assistant", "content": "", "refusal": null}),
            Value::Null,
        ),
        false,
    );
    if !reply.reasoning.is_empty() {
        push(
            &chunk(json!({"reasoning_content": reply.reasoning}), Value::Null),
            true,
        );
    }
    let mut broken = false;
    for (at, delta) in reply.deltas().into_iter().enumerate() {
        if reply.fault == Some(Fault::ErrorEvent { after: at }) {
            broken = true;
            break;
        }
        push(&chunk(json!({"content": delta}), Value::Null), true);
    }
    if broken || matches!(reply.fault, Some(Fault::ErrorEvent { .. })) {
        push(&fault::overloaded(Dialect::OpenAi), true);
        return frames;
    }
    push(&chunk(json!({}), finish_reason(ending)), false);
    if let Some(usage) = usage(prompt, reply).filter(|_| prompt.wants_usage) {
        let mut last = envelope(prompt, name, "chat.completion.chunk");
        last["choices"] = json!([]);
        last["usage"] = usage;
        push(&last, false);
    }
    if reply.fault != Some(Fault::NoEndMark) {
        frames.push(Frame {
            bytes: b"data: [DONE]\n\n".to_vec(),
            paced: false,
        });
    }
    frames
}

/// The answer to a request that did not ask for a stream.
pub(crate) fn whole(prompt: &Prompt, reply: &Reply, ending: &Ending, name: &str) -> Value {
    let mut answer = envelope(prompt, name, "chat.completion");
    let mut message =
        json!({"role": "assistant", "content": reply.text, "refusal": null, "annotations": []});
    if !reply.reasoning.is_empty() {
        message["reasoning_content"] = json!(reply.reasoning);
    }
    answer["choices"] = json!([{"index": 0, "message": message, "logprobs": null, "finish_reason": finish_reason(ending)}]);
    if let Some(usage) = usage(prompt, reply) {
        answer["usage"] = usage;
    }
    answer
}

/// The name of a call.
pub(crate) fn name(number: u64) -> String {
    format!("chatcmpl-Sim{number:026}")
}

fn envelope(prompt: &Prompt, name: &str, object: &str) -> Value {
    json!({
        "id": name, "object": object, "created": CREATED, "model": prompt.model,
        "service_tier": "default", "system_fingerprint": "fp_51a0000000",
    })
}

fn finish_reason(ending: &Ending) -> Value {
    json!(match ending {
        Ending::End | Ending::Sequence(_) => "stop",
        Ending::Length => "length",
        Ending::Refused => "content_filter",
    })
}

fn usage(prompt: &Prompt, reply: &Reply) -> Option<Value> {
    if let UsageReport::Raw(raw) = &reply.usage {
        return Some(raw.clone());
    }
    let [input, cached, _, output, reasoning] = reply.counts(prompt)?;
    Some(json!({
        "prompt_tokens": input, "completion_tokens": output, "total_tokens": input.saturating_add(output),
        "prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": reasoning, "audio_tokens": 0,
            "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0,
        },
    }))
}
