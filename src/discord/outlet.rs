//! One message on Discord: posted, changed and taken back, through a webhook or through the bot's own account.
//!
//! No message that leaves here mentions anyone or unfolds a link's preview, whatever its text says.

mod lost;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use companion::speaker::Destination;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serenity::builder::{
    CreateAllowedMentions, CreateMessage, EditMessage, EditWebhookMessage, ExecuteWebhook,
};
use serenity::http::{LightMethod, Route};
use serenity::model::channel::{MessageFlags, MessageReference, Nonce};
use serenity::model::id::{ChannelId, MessageId};

pub use lost::Found;

use super::rest::{Call, LONGEST_PAUSE, Meaning, Refused, Rest};
use super::webhook::Hook;

/// <https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes>
const UNKNOWN_WEBHOOK: i64 = 10_015;
/// A message that stands in a channel.
pub struct Posted {
    /// Its id.
    pub id: MessageId,
    /// The webhook that wrote it; `None` is the bot's own account.
    pub hook: Option<Arc<Hook>>,
    /// What it says, where that is not what was sent: the nonce was known, so nothing new was posted.
    pub found: Option<String>,
}

/// The name and face of a webhook's message.
pub struct Mask<'a> {
    /// The name.
    pub username: &'a str,
    /// Where the face is.
    pub avatar: Option<&'a str>,
}

/// Sends messages.
#[derive(Clone)]
pub struct Outlet {
    rest: Rest,
    /// The newest messages that were posted through webhooks and whose answers came: none of them is one whose answer was
    /// lost.
    own: Arc<Mutex<BTreeSet<MessageId>>>,
}

#[derive(Deserialize)]
struct Sent {
    id: MessageId,
    channel_id: ChannelId,
    #[serde(default)]
    content: String,
}

impl Outlet {
    /// Speaks through `rest`.
    pub fn new(rest: Rest) -> Self {
        Self {
            rest,
            own: Arc::default(),
        }
    }

    /// Posts through a webhook.
    pub async fn post_by_hook(
        &self,
        to: Destination,
        hook: &Arc<Hook>,
        mask: Mask<'_>,
        text: &str,
    ) -> Result<Posted, Refused> {
        let mut message = ExecuteWebhook::new()
            .content(text)
            .username(mask.username)
            .allowed_mentions(nobody())
            .flags(MessageFlags::SUPPRESS_EMBEDS);
        if let Some(avatar) = mask.avatar {
            message = message.avatar_url(avatar);
        }
        let route = Route::WebhookWithToken {
            webhook_id: hook.id,
            token: hook.token.expose_secret(),
        };
        let mut query = thread_of(to);
        query.push(("wait", "true".to_owned()));
        let sent: Sent = self
            .rest
            .fetch(
                Call::new(LightMethod::Post, route)
                    .query(query)
                    .json(&message)?,
            )
            .await?;
        self.note_own(sent.id);
        let posted = Posted {
            id: sent.id,
            hook: Some(Arc::clone(hook)),
            found: None,
        };
        if sent.channel_id != channel(to) {
            // An admin moved the webhook: what was just said stands in a channel where nobody asked for it.
            self.delete(to, &posted).await?;
            return Err(Refused::Answered {
                status: 404,
                code: UNKNOWN_WEBHOOK,
                message: "our webhook was moved to another channel".to_owned(),
            });
        }
        Ok(posted)
    }

    /// Posts as the bot; the first part of what it says replies to the message that is answered. The same `nonce` a
    /// second time within some minutes posts nothing new, but finds what the first time posted.
    pub async fn post_by_bot(
        &self,
        to: Destination,
        part: usize,
        nonce: String,
        text: &str,
    ) -> Result<Posted, Refused> {
        let message = CreateMessage::new()
            .content(text)
            .nonce(Nonce::String(nonce))
            .enforce_nonce(true)
            .allowed_mentions(nobody())
            .flags(MessageFlags::SUPPRESS_EMBEDS);
        let answered = MessageId::new(to.reply_to.get());
        let reference = MessageReference::from((channel(to), answered)).fail_if_not_exists(false);
        let reply = if part == 0 {
            message.clone().reference_message(reference)
        } else {
            message.clone()
        };
        let sent = match self.create(to, &reply).await {
            Err(refused) if refused.meaning() == Meaning::NoReply => {
                self.create(to, &message).await?
            }
            other => other?,
        };
        let found = (sent.content.trim() != text.trim()).then_some(sent.content);
        Ok(Posted {
            id: sent.id,
            hook: None,
            found,
        })
    }

    /// How long nothing can be posted there, where that is known and longer than a reply can wait.
    pub fn shut(&self, to: Destination, hook: Option<&Hook>) -> Option<Duration> {
        let as_bot = Route::ChannelMessages {
            channel_id: channel(to),
        };
        let as_bot = self.rest.limited(LightMethod::Post, &as_bot)?;
        let shut = match hook {
            None => as_bot,
            Some(hook) => {
                let by_hook = Route::WebhookWithToken {
                    webhook_id: hook.id,
                    token: hook.token.expose_secret(),
                };
                self.rest.limited(LightMethod::Post, &by_hook)?.min(as_bot)
            }
        };
        (shut > LONGEST_PAUSE).then_some(shut)
    }

    /// Posts as the bot into a channel, in answer to nobody.
    pub async fn announce(
        &self,
        channel_id: ChannelId,
        nonce: String,
        text: &str,
    ) -> Result<(), Refused> {
        let message = CreateMessage::new()
            .content(text)
            .nonce(Nonce::String(nonce))
            .enforce_nonce(true)
            .allowed_mentions(nobody())
            .flags(MessageFlags::SUPPRESS_EMBEDS);
        let route = Route::ChannelMessages { channel_id };
        let call = Call::new(LightMethod::Post, route).json(&message)?;
        self.rest.send(call).await.map(drop)
    }

    async fn create(&self, to: Destination, message: &CreateMessage) -> Result<Sent, Refused> {
        let route = Route::ChannelMessages {
            channel_id: channel(to),
        };
        self.rest
            .fetch(Call::new(LightMethod::Post, route).json(message)?)
            .await
    }

    /// Changes a message's text.
    pub async fn edit(&self, to: Destination, posted: &Posted, text: &str) -> Result<(), Refused> {
        let call = match &posted.hook {
            Some(hook) => {
                let message = EditWebhookMessage::new()
                    .content(text)
                    .allowed_mentions(nobody());
                self.by_hook(LightMethod::Patch, to, hook, posted.id)
                    .json(&message)?
            }
            None => {
                let message = EditMessage::new().content(text).allowed_mentions(nobody());
                self.by_bot(LightMethod::Patch, to, posted.id)
                    .json(&message)?
            }
        };
        self.rest.send(call).await.map(drop)
    }

    /// Puts a reaction under the message that is answered.
    pub async fn react(&self, to: Destination, emoji: &str) -> Result<(), Refused> {
        let route = Route::ChannelMessageReactionMe {
            channel_id: channel(to),
            message_id: serenity::model::id::MessageId::new(to.reply_to.get()),
            reaction: emoji,
        };
        self.rest
            .send(Call::new(LightMethod::Put, route))
            .await
            .map(drop)
    }

    /// Takes a message back.
    pub async fn delete(&self, to: Destination, posted: &Posted) -> Result<(), Refused> {
        let call = match &posted.hook {
            Some(hook) => self.by_hook(LightMethod::Delete, to, hook, posted.id),
            None => self.by_bot(LightMethod::Delete, to, posted.id),
        };
        self.rest.send(call).await.map(drop)
    }

    /// Takes a message of a webhook back whose webhook is gone; only a moderator can, so it may fail.
    pub async fn delete_orphan(&self, to: Destination, id: MessageId) -> Result<(), Refused> {
        self.rest
            .send(self.by_bot(LightMethod::Delete, to, id))
            .await
            .map(drop)
    }

    /// Shows for some seconds that the bot is writing.
    pub async fn typing(&self, to: Destination) -> Result<(), Refused> {
        let route = Route::ChannelTyping {
            channel_id: channel(to),
        };
        self.rest
            .send(Call::new(LightMethod::Post, route))
            .await
            .map(drop)
    }

    fn by_hook<'a>(
        &self,
        method: LightMethod,
        to: Destination,
        hook: &'a Hook,
        id: MessageId,
    ) -> Call<'a> {
        let token = hook.token.expose_secret();
        let route = Route::WebhookMessage {
            webhook_id: hook.id,
            token,
            message_id: id,
        };
        Call::new(method, route).query(thread_of(to))
    }

    fn by_bot(&self, method: LightMethod, to: Destination, id: MessageId) -> Call<'static> {
        Call::new(
            method,
            Route::ChannelMessage {
                channel_id: channel(to),
                message_id: id,
            },
        )
    }
}

/// The channel in which the message was written, as serenity names it.
fn channel(to: Destination) -> ChannelId {
    ChannelId::new(to.channel.get())
}

/// A webhook belongs to the parent; the thread is named with each request.
fn thread_of(to: Destination) -> Vec<(&'static str, String)> {
    to.parent
        .map(|_| ("thread_id", to.channel.to_string()))
        .into_iter()
        .collect()
}

/// Mentions nobody, whatever the text says, and does not ping who is answered.
fn nobody() -> CreateAllowedMentions {
    CreateAllowedMentions::new().replied_user(false)
}
