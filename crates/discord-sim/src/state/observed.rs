//! What an observer of the world hears: the eyes of tests and of the terminal chat.

use twilight_model::application::command::CommandOptionChoice;
use twilight_model::channel::Message;
use twilight_model::channel::message::Component;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, InteractionMarker, MessageMarker, UserMarker};

/// One thing that anybody looking at the channel could have seen.
#[derive(Clone, Debug)]
pub enum Observed {
    /// A message appeared.
    MessageCreated(Seen),
    /// A message changed its text, embeds, components or attachments.
    MessageEdited(Seen),
    /// A message is gone.
    MessageDeleted {
        /// Where.
        channel: Id<ChannelMarker>,
        /// Which.
        message: Id<MessageMarker>,
    },
    /// Somebody reacted, or took a reaction back.
    ReactionChanged {
        /// Where.
        channel: Id<ChannelMarker>,
        /// Which message.
        message: Id<MessageMarker>,
    },
    /// Somebody types.
    Typing {
        /// Where.
        channel: Id<ChannelMarker>,
        /// Who.
        user: Id<UserMarker>,
    },
    /// The bot answered an interaction for the first time.
    InteractionAnswered {
        /// Which.
        interaction: Id<InteractionMarker>,
        /// How.
        answer: Answer,
    },
    /// The bot's commands changed.
    CommandsChanged,
    /// A session of the bot is ready (or resumed).
    SessionReady {
        /// The shard's number.
        shard: u32,
        /// Whether it resumed.
        resumed: bool,
    },
    /// A session of the bot lost its connection.
    SessionLost,
}

/// A message, and who sees it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The message.
    pub message: Box<Message>,
    /// For an ephemeral message the one who sees it.
    pub only_for: Option<Id<UserMarker>>,
}

/// How the bot answered an interaction at first.
#[derive(Clone, Debug)]
pub enum Answer {
    /// With a message (type 4).
    Message(Id<MessageMarker>),
    /// "… is thinking" (type 5); the message with this id is filled in later.
    Deferred(Id<MessageMarker>),
    /// By changing the message of the component (type 7).
    Updated(Id<MessageMarker>),
    /// It will change the message of the component, or do nothing visible (type 6).
    DeferredUpdate,
    /// With choices (type 8).
    Choices(Vec<CommandOptionChoice>),
    /// With a form (type 9).
    Modal {
        /// The form's id.
        custom_id: String,
        /// The form's title.
        title: String,
        /// The form's fields.
        components: Vec<Component>,
    },
}
