//! A request as a provider counts it: what its prompt takes in tokens of a real tokenizer (`o200k`), and how much of it
//! begins as the request before it began.

use serde_json::Value;

/// What a chat format puts around each message, and before the reply, as OpenAI documents it for its chat models.
const PER_MESSAGE: usize = 3;
const BEFORE_REPLY: usize = 3;

/// The messages of a request, in order: role and text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sent {
    messages: Vec<(String, String)>,
}

impl Sent {
    /// Reads a request's body in OpenAI's dialect.
    pub fn read(body: &Value) -> Self {
        let messages = body["messages"].as_array().into_iter().flatten();
        Self {
            messages: messages
                .map(|message| {
                    let role = message["role"].as_str().unwrap_or_default().to_owned();
                    (role, text(&message["content"]))
                })
                .collect(),
        }
    }

    /// All texts, one after the other.
    pub fn text(&self) -> String {
        let texts: Vec<&str> = self.messages.iter().map(|(_, text)| &**text).collect();
        texts.join("\n")
    }

    /// The text of the last message.
    pub fn last(&self) -> &str {
        self.messages.last().map_or("", |(_, text)| text)
    }

    /// Tokens of the system prompt.
    pub fn system_tokens(&self) -> usize {
        let system = self.messages.iter().filter(|(role, _)| role == "system");
        system.map(|(role, text)| message_tokens(role, text)).sum()
    }

    /// Tokens of the whole prompt.
    pub fn tokens(&self) -> usize {
        let messages: usize = self
            .messages
            .iter()
            .map(|(role, text)| message_tokens(role, text))
            .sum();
        messages + BEFORE_REPLY
    }

    /// Tokens of the part that begins as another prompt begins: what a provider's prefix cache can serve after that one.
    pub fn shared_with(&self, before: &Self) -> usize {
        let mut shared = 0;
        for ((role, text), (role_before, text_before)) in self.messages.iter().zip(&before.messages)
        {
            if role != role_before {
                break;
            }
            if text != text_before {
                shared += count(common(text, text_before));
                break;
            }
            shared += message_tokens(role, text);
        }
        shared
    }
}

/// Tokens of a text.
pub fn count(text: &str) -> usize {
    bpe_openai::o200k_base().count(text)
}

/// Tokens of a message in a chat format.
pub fn message_tokens(role: &str, text: &str) -> usize {
    PER_MESSAGE + count(role) + count(text)
}

fn common<'a>(text: &'a str, other: &str) -> &'a str {
    let same = text.char_indices().zip(other.chars());
    let end = same
        .into_iter()
        .find(|((_, a), b)| a != b)
        .map_or(text.len().min(other.len()), |((at, _), _)| at);
    &text[..end]
}

fn text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        parts => parts
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|part| part["text"].as_str())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sent(system: &str, last: &str) -> Sent {
        Sent::read(&json!({"messages": [
            {"role": "system", "content": system},
            {"role": "user", "content": [{"type": "text", "text": last}]},
        ]}))
    }

    #[test]
    fn two_prompts_share_what_they_begin_with_and_nothing_after_the_first_difference() {
        let (one, two) = (
            sent("You are Mia.", "I like tea."),
            sent("You are Mia.", "I like coffee."),
        );
        let system = message_tokens("system", "You are Mia.");
        assert_eq!(two.shared_with(&one), system + count("I like "));
        assert_eq!(sent("You", "x").shared_with(&sent("Me", "x")), 0);
        assert_eq!(one.shared_with(&one), one.tokens() - BEFORE_REPLY);
    }
}
