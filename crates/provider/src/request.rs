//! What is asked of a model, free of any wire dialect.

use crate::sampling::Sampling;
use crate::schema::Schema;

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A person.
    User,
    /// The persona.
    Assistant,
}

/// One message of the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who wrote it.
    pub role: Role,
    /// What it says.
    pub text: String,
}

/// A request for one reply.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// The sections of the system prompt, those that stay the same from turn to turn first.
    pub system: Vec<String>,
    /// How many of the leading sections stay the same from turn to turn: where a provider's prefix cache may end.
    pub stable: usize,
    /// The conversation, oldest first.
    pub messages: Vec<Message>,
    /// The most output tokens.
    pub cap: u32,
    /// The sampling temperature; the model's own if none.
    pub temperature: Option<f32>,
    /// How it is sampled besides.
    pub sampling: Sampling,
    /// Texts at which the reply ends. Providers that take only a few are sent the first of them.
    pub stop: Vec<String>,
    /// The shape of the answer; any if none.
    pub schema: Option<Schema>,
}

/// Stands where a provider wants a person to have spoken first, and none has: before a persona's greeting.
pub(crate) const SILENCE: &str = "…";

impl Request {
    /// The most input tokens that this request can be billed for: what its hold must be sized for.
    #[must_use]
    pub fn input_bound(&self, context_window: u32) -> u64 {
        // Services write the schema into the prompt in their own words; as its JSON it is counted like a text.
        let schema = self.schema.as_ref();
        let schema = schema.map(|Schema { name, schema }| format!("{name} {schema}"));
        let texts = self
            .system
            .iter()
            .chain(self.messages.iter().map(|message| &message.text))
            .chain(&schema);
        // Every section counts as a message: the allowance covers the blank line that joins them.
        ledger::input_bound(
            texts.map(String::as_str),
            self.system.len() + self.messages.len() + usize::from(schema.is_some()),
            context_window,
        )
    }

    /// The conversation as every endpoint takes it: the first message is a person's, roles alternate, none is empty.
    /// Anthropic and the chat templates of many local models refuse anything else.
    pub(crate) fn alternating(&self) -> Vec<Message> {
        let mut turns: Vec<Message> = Vec::with_capacity(self.messages.len() + 1);
        for message in self
            .messages
            .iter()
            .filter(|message| !message.text.trim().is_empty())
        {
            match turns.last_mut() {
                Some(last) if last.role == message.role => {
                    last.text.push_str("\n\n");
                    last.text.push_str(&message.text);
                }
                None if message.role == Role::Assistant => {
                    turns.push(Message {
                        role: Role::User,
                        text: SILENCE.to_owned(),
                    });
                    turns.push(message.clone());
                }
                _ => turns.push(message.clone()),
            }
        }
        turns
    }

    /// The system prompt in one piece, if it is to have a place of its own and there is one, and the conversation. Else the
    /// system prompt stands at the head of its first message, which is a person's.
    pub(crate) fn turns(&self, own_place: bool) -> (Option<String>, Vec<Message>) {
        let sections = self.system.iter().map(String::as_str);
        let sections = sections.filter(|section| !section.trim().is_empty());
        // In one piece: the templates of many local models know no second system message.
        let system = sections.collect::<Vec<_>>().join("\n\n");
        let mut turns = self.alternating();
        if system.is_empty() {
            return (None, turns);
        }
        if own_place {
            return (Some(system), turns);
        }
        match turns.first_mut() {
            Some(first) => first.text = format!("{system}\n\n{}", first.text),
            None => turns.push(Message {
                role: Role::User,
                text: system,
            }),
        }
        (None, turns)
    }

    /// The stop sequences that a provider takes: not blank, at most `most`.
    pub(crate) fn stops(&self, most: usize) -> Vec<&str> {
        self.stop
            .iter()
            .map(String::as_str)
            .filter(|stop| !stop.trim().is_empty())
            .take(most)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(role: Role, text: &str) -> Message {
        Message {
            role,
            text: text.to_owned(),
        }
    }

    #[test]
    fn roles_alternate_and_a_person_speaks_first() {
        let request = Request {
            messages: vec![
                message(Role::Assistant, "Welcome!"),
                message(Role::User, "Ana: hi"),
                message(Role::User, "  "),
                message(Role::User, "Ben: hello"),
                message(Role::Assistant, "Hi both."),
            ],
            ..Request::default()
        };
        let expected = [
            message(Role::User, SILENCE),
            message(Role::Assistant, "Welcome!"),
            message(Role::User, "Ana: hi\n\nBen: hello"),
            message(Role::Assistant, "Hi both."),
        ];
        assert_eq!(request.alternating(), expected);
    }

    #[test]
    fn a_person_who_speaks_first_needs_no_silence() {
        let request = Request {
            messages: vec![message(Role::User, "hi")],
            ..Request::default()
        };
        assert_eq!(request.alternating(), [message(Role::User, "hi")]);
    }
}
