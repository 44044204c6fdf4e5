//! What is measured of memory: what recall finds, how long it takes, and that nothing crosses from one place to another.

pub mod cached;
mod chatter;
pub mod chinese;
pub mod fit;
pub mod flat;
pub mod found;
mod hearth;
pub mod isolation;
mod kept;
pub mod latency;
pub mod locomo;
mod prompt;
mod smalltalk;
pub mod talk;

use ::memory::{Memory, NewTurn, ScopeId};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use store::Store;
use store::id::PersonaId;
use tempfile::TempDir;

use kept::Kept;

/// A measurement of what is found waits for every question's vector, however busy the machine is.
const NO_HURRY: Duration = Duration::from_secs(60);
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
        Self::with(None, None).await
    }

    /// A memory of nothing, that recalls by meaning if there is a folder with a model. A file may keep what it reads.
    pub async fn with(model: Option<&Path>, kept: Option<&Path>) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let store = Store::open(folder.path().join("familiar.db")).await?;
        let memory = match model {
            Some(model) => {
                let embedder = Arc::new(Kept::open(model, kept)?);
                Memory::with_embedder(store, embedder, NO_HURRY).await?
            }
            None => Memory::new(store),
        };
        Ok(Self {
            memory,
            _folder: folder,
        })
    }

    /// Waits until every turn has its vector.
    pub async fn reads(&self) -> anyhow::Result<()> {
        while self.memory.read_some().await? > 0 {}
        Ok(())
    }

    /// Remembers turns in their order.
    pub async fn hears(&self, turns: impl IntoIterator<Item = NewTurn>) -> anyhow::Result<()> {
        hears(&self.memory, turns).await
    }
}

/// Has a memory remember turns in their order.
async fn hears(memory: &Memory, turns: impl IntoIterator<Item = NewTurn>) -> anyhow::Result<()> {
    let mut turns = turns.into_iter().peekable();
    while turns.peek().is_some() {
        let batch: Vec<_> = turns
            .by_ref()
            .take(TOGETHER)
            .map(|turn| memory.remember_turn(turn))
            .collect();
        for kept in futures_util::future::join_all(batch).await {
            kept.context("a turn could not be remembered")?;
        }
    }
    Ok(())
}

/// A channel of a server, with one persona that remembers it.
pub fn channel(guild: u64, channel: u64) -> ScopeId {
    ScopeId {
        guild: Some(guild.into()),
        channel: channel.into(),
        persona: PersonaId(1),
    }
}
