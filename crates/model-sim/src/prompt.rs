//! A request as a script sees it: the same shape for both dialects.

use serde_json::Value;

use crate::tokens;

/// Which wire a request came over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `/v1/chat/completions`
    OpenAi,
    /// `/v1/messages`
    Anthropic,
}

/// A parsed request for a generation.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// The wire.
    pub dialect: Dialect,
    /// The model that was asked for.
    pub model: String,
    /// The system prompt: every system message or block, joined by a blank line.
    pub system: String,
    /// Role and text of every other message, in order.
    pub messages: Vec<(String, String)>,
    /// `max_tokens` or `max_completion_tokens`.
    pub max_tokens: Option<u64>,
    /// The stop sequences.
    pub stop: Vec<String>,
    /// Was a stream asked for?
    pub stream: bool,
    /// Will this request be told its usage? Always in Anthropic's dialect and without streaming.
    pub wants_usage: bool,
    /// The body as it came.
    pub body: Value,
}

impl Prompt {
    pub(crate) fn parse(dialect: Dialect, body: Value) -> Prompt {
        let stream = body["stream"].as_bool().unwrap_or(false);
        let mut system = plain(&body["system"]);
        let mut messages = Vec::new();
        for message in body["messages"].as_array().into_iter().flatten() {
            let role = message["role"].as_str().unwrap_or_default();
            let text = plain(&message["content"]);
            if dialect == Dialect::OpenAi && matches!(role, "system" | "developer") {
                if !system.is_empty() {
                    system.push_str("\n\n");
                }
                system.push_str(&text);
            } else {
                messages.push((role.to_owned(), text));
            }
        }
        let stop = match &body[if dialect == Dialect::OpenAi {
            "stop"
        } else {
            "stop_sequences"
        }] {
            Value::String(one) => vec![one.clone()],
            many => many
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
        };
        Prompt {
            dialect,
            model: body["model"].as_str().unwrap_or_default().to_owned(),
            system,
            messages,
            max_tokens: body["max_completion_tokens"]
                .as_u64()
                .or(body["max_tokens"].as_u64()),
            stop,
            stream,
            wants_usage: dialect == Dialect::Anthropic
                || !stream
                || body["stream_options"]["include_usage"] == true,
            body,
        }
    }

    /// The newest message of the user; empty if there is none.
    #[must_use]
    pub fn last_user(&self) -> &str {
        self.messages
            .iter()
            .rev()
            .find(|(role, _)| role == "user")
            .map_or("", |(_, text)| text)
    }

    /// Everything that was sent as text, system prompt first.
    #[must_use]
    pub fn all_text(&self) -> String {
        let mut all = self.system.clone();
        for (_, text) in &self.messages {
            all.push('\n');
            all.push_str(text);
        }
        all
    }

    /// How many input tokens this endpoint bills for the request.
    #[must_use]
    pub fn tokens(&self) -> u64 {
        let texts: u64 = self
            .messages
            .iter()
            .map(|(_, text)| 4 + tokens::count(text))
            .sum();
        3 + tokens::count(&self.system) + texts
    }
}

/// Text from a string or from a list of text blocks.
pub(crate) fn plain(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(blocks) => {
            let texts: Vec<&str> = blocks
                .iter()
                .filter_map(|block| block["text"].as_str())
                .collect();
            texts.join("\n\n")
        }
        _ => String::new(),
    }
}
