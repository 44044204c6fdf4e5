//! Facts and summary: what long talk came to, and which of it a prompt takes.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use store::StoreError;
use store::consolidations::{Consolidated, Reading};
use store::facts::{Fact, Pinning};
use store::id::{FactId, ScopeId, UserId};
use store::summaries::Summary;
use store::turns::Page;

use crate::Memory;
use crate::consolidation::{self, Batch, Pace};
use crate::tokens::tokens;

/// Facts of a scope that a prompt chooses from.
const CHOSEN_FROM: u32 = 1_000;
/// Facts on one page of [`Memory::facts_page`].
pub const FACTS_PAGE: u32 = 6;
/// Pins on one page of [`Memory::pins_page`]: a row of Discord's has five buttons,
/// <https://discord.com/developers/docs/components/reference#action-row>.
pub const PINS_PAGE: u32 = 5;

/// What long talk came to, as a prompt takes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    /// The rolling summary; may be empty.
    pub summary: String,
    /// Changes whenever something in the scope was edited or forgotten.
    pub epoch: i64,
    /// The facts that stand: pinned first, then the strongest and newest.
    pub facts: Vec<Fact>,
}

impl Known {
    /// The facts that are always in mind here: those about the people who talk, in at most `budget` tokens. Each person
    /// has the next place in turn, with what they pinned first, so that nobody's pins leave no room for the others. They do
    /// not depend on the message, so that the prompt's beginning stays the same.
    pub fn always(&self, people: &[UserId], budget: usize) -> Vec<&Fact> {
        let mut told: HashMap<UserId, usize> = HashMap::new();
        let mut wanted: Vec<(usize, &Fact)> = self
            .facts
            .iter()
            .filter(|fact| people.contains(&fact.about))
            .map(|fact| {
                let place = told.entry(fact.about).or_default();
                *place += 1;
                (*place, fact)
            })
            .collect();
        wanted.sort_by_key(|(place, _)| *place);
        within(wanted.into_iter().map(|(_, fact)| fact), budget)
    }
}

fn within<'a>(facts: impl Iterator<Item = &'a Fact>, budget: usize) -> Vec<&'a Fact> {
    let mut left = budget;
    facts
        .filter(|fact| match left.checked_sub(tokens(&fact.text) + 2) {
            Some(rest) => {
                left = rest;
                true
            }
            None => false,
        })
        .collect()
}

impl Memory {
    /// What long talk in a scope came to, as everybody may hear it.
    pub async fn known(&self, scope: &ScopeId) -> Result<Known, StoreError> {
        self.known_for(scope, None).await
    }

    /// The same for an answer to this person, who also hears what they only wrote of themselves.
    pub async fn known_to(&self, scope: &ScopeId, person: UserId) -> Result<Known, StoreError> {
        self.known_for(scope, Some(person)).await
    }

    async fn known_for(
        &self,
        scope: &ScopeId,
        answered: Option<UserId>,
    ) -> Result<Known, StoreError> {
        let progress = self.store.progress(scope, Reading::Summary).await?;
        Ok(Known {
            summary: progress.summary,
            epoch: progress.epoch,
            facts: self.store.facts_for(scope, answered, CHOSEN_FROM).await?,
        })
    }

    /// The rolling summary of a scope, and what it was made of; `None` where there is none.
    pub async fn summary(&self, scope: &ScopeId) -> Result<Option<Summary>, StoreError> {
        self.store.summary(scope).await
    }

    /// The turns that are to be read next for this, if enough have come since the last time.
    pub async fn due(
        &self,
        scope: &ScopeId,
        reading: Reading,
        pace: Pace,
    ) -> Result<Option<Batch>, StoreError> {
        consolidation::due(&self.store, scope, reading, pace).await
    }

    /// Whether a batch is still what may be read: nothing of its scope was edited or forgotten since, and nobody has said
    /// otherwise.
    pub async fn is_current(&self, batch: &Batch) -> Result<bool, StoreError> {
        consolidation::is_current(&self.store, batch).await
    }

    /// Keeps what was read out of a batch. `false` if something of it was edited or forgotten meanwhile.
    pub async fn consolidate(
        &self,
        batch: &Batch,
        outcome: Consolidated,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.store
            .consolidate_under(batch.scope(), outcome, batch.consents(), now)
            .await
    }

    /// Counts an attempt that came to nothing, and says how many that makes in a row.
    pub async fn consolidation_failed(
        &self,
        scope: &ScopeId,
        reading: Reading,
        now: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        self.store.consolidation_failed(scope, reading, now).await
    }

    /// Puts a reading of a scope's talk off until then, and says how often in a row that makes.
    pub async fn put_consolidation_off(
        &self,
        scope: &ScopeId,
        reading: Reading,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        let store = &self.store;
        store
            .put_consolidation_off(scope, reading, until, now)
            .await
    }

    /// The facts of a scope, of everybody or about one person, strongest and newest first. Pages count from 0.
    pub async fn facts_page(
        &self,
        scope: &ScopeId,
        about: Option<UserId>,
        page: u32,
    ) -> Result<Page<Fact>, StoreError> {
        self.store.facts_page(scope, about, page, FACTS_PAGE).await
    }

    /// One fact of a scope.
    pub async fn fact(&self, scope: &ScopeId, id: FactId) -> Result<Option<Fact>, StoreError> {
        self.store.fact(scope, id).await
    }

    /// Pins a fact, so that it comes first when its person talks, or takes the pin away.
    pub async fn pin(
        &self,
        scope: &ScopeId,
        id: FactId,
        pinned: bool,
    ) -> Result<Pinning, StoreError> {
        self.store.pin_fact(scope, id, pinned).await
    }

    /// What anybody has pinned in a scope, for whoever looks after the place. Pages count from 0.
    pub async fn pins_page(&self, scope: &ScopeId, page: u32) -> Result<Page<Fact>, StoreError> {
        self.store.pins_page(scope, page, PINS_PAGE).await
    }

    /// Forgets a fact and what it had superseded, with the personas' lines that repeat it. Says how many rows that took.
    pub async fn forget_fact(&self, scope: &ScopeId, id: FactId) -> Result<u64, StoreError> {
        let forgotten = self.store.forget_fact(scope, id).await?;
        self.let_go();
        self.sweep().await;
        Ok(forgotten)
    }
}
