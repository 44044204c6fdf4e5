//! A message as the turn sees it: what Discord told, without Discord's types.

use chrono::{DateTime, Utc};
use store::id::{ChannelId, GuildId, MessageId, UserId};

use crate::cast::Seat;
use crate::speaker::Destination;

/// A message that somebody wrote where the bot can see it.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The message.
    pub id: MessageId,
    /// The server, or `None` in a direct message.
    pub guild: Option<GuildId>,
    /// The channel, thread or direct-message channel.
    pub channel: ChannelId,
    /// The channel that a thread hangs from.
    pub parent: Option<ChannelId>,
    /// Who wrote it.
    pub author: Author,
    /// The text, with user mentions already written as names. Empty where Discord withholds it.
    pub text: String,
    /// Whether the bot's own account is mentioned.
    pub mentions_bot: bool,
    /// Whether somebody else is mentioned.
    pub mentions_others: bool,
    /// The message that this one replies to.
    pub reply_to: Option<Replied>,
    /// Files that came along.
    pub attachments: Vec<Attachment>,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// Whether the channel (or the thread's parent) is age-restricted.
    pub age_restricted: bool,
}

impl Incoming {
    /// Where its author sits, as far as the choice of a persona depends on it.
    pub fn seat(&self) -> Seat {
        Seat {
            guild: self.guild,
            channel: self.channel,
            parent: self.parent,
            user: self.author.id,
        }
    }

    /// Where the answer goes.
    pub fn destination(&self) -> Destination {
        Destination {
            guild: self.guild,
            channel: self.channel,
            parent: self.parent,
            reply_to: self.id,
        }
    }
}

/// The words of a message as memory keeps them: its text, and a note of each file that came along. The same when it is
/// written and when it is edited.
pub fn to_remember<'a>(text: &str, filenames: impl IntoIterator<Item = &'a str>) -> String {
    let mut words = text.to_owned();
    for filename in filenames {
        words.push_str(&format!("\n[sent a file: {filename}]"));
    }
    words.trim().to_owned()
}

/// Who wrote a message.
#[derive(Clone, Debug)]
pub struct Author {
    /// Their account.
    pub id: UserId,
    /// The name that people see in this place.
    pub name: String,
    /// A bot's or a webhook's message.
    pub automated: bool,
}

/// The message that is replied to.
#[derive(Clone, Debug)]
pub struct Replied {
    /// Its id.
    pub id: MessageId,
    /// Whether a bot or webhook wrote it.
    pub automated: bool,
}

/// A file on a message.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Its name.
    pub filename: String,
    /// Its media type, where Discord knows it.
    pub content_type: Option<String>,
    /// The alternative text that its sender wrote.
    pub description: Option<String>,
}

impl Attachment {
    /// Whether it is a picture.
    pub fn is_image(&self) -> bool {
        self.content_type
            .as_deref()
            .is_some_and(|t| t.starts_with("image/"))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Ada says hello in a server's channel.
    pub(crate) fn message() -> Incoming {
        Incoming {
            id: 1.into(),
            guild: Some(2.into()),
            channel: 3.into(),
            parent: None,
            author: Author {
                id: 4.into(),
                name: "Ada".into(),
                automated: false,
            },
            text: "hello".into(),
            mentions_bot: false,
            mentions_others: false,
            reply_to: None,
            attachments: vec![],
            at: DateTime::UNIX_EPOCH,
            age_restricted: false,
        }
    }
}
