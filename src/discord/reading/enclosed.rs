//! What a message holds besides its text: forwards, stickers, polls, previews and voice.

use companion::enclosure::{Enclosure, FILE};
use serde_json::Value;

use super::json::{list, text};
use super::known::{Known, one_line};
use super::tokens;

/// <https://discord.com/developers/docs/resources/message#message-object-message-flags>
const IS_VOICE_MESSAGE: u64 = 1 << 13;
/// Previews that are told of; a message of ten links is about none of them.
const PREVIEWS: usize = 3;
/// Answers that a poll can have, <https://discord.com/developers/docs/resources/poll#poll-create-request-object>.
const POLL_ANSWERS: usize = 10;

/// Whether a message is a voice message.
pub fn is_voice(message: &Value) -> bool {
    message["flags"]
        .as_u64()
        .is_some_and(|flags| flags & IS_VOICE_MESSAGE != 0)
}

/// What came along with a message.
pub fn enclosed(message: &Value, automated: bool, known: &Known) -> Vec<Enclosure> {
    let forwards = list(&message["message_snapshots"])
        .iter()
        .map(|snapshot| forward(snapshot, known));
    let stickers = stickers(message).map(Enclosure::Sticker);
    let previews = embeds(message, automated);
    forwards
        .chain(stickers)
        .chain(poll(&message["poll"]))
        .chain(voice(message))
        .chain(previews)
        .collect()
}

/// A forward holds a copy of the message as it was.
/// <https://discord.com/developers/docs/resources/message#message-snapshot-object>
fn forward(snapshot: &Value, known: &Known) -> Enclosure {
    // serenity's copy lacks the layer around it.
    let message = match &snapshot["message"] {
        Value::Null => snapshot,
        inner => inner,
    };
    let content = message["content"].as_str().unwrap_or_default();
    let text = tokens::shown(content, known).trim().to_owned();
    let voice = voice(message).is_some();
    let files = list(&message["attachments"])
        .iter()
        .filter(|_| !voice)
        .filter_map(|file| self::text(&file["filename"]))
        .map(|name| format!("{FILE}{}", one_line(name)));
    let sound = voice.then(|| format!("{FILE}voice message"));
    let stickers = stickers(message).map(|name| format!("sticker: {name}"));
    // Beside words a preview only repeats a link; alone it is all there is, as in a program's message.
    let previews = embeds(message, true)
        .filter(|_| text.is_empty())
        .filter_map(|embed| match embed {
            Enclosure::Embed {
                title, description, ..
            } => Some(format!("{title} {description}").trim().to_owned()),
            _ => None,
        });
    let mut along: Vec<String> = files.chain(sound).chain(stickers).chain(previews).collect();
    if text.is_empty() && along.is_empty() {
        along.push("a message that cannot be shown".to_owned());
    }
    Enclosure::Forward { text, along }
}

fn stickers(message: &Value) -> impl Iterator<Item = String> {
    list(&message["sticker_items"])
        .iter()
        .filter_map(|sticker| text(&sticker["name"]))
        .map(one_line)
}

/// <https://discord.com/developers/docs/resources/poll#poll-object>
fn poll(poll: &Value) -> Option<Enclosure> {
    let answers = list(&poll["answers"]).iter().take(POLL_ANSWERS);
    let answers: Vec<String> = answers
        .filter_map(|answer| {
            let media = &answer["poll_media"];
            text(&media["text"]).or_else(|| text(&media["emoji"]["name"]))
        })
        .map(one_line)
        .collect();
    let question = text(&poll["question"]["text"]);
    if question.is_none() && answers.is_empty() {
        return None;
    }
    Some(Enclosure::Poll {
        question: one_line(question.unwrap_or("?")),
        answers,
    })
}

fn voice(message: &Value) -> Option<Enclosure> {
    is_voice(message).then(|| {
        let seconds = message["attachments"][0]["duration_secs"].as_f64();
        Enclosure::Voice {
            seconds: seconds.unwrap_or_default().round().max(0.0) as u64,
        }
    })
}

/// What has a title or words; a picture without them says nothing that the link does not.
fn embeds(message: &Value, automated: bool) -> impl Iterator<Item = Enclosure> {
    let of_words = list(&message["embeds"]).iter().filter_map(move |embed| {
        let part = |name: &str| text(&embed[name]).map(one_line).unwrap_or_default();
        let (title, description) = (part("title"), part("description"));
        let says_something = !title.is_empty() || !description.is_empty();
        says_something.then(|| Enclosure::Embed {
            title,
            description,
            authored: automated && embed["type"].as_str().is_none_or(|kind| kind == "rich"),
        })
    });
    of_words.take(PREVIEWS)
}
