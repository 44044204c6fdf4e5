//! What a channel shows of posts whose answers were lost: messages of webhooks that no answer told of.

use std::sync::PoisonError;

use chrono::TimeDelta;
use companion::speaker::Destination;
use serde::Deserialize;
use serenity::http::{LightMethod, Route};
use serenity::model::id::{MessageId, WebhookId};

use super::super::rest::{Call, Refused};
use super::{Outlet, channel};

/// How many of the newest messages are looked through at once for one that may have been made, and how often: what is
/// asked about is seconds old.
const LOOKED_THROUGH: usize = 100;
const LOOKS: usize = 3;
/// How far two of Discord's machines may be apart, of which one dates its answers and the other numbers messages.
const SKEW: TimeDelta = TimeDelta::seconds(2);
/// How many posts of this process are known; what is looked through is much less.
const OWN: usize = 4_096;

/// A message of a webhook as it stands in a channel.
pub struct Found {
    /// Its id.
    pub id: MessageId,
    /// The webhook that wrote it.
    pub hook: WebhookId,
    /// What it says.
    pub text: String,
}

impl Outlet {
    /// The smallest id that a message can have which is posted from now on in answer to this one, by Discord's clock.
    pub fn next_id(&self, to: Destination) -> MessageId {
        let asked = MessageId::new(to.reply_to.get());
        let now = self.rest.discord_now();
        let next = now.map(|now| store::id::MessageId::first_of(now - SKEW).get());
        next.map_or(asked, |next| asked.max(MessageId::new(next.max(1))))
    }

    /// The messages of webhooks from this id on of which it is not known who posted them. `None` where that cannot be
    /// seen: without the permission to read the history Discord shows an empty channel, and much talk hides what is
    /// older.
    pub async fn unknown_messages(
        &self,
        to: Destination,
        from: MessageId,
    ) -> Result<Option<Vec<Found>>, Refused> {
        #[derive(Deserialize)]
        struct Listed {
            id: MessageId,
            webhook_id: Option<WebhookId>,
            #[serde(default)]
            content: String,
        }
        let mut all: Vec<Listed> = Vec::new();
        for _ in 0..LOOKS {
            let route = Route::ChannelMessages {
                channel_id: channel(to),
            };
            let mut query = vec![("limit", LOOKED_THROUGH.to_string())];
            let oldest = all.iter().map(|listed| listed.id).min();
            query.extend(oldest.map(|oldest| ("before", oldest.to_string())));
            let call = Call::new(LightMethod::Get, route).query(query);
            let page: Vec<Listed> = self.rest.fetch(call).await?;
            if page.is_empty() && all.is_empty() {
                return Ok(None);
            }
            let reaches = page.len() < LOOKED_THROUGH || page.iter().any(|one| one.id < from);
            all.extend(page);
            if reaches {
                let own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
                let found = all.into_iter().filter_map(|listed| {
                    let is_unknown = listed.id >= from && !own.contains(&listed.id);
                    Some(Found {
                        id: listed.id,
                        hook: listed.webhook_id.filter(|_| is_unknown)?,
                        text: listed.content,
                    })
                });
                return Ok(Some(found.collect()));
            }
        }
        Ok(None)
    }

    /// It is known which post made this message.
    pub fn note_own(&self, id: MessageId) {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        own.insert(id);
        if own.len() > OWN {
            own.pop_first();
        }
    }
}
