//! Memory over real SQLite files.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod alters;
mod by_message;
mod choosing;
mod consolidating;
mod copying;
mod crossing;
mod finding;
mod forgetting;
mod junk;
mod meaning;
mod namesakes;
mod ninety_days;
mod planting;
mod speed;
mod summing_up;
mod town;
mod window;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use memory::{Author, Memory, NewTurn, ScopeId, TurnKind};
use store::Store;
use store::id::PersonaId;
use tempfile::TempDir;

/// A memory in a folder that goes with it.
struct Mind {
    memory: Memory,
    store: Store,
    folder: TempDir,
}

impl Mind {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("familiar.db"))
            .await
            .unwrap();
        Self {
            memory: Memory::new(store.clone()),
            store,
            folder,
        }
    }

    async fn restarted(self) -> Self {
        self.store.close().await.unwrap();
        let store = Store::open(self.folder.path().join("familiar.db"))
            .await
            .unwrap();
        Self {
            memory: Memory::new(store.clone()),
            store,
            folder: self.folder,
        }
    }

    /// Remembers lines of `name: text`, a minute apart.
    async fn hears(&self, scope: ScopeId, lines: &[&str]) {
        for (minute, line) in (0..).zip(lines) {
            let (name, text) = line.split_once(": ").unwrap();
            self.memory
                .remember_turn(said(scope, name, text, minute))
                .await
                .unwrap();
        }
    }

    /// Remembers many lines; they share commits.
    async fn hears_much(&self, turns: Vec<NewTurn>) {
        for batch in turns.chunks(500) {
            join_all(
                batch
                    .iter()
                    .map(|turn| self.memory.remember_turn(turn.clone())),
            )
            .await;
        }
    }

    /// What a question brings back, as texts.
    async fn recalls(&self, scope: &ScopeId, question: &str) -> Vec<String> {
        let recalled = self
            .memory
            .recall(scope, question, &[], 1_000, at(0))
            .await
            .unwrap();
        recalled
            .into_iter()
            .map(|recalled| recalled.turn.text)
            .collect()
    }
}

fn said(scope: ScopeId, name: &str, text: &str, minute: i64) -> NewTurn {
    NewTurn {
        scope,
        author: Author::Person((name.len() as u64 + 1_000).into()),
        author_name: name.into(),
        kind: TurnKind::Chat,
        text: text.into(),
        messages: vec![],
        at: at(minute),
        reply_to: None,
        answers: None,
        proxied: false,
    }
}

/// A moment, counted in minutes.
fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap() + TimeDelta::minutes(minutes)
}

fn scope(guild: u64, channel: u64, persona: i64) -> ScopeId {
    ScopeId {
        guild: Some(guild.into()),
        channel: channel.into(),
        persona: PersonaId(persona),
    }
}
