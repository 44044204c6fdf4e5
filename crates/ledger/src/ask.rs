//! What a call asks the ledger for.

use std::fmt;

use store::id::{MessageId, PersonaId};

/// What a call is for. Every call that costs has one, and reports sum by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Purpose {
    /// A persona's reply to somebody.
    Reply,
    /// A rolling summary of a conversation.
    Summary,
    /// Facts taken out of a conversation.
    Facts,
    /// Vectors of what was said, from an endpoint.
    Embedding,
    /// The vector of a question whose answer somebody waits for. A part of their reply, counted apart, so that what a reply
    /// costs is not halved by it in reports.
    Recall,
    /// A probe of the operator, such as `familiar check`.
    Probe,
}

impl Purpose {
    /// Its name in the database and in exports.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Summary => "summary",
            Self::Facts => "facts",
            Self::Embedding => "embedding",
            Self::Recall => "recall",
            Self::Probe => "probe",
        }
    }

    /// Whether nobody waits for it: it is done for everybody in a place, and rests first when a budget runs low.
    pub const fn is_background(self) -> bool {
        matches!(self, Self::Summary | Self::Facts | Self::Embedding)
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// One call, before it is made.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// An upper bound of its input tokens, see [`crate::input_bound`].
    pub input_bound: u64,
    /// The most output tokens that it asks the model for.
    pub cap: u32,
    /// What it is for.
    pub purpose: Purpose,
    /// The Discord message that is answered, if there is one.
    pub turn: Option<MessageId>,
    /// The persona that speaks, if one does.
    pub persona: Option<PersonaId>,
}
