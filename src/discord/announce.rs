//! A line to a whole channel that answers nobody, such as a warning that its budget is nearly used up.

use companion::speaker::SpeakError;
use serenity::model::id::{ChannelId, GuildId};

use super::permissions::Abilities;
use super::speaker::DiscordSpeaker;

impl DiscordSpeaker {
    /// Posts one line through the bot's own account; nobody is pinged. The same `nonce` a second time within some minutes
    /// posts nothing new.
    pub async fn announce(
        &self,
        channel: store::id::ChannelId,
        nonce: String,
        text: &str,
    ) -> Result<(), SpeakError> {
        let channel = ChannelId::new(channel.get());
        self.outlet().announce(channel, nonce, text).await?;
        Ok(())
    }

    /// Whether the bot may write in a channel of a server, as far as it knows; where it does not know the server (it is
    /// not there, or the server is just coming), it may not.
    pub fn may_write(&self, guild: store::id::GuildId, channel: store::id::ChannelId) -> bool {
        let Some(cache) = self.cache() else {
            return false;
        };
        let me = cache.current_user().id;
        let channel = ChannelId::new(channel.get());
        cache
            .guild(GuildId::new(guild.get()))
            .and_then(|guild| Abilities::in_guild(&guild, channel, me, self.clock().now()))
            .is_some_and(|abilities| abilities.can_send)
    }

    /// The language that a server has chosen, as Discord names it.
    pub fn language(&self, guild: store::id::GuildId) -> String {
        self.cache()
            .and_then(|cache| {
                let guild = cache.guild(GuildId::new(guild.get()))?;
                Some(guild.preferred_locale.clone())
            })
            .unwrap_or_default()
    }

    /// Whether the bot knows the server at all.
    pub fn knows(&self, guild: store::id::GuildId) -> bool {
        self.cache()
            .is_some_and(|cache| cache.guild(GuildId::new(guild.get())).is_some())
    }
}
