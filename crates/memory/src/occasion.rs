//! On whose behalf a text is read by an embedding model: where that costs, somebody pays.

use store::id::{ChannelId, GuildId, MessageId, PersonaId, UserId};
use store::vectors::Unread;

/// What texts are read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Occasion {
    /// What was said is read in the background.
    Turns {
        /// In this server, for everybody there; `None` in direct messages.
        guild: Option<GuildId>,
        /// In direct messages with this person, as far as that is known.
        person: Option<UserId>,
    },
    /// A question is read, and somebody waits. `None` where nobody is known to pay for it.
    Question(Option<Asker>),
}

impl Occasion {
    /// For whom this turn is read.
    pub(crate) fn of(turn: &Unread) -> Self {
        let guild = turn.scope.guild;
        Self::Turns {
            guild,
            person: turn.person.filter(|_| guild.is_none()),
        }
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Asker {
    /// Where: the server, or `None` in direct messages.
    pub guild: Option<GuildId>,
    /// The channel whose limit counts; of a thread its parent.
    pub channel: Option<ChannelId>,
    /// The person.
    pub person: UserId,
    /// The persona that is asked.
    pub persona: PersonaId,
    /// The message that is answered, if there is one.
    pub message: Option<MessageId>,
}

/// What is looked for in memory.
#[derive(Clone, Copy, Debug)]
pub struct Inquiry<'a> {
    /// In these words.
    pub text: &'a str,
    /// By this person; an embedding model that costs reads it only if that is known.
    pub asker: Option<Asker>,
}

impl<'a> From<&'a str> for Inquiry<'a> {
    fn from(text: &'a str) -> Self {
        Self { text, asker: None }
    }
}

impl<'a> From<&'a String> for Inquiry<'a> {
    fn from(text: &'a String) -> Self {
        Self::from(text.as_str())
    }
}
