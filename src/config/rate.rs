//! How much is answered, and what waits.

use serde::Deserialize;

/// `[rate]`: messages a minute that are answered; bursts up to the same number.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rate {
    /// Of one person.
    pub member_per_minute: u32,
    /// In one channel.
    pub channel_per_minute: u32,
    /// In one server.
    pub guild_per_minute: u32,
    /// Messages that may wait in one channel.
    pub queue: usize,
    /// Replies that may be written at once in one server; 0 is no bound.
    pub concurrent_per_guild: usize,
    /// Replies that may be written at once in all; 0 is no bound.
    pub concurrent: usize,
    /// How long a message in a server waits before its turn, in milliseconds; whether a proxy such as PluralKit posts it
    /// anew, or its writer deletes it, is seen by then.
    pub pause_ms: u64,
    /// Answers to bots and webhooks in a channel and hour; 0 answers none.
    pub bot_turns_per_hour: u32,
}

impl Default for Rate {
    fn default() -> Self {
        Self {
            member_per_minute: 12,
            channel_per_minute: 30,
            guild_per_minute: 120,
            queue: 8,
            concurrent_per_guild: 16,
            concurrent: 128,
            pause_ms: 1_000,
            bot_turns_per_hour: 0,
        }
    }
}
