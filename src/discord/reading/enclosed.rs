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
/// Fields that a preview can have, <https://discord.com/developers/docs/resources/message#embed-object-embed-limits>.
const FIELDS: usize = 25;

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
        .chain(invitation(message))
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
                by,
                title,
                description,
                fields,
                ..
            } => {
                let parts = [by, title, description, fields.join("; ")];
                Some(parts.join(" ").trim().to_owned())
            }
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

/// An activity's invitation names the application.
/// <https://discord.com/developers/docs/resources/message#message-object-message-activity-structure>
fn invitation(message: &Value) -> Option<Enclosure> {
    let activity = message["activity"].as_object()?;
    let name = text(&message["application"]["name"]).or_else(|| text(activity.get("name")?));
    Some(Enclosure::Invitation(one_line(
        name.unwrap_or("an activity"),
    )))
}

/// What has words; a picture without them says nothing that the link does not.
fn embeds(message: &Value, automated: bool) -> impl Iterator<Item = Enclosure> {
    let of_words = list(&message["embeds"]).iter().filter_map(move |embed| {
        let part = |name: &str| seen(&embed[name]).unwrap_or_default();
        let (title, description) = (part("title"), part("description"));
        let by = seen(&embed["author"]["name"]).unwrap_or_default();
        let fields: Vec<String> = list(&embed["fields"])
            .iter()
            .take(FIELDS)
            .filter_map(field)
            .collect();
        let says_something = [&by, &title, &description]
            .iter()
            .any(|part| !part.is_empty());
        (says_something || !fields.is_empty()).then(|| Enclosure::Embed {
            by,
            title,
            description,
            fields,
            authored: automated && embed["type"].as_str().is_none_or(|kind| kind == "rich"),
        })
    });
    of_words.take(PREVIEWS)
}

/// A text of which something can be seen: programs write blanks where Discord asks for words.
fn seen(value: &Value) -> Option<String> {
    let text = text(value)?;
    (!safety::clean::visible(text).trim().is_empty()).then(|| one_line(text))
}

/// A preview's field as one text; `None` if it holds no words.
fn field(field: &Value) -> Option<String> {
    match (seen(&field["name"]), seen(&field["value"])) {
        (Some(name), Some(value)) => Some(format!("{name}: {value}")),
        (name, value) => name.or(value),
    }
}
