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
