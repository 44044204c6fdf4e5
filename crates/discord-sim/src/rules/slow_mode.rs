//! Slow mode: how long somebody waits between two messages in a channel.
//!
//! `rate_limit_per_user` in Discord's "Channels Resource": "bots, as well as users with the permission BYPASS_SLOWMODE, are
//! unaffected". It was split from the permissions to manage messages, channels and threads, which no longer spare anybody
//! since 2026-02-23 (change log). The answer is HTTP 429 with code 20016 and `retry_after`
//! (Merubokkusu/Discord-S.C.U.M#232).

use std::collections::HashMap;
use std::time::Duration;

use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, UserMarker};

use crate::rest::error::{ApiError, ApiResult};
use crate::state::World;

/// `BYPASS_SLOWMODE`, which twilight does not know yet.
pub const BYPASS: Permissions = Permissions::from_bits_retain(1 << 52);

/// Who wrote where and when.
#[derive(Debug, Default)]
pub struct SlowMode {
    /// Whether bots wait, too, which they do not at Discord: a switch for tests of a bot that meets 20016 all the same.
    pub binds_bots: bool,
    last_ms: HashMap<(Id<ChannelMarker>, Id<UserMarker>), i64>,
}

impl World {
    /// How long this person or bot has to wait before writing here.
    #[must_use]
    pub fn slowed(&self, channel: Id<ChannelMarker>, author: Id<UserMarker>) -> Option<Duration> {
        let seconds = self.channels.get(&channel)?.channel.rate_limit_per_user?;
        let is_bot = self.users.get(&author).is_some_and(|user| user.bot);
        if is_bot && !self.rules.slow_mode.binds_bots {
            return None;
        }
        let allowed = self.permissions(author, channel);
        if allowed.intersects(BYPASS | Permissions::ADMINISTRATOR) {
            return None;
        }
        let last = self.rules.slow_mode.last_ms.get(&(channel, author))?;
        let left = last + i64::from(seconds) * 1_000 - self.now_ms();
        u64::try_from(left)
            .ok()
            .filter(|left| *left > 0)
            .map(Duration::from_millis)
    }

    /// [`World::slowed`] as the API refuses it: 20016.
    pub fn refuse_slowed(
        &self,
        channel: Id<ChannelMarker>,
        author: Id<UserMarker>,
    ) -> ApiResult<()> {
        match self.slowed(channel, author) {
            Some(wait) => Err(ApiError::slow_mode(wait)),
            None => Ok(()),
        }
    }

    /// Remembers that somebody wrote here now.
    pub fn wrote(&mut self, channel: Id<ChannelMarker>, author: Id<UserMarker>) {
        let now = self.now_ms();
        self.rules.slow_mode.last_ms.insert((channel, author), now);
    }
}
