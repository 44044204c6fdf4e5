//! A message from its raw JSON: what the turn takes in. Live events, pages of the REST API and edits are all read here,
//! so that one message says the same whichever way it comes.
//! <https://discord.com/developers/docs/resources/message#message-object>

use chrono::{DateTime, Utc};
use companion::incoming::{Attachment, Incoming, Replied};
use serde_json::Value;
use store::id::{ChannelId, GuildId, MessageId};

use super::enclosed::{enclosed, is_voice};
use super::json::{id, list, text};
use super::known::Known;
use super::{framed, tokens};

/// A message's `type`: somebody wrote it.
const DEFAULT: u64 = 0;
/// A message's `type`: somebody wrote it as a reply.
const REPLY: u64 = 19;
/// A reference's `type`, <https://discord.com/developers/docs/resources/message#message-reference-types>.
const FORWARD: u64 = 1;
/// A flag of a message that came from a followed channel,
/// <https://discord.com/developers/docs/resources/message#message-object-message-flags>.
const IS_CROSSPOST: u64 = 1 << 1;

/// Whether a message is something that somebody said, and not "a member joined" or an answer to a command.
pub fn is_talk(message: &Value) -> bool {
    matches!(kind(message), DEFAULT | REPLY)
}

/// Whether a program wrote it: a bot or a webhook.
pub fn is_automated(message: &Value) -> bool {
    message["author"]["bot"] == true || id(&message["webhook_id"]).is_some()
}

/// Whether a bot wrote it by its own account.
pub fn is_bot(message: &Value) -> bool {
    message["author"]["bot"] == true && id(&message["webhook_id"]).is_none()
}

/// Whether the bot wrote it, or one of its personas: Discord names the application behind a message of a webhook.
pub fn is_ours(message: &Value, me: u64, application: Option<u64>) -> bool {
    let through = id(&message["application_id"]);
    (through.is_some() && through == application) || id(&message["author"]["id"]) == Some(me)
}

/// A message's id.
pub fn number(message: &Value) -> Option<MessageId> {
    id(&message["id"]).map(Into::into)
}

/// Where it stands.
pub fn channel(message: &Value) -> Option<ChannelId> {
    id(&message["channel_id"]).map(Into::into)
}

/// Its server, as far as the event names it; direct messages have none.
pub fn guild(message: &Value) -> Option<GuildId> {
    id(&message["guild_id"]).map(Into::into)
}

/// Reads a message; `None` where it lacks what makes one: an id, a channel, an author.
pub fn read(message: &Value, known: &Known) -> Option<Incoming> {
    let content = message["content"].as_str().unwrap_or_default();
    let author = known.author(message)?;
    Some(Incoming {
        id: number(message)?,
        guild: known.guild,
        channel: id(&message["channel_id"])?.into(),
        parent: known.parent,
        unplaced: known.unplaced,
        text: own_text(content, known),
        unframed: unframed(content, author.by_webhook, known),
        spoken: tokens::spoken(content),
        enclosed: enclosed(message, author.automated, known),
        mentions_bot: mentions_bot(message, known),
        mentions_others: mentions_others(message, known),
        reply_to: reply_to(message),
        attachments: attachments(message),
        at: written_at(message),
        edited_at: edited_at(message),
        age_restricted: known.age_restricted,
        again: 0,
        author,
    })
}

/// Of a webhook's text what stands between the lines that a proxy writes around a person's words.
fn unframed(content: &str, by_webhook: bool, known: &Known) -> Option<String> {
    let own = framed::own_words(tokens::without_call(content, known)).filter(|_| by_webhook)?;
    Some(own_text(own, known))
}

fn kind(message: &Value) -> u64 {
    message["type"].as_u64().unwrap_or(DEFAULT)
}

/// The text, without the mention of the bot that it begins with.
fn own_text(content: &str, known: &Known) -> String {
    tokens::shown(tokens::without_call(content, known), known)
        .trim()
        .to_owned()
}

fn mentions_bot(message: &Value, known: &Known) -> bool {
    let account = list(&message["mentions"])
        .iter()
        .any(|user| id(&user["id"]) == Some(known.me));
    account
        || list(&message["mention_roles"])
            .iter()
            .any(|role| known.my_role.is_some() && id(role) == known.my_role)
}

/// A reply mentions its addressee unless that was switched off; that says nothing which the reply does not say.
fn mentions_others(message: &Value, known: &Known) -> bool {
    let replied_to = id(&message["referenced_message"]["author"]["id"]);
    let person = list(&message["mentions"])
        .iter()
        .filter_map(|user| id(&user["id"]))
        .any(|user| user != known.me && Some(user) != replied_to);
    let role = list(&message["mention_roles"])
        .iter()
        .any(|role| id(role) != known.my_role);
    person || role || message["mention_everyone"] == true
}

/// What a message replies to. A forward and a message of a followed channel refer to one too, and are no replies; apart from
/// these, whatever refers to a message replies to it, also where its type does not say so.
fn reply_to(message: &Value) -> Option<Replied> {
    let reference = &message["message_reference"];
    let is_forward = reference["type"].as_u64() == Some(FORWARD)
        || !list(&message["message_snapshots"]).is_empty();
    let is_crosspost = message["flags"]
        .as_u64()
        .is_some_and(|flags| flags & IS_CROSSPOST != 0);
    if is_forward || is_crosspost {
        return None;
    }
    let replied = &message["referenced_message"];
    Some(Replied {
        id: id(&reference["message_id"])?.into(),
        automated: replied.is_null() || is_automated(replied),
    })
}

/// Files, without the sound of a voice message, which is told of as what it is.
fn attachments(message: &Value) -> Vec<Attachment> {
    if is_voice(message) {
        return vec![];
    }
    let files = list(&message["attachments"]).iter();
    files
        .map(|file| Attachment {
            filename: super::known::one_line(text(&file["filename"]).unwrap_or("file")),
            content_type: text(&file["content_type"]).map(str::to_owned),
            description: text(&file["description"]).map(super::known::one_line),
        })
        .collect()
}

/// When a message was written: as it says, else as its id does.
pub fn written_at(message: &Value) -> DateTime<Utc> {
    moment(&message["timestamp"])
        .or_else(|| number(message).map(MessageId::written_at))
        .unwrap_or_default()
}

/// When this version was edited; `None` as the message was first written.
pub fn edited_at(message: &Value) -> Option<DateTime<Utc>> {
    moment(&message["edited_timestamp"])
}

/// The message that a message refers to, whoever wrote it and in whatever way.
pub fn refers_to(message: &Value) -> Option<MessageId> {
    id(&message["message_reference"]["message_id"]).map(Into::into)
}

/// Whether a webhook wrote it.
pub fn is_by_webhook(message: &Value) -> bool {
    id(&message["webhook_id"]).is_some()
}

fn moment(told: &Value) -> Option<DateTime<Utc>> {
    let told = DateTime::parse_from_rfc3339(told.as_str()?).ok()?;
    Some(told.to_utc())
}
