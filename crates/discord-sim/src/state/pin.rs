//! Pins: a message is marked, the channel's time of the last pin moves, and a line says who did it.

use twilight_model::channel::message::MessageType;
use twilight_model::gateway::event::DispatchEvent;
use twilight_model::gateway::payload::incoming::ChannelPinsUpdate;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker, UserMarker};
use twilight_model::util::Timestamp;

use super::World;
use super::event::Audience;
use super::message::StoredMessage;
use crate::rest::error::{ApiError, ApiResult};

/// How many pins a channel holds (developer documentation, error 30003).
const MOST_PINS: usize = 250;

impl World {
    /// Pins a message: MESSAGE_UPDATE, CHANNEL_PINS_UPDATE, and a message of type 6 that points to it. A pinned one stays
    /// as it is.
    pub fn pin(
        &mut self,
        channel: Id<ChannelMarker>,
        id: Id<MessageMarker>,
        by: Id<UserMarker>,
    ) -> ApiResult<()> {
        let stored = self.message(channel, id)?;
        if is_system(stored.message.kind) {
            return Err(ApiError::system_message());
        }
        if stored.message.pinned {
            return Ok(());
        }
        if self.channel(channel)?.pins.len() >= MOST_PINS {
            return Err(ApiError::too_many_pins());
        }
        let now = self.now();
        self.channel_mut(channel)?.pins.push((id, now));
        self.update_unedited(channel, id, |message| message.pinned = true)?;
        self.pins_changed(channel);
        let reference = self.reference_to(channel, Some(id));
        let kind = MessageType::ChannelMessagePinned;
        self.post_system(channel, by, kind, String::new(), reference, |_| {})?;
        Ok(())
    }

    /// Takes a pin away. What is not pinned stays as it is.
    pub fn unpin(&mut self, channel: Id<ChannelMarker>, id: Id<MessageMarker>) -> ApiResult<()> {
        if !self.message(channel, id)?.message.pinned {
            return Ok(());
        }
        self.channel_mut(channel)?
            .pins
            .retain(|(pinned, _)| *pinned != id);
        self.update_unedited(channel, id, |message| message.pinned = false)?;
        self.pins_changed(channel);
        Ok(())
    }

    /// The pinned messages, last pinned first, with the time.
    pub fn pins(&self, channel: Id<ChannelMarker>) -> ApiResult<Vec<(Timestamp, &StoredMessage)>> {
        let state = self.channel(channel)?;
        let pins = state.pins.iter().rev();
        Ok(pins
            .filter_map(|(id, at)| Some((*at, state.messages.get(id)?)))
            .collect())
    }

    fn pins_changed(&mut self, channel: Id<ChannelMarker>) {
        let guild_id = self.guild_of(channel);
        let Some(state) = self.channels.get_mut(&channel) else {
            return;
        };
        state.channel.last_pin_timestamp = state.pins.last().map(|(_, at)| *at);
        let event = ChannelPinsUpdate {
            channel_id: channel,
            guild_id,
            last_pin_timestamp: state.channel.last_pin_timestamp,
        };
        self.emit(
            Audience::Channel(channel),
            &DispatchEvent::ChannelPinsUpdate(event),
        );
    }
}

/// Messages that people and bots wrote, and no others, can be pinned.
fn is_system(kind: MessageType) -> bool {
    !matches!(
        kind,
        MessageType::Regular
            | MessageType::Reply
            | MessageType::ChatInputCommand
            | MessageType::ContextMenuCommand
    )
}
