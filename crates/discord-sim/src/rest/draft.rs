//! From a request's body to a [`Draft`], with Discord's limits checked on the way.

mod components;
mod embeds;
mod files;
mod mentions;

use serde::Deserialize;
use serde_json::{Value, json};
use twilight_model::channel::Message;
use twilight_model::channel::message::{
    AllowedMentions, Component, Embed, MessageFlags, MessageReference,
};
use twilight_model::guild::Permissions;

use super::body::Incoming;
use super::error::{ApiError, ApiResult};
use crate::state::Draft;
use crate::state::draft::Nonce;
use crate::state::message::Change;

/// The longest nonce.
pub const NONCE_LENGTH: usize = 25;
/// The flags that the sender of a message may set.
pub const FLAGS_OF_A_MESSAGE: MessageFlags = MessageFlags::SUPPRESS_EMBEDS
    .union(MessageFlags::SUPPRESS_NOTIFICATIONS)
    .union(MessageFlags::IS_COMPONENTS_V2);
/// The flags that an edit may change.
const FLAGS_OF_AN_EDIT: MessageFlags =
    MessageFlags::SUPPRESS_EMBEDS.union(MessageFlags::IS_COMPONENTS_V2);

/// The fields of a new message that requests of every kind share.
#[derive(Clone, Debug, Default, Deserialize)]
struct Fields {
    content: Option<String>,
    embeds: Option<Vec<Embed>>,
    components: Option<Vec<Component>>,
    allowed_mentions: Option<AllowedMentions>,
    flags: Option<MessageFlags>,
    tts: Option<bool>,
    message_reference: Option<MessageReference>,
    nonce: Option<Value>,
    enforce_nonce: Option<bool>,
}

/// The draft in this body.
pub fn parse(incoming: &Incoming) -> ApiResult<Draft> {
    let body = completed(&incoming.json);
    mentions::check(&body["allowed_mentions"])?;
    let fields: Fields = Incoming::read(&body)?;
    let content = fields.content.unwrap_or_default();
    check_content(&content)?;
    let embeds = fields.embeds.unwrap_or_default();
    embeds::check(&embeds)?;
    let components = fields.components.unwrap_or_default();
    let is_v2 = is_v2(fields.flags);
    components::check(&components, is_v2)?;
    if is_v2 && !(content.is_empty() && embeds.is_empty()) {
        return Err(ApiError::invalid_field(
            &["flags"],
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
            "The 'content' and 'embeds' fields cannot be used when using MessageFlags.IS_COMPONENTS_V2",
        ));
    }
    let enforce = fields.enforce_nonce.unwrap_or(false);
    Ok(Draft {
        content: content.trim().to_owned(),
        embeds,
        components,
        uploads: files::described(incoming)?,
        allowed_mentions: fields.allowed_mentions,
        flags: fields.flags,
        tts: fields.tts.unwrap_or(false),
        reference: fields.message_reference,
        nonce: check_nonce(fields.nonce)?.map(|value| Nonce { value, enforce }),
        poll: None,
        stickers: Vec::new(),
    })
}

/// What an edit may set. A field that is missing stays; `null` empties it.
#[derive(Clone, Debug, Default, Deserialize)]
struct EditFields {
    #[serde(default, deserialize_with = "present")]
    content: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    embeds: Option<Option<Vec<Embed>>>,
    #[serde(default, deserialize_with = "present")]
    components: Option<Option<Vec<Component>>>,
    allowed_mentions: Option<AllowedMentions>,
    flags: Option<MessageFlags>,
}

/// Tells `null` from missing.
pub(super) fn present<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

/// The change in this body.
pub fn parse_change(incoming: &Incoming) -> ApiResult<Change> {
    let body = completed(&incoming.json);
    mentions::check(&body["allowed_mentions"])?;
    let fields: EditFields = Incoming::read(&body)?;
    let content = fields.content.map(Option::unwrap_or_default);
    if let Some(content) = &content {
        check_content(content)?;
    }
    let embeds = fields.embeds.map(Option::unwrap_or_default);
    embeds::check(embeds.as_deref().unwrap_or_default())?;
    let components = fields.components.map(Option::unwrap_or_default);
    let given = components.as_deref().unwrap_or_default();
    components::check(given, is_v2(fields.flags) || components::are_v2(given))?;
    Ok(Change {
        content: content.map(|content| content.trim().to_owned()),
        embeds,
        components,
        keep_attachments: files::kept(&body["attachments"]),
        uploads: files::described(incoming)?,
        flags: fields.flags,
        allowed_mentions: fields.allowed_mentions,
    })
}

/// Drops flags that are not the sender's to set, as Discord does without a word.
pub fn keep_flags(flags: &mut Option<MessageFlags>, allowed: MessageFlags) {
    *flags = flags.map(|flags| flags & allowed);
}

/// The flags after an edit: what it may not touch stays.
#[must_use]
pub fn changed_flags(old: MessageFlags, new: MessageFlags) -> MessageFlags {
    (old - FLAGS_OF_AN_EDIT) | (new & FLAGS_OF_AN_EDIT)
}

/// What the parts of a message take, besides the permission to write.
#[must_use]
pub fn permissions_for(draft: &Draft) -> Permissions {
    let mut needed = Permissions::empty();
    needed.set(Permissions::EMBED_LINKS, !draft.embeds.is_empty());
    needed.set(Permissions::ATTACH_FILES, !draft.uploads.is_empty());
    needed.set(Permissions::SEND_TTS_MESSAGES, draft.tts);
    needed
}

/// An edit may not leave nothing: 50006.
pub fn refuse_emptying(change: &Change, old: &Message) -> ApiResult<()> {
    let no_text = change.content.as_ref().unwrap_or(&old.content).is_empty();
    let no_embeds = change.embeds.as_ref().unwrap_or(&old.embeds).is_empty();
    let components = change.components.as_ref().unwrap_or(&old.components);
    let files = match &change.keep_attachments {
        Some(kept) => kept.len(),
        None => old.attachments.len(),
    };
    let no_files = files + change.uploads.len() == 0;
    if no_text && no_embeds && components.is_empty() && no_files && old.sticker_items.is_empty() {
        return Err(ApiError::empty_message());
    }
    Ok(())
}

fn is_v2(flags: Option<MessageFlags>) -> bool {
    flags.is_some_and(|flags| flags.contains(MessageFlags::IS_COMPONENTS_V2))
}

fn check_content(content: &str) -> ApiResult<()> {
    twilight_validate::message::content(content).map_err(|_| {
        ApiError::invalid_field(
            &["content"],
            "BASE_TYPE_MAX_LENGTH",
            "Must be 2000 or fewer in length.",
        )
    })
}

fn check_nonce(nonce: Option<Value>) -> ApiResult<Option<Value>> {
    let Some(nonce) = nonce else { return Ok(None) };
    let refused = match &nonce {
        Value::String(text) if text.chars().count() > NONCE_LENGTH => {
            ("BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
        }
        Value::String(_) => return Ok(Some(nonce)),
        Value::Number(number) if number.is_i64() || number.is_u64() => return Ok(Some(nonce)),
        _ => ("BASE_TYPE_CONVERT", "Could not interpret nonce."),
    };
    Err(ApiError::invalid_field(&["nonce"], refused.0, refused.1))
}

/// Requests may leave out an embed's `type`, which is always `rich` and which twilight's type demands, and the numbers
/// of components, which Discord then counts.
fn completed(body: &Value) -> Value {
    let mut body = body.clone();
    // Looked up, not indexed: that would add a null, which empties.
    let embeds = body.get_mut("embeds").and_then(Value::as_array_mut);
    for embed in embeds.into_iter().flatten() {
        if embed.is_object() {
            embed["type"] = json!("rich");
        }
    }
    if let Some(list) = body.get_mut("components") {
        components::fill_in(list, &mut 0);
    }
    body
}
