//! Webhooks: how a persona gets its own name and face.

use rand::Rng;
use rand::distr::Alphanumeric;
use twilight_model::channel::{Webhook, WebhookType};
use twilight_model::gateway::event::DispatchEvent;
use twilight_model::gateway::payload::incoming::WebhooksUpdate;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, UserMarker, WebhookMarker};
use twilight_model::util::ImageHash;

use super::World;
use super::event::Audience;
use crate::rest::error::{ApiError, ApiResult};

/// How many characters a webhook's token has at Discord.
const TOKEN_LENGTH: usize = 68;

impl World {
    /// The webhooks of a channel.
    pub fn webhooks_of(&self, channel: Id<ChannelMarker>) -> impl Iterator<Item = &Webhook> {
        self.webhooks
            .values()
            .filter(move |webhook| webhook.channel_id == channel)
    }

    /// Adds a webhook made by `user`. The limit of 15 is checked by the caller.
    pub fn add_webhook(
        &mut self,
        channel: Id<ChannelMarker>,
        user: Id<UserMarker>,
        name: &str,
        avatar: Option<ImageHash>,
    ) -> ApiResult<Webhook> {
        let guild = self
            .channel(channel)?
            .channel
            .guild_id
            .ok_or_else(ApiError::not_in_a_direct_message)?;
        // A bot's webhook names its application, whose id is the bot's.
        let by_bot = self.users.get(&user).is_some_and(|maker| maker.bot);
        let application_id = by_bot.then(|| user.cast());
        let webhook = Webhook {
            application_id,
            avatar,
            channel_id: channel,
            guild_id: Some(guild),
            id: self.next_id(),
            kind: WebhookType::Incoming,
            name: Some(name.to_owned()),
            source_channel: None,
            source_guild: None,
            token: Some(secret(TOKEN_LENGTH)),
            url: None,
            user: self.users.get(&user).cloned(),
        };
        self.webhooks.insert(webhook.id, webhook.clone());
        self.webhooks_changed(channel);
        Ok(webhook)
    }

    /// Deletes a webhook, or 10015.
    pub fn remove_webhook(&mut self, id: Id<WebhookMarker>) -> ApiResult<()> {
        let webhook = self
            .webhooks
            .remove(&id)
            .ok_or_else(ApiError::unknown_webhook)?;
        self.webhooks_changed(webhook.channel_id);
        Ok(())
    }

    /// Tells that the webhooks of a channel changed.
    pub fn webhooks_changed(&mut self, channel: Id<ChannelMarker>) {
        let Some(guild_id) = self.guild_of(channel) else {
            return;
        };
        let event = WebhooksUpdate {
            channel_id: channel,
            guild_id,
        };
        self.emit(
            Audience::Channel(channel),
            &DispatchEvent::WebhooksUpdate(event),
        );
    }
}

/// A random token of letters and digits.
#[must_use]
pub fn secret(length: usize) -> String {
    rand::rng()
        .sample_iter(Alphanumeric)
        .take(length)
        .map(char::from)
        .collect()
}
