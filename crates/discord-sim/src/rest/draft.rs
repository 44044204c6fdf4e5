//! From a request's body to a [`Draft`], with Discord's limits checked on the way.

use serde::Deserialize;
use serde_json::Value;
use twilight_model::channel::message::{
    AllowedMentions, Component, Embed, MessageFlags, MessageReference,
};

use super::body::Incoming;
use super::error::{ApiError, ApiResult};
use crate::state::Draft;
use crate::state::draft::Nonce;
use crate::state::message::Change;

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
    let fields: Fields = incoming.parse()?;
    let content = fields.content.unwrap_or_default();
    twilight_validate::message::content(&content).map_err(|_| {
        ApiError::invalid_field(
            &["content"],
            "BASE_TYPE_MAX_LENGTH",
            "Must be 2000 or fewer in length.",
        )
    })?;
    let enforce = fields.enforce_nonce.unwrap_or(false);
    Ok(Draft {
        content,
        embeds: fields.embeds.unwrap_or_default(),
        components: fields.components.unwrap_or_default(),
        uploads: incoming.files.clone(),
        allowed_mentions: fields.allowed_mentions,
        flags: fields.flags,
        tts: fields.tts.unwrap_or(false),
        reference: fields.message_reference,
        nonce: fields.nonce.map(|value| Nonce { value, enforce }),
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
    #[serde(default, deserialize_with = "present")]
    attachments: Option<Option<Vec<KeptAttachment>>>,
    allowed_mentions: Option<AllowedMentions>,
    flags: Option<MessageFlags>,
}

#[derive(Clone, Debug, Deserialize)]
struct KeptAttachment {
    id: Value,
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
    let fields: EditFields = incoming.parse()?;
    let content = fields.content.map(Option::unwrap_or_default);
    if let Some(content) = &content {
        twilight_validate::message::content(content).map_err(|_| {
            ApiError::invalid_field(
                &["content"],
                "BASE_TYPE_MAX_LENGTH",
                "Must be 2000 or fewer in length.",
            )
        })?;
    }
    // Attachments that are new are named by their slot, which is no id of an old one.
    let keep_attachments = fields.attachments.map(|list| {
        list.unwrap_or_default()
            .iter()
            .filter_map(|kept| kept.id.as_str().and_then(|id| id.parse().ok()))
            .collect()
    });
    Ok(Change {
        content,
        embeds: fields.embeds.map(Option::unwrap_or_default),
        components: fields.components.map(Option::unwrap_or_default),
        keep_attachments,
        uploads: incoming.files.clone(),
        flags: fields.flags,
        allowed_mentions: fields.allowed_mentions,
    })
}
