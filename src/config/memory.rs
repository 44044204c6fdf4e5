//! `[memory]`: what becomes of what was said.

use serde::Deserialize;

/// `[memory]`
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Memory {
    /// Messages after which a model reads them into a summary and facts; 0 is never.
    pub consolidate_every: u32,
    /// Days for which messages are kept word for word, where a server has not chosen; 0 is for ever.
    pub keep_days: u32,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            consolidate_every: 24,
            keep_days: 30,
        }
    }
}
