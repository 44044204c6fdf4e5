//! Why the Discord client would not even send an interaction.

use crate::rest::error::ApiError;
use crate::state::member::NoTimeOut;

/// The client's refusal. The bot hears nothing of it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// No such command is offered here to this person.
    #[error("there is no command `{0}` here")]
    UnknownCommand(String),
    /// The command has no such subcommand, or needs one.
    #[error("`{0}` is not a command by itself; its subcommands are: {1}")]
    UnknownSubcommand(String, String),
    /// The command's default member permissions are not met.
    #[error("you do not have permission to use `{0}`")]
    NotAllowed(String),
    /// The person may not use application commands in this channel.
    #[error("application commands are switched off for you in this channel")]
    CommandsOff,
    /// The command is not for this kind of place.
    #[error("`{0}` cannot be used here")]
    NotHere(String),
    /// The command is age-restricted and the channel is not.
    #[error("`{0}` is age-restricted and this channel is not")]
    AgeRestricted(String),
    /// A required option is missing.
    #[error("the option `{0}` is required")]
    MissingOption(String),
    /// There is no such option.
    #[error("there is no option `{0}`")]
    UnknownOption(String),
    /// The value does not fit the option's type.
    #[error("`{value}` is not valid for `{option}`: it takes {wanted}")]
    WrongType {
        /// The option.
        option: String,
        /// What was given.
        value: String,
        /// What it takes.
        wanted: &'static str,
    },
    /// The value is none of the choices.
    #[error("`{value}` is none of the choices of `{option}`")]
    NotAChoice {
        /// The option.
        option: String,
        /// What was given.
        value: String,
    },
    /// Too small, too large, too short or too long.
    #[error("`{0}` is out of range")]
    OutOfRange(String),
    /// The option has no autocomplete.
    #[error("`{0}` offers no choices while typing")]
    NoAutocomplete(String),
    /// The message cannot be seen (any more).
    #[error("there is no such message here")]
    NoMessage,
    /// The message has no such button or menu.
    #[error("the message has no component `{0}`")]
    NoComponent(String),
    /// The button or menu is greyed out.
    #[error("the component `{0}` is switched off")]
    Disabled(String),
    /// No form is open.
    #[error("no form is open")]
    NoForm,
    /// A field of the form is missing or does not fit.
    #[error("the field `{0}` is missing or does not fit")]
    BadField(String),
    /// The person cannot see the channel.
    #[error("this channel cannot be seen")]
    NoAccess,
    /// The person may not write in this channel.
    #[error("you do not have permission to send messages in this channel")]
    CannotWrite,
    /// Slow mode: so much is left to wait.
    #[error("slow mode is on: {} s are left until you can write here again", .0.as_secs_f64().ceil())]
    SlowMode(std::time::Duration),
    /// A word or a link in it is blocked, with Discord's code and sentence.
    #[error("{1} ({0})")]
    Blocked(u32, String),
    /// A voice message or a forward has nothing beside it.
    #[error("this cannot be sent together with anything else")]
    NotTogether,
    /// Polls, and what Discord itself wrote, cannot be forwarded.
    #[error("this message cannot be forwarded")]
    NotForwardable,
    /// The thread is archived or locked.
    #[error("this thread is closed")]
    Shut,
    /// The client does not offer this to the person.
    #[error("you do not have permission to {0}")]
    MayNot(&'static str),
    /// Nobody can be timed out like that.
    #[error("{0}")]
    NoTimeOut(#[from] NoTimeOut),
    /// Discord refuses what the client sends.
    #[error("Discord refuses: {0}")]
    Refused(String),
    /// The text is longer than a client sends.
    #[error(
        "your message is too long: {0} characters, and at most 4000 can be sent; shorten it or attach it as a file"
    )]
    TooLong(usize),
    /// There is nothing in the message.
    #[error("an empty message cannot be sent")]
    Empty,
    /// The bot has no session that would hear of it.
    #[error("the application did not respond: no session is connected")]
    Offline,
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        Self::Refused(error.message)
    }
}
