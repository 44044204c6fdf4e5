//! A person's last word on what is kept of them.

use chrono::{DateTime, Utc};
use store::StoreError;
use store::consents::Consent;
use store::facts::Fact;
use store::id::{MessageId, ScopeId, UserId};

use crate::Memory;
use crate::consolidation::is_sensitive;

/// Rows that are read at once.
const PAGE: u32 = 500;

impl Memory {
    /// Forgets a person everywhere, to the last byte of the database's files. Says how many turns that took.
    /// Of their messages that are older than `before` none is kept that is still on its way.
    pub async fn forget_person(&self, user: UserId, before: MessageId) -> Result<u64, StoreError> {
        let forgotten = self.store.forget_person(user, before).await?;
        self.let_go();
        self.sweep().await;
        Ok(forgotten)
    }

    /// Keeps what a person said about facts. Taking consent back forgets every fact about them; taking it back for
    /// sensitive ones forgets those. Says how many.
    pub async fn consent(
        &self,
        user: UserId,
        consent: Consent,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let mut forgotten = self.store.set_consent(user, consent, now).await?;
        if consent.facts && !consent.sensitive {
            forgotten = self.forget_sensitive(user).await?;
        }
        if forgotten > 0 {
            self.let_go();
            self.sweep().await;
        }
        Ok(forgotten)
    }

    async fn forget_sensitive(&self, user: UserId) -> Result<u64, StoreError> {
        let mut forgotten = 0;
        for scope in self.store.scopes_of_person(user).await? {
            for fact in self.facts_about(&scope, user).await? {
                if is_sensitive(&fact.text) {
                    forgotten += self.store.forget_fact(&scope, fact.id).await?;
                }
            }
        }
        Ok(forgotten)
    }

    /// All facts of a scope about a person, superseded ones too.
    pub(crate) async fn facts_about(
        &self,
        scope: &ScopeId,
        user: UserId,
    ) -> Result<Vec<Fact>, StoreError> {
        let mut all = vec![];
        for page in 0.. {
            let rows = self
                .store
                .facts_page(scope, Some(user), page, PAGE)
                .await?
                .rows;
            let is_last = rows.len() < PAGE as usize;
            all.extend(rows);
            if is_last {
                break;
            }
        }
        Ok(all)
    }
}
