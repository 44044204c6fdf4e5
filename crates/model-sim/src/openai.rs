//! OpenAI's chat completions, as bytes, in the style of whoever is imitated.

use serde_json::{Value, json};

use crate::body::Frame;
use crate::fault::Fault;
use crate::prompt::Prompt;
use crate::reply::{Ending, Reply, UsageReport};
use crate::tokens;
use crate::ways::{Style, Thoughts, UsageAt};

/// A moment in 2025; the wire wants one and no test may depend on it.
const CREATED: u64 = 1_750_000_000;

/// The events of a stream.
pub(crate) fn stream(
    prompt: &Prompt,
    reply: &Reply,
    ending: &Ending,
    name: &str,
    style: &Style,
) -> Vec<Frame> {
    let mut writer = Writer {
        prompt,
        name,
        style,
        usage: usage(prompt, reply, style),
        chunks: 0,
        frames: Vec::new(),
    };
    writer.bytes(style.heartbeat.to_owned(), false);
    if let Some(prelude) = style.prelude {
        writer.event(&prelude(), false);
    }
    let role = json!({"role": "assistant", "content": "", "refusal": null});
    writer.chunk(role, None, false);
    for thought in thoughts(&reply.reasoning, style.thoughts) {
        writer.chunk(thought, None, true);
    }
    writer.bytes(style.heartbeat.to_owned(), false);
    let mut deltas = reply.deltas();
    let broken = match reply.fault {
        Some(Fault::ErrorEvent { after }) => Some(after.min(deltas.len())),
        _ => None,
    };
    let last = match broken {
        Some(after) => {
            deltas.truncate(after);
            None
        }
        None => deltas.pop_if(|_| style.finish_rides),
    };
    for delta in deltas {
        writer.chunk(json!({"content": delta}), None, true);
    }
    if broken.is_some() {
        writer.bytes((style.breaks)(), true);
        return writer.frames;
    }
    let last = last.map_or(json!({}), |delta| json!({"content": delta}));
    writer.chunk(last, Some((style.finish)(ending)), style.finish_rides);
    writer.end(reply.fault != Some(Fault::NoEndMark));
    writer.frames
}

/// The deltas that carry a thought.
fn thoughts(thought: &str, place: Thoughts) -> Vec<Value> {
    if thought.is_empty() {
        return Vec::new();
    }
    let in_text = |text: String| {
        let pieces = tokens::split(&text);
        pieces
            .iter()
            .map(|piece| json!({"content": piece}))
            .collect()
    };
    match place {
        Thoughts::Hidden => Vec::new(),
        Thoughts::Field(field) => vec![json!({ field: thought })],
        Thoughts::Between(open, close) => in_text(format!("{open}{thought}{close}")),
        Thoughts::UpTo(close) => in_text(format!("{thought}{close}")),
        Thoughts::Parts => {
            let parts = json!([{"type": "text", "text": thought}]);
            vec![json!({"content": [{"type": "thinking", "thinking": parts}]})]
        }
    }
}

/// Puts the events of one stream down.
struct Writer<'a> {
    prompt: &'a Prompt,
    name: &'a str,
    style: &'a Style,
    usage: Option<Value>,
    chunks: u64,
    frames: Vec<Frame>,
}

impl Writer<'_> {
    fn bytes(&mut self, bytes: String, paced: bool) {
        if !bytes.is_empty() {
            let bytes = bytes.into_bytes();
            self.frames.push(Frame { bytes, paced });
        }
    }

    fn event(&mut self, event: &Value, paced: bool) {
        self.bytes(format!("data: {event}\n\n"), paced);
    }

    fn chunk(&mut self, delta: Value, finish: Option<&str>, paced: bool) {
        let mut chunk = envelope(self.prompt, self.name, "chat.completion.chunk");
        let index = if self.style.index_counts {
            self.chunks
        } else {
            0
        };
        self.chunks += 1;
        let finish_reason = finish.or(self.style.running);
        chunk["choices"] = json!([{"index": index, "delta": delta, "logprobs": null, "finish_reason": finish_reason}]);
        let told = self.usage.clone();
        match self.style.usage_at {
            // Real streams carry `"usage":null` in every chunk once usage was asked for.
            UsageAt::IfAsked if self.prompt.wants_usage => chunk["usage"] = Value::Null,
            UsageAt::Every => chunk["usage"] = told.into(),
            UsageAt::Finish if finish.is_some() => chunk["usage"] = told.into(),
            UsageAt::XGroq if finish.is_some() => {
                chunk["x_groq"] = json!({"id": "req_01simsimsim", "usage": told});
            }
            _ => {}
        }
        self.event(&chunk, paced);
    }

    fn end(&mut self, mark: bool) {
        if self.style.usage_at == UsageAt::IfAsked
            && self.prompt.wants_usage
            && let Some(usage) = self.usage.take()
        {
            let mut last = envelope(self.prompt, self.name, "chat.completion.chunk");
            last["choices"] = json!([]);
            last["usage"] = usage;
            self.event(&last, false);
        }
        if mark {
            self.bytes("data: [DONE]\n\n".to_owned(), false);
        }
    }
}

/// The answer to a request that did not ask for a stream.
pub(crate) fn whole(
    prompt: &Prompt,
    reply: &Reply,
    ending: &Ending,
    name: &str,
    style: &Style,
) -> Value {
    let mut answer = envelope(prompt, name, "chat.completion");
    let mut message =
        json!({"role": "assistant", "content": reply.text, "refusal": null, "annotations": []});
    if let (Thoughts::Field(field), false) = (style.thoughts, reply.reasoning.is_empty()) {
        message[field] = json!(reply.reasoning);
    }
    let finish_reason = (style.finish)(ending);
    answer["choices"] =
        json!([{"index": 0, "message": message, "logprobs": null, "finish_reason": finish_reason}]);
    if let Some(usage) = usage(prompt, reply, style) {
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

fn usage(prompt: &Prompt, reply: &Reply, style: &Style) -> Option<Value> {
    if let UsageReport::Raw(raw) = &reply.usage {
        return Some(raw.clone());
    }
    reply.counts(prompt).map(style.usage)
}
