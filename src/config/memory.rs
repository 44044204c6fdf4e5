//! `[memory]`: what becomes of what was said.

use serde::Deserialize;

/// `[memory]`
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Memory {
    /// Messages after which a model reads them into a summary and facts; 0 is never.
    pub consolidate_every: u32,
    /// What reads the meaning of messages, so that they are found in other words too.
    pub embeddings: Embeddings,
    /// Days for which messages are kept word for word, where a server has not chosen; 0 is for ever.
    pub keep_days: u32,
    /// Kibibytes of a person's talk, and of the answers to it, that a server keeps at most; 0 is no limit.
    pub keep_kib_per_member: u32,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            consolidate_every: 24,
            embeddings: Embeddings::None,
            keep_days: 30,
            keep_kib_per_member: 4_096,
        }
    }
}

/// `memory.embeddings`
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Embeddings {
    /// Nothing: memory is searched by words alone.
    #[default]
    None,
    /// The model that `familiar models fetch` fetches, on this machine.
    Local,
    /// The endpoint of `[embedding_model]`.
    Endpoint,
}
