//! What a rule asks about a request.

use serde_json::Value;

use crate::prompt::{self, Prompt};

impl Prompt {
    /// Whether the body has this top-level field.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.body.get(field).is_some()
    }

    /// The body's top-level fields that are not among these, in order.
    pub(crate) fn unknown(&self, known: &[&str]) -> Vec<&str> {
        let fields = self.body.as_object().into_iter().flatten();
        let unknown = fields.filter(|(name, _)| !known.contains(&name.as_str()));
        unknown.map(|(name, _)| name.as_str()).collect()
    }

    /// The messages as they came.
    fn sent(&self) -> impl Iterator<Item = (usize, &str, &Value)> {
        let messages = self.body["messages"].as_array().into_iter().flatten();
        messages.enumerate().map(|(at, message)| {
            let role = message["role"].as_str().unwrap_or_default();
            (at, role, &message["content"])
        })
    }

    /// Where a message of this role stands.
    pub(crate) fn role_at(&self, wanted: &str) -> Option<usize> {
        let found = self.sent().find(|(_, role, _)| *role == wanted);
        found.map(|(at, _, _)| at)
    }

    /// The first message without a text, and its role.
    pub(crate) fn empty_at(&self) -> Option<(usize, &str)> {
        let empty = |content: &Value| prompt::plain(content).trim().is_empty();
        let found = self.sent().find(|(_, _, content)| empty(content));
        found.map(|(at, role, _)| (at, role))
    }

    /// The first message that breaks "user, assistant, user, …" behind a leading system message, or the place behind the
    /// last where nobody has spoken.
    pub(crate) fn out_of_turn(&self) -> Option<usize> {
        let mut wanted = "user";
        let mut spoken = 0;
        for (at, role, _) in self.sent() {
            if role == "system" && at == 0 {
                continue;
            }
            if role != wanted {
                return Some(at);
            }
            spoken += 1;
            wanted = if wanted == "user" {
                "assistant"
            } else {
                "user"
            };
        }
        (spoken == 0).then_some(0)
    }

    /// The first message that has the role of the one before it.
    pub(crate) fn repeated_at(&self) -> Option<usize> {
        let roles: Vec<&str> = self.sent().map(|(_, role, _)| role).collect();
        let repeated = roles.windows(2).position(|pair| pair[0] == pair[1]);
        repeated.map(|at| at + 1)
    }

    /// The role of the last message.
    pub(crate) fn last_role(&self) -> &str {
        self.sent().last().map_or("", |(_, role, _)| role)
    }

    /// The temperature, as it was written.
    pub(crate) fn temperature(&self) -> Option<&Value> {
        self.body.get("temperature")
    }

    /// The temperature, where it is not the only one that this model knows.
    pub(crate) fn other_temperature(&self) -> Option<&Value> {
        self.temperature()
            .filter(|value| value.as_f64() != Some(1.0))
    }

    /// Whether the answer has to keep to a JSON schema.
    pub(crate) fn wants_schema(&self) -> bool {
        self.body["response_format"]["type"] == "json_schema"
            || self.body["output_config"]["format"]["type"] == "json_schema"
    }
}
