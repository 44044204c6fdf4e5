//! What Discord refuses by rules of its own or of a server: blocked words, harmful links, slow mode, too many edits of
//! old messages, and nonces that were used before. What takes a permission is in `state::permission`.

pub mod automod;
pub mod links;
pub mod nonces;
pub mod old_edits;
pub mod slow_mode;

use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, UserMarker};

use crate::rest::error::{ApiError, ApiResult};
use crate::state::World;

/// The rules that are set, and what they remember.
#[derive(Debug, Default)]
pub struct Rules {
    /// Blocked words of each server.
    pub automod: automod::AutoMod,
    /// Links that Discord itself blocks.
    pub links: links::HarmfulLinks,
    /// Who has to wait where.
    pub slow_mode: slow_mode::SlowMode,
    /// Edits of messages that are older than an hour.
    pub old_edits: old_edits::OldEdits,
    /// Nonces of the last minutes.
    pub nonces: nonces::Nonces,
}

impl World {
    /// Refuses a text that this author may not post or edit in here: 240000 or 200000. A webhook is the author of its own
    /// messages.
    pub fn screen(
        &self,
        channel: Id<ChannelMarker>,
        author: Id<UserMarker>,
        text: &str,
    ) -> ApiResult<()> {
        if self.rules.links.holds(text) {
            return Err(ApiError::harmful_link());
        }
        if self.automod_blocks(channel, author, text) {
            return Err(ApiError::blocked_by_automod());
        }
        Ok(())
    }

    /// The same for the title of a thread: 200001.
    pub fn screen_title(
        &self,
        channel: Id<ChannelMarker>,
        author: Id<UserMarker>,
        title: &str,
    ) -> ApiResult<()> {
        if self.automod_blocks(channel, author, title) {
            return Err(ApiError::title_blocked_by_automod());
        }
        Ok(())
    }
}
