//! What people do to a message without editing it: pins, polls that end. And previews, which come by themselves.

use std::time::Duration;

use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker};

use super::channel::Channel;
use super::person::Person;
use super::sim::Sim;
use crate::interactions::Refusal;

impl Person {
    /// Pins a message.
    pub fn pin(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        message: Id<MessageMarker>,
    ) -> Result<(), Refusal> {
        let channel = channel.into();
        let mut world = self.sim().hub().world();
        world.require_of(self.id, channel, Permissions::PIN_MESSAGES, "pin messages")?;
        Ok(world.pin(channel, message, self.id)?)
    }

    /// Takes a pin away.
    pub fn unpin(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        message: Id<MessageMarker>,
    ) -> Result<(), Refusal> {
        let channel = channel.into();
        let mut world = self.sim().hub().world();
        world.require_of(
            self.id,
            channel,
            Permissions::PIN_MESSAGES,
            "unpin messages",
        )?;
        Ok(world.unpin(channel, message)?)
    }

    /// Ends an own poll before its time.
    pub fn end_poll(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        message: Id<MessageMarker>,
    ) -> Result<(), Refusal> {
        let channel = channel.into();
        let mut world = self.sim().hub().world();
        let own = world
            .message(channel, message)
            .is_ok_and(|stored| stored.message.author.id == self.id);
        if !own {
            return Err(Refusal::NoMessage);
        }
        Ok(world.end_poll(channel, message)?)
    }
}

impl Channel {
    /// The previews of a message's links arrive now.
    pub fn show_previews(&self, message: Id<MessageMarker>) -> Result<(), Refusal> {
        Ok(self.sim().hub().world().add_previews(self.id, message)?)
    }

    /// Its time comes, and a poll ends by itself.
    pub fn let_poll_end(&self, message: Id<MessageMarker>) -> Result<(), Refusal> {
        Ok(self.sim().hub().world().end_poll(self.id, message)?)
    }
}

impl Sim {
    /// How long previews take from now on; `None` holds them back until [`Channel::show_previews`].
    pub fn set_preview_delay(&self, delay: Option<Duration>) {
        self.hub().world().preview_delay = delay;
    }
}
