//! What the turn needs from a place where a persona can speak. Discord's side is in the bot's `src/discord`.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use store::id::{ChannelId, GuildId, MessageId, PersonaId};

/// Where a reply goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Destination {
    /// `None` in a direct message.
    pub guild: Option<GuildId>,
    /// The channel, thread or direct-message channel in which the message was written.
    pub channel: ChannelId,
    /// The channel that a thread hangs from; webhooks belong to it.
    pub parent: Option<ChannelId>,
    /// The message that is answered. It also names the turn: a repeated send of the same turn is recognised by it.
    pub reply_to: MessageId,
    /// How many earlier starts of the bot had begun this turn and were cut off: what they said is not found again as this
    /// turn's.
    pub again: u8,
}

/// A message of an answer that was begun and not finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun {
    /// The message.
    pub message: MessageId,
    /// Whether our webhook wrote it; else it was the bot's own account.
    pub by_webhook: bool,
}

/// Who speaks: the name and face that people see.
#[derive(Clone, Debug)]
pub struct Voice {
    /// The persona.
    pub persona: PersonaId,
    /// The folder-style name, used to name the uploaded avatar.
    pub slug: String,
    /// The name above the message.
    pub name: String,
    /// A square PNG, or none.
    pub avatar: Option<Arc<[u8]>>,
}

/// The most messages that one reply becomes; what is longer is cut, and says so.
pub const MOST_MESSAGES: usize = 5;

/// Why a message could not be shown.
#[derive(Debug, thiserror::Error)]
pub enum SpeakError {
    /// The bot lacks a permission in this channel.
    #[error(
        "I may not {what} in this channel. A server admin can allow it in the channel's permissions."
    )]
    MissingPermission {
        /// What is missing, as a verb phrase: "send messages".
        what: &'static str,
    },
    /// The channel or thread is gone or locked.
    #[error("That channel is gone or locked. Write to me in another one.")]
    ChannelGone,
    /// Discord asked for a pause that is longer than a reply can wait.
    #[error("Discord asks me to slow down. Please try again in {seconds} s.")]
    RateLimited {
        /// The pause that Discord asked for, in seconds.
        seconds: u64,
    },
    /// A filter of the server or of Discord does not want these words. They are not said in another way.
    #[error(
        "A filter of this server or of Discord stopped my words. Please ask me in another way; a server admin finds the rule under Safety Setup, AutoMod."
    )]
    ContentRefused,
    /// The bot's token is no longer valid: nothing can be said anywhere until its operator sets a new one.
    #[error("Discord no longer accepts my token. Whoever runs this bot has to set a new one.")]
    LockedOut,
    /// Anything else: Discord answered with an error, or not at all.
    #[error("Discord did not take my message ({0}). Please try again in a moment.")]
    Unavailable(String),
}

/// A text that does not stand as it should: all of it is missing, or what comes after its beginning.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub struct Unsaid {
    /// Why.
    pub why: SpeakError,
    /// The messages that stand nevertheless, in order.
    pub standing: Vec<MessageId>,
    /// What people can read in them.
    pub shown: String,
}

impl From<SpeakError> for Unsaid {
    fn from(why: SpeakError) -> Self {
        Self {
            why,
            standing: vec![],
            shown: String::new(),
        }
    }
}

/// What came of a text: the messages that hold it, in order.
pub type Spoken = Result<Vec<MessageId>, Unsaid>;

/// A place's voice.
pub trait Speaker: Send + Sync {
    /// Whether a reply could be shown at all; asked before anything is spent on one.
    fn may_speak(&self, _to: Destination) -> Result<(), SpeakError> {
        Ok(())
    }

    /// Shows once that a message was seen and that its answer cannot be, for this reason: by this line, by a reaction
    /// where no line is possible, later where nothing is possible now. Returns the line's message if it stands already.
    fn sign(
        &self,
        _to: Destination,
        _line: String,
        _why: SpeakError,
    ) -> BoxFuture<'_, Option<MessageId>> {
        Box::pin(async { None })
    }

    /// The channels and public threads of a server that everybody in it can read and that are not age-restricted, as
    /// far as that is known now. What is not known is not among them.
    fn open_channels(&self, _guild: GuildId) -> Vec<ChannelId> {
        vec![]
    }

    /// The name of the bot's own account, as far as it is known.
    fn account(&self) -> Option<String> {
        None
    }

    /// Shows for some seconds that a reply is being written. Fire and forget.
    fn typing(&self, to: Destination);

    /// Deletes messages that an earlier run had begun there and did not finish. What cannot be deleted stays.
    fn take_back(&self, _to: Destination, _begun: Vec<Begun>) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }

    /// Begins a message of a persona. Nothing is sent before the first [`Utterance::show`].
    fn open(&self, to: Destination, voice: Voice) -> Box<dyn Utterance>;

    /// Says a line of the house's own (a crisis card, an apology), as the bot.
    fn notice(&self, to: Destination, text: String)
    -> BoxFuture<'_, Result<MessageId, SpeakError>>;
}

/// A message while it is being written.
pub trait Utterance: Send {
    /// The whole text so far. Never waits: what is not yet shown is replaced by what comes later.
    fn show(&mut self, text: &str);

    /// The final text.
    fn finish(self: Box<Self>, text: String) -> BoxFuture<'static, Spoken>;

    /// Takes back what was shown.
    fn abandon(self: Box<Self>) -> BoxFuture<'static, ()>;
}
