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
    /// Anything else: Discord answered with an error, or not at all.
    #[error("Discord did not take my message ({0}). Please try again in a moment.")]
    Unavailable(String),
}

/// A place's voice.
pub trait Speaker: Send + Sync {
    /// Whether a reply could be shown at all; asked before anything is spent on one.
    fn may_speak(&self, _to: Destination) -> Result<(), SpeakError> {
        Ok(())
    }

    /// Shows, where it can without writing, that a message was seen and cannot be answered here. Fire and forget.
    fn decline(&self, _to: Destination) {}

    /// The channels and public threads of a server that everybody in it can read and that are not age-restricted, as
    /// far as that is known now. What is not known is not among them.
    fn open_channels(&self, _guild: GuildId) -> Vec<ChannelId> {
        vec![]
    }

    /// Shows that a reply is being written. Fire and forget.
    fn typing(&self, to: Destination);

    /// Deletes messages of personas that an earlier run had begun there and did not finish. What cannot be deleted stays.
    fn take_back(&self, _to: Destination, _begun: Vec<MessageId>) -> BoxFuture<'_, ()> {
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

    /// The final text. Returns the messages that now hold it, in order.
    fn finish(
        self: Box<Self>,
        text: String,
    ) -> BoxFuture<'static, Result<Vec<MessageId>, SpeakError>>;

    /// Takes back what was shown.
    fn abandon(self: Box<Self>) -> BoxFuture<'static, ()>;
}
