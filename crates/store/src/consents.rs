//! Consents: whether facts about a person may be kept. It is theirs alone to say, for all places at once.

use chrono::{DateTime, Utc};

use sqlx::SqliteConnection;

use crate::clock::to_millis;
use crate::id::UserId;
use crate::windows::json;
use crate::{Store, StoreError, consolidations, forgetting, summaries};

/// What a person has said about facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    /// Whether facts about them may be kept.
    pub facts: bool,
    /// Whether also facts about health, finances, sexuality, religion and politics.
    pub sensitive: bool,
}

impl Store {
    /// What a person has said; `None` if nothing yet.
    pub async fn consent(&self, user: UserId) -> Result<Option<Consent>, StoreError> {
        let row: Option<(bool, bool)> =
            sqlx::query_as("select facts, sensitive from consents where user = ?")
                .bind(user)
                .fetch_optional(self.pool())
                .await?;
        Ok(row.map(|(facts, sensitive)| Consent { facts, sensitive }))
    }

    /// Those of these people who allow facts about them.
    pub async fn consenting(&self, users: &[UserId]) -> Result<Vec<(UserId, Consent)>, StoreError> {
        let ids: Vec<i64> = users.iter().map(|user| user.get() as i64).collect();
        let rows: Vec<(UserId, bool, bool)> = sqlx::query_as(
            "select user, facts, sensitive from consents
             where facts = 1 and user in (select value from json_each(?))",
        )
        .bind(json(&ids))
        .fetch_all(self.pool())
        .await?;
        let consent = |(user, facts, sensitive)| (user, Consent { facts, sensitive });
        Ok(rows.into_iter().map(consent).collect())
    }

    /// Those of these people who said that nothing is to be read out of what they say.
    pub async fn refusing(&self, users: &[UserId]) -> Result<Vec<UserId>, StoreError> {
        let ids: Vec<i64> = users.iter().map(|user| user.get() as i64).collect();
        let refusing = sqlx::query_scalar(
            "select user from consents where facts = 0 and user in (select value from json_each(?))",
        )
        .bind(json(&ids))
        .fetch_all(self.pool())
        .await?;
        Ok(refusing)
    }

    /// Keeps what a person said. Taking consent back forgets every fact about them, with the personas' lines that repeat one,
    /// and says how many facts that were; it also ends their profiles, so that a later yes to facts is no yes to those.
    pub async fn set_consent(
        &self,
        user: UserId,
        consent: Consent,
        at: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                let before = of(conn, user).await?;
                sqlx::query(
                    "insert into consents (user, facts, sensitive, at) values (?1, ?2, ?3, ?4)
                     on conflict (user) do update set facts = ?2, sensitive = ?3, at = ?4",
                )
                .bind(user)
                .bind(consent.facts)
                .bind(consent.sensitive)
                .bind(to_millis(at))
                .execute(&mut *conn)
                .await?;
                let mut scopes = vec![];
                if allows_less(before, Some(consent)) {
                    scopes = summaries::that_read_person(conn, user).await?;
                }
                let mut forgotten = vec![];
                if !consent.facts {
                    sqlx::query("delete from profiles where user = ?")
                        .bind(user)
                        .execute(&mut *conn)
                        .await?;
                    let facts: Vec<i64> =
                        sqlx::query_scalar("select id from facts where about = ?")
                            .bind(user)
                            .fetch_all(&mut *conn)
                            .await?;
                    forgetting::forget_retellings(conn, &facts).await?;
                    forgotten =
                        sqlx::query_scalar("delete from facts where about = ? returning scope")
                            .bind(user)
                            .fetch_all(&mut *conn)
                            .await?;
                }
                let count = forgotten.len() as u64;
                // Summaries that repeat them are written anew, under what holds now.
                scopes.append(&mut forgotten);
                consolidations::sum_up_again(conn, &scopes).await?;
                Ok(count)
            })
        })
        .await
    }
}

/// Whether what somebody says now allows less than what they said before. Whoever said nothing allows a summary, and no
/// facts.
pub(crate) fn allows_less(before: Option<Consent>, now: Option<Consent>) -> bool {
    match (before, now) {
        (Some(before), Some(now)) => {
            (before.facts && !now.facts) || (before.sensitive && !now.sensitive)
        }
        (Some(before), None) => before.facts,
        (None, Some(now)) => !now.facts,
        (None, None) => false,
    }
}

/// What a person has said, inside a change.
pub(crate) async fn of(
    conn: &mut SqliteConnection,
    user: UserId,
) -> Result<Option<Consent>, StoreError> {
    let row: Option<(bool, bool)> =
        sqlx::query_as("select facts, sensitive from consents where user = ?")
            .bind(user)
            .fetch_optional(conn)
            .await?;
    Ok(row.map(|(facts, sensitive)| Consent { facts, sensitive }))
}
