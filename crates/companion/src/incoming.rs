//! A message as the turn sees it: what Discord told, without Discord's types.

use chrono::{DateTime, Utc};
use memory::names::Name;
use store::id::{ChannelId, GuildId, MessageId, UserId};

use crate::cast::Seat;
use crate::enclosure::Enclosure;
use crate::speaker::Destination;

/// What a message says that holds nothing: somebody calls, and waits to hear. A turn is never empty.
const CALL: &str = "(calls you)";

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
    /// The channel could not be looked up: it may be a thread below any channel.
    pub unplaced: bool,
    /// Who wrote it.
    pub author: Author,
    /// The text as people see it: mentions, channels, emoji and times as words. Empty where Discord withholds it.
    pub text: String,
    /// Of a webhook's text what a proxy has not written around it; empty where there is nothing else, `None` where it is all of
    /// the text.
    pub unframed: Option<String>,
    /// The text without what is quoted, code, or the name of a thing: only here does a name call.
    pub spoken: String,
    /// What came along besides files: forwards, stickers, polls, previews, a voice message.
    pub enclosed: Vec<Enclosure>,
    /// Whether the bot is mentioned: its account, or the role that Discord made for it.
    pub mentions_bot: bool,
    /// Whether others are mentioned: a person, a role, everyone.
    pub mentions_others: bool,
    /// The message that this one replies to.
    pub reply_to: Option<Replied>,
    /// Files that came along.
    pub attachments: Vec<Attachment>,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// When it was last edited, in this version; `None` as it was first written.
    pub edited_at: Option<DateTime<Utc>>,
    /// Whether the channel (or the thread's parent) is age-restricted.
    pub age_restricted: bool,
    /// How many earlier starts of the bot had it in hand and were cut off.
    pub again: u8,
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

    /// Everything in it that can be read, as one text; never empty. Of files only their names are known.
    pub fn words(&self) -> String {
        let words = lines(&self.text, self.enclosed.iter().map(Enclosure::line));
        match words.is_empty() && self.attachments.is_empty() {
            true => CALL.to_owned(),
            false => words,
        }
    }

    /// Its words as memory keeps them.
    pub fn to_remember(&self) -> String {
        let files = self.attachments.iter().map(|file| file.filename.as_str());
        to_remember(&self.text, &self.enclosed, files)
    }

    /// Whether there is nothing in it at all, not even a file.
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && self.enclosed.is_empty() && self.attachments.is_empty()
    }

    /// Whether all that it holds is files and sound, of which nothing can be answered.
    pub fn is_only_files(&self) -> bool {
        self.text.trim().is_empty()
            && !self.is_empty()
            && !self.enclosed.iter().any(Enclosure::can_be_read)
    }

    /// Where the answer goes.
    pub fn destination(&self) -> Destination {
        Destination {
            guild: self.guild,
            channel: self.channel,
            parent: self.parent,
            reply_to: self.id,
            again: self.again,
        }
    }
}

/// The words of a message as memory keeps them: its text, what came along, and a note of each file. The same when it is
/// written, when it is edited and when it is read again.
pub fn to_remember<'a>(
    text: &str,
    enclosed: &[Enclosure],
    filenames: impl IntoIterator<Item = &'a str>,
) -> String {
    let lasting = enclosed.iter().filter(|one| one.lasts());
    let files = filenames
        .into_iter()
        .map(|filename| format!("[sent a file: {filename}]"));
    let words = lines(text, lasting.map(Enclosure::line).chain(files));
    match words.is_empty() {
        true => CALL.to_owned(),
        false => words,
    }
}

/// A text and the lines below it.
fn lines(text: &str, below: impl Iterator<Item = String>) -> String {
    let mut words = text.trim().to_owned();
    for line in below {
        words.push('\n');
        words.push_str(&line);
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
    /// A webhook's message.
    pub by_webhook: bool,
    /// A person's message through a proxy such as PluralKit, whose name is of this message alone.
    pub proxied: bool,
}

impl Author {
    /// Their name, and whether it is the account's own.
    pub(crate) fn called(&self) -> Name<'_> {
        Name::new(&self.name, self.proxied)
    }
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
            unplaced: false,
            author: Author {
                id: 4.into(),
                name: "Ada".into(),
                automated: false,
                by_webhook: false,
                proxied: false,
            },
            text: "hello".into(),
            unframed: None,
            spoken: "hello".into(),
            enclosed: vec![],
            mentions_bot: false,
            mentions_others: false,
            reply_to: None,
            attachments: vec![],
            at: DateTime::UNIX_EPOCH,
            edited_at: None,
            age_restricted: false,
            again: 0,
        }
    }

    #[test]
    fn a_message_that_holds_nothing_is_a_call_and_never_empty() {
        let call = Incoming {
            text: String::new(),
            ..message()
        };
        assert_eq!(call.words(), CALL);
        assert_eq!(call.to_remember(), CALL);
        assert!(call.is_empty() && !call.is_only_files());
    }

    #[test]
    fn what_comes_along_is_asked_and_remembered_in_the_same_words() {
        let sticker = Incoming {
            enclosed: vec![Enclosure::Sticker("Wave".into())],
            ..message()
        };
        assert_eq!(sticker.words(), "hello\n[sticker: Wave]");
        assert_eq!(sticker.to_remember(), sticker.words());
    }

    #[test]
    fn a_preview_that_discord_adds_later_does_not_change_what_is_remembered() {
        let before = Incoming {
            text: "https://volcano.example".into(),
            ..message()
        };
        let after = Incoming {
            enclosed: vec![Enclosure::Embed {
                by: String::new(),
                fields: vec![],
                title: "Volcano erupts".into(),
                description: String::new(),
                authored: false,
            }],
            ..before.clone()
        };
        assert_eq!(before.to_remember(), after.to_remember());
        assert!(after.words().contains("Volcano erupts"));
    }
}
