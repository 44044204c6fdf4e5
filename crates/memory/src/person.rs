//! A person's own copy of what is kept of them, and their last word on it.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use store::StoreError;
use store::consents::Consent;
use store::facts::Fact;
use store::id::{MessageId, ScopeId, UserId};
use store::turns::Turn;

use crate::Memory;
use crate::consolidation::is_sensitive;

/// Rows that are read at once for a copy.
const PAGE: u32 = 500;
/// A copy holds at most so many turns of a place: Discord takes files of 10 MiB.
const MOST: usize = 20_000;

impl Memory {
    /// All that is kept of a person, as JSON that people can read: their words and what is known of them, place by
    /// place, and their consent.
    pub async fn copy_of_person(
        &self,
        user: UserId,
        now: DateTime<Utc>,
    ) -> Result<String, StoreError> {
        let mut places = vec![];
        for scope in self.store.scopes_of_person(user).await? {
            let mut said: Vec<Value> = vec![];
            for page in 0.. {
                let rows = self
                    .store
                    .turns_page(&scope, Some(user), page, PAGE)
                    .await?
                    .rows;
                said.extend(rows.iter().map(turn));
                if rows.len() < PAGE as usize || said.len() >= MOST {
                    break;
                }
            }
            let facts = self.facts_about(&scope, user).await?;
            let facts: Vec<Value> = facts
                .iter()
                .map(|fact| {
                    json!({
                        "fact": fact.text,
                        "since": fact.learned_at,
                        "last_said": fact.confirmed_at,
                        "times_said": fact.strength,
                        "pinned": fact.pinned,
                        "superseded": fact.superseded.map(|(_, at)| at),
                        "messages": fact.sources.iter().map(ToString::to_string).collect::<Vec<_>>(),
                    })
                })
                .collect();
            let persona = self.store.persona(scope.persona).await?;
            places.push(json!({
                "server": scope.guild.map(|guild| guild.to_string()),
                "channel": scope.channel.to_string(),
                "persona": persona.map(|persona| persona.name),
                "facts": facts,
                "said": said,
            }));
        }
        let mut profiles = vec![];
        for profile in self.store.profiles_of(user).await? {
            let persona = self.store.persona(profile.persona).await?;
            profiles.push(json!({
                "server": profile.guild.to_string(),
                "persona": persona.map(|persona| persona.name),
            }));
        }
        let consent = self.store.consent(user).await?.unwrap_or_default();
        let copy = json!({
            "person": user.to_string(),
            "made": now,
            "consent": { "facts": consent.facts, "sensitive": consent.sensitive },
            "known_in_all_of": profiles,
            "places": places,
        });
        Ok(format!("{copy:#}"))
    }

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
    async fn facts_about(&self, scope: &ScopeId, user: UserId) -> Result<Vec<Fact>, StoreError> {
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

fn turn(turn: &Turn) -> Value {
    json!({
        "at": turn.at,
        "text": turn.text,
        "messages": turn.messages.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}
