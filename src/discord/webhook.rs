//! The one webhook of a channel through which all personas speak, and what is done where there can be none.
//!
//! A channel holds at most 15 webhooks, so ours carries no persona's name: name and avatar come with each message.
//! Its token is a secret that lives in memory only.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use serenity::http::{LightMethod, Route};
use serenity::model::id::{ApplicationId, ChannelId, WebhookId};
use tokio::time::Instant;
use tracing::{debug, info};

use super::kept::{Answer, Kept};
use super::rest::{Call, Refused, Rest};

/// The name of our webhook in a server's settings. Discord allows neither "clyde" nor "discord" in it.
const NAME: &str = "Familiar";
/// How long the bot speaks with its own account before it looks again whether it may have a webhook.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(300);
/// <https://discord.com/developers/docs/resources/webhook#webhook-object-webhook-types>
const INCOMING: u8 = 1;

/// A webhook of ours.
pub struct Hook {
    /// Its id.
    pub id: WebhookId,
    /// What lets us speak through it.
    pub token: SecretString,
}

/// How a persona speaks in a channel.
#[derive(Clone)]
pub enum Way {
    /// Under its own name and face.
    Hook(Arc<Hook>),
    /// Through the bot's own account.
    Bot,
}

/// The webhooks of all channels.
pub struct Webhooks {
    rest: Rest,
    ways: Kept<ChannelId, Way>,
}

impl Webhooks {
    /// Knows no channel yet.
    pub fn new(rest: Rest) -> Self {
        Self {
            rest,
            ways: Kept::new(),
        }
    }

    /// How to speak in `channel` (of a thread: its parent). Asks Discord only where it is not known, and once for all who ask.
    pub async fn way(&self, channel: ChannelId) -> Way {
        match self.ways.get(&channel, || self.look(channel)).await {
            Ok(way) => way,
            Err(refused) => {
                // An outage says nothing about permissions: speak as the bot this once, look again next time.
                debug!(%channel, %refused, "no webhook for now");
                Way::Bot
            }
        }
    }

    /// How to speak in `channel`, if that is known already.
    pub fn known(&self, channel: ChannelId) -> Option<Way> {
        self.ways.known(&channel)
    }

    /// Forgets a webhook that Discord no longer knows. A newer one stays, so that those who lost the same one create one.
    pub fn forget(&self, channel: ChannelId, lost: WebhookId) {
        self.ways.forget(
            &channel,
            |way| matches!(way, Way::Hook(hook) if hook.id == lost),
        );
    }

    async fn look(&self, channel: ChannelId) -> Result<Answer<Way>, Refused> {
        let found = match self.find(channel).await {
            Ok(Some(hook)) => Ok(hook),
            Ok(None) => self.create(channel).await,
            Err(refused) => Err(refused),
        };
        match found {
            Ok(hook) => Ok(Answer {
                value: Way::Hook(Arc::new(hook)),
                until: None,
            }),
            Err(refused) if refused.is_passing() => Err(refused),
            // Not allowed, full, or a kind of channel that has none.
            Err(refused) => {
                info!(%channel, %refused, "personas speak through the bot's own account here; allow it to manage webhooks to give them name and face");
                Ok(Answer {
                    value: Way::Bot,
                    until: Some(Instant::now() + TRY_AGAIN_AFTER),
                })
            }
        }
    }

    async fn find(&self, channel: ChannelId) -> Result<Option<Hook>, Refused> {
        let route = Route::ChannelWebhooks {
            channel_id: channel,
        };
        let listed: Vec<Listed> = self.rest.fetch(Call::new(LightMethod::Get, route)).await?;
        Ok(self.rest.application().and_then(|us| ours(listed, us)))
    }

    async fn create(&self, channel: ChannelId) -> Result<Hook, Refused> {
        let route = Route::ChannelWebhooks {
            channel_id: channel,
        };
        let call =
            Call::new(LightMethod::Post, route).json(&serde_json::json!({ "name": NAME }))?;
        let made: Listed = self.rest.fetch(call).await?;
        let id = made.id;
        made.hook().ok_or_else(|| Refused::Answered {
            status: 200,
            code: 0,
            message: format!("webhook {id} came without a token"),
        })
    }
}

/// A webhook as Discord lists it.
#[derive(Deserialize)]
struct Listed {
    id: WebhookId,
    #[serde(rename = "type")]
    kind: u8,
    name: Option<String>,
    token: Option<SecretString>,
    application_id: Option<ApplicationId>,
    user: Option<Creator>,
}

#[derive(Deserialize)]
struct Creator {
    id: ApplicationId,
}

impl Listed {
    fn hook(self) -> Option<Hook> {
        Some(Hook {
            id: self.id,
            token: self.token?,
        })
    }

    fn is_of(&self, us: ApplicationId) -> bool {
        // A bot's user has its application's id.
        self.application_id == Some(us)
            || self.user.as_ref().is_some_and(|creator| creator.id == us)
    }
}

/// The webhook among `listed` that is ours to speak through: the one with our name, else any. The oldest wins, so that
/// two processes that look at the same channel agree.
fn ours(listed: Vec<Listed>, us: ApplicationId) -> Option<Hook> {
    listed
        .into_iter()
        .filter(|hook| hook.kind == INCOMING && hook.token.is_some() && hook.is_of(us))
        .min_by_key(|hook| (hook.name.as_deref() != Some(NAME), hook.id))
        .and_then(Listed::hook)
}

#[cfg(test)]
mod tests {
    use super::*;

    const US: u64 = 77;

    fn listed(json: serde_json::Value) -> Vec<Listed> {
        serde_json::from_value(json).unwrap()
    }

    fn found(json: serde_json::Value) -> Option<u64> {
        ours(listed(json), ApplicationId::new(US)).map(|hook| hook.id.get())
    }

    #[test]
    fn a_webhook_of_another_application_or_without_its_token_is_not_ours() {
        let others = serde_json::json!([
            { "id": "1", "type": 1, "name": "Familiar", "token": "t", "application_id": "5" },
            { "id": "2", "type": 1, "name": "Familiar", "application_id": "77" },
            { "id": "3", "type": 2, "name": "news", "token": "t", "application_id": "77" },
            { "id": "4", "type": 1, "name": null, "token": "t", "application_id": null, "user": { "id": "5" } },
        ]);
        assert_eq!(found(others), None);
    }

    #[test]
    fn the_one_with_our_name_is_taken_and_else_any_of_ours() {
        let both = serde_json::json!([
            { "id": "8", "type": 1, "name": "old name", "token": "t", "application_id": "77" },
            { "id": "9", "type": 1, "name": "Familiar", "token": "t", "user": { "id": "77" } },
        ]);
        assert_eq!(found(both), Some(9));
        let other = serde_json::json!([{ "id": "8", "type": 1, "name": "old name", "token": "t", "application_id": "77" }]);
        assert_eq!(found(other), Some(8));
    }
}
