//! What people send besides text: forwards, stickers, polls, voice messages, links with previews, long pastes.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use serde_json::json;
use twilight_model::channel::message::sticker::{MessageSticker, StickerFormatType};
use twilight_model::channel::message::{
    Embed, Message, MessageFlags, MessageReference, MessageReferenceType, MessageSnapshot,
    MessageType,
};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker};
use twilight_model::poll::{Poll, PollAnswer, PollLayoutType, PollMedia, PollResults};

use super::person::{MessageDraft, Person};
use crate::clock;
use crate::interactions::Refusal;
use crate::state::{Draft, Upload, World};

/// The flag of a message that has snapshots ("Message Flags" in Discord's "Messages Resource"); twilight has no name for it.
pub const HAS_SNAPSHOT: MessageFlags = MessageFlags::from_bits_retain(1 << 14);
/// How many answers a poll has at most, and how long its question and answers may be (Discord's "Poll Resource").
const POLL_ANSWERS: usize = 10;
const POLL_QUESTION: usize = 300;
const POLL_ANSWER: usize = 55;
/// How many stickers a message has at most ("Create Message").
const STICKERS: usize = 3;
/// How many points a waveform has at most ("Voice Messages" in Discord's "Messages Resource").
const WAVEFORM: usize = 256;

/// A poll that somebody asks.
#[derive(Clone, Debug, Default)]
pub struct PollDraft {
    /// The question.
    pub question: String,
    /// The answers to choose from.
    pub answers: Vec<String>,
}

/// A message that is forwarded.
#[derive(Clone, Copy, Debug)]
pub struct Forwarded {
    /// Where it stands.
    pub channel: Id<ChannelMarker>,
    /// Which.
    pub message: Id<MessageMarker>,
}

impl Person {
    /// Forwards a message from one channel to another.
    pub fn forward(
        &self,
        from: impl Into<Id<ChannelMarker>>,
        message: Id<MessageMarker>,
        to: impl Into<Id<ChannelMarker>>,
    ) -> Result<Id<MessageMarker>, Refusal> {
        let forward = Some(Forwarded {
            channel: from.into(),
            message,
        });
        self.say_with(
            to,
            MessageDraft {
                forward,
                ..MessageDraft::default()
            },
        )
    }

    /// Sends a sticker and nothing else.
    pub fn send_sticker(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        name: &str,
    ) -> Result<Id<MessageMarker>, Refusal> {
        let stickers = vec![name.to_owned()];
        self.say_with(
            channel,
            MessageDraft {
                stickers,
                ..MessageDraft::default()
            },
        )
    }

    /// Asks a poll.
    pub fn send_poll(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        question: &str,
        answers: &[&str],
    ) -> Result<Id<MessageMarker>, Refusal> {
        let poll = Some(PollDraft {
            question: question.to_owned(),
            answers: answers.iter().map(|answer| (*answer).to_owned()).collect(),
        });
        self.say_with(
            channel,
            MessageDraft {
                poll,
                ..MessageDraft::default()
            },
        )
    }

    /// Sends a voice message of this length.
    pub fn send_voice(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        length: Duration,
    ) -> Result<Id<MessageMarker>, Refusal> {
        let voice = Some(length);
        self.say_with(
            channel,
            MessageDraft {
                voice,
                ..MessageDraft::default()
            },
        )
    }

    /// Pastes a text that is too long, which the client offers to send as the file `message.txt`.
    pub fn paste(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        beside: &str,
        long: &str,
    ) -> Result<Id<MessageMarker>, Refusal> {
        let draft = MessageDraft {
            text: beside.to_owned(),
            attachments: vec![long_paste(long)],
            ..MessageDraft::default()
        };
        self.say_with(channel, draft)
    }
}

/// The file that a client makes of a long text.
#[must_use]
pub fn long_paste(text: &str) -> Upload {
    Upload {
        filename: "message.txt".to_owned(),
        content_type: Some("text/plain; charset=utf-8".to_owned()),
        bytes: text.as_bytes().to_vec(),
        ..Upload::default()
    }
}

/// What Discord shows of a page: an embed of the type `link`.
#[must_use]
pub fn link_embed(url: &str, title: &str, description: Option<&str>) -> Embed {
    Embed {
        author: None,
        color: None,
        description: description.map(str::to_owned),
        fields: Vec::new(),
        footer: None,
        image: None,
        kind: "link".to_owned(),
        provider: None,
        thumbnail: None,
        timestamp: None,
        title: Some(title.to_owned()),
        url: Some(url.to_owned()),
        video: None,
    }
}

/// Whether a draft has anything besides text and files.
pub(super) fn has_more(draft: &MessageDraft) -> bool {
    draft.voice.is_some()
        || draft.poll.is_some()
        || draft.forward.is_some()
        || !draft.stickers.is_empty()
}

/// Holds the parts to what a client lets through.
pub(super) fn check(draft: &MessageDraft) -> Result<(), Refusal> {
    let beside = !draft.text.is_empty() || !draft.attachments.is_empty();
    let alone = draft.voice.is_some() || draft.forward.is_some();
    if alone && (beside || !draft.stickers.is_empty() || draft.poll.is_some()) {
        return Err(Refusal::NotTogether);
    }
    if draft.stickers.len() > STICKERS {
        return Err(Refusal::OutOfRange("stickers".to_owned()));
    }
    let Some(poll) = &draft.poll else {
        return Ok(());
    };
    let fits = |text: &str, most: usize| (1..=most).contains(&text.chars().count());
    let answers = (1..=POLL_ANSWERS).contains(&poll.answers.len())
        && poll.answers.iter().all(|answer| fits(answer, POLL_ANSWER));
    if !answers || !fits(&poll.question, POLL_QUESTION) {
        return Err(Refusal::OutOfRange("poll".to_owned()));
    }
    Ok(())
}

/// Puts stickers, poll, voice and forward into what is posted.
pub(super) fn fill(
    world: &mut World,
    person: &Person,
    parts: &MessageDraft,
    draft: &mut Draft,
) -> Result<Touch, Refusal> {
    for name in &parts.stickers {
        draft.stickers.push(MessageSticker {
            format_type: StickerFormatType::Png,
            id: world.next_id(),
            name: name.clone(),
        });
    }
    draft.embeds.clone_from(&parts.embeds);
    draft.poll = parts.poll.as_ref().map(|poll| open_poll(world, poll));
    let mut touch = Touch::default();
    if let Some(length) = parts.voice {
        draft.flags = Some(MessageFlags::IS_VOICE_MESSAGE);
        draft.uploads = vec![recording()];
        touch.voice = Some(length);
    }
    if let Some(forwarded) = parts.forward {
        let snapshot = snapshot(world, person, forwarded)?;
        draft.flags = Some(HAS_SNAPSHOT);
        draft.reference = Some(MessageReference {
            channel_id: Some(forwarded.channel),
            guild_id: None,
            kind: MessageReferenceType::Forward,
            message_id: Some(forwarded.message),
            fail_if_not_exists: None,
        });
        touch.forward = Some((snapshot, world.guild_of(forwarded.channel)));
    }
    Ok(touch)
}

/// The last touch of a message that is no plain one.
#[derive(Debug, Default)]
pub(super) struct Touch {
    voice: Option<Duration>,
    forward: Option<(
        MessageSnapshot,
        Option<Id<twilight_model::id::marker::GuildMarker>>,
    )>,
}

impl Touch {
    /// Gives it.
    pub(super) fn apply(self, message: &mut Message) {
        if let (Some(length), Some(file)) = (self.voice, message.attachments.first_mut()) {
            file.duration_secs = Some(length.as_secs_f64());
            file.waveform = Some(waveform(length));
        }
        if let Some((snapshot, guild)) = self.forward {
            message.message_snapshots = vec![snapshot];
            message.referenced_message = None;
            if let Some(reference) = message.reference.as_mut() {
                reference.guild_id = guild;
            }
        }
    }
}

/// A poll that ends in a day, as one does unless told otherwise ("Poll Create Request Object").
fn open_poll(world: &World, poll: &PollDraft) -> Poll {
    let media = |text: &str| PollMedia {
        emoji: None,
        text: Some(text.to_owned()),
    };
    let ends = chrono::DateTime::from_timestamp_millis(world.now_ms())
        .map(|now| clock::timestamp(now + TimeDelta::days(1)));
    Poll {
        answers: (1..)
            .zip(&poll.answers)
            .map(|(answer_id, text)| PollAnswer {
                answer_id,
                poll_media: media(text),
            })
            .collect(),
        allow_multiselect: false,
        expiry: ends,
        layout_type: PollLayoutType::Default,
        question: media(&poll.question),
        results: Some(PollResults {
            answer_counts: Vec::new(),
            is_finalized: false,
        }),
    }
}

/// What clients upload: Opus in OGG ("Voice Messages" in Discord's "Messages Resource"); the head of one, here.
fn recording() -> Upload {
    let mut bytes = b"OggS\0\x02".to_vec();
    bytes.extend([0; 22]);
    bytes.extend(b"OpusHead\x01\x01");
    Upload {
        filename: "voice-message.ogg".to_owned(),
        content_type: Some("audio/ogg".to_owned()),
        bytes,
        ..Upload::default()
    }
}

/// One point each tenth of a second, up to 256.
fn waveform(length: Duration) -> String {
    let points = usize::try_from(length.as_millis() / 100).unwrap_or(WAVEFORM);
    let points: Vec<u8> = (0..points.clamp(1, WAVEFORM))
        .map(|point| (point * 37 % 251) as u8)
        .collect();
    STANDARD.encode(points)
}

/// The copy that a forward carries: without the author. Only plain messages and answers to commands can be forwarded, and no
/// polls ("Message Reference Types"); a forward of a forward carries the first one's copy, since copies do not nest.
fn snapshot(
    world: &World,
    person: &Person,
    forwarded: Forwarded,
) -> Result<MessageSnapshot, Refusal> {
    let readable = twilight_model::guild::Permissions::VIEW_CHANNEL
        | twilight_model::guild::Permissions::READ_MESSAGE_HISTORY;
    if !world
        .permissions(person.id, forwarded.channel)
        .contains(readable)
    {
        return Err(Refusal::NoMessage);
    }
    let stored = world
        .message(forwarded.channel, forwarded.message)
        .map_err(|_| Refusal::NoMessage)?;
    let message = &stored.message;
    if let Some(first) = message.message_snapshots.first() {
        return Ok(first.clone());
    }
    let plain = matches!(
        message.kind,
        MessageType::Regular
            | MessageType::Reply
            | MessageType::ChatInputCommand
            | MessageType::ContextMenuCommand
    );
    if !plain || message.poll.is_some() {
        return Err(Refusal::NotForwardable);
    }
    // twilight keeps the type of a copy's fields to itself; it reads them from the whole message.
    serde_json::from_value(json!({ "message": message })).map_err(|_| Refusal::NotForwardable)
}
