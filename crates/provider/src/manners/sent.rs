//! What a request held: only a field that was sent can have been refused.

use super::field::Field;
use crate::sampling::Samplers;

/// The fields of one request that endpoints differ about.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sent {
    /// How many stop sequences.
    pub(crate) stops: usize,
    /// How it is sampled.
    pub(crate) samplers: Samplers,
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
            Field::MaxTokens | Field::MaxCompletionTokens => self.cap_name == Some(field),
            Field::Usage => self.usage,
            Field::Schema => self.schema,
            Field::System => self.system,
            Field::Cache => self.cache,
            Field::Cap | Field::Room | Field::Thoughts => false,
            Field::Temperature
            | Field::TopP
            | Field::MinP
            | Field::FrequencyPenalty
            | Field::PresencePenalty
            | Field::RepeatPenalty
            | Field::RepetitionPenalty
            | Field::RepeatLastN
            | Field::Dry
            | Field::Samplers => self.samplers.has(field),
        }
    }
}
