//! The parts that a profile is put together from: where an endpoint's API begins, which key it reads, what it refuses,
//! what it lists, and how it streams.

use serde_json::{Value, json};

use crate::fault::{self, Answer, Fault};
use crate::prompt::{Dialect, Prompt};
use crate::reply::Ending;

/// What an endpoint does with a request before any model runs: refuses it, or lets it pass.
pub(crate) type Rule = fn(&Prompt) -> Option<Answer>;

/// An endpoint's ways, as data.
#[derive(Clone, Copy)]
pub(crate) struct Ways {
    /// Where its API begins; its routes stand below.
    pub(crate) root: &'static str,
    /// What has to stand in the query of every request; a request without it finds nothing.
    pub(crate) query: &'static str,
    /// The one dialect that it speaks; both where there is none.
    pub(crate) dialect: Option<Dialect>,
    /// Where it looks for a key.
    pub(crate) keys: &'static [Key],
    /// The fields that it reads the cap from; under another name a cap binds nothing.
    pub(crate) caps: &'static [&'static str],
    /// The fields that it samples by. It passes over others, or refuses them.
    pub(crate) samples: &'static [&'static str],
    /// Asked in this order; the first that refuses is the answer. Most endpoints name one fault at a time.
    pub(crate) refuses: &'static [Rule],
    /// The endpoint's own words for a fault; the dialect's where there are none.
    pub(crate) faults: fn(&Fault, &Shelf) -> Option<Answer>,
    /// Its list of models; no such route where there is none.
    pub(crate) models: fn(&Shelf) -> Option<Value>,
    /// What it tells elsewhere, by path.
    pub(crate) besides: fn(&str, &Shelf) -> Option<Value>,
    /// Whether it serves its one model whatever name is asked for.
    pub(crate) any_name: bool,
    /// What the model thinks before a reply that brings no thought of its own; nothing if empty.
    pub(crate) thinks: &'static str,
    /// How it streams OpenAI's dialect.
    pub(crate) style: Style,
}

/// What OpenAI samples by. <https://platform.openai.com/docs/api-reference/chat/create>
pub(crate) const OPENAIS: &[&str] = &[
    "temperature",
    "top_p",
    "frequency_penalty",
    "presence_penalty",
];

/// A place for a key.
#[derive(Clone, Copy)]
pub(crate) enum Key {
    /// `Authorization: Bearer KEY`
    Bearer,
    /// A header of its own.
    Header(&'static str),
}

/// What an endpoint has: the models that it lists, and the window that it tells.
pub(crate) struct Shelf {
    /// The models' names; the first is the one that is loaded.
    pub(crate) models: Vec<String>,
    /// Tokens.
    pub(crate) window: u64,
}

impl Shelf {
    /// One entry for each model.
    pub(crate) fn each(&self, entry: impl Fn(&str) -> Value) -> Vec<Value> {
        self.models.iter().map(|name| entry(name)).collect()
    }

    /// A list of OpenAI's shape.
    pub(crate) fn list(&self, entry: impl Fn(&str) -> Value) -> Option<Value> {
        Some(json!({"object": "list", "data": self.each(entry)}))
    }

    /// The model that is loaded.
    pub(crate) fn loaded(&self) -> &str {
        self.models.first().map_or("sim", String::as_str)
    }
}

/// How a stream of OpenAI's dialect looks.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    /// An event before the reply's first.
    pub(crate) prelude: Option<fn() -> Value>,
    /// Bytes that stand before the first event, and again in the midst.
    pub(crate) heartbeat: &'static str,
    /// Where a thought stands.
    pub(crate) thoughts: Thoughts,
    /// The finish reason of chunks before the last: null, or a string that means it.
    pub(crate) running: Option<&'static str>,
    /// The word for an ending.
    pub(crate) finish: fn(&Ending) -> &'static str,
    /// Whether the last piece of the text and the finish reason come in one chunk.
    pub(crate) finish_rides: bool,
    /// Where the usage stands.
    pub(crate) usage_at: UsageAt,
    /// How the usage is written, from input, cached, written, output (thoughts included) and reasoning tokens.
    pub(crate) usage: fn([u64; 5]) -> Value,
    /// Whether `index` counts the chunks, though there is one choice.
    pub(crate) index_counts: bool,
    /// The bytes of an error in the midst of a stream.
    pub(crate) breaks: fn() -> String,
}

/// Where a thought stands in OpenAI's dialect.
#[derive(Clone, Copy)]
pub(crate) enum Thoughts {
    /// Nowhere; it is billed all the same.
    Hidden,
    /// In a field of its own beside `content`.
    Field(&'static str),
    /// In `content`, between these marks.
    Between(&'static str, &'static str),
    /// In `content` up to this mark: the template has opened the thought in the prompt.
    UpTo(&'static str),
    /// In `content`, as a list of typed parts.
    Parts,
}

/// Where the usage of a stream stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum UsageAt {
    /// In a last chunk without choices, where `stream_options` asked for it.
    IfAsked,
    /// Beside the finish reason.
    Finish,
    /// In every chunk.
    Every,
    /// In `x_groq` beside the finish reason.
    XGroq,
    /// Nowhere.
    Never,
}

impl Style {
    /// As OpenAI itself streams.
    pub(crate) const OPENAI: Style = Style {
        prelude: None,
        heartbeat: "",
        thoughts: Thoughts::Field("reasoning_content"),
        running: None,
        finish: openai_finish,
        finish_rides: false,
        usage_at: UsageAt::IfAsked,
        usage: openai_usage,
        index_counts: false,
        breaks: || format!("data: {}\n\n", fault::overloaded(Dialect::OpenAi)),
    };
}

/// OpenAI's words.
pub(crate) fn openai_finish(ending: &Ending) -> &'static str {
    match ending {
        Ending::End | Ending::Sequence(_) => "stop",
        Ending::Length => "length",
        Ending::Refused => "content_filter",
    }
}

/// OpenAI's counts: the reasoning is a part of the completion, the cached part one of the prompt.
pub(crate) fn openai_usage([input, cached, _, output, reasoning]: [u64; 5]) -> Value {
    json!({
        "prompt_tokens": input, "completion_tokens": output, "total_tokens": input.saturating_add(output),
        "prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": reasoning, "audio_tokens": 0,
            "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0,
        },
    })
}

/// The three counts and nothing else, as local servers write them.
pub(crate) fn plain_usage([input, _, _, output, _]: [u64; 5]) -> Value {
    json!({"prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output})
}

/// The completion without its reasoning, which only the total has.
pub(crate) fn usage_outside([input, _, _, output, reasoning]: [u64; 5]) -> Value {
    let completion = output.saturating_sub(reasoning);
    json!({"prompt_tokens": input, "completion_tokens": completion, "total_tokens": input + output})
}

/// An endpoint that has no words of its own for a fault.
pub(crate) fn dialects_own(_: &Fault, _: &Shelf) -> Option<Answer> {
    None
}

/// An endpoint that tells nothing elsewhere, or lists no models.
pub(crate) fn nothing_besides(_: &str, _: &Shelf) -> Option<Value> {
    None
}
