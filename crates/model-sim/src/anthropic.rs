//! Anthropic's messages, as bytes. Its service pads some events with blanks before the line ends; so does this.

use serde_json::{Value, json};

use crate::body::Frame;
use crate::fault::{self, Fault};
use crate::prompt::{Dialect, Prompt};
use crate::reply::{Ending, Reply, UsageReport};

/// The events of a stream.
pub(crate) fn stream(prompt: &Prompt, reply: &Reply, ending: &Ending, number: u64) -> Vec<Frame> {
    let mut frames = Vec::new();
    let mut push = |value: &Value, paced| {
        let name = value["type"].as_str().unwrap_or_default();
        let pad = if name == "content_block_delta" {
            "  "
        } else {
            "       "
        };
        frames.push(Frame {
            bytes: format!("event: {name}\ndata: {value}{pad}\n\n").into_bytes(),
            paced,
        });
    };
    let mut message = envelope(prompt, number);
    message["content"] = json!([]);
    message["stop_reason"] = Value::Null;
    message["stop_sequence"] = Value::Null;
    if let Some(usage) = usage(prompt, reply, 1) {
        message["usage"] = usage;
    }
    push(&json!({"type": "message_start", "message": message}), false);

    let mut index = 0;
    if !reply.reasoning.is_empty() {
        push(
            &json!({"type": "content_block_start", "index": index, "content_block": {"type": "thinking", "thinking": "", "signature": ""}}),
            false,
        );
        push(
            &json!({"type": "content_block_delta", "index": index, "delta": {"type": "thinking_delta", "thinking": reply.reasoning}}),
            true,
        );
        push(
            &json!({"type": "content_block_delta", "index": index, "delta": {"type": "signature_delta", "signature": "EqQBSim=="}}),
            false,
        );
        push(
            &json!({"type": "content_block_stop", "index": index}),
            false,
        );
        index += 1;
    }
    push(
        &json!({"type": "content_block_start", "index": index, "content_block": {"type": "text", "text": ""}}),
        false,
    );
    push(&json!({"type": "ping"}), false);
    let mut broken = false;
    for (at, delta) in reply.deltas().into_iter().enumerate() {
        if reply.fault == Some(Fault::ErrorEvent { after: at }) {
            broken = true;
            break;
        }
        push(
            &json!({"type": "content_block_delta", "index": index, "delta": {"type": "text_delta", "text": delta}}),
            true,
        );
    }
    if broken || matches!(reply.fault, Some(Fault::ErrorEvent { .. })) {
        push(&fault::overloaded(Dialect::Anthropic), true);
        return frames;
    }
    push(
        &json!({"type": "content_block_stop", "index": index}),
        false,
    );
    let (stop_reason, stop_sequence) = stop_reason(ending);
    let mut delta = json!({"type": "message_delta", "delta": {"stop_reason": stop_reason, "stop_sequence": stop_sequence}});
    let last_usage = match &reply.usage {
        UsageReport::Raw(raw) => Some(raw.clone()),
        _ => reply
            .counts(prompt)
            .map(|[_, _, _, output, _]| json!({"output_tokens": output})),
    };
    if let Some(usage) = last_usage {
        delta["usage"] = usage;
    }
    push(&delta, false);
    if reply.fault != Some(Fault::NoEndMark) {
        push(&json!({"type": "message_stop"}), false);
    }
    frames
}

/// The answer to a request that did not ask for a stream.
pub(crate) fn whole(prompt: &Prompt, reply: &Reply, ending: &Ending, number: u64) -> Value {
    let (stop_reason, stop_sequence) = stop_reason(ending);
    let mut message = envelope(prompt, number);
    let mut content = Vec::new();
    if !reply.reasoning.is_empty() {
        content.push(
            json!({"type": "thinking", "thinking": reply.reasoning, "signature": "EqQBSim=="}),
        );
    }
    content.push(json!({"type": "text", "text": reply.text}));
    message["content"] = Value::Array(content);
    message["stop_reason"] = json!(stop_reason);
    message["stop_sequence"] = json!(stop_sequence);
    let usage = match &reply.usage {
        UsageReport::Raw(raw) => Some(raw.clone()),
        _ => reply
            .counts(prompt)
            .and_then(|[_, _, _, output, _]| usage(prompt, reply, output)),
    };
    if let Some(usage) = usage {
        message["usage"] = usage;
    }
    message
}

fn envelope(prompt: &Prompt, number: u64) -> Value {
    json!({"model": prompt.model, "id": format!("msg_01Sim{number:018}"), "type": "message", "role": "assistant"})
}

fn stop_reason(ending: &Ending) -> (&'static str, Option<&str>) {
    match ending {
        Ending::End => ("end_turn", None),
        Ending::Length => ("max_tokens", None),
        Ending::Sequence(sequence) => ("stop_sequence", Some(sequence)),
        Ending::Refused => ("refusal", None),
    }
}

/// `input_tokens` leaves out what was read from or written to the cache.
fn usage(prompt: &Prompt, reply: &Reply, output: u64) -> Option<Value> {
    let [input, cached, written, _, _] = match reply.usage {
        // A raw report stands in the last event; the first one is as it would be.
        UsageReport::Raw(_) => [prompt.tokens(), 0, 0, 0, 0],
        _ => reply.counts(prompt)?,
    };
    Some(json!({
        "input_tokens": input.saturating_sub(cached).saturating_sub(written),
        "cache_creation_input_tokens": written, "cache_read_input_tokens": cached,
        "cache_creation": {"ephemeral_5m_input_tokens": written, "ephemeral_1h_input_tokens": 0},
        "output_tokens": output, "service_tier": "standard",
    }))
}
