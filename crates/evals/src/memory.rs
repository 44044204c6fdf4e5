//! What is measured of memory: what recall finds, how long it takes, and that nothing crosses from one place to another.

pub mod fit;
pub mod found;
pub mod locomo;
pub mod talk;

use ::memory::{Memory, NewTurn, ScopeId};
use anyhow::Context as _;
use store::Store;
use store::id::PersonaId;
use tempfile::TempDir;

/// Turns that are given to the store at once, so that they share its commits. Joining more would not keep their order.
const TOGETHER: usize = 30;

/// A memory in a folder that goes with it.
pub struct Scratch {
    /// The memory.
    pub memory: Memory,
    _folder: TempDir,
}

impl Scratch {
    /// A memory of nothing.
    pub async fn new() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let store = Store::open(folder.path().join("familiar.db")).await?;
        Ok(Self {
            memory: Memory::new(store),
            _folder: folder,
        })
    }

    /// Remembers turns in their order.
    pub async fn hears(&self, turns: impl IntoIterator<Item = NewTurn>) -> anyhow::Result<()> {
        let mut turns = turns.into_iter().peekable();
        while turns.peek().is_some() {
            let batch: Vec<_> = turns
                .by_ref()
                .take(TOGETHER)
                .map(|turn| self.memory.remember_turn(turn))
                .collect();
            for kept in futures_util::future::join_all(batch).await {
                kept.context("a turn could not be remembered")?;
            }
        }
        Ok(())
    }
}

/// A channel of a server, with one persona that remembers it.
pub fn channel(guild: u64, channel: u64) -> ScopeId {
    ScopeId {
        guild: Some(guild.into()),
        channel: channel.into(),
        persona: PersonaId(1),
    }
}
