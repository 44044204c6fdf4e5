//! Edits of messages that are older than an hour: 30046, as HTTP 429 (aikaterna/aikaterna-cogs#302).
//!
//! Discord documents the code and not the number ("we dont put rate limit details in our documentation",
//! discord/discord-api-docs#4413); three in six seconds a channel is what discord-userdoccers#551 measured.

use std::collections::HashMap;
use std::time::Duration;

use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker};

use crate::rest::error::{ApiError, ApiResult};
use crate::snowflake;
use crate::state::World;

/// From when on a message is old.
const OLD_MS: i64 = 60 * 60 * 1_000;
/// How many edits of old messages a channel takes in [`WINDOW_MS`].
const EDITS: u32 = 3;
const WINDOW_MS: i64 = 6_000;

/// The edits of each channel's window.
#[derive(Debug, Default)]
pub struct OldEdits {
    windows: HashMap<Id<ChannelMarker>, (i64, u32)>,
}

impl World {
    /// Counts an edit, and refuses it if the message is old and the channel had too many such edits.
    pub fn count_edit(
        &mut self,
        channel: Id<ChannelMarker>,
        message: Id<MessageMarker>,
    ) -> ApiResult<()> {
        let now = self.now_ms();
        let written = snowflake::time_of(message).map_or(now, |at| at.timestamp_millis());
        if now - written < OLD_MS {
            return Ok(());
        }
        let windows = &mut self.rules.old_edits.windows;
        let (ends, used) = windows.entry(channel).or_insert((0, 0));
        if *ends <= now {
            (*ends, *used) = (now + WINDOW_MS, 0);
        }
        if *used >= EDITS {
            let left = u64::try_from(*ends - now).unwrap_or(1);
            return Err(ApiError::too_many_old_edits(Duration::from_millis(left)));
        }
        *used += 1;
        Ok(())
    }
}
