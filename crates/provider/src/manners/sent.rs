//! What a request held: only a field that was sent can have been refused.

use super::field::Field;

/// The fields of one request that endpoints differ about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sent {
    /// How many stop sequences.
    pub(crate) stops: usize,
    pub(crate) temperature: bool,
    /// The cap's value.
    pub(crate) cap: u32,
    /// How much of it is room for thinking, as far as was known.
    pub(crate) room: u32,
    /// The cap's name, if there is another that may be tried in its place.
    pub(crate) cap_name: Option<Field>,
    /// `stream_options`.
    pub(crate) usage: bool,
    pub(crate) schema: bool,
    /// A system prompt in a place of its own.
    pub(crate) system: bool,
    /// Marks where a prefix cache may end.
    pub(crate) cache: bool,
}

impl Sent {
    /// Whether this field was in it.
    pub(crate) fn has(&self, field: Field) -> bool {
        match field {
            Field::Stop => self.stops > 0,
            Field::Temperature => self.temperature,
            Field::MaxTokens | Field::MaxCompletionTokens => self.cap_name == Some(field),
            Field::Usage => self.usage,
            Field::Schema => self.schema,
            Field::System => self.system,
            Field::Cache => self.cache,
            Field::Cap | Field::Room | Field::Thoughts => false,
        }
    }
}
