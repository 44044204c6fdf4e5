//! Consolidations: how far a scope's talk has been read, and the summary of what was read.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use crate::clock::to_millis;
use crate::consents::{self, Consent};
use crate::facts::{self, NewFact};
use crate::id::{FactId, MessageId, ScopeId, UserId};
use crate::words::scope_word;
use crate::{Store, StoreError, summaries, tombstones};

/// After something was edited or forgotten, this many of the newest turns are read again; what is older is kept in the
/// facts that remain.
const READ_AGAIN: i64 = 120;

/// How far a scope is consolidated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Number of the last turn that was read; 0 before the first.
    pub through: i64,
    /// The summary of what was read; may be empty.
    pub summary: String,
    /// Changes whenever something in the scope was edited or forgotten.
    pub epoch: i64,
    /// Attempts on the turns after `through` that came to nothing.
    pub failures: i64,
    /// How often in a row it was put off since it last came to something.
    pub put_off: i64,
    /// Before then it is not asked for again.
    pub not_before: Option<DateTime<Utc>>,
}

/// Scopes whose consolidation was put off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PutOff {
    /// How many.
    pub scopes: i64,
    /// When the last of them is asked for again.
    pub until: DateTime<Utc>,
}

/// What a consolidation came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consolidated {
    /// The epoch in which its turns were read.
    pub epoch: i64,
    /// Number of the last turn that it has read.
    pub through: i64,
    /// The new summary; `None` leaves the old one.
    pub summary: Option<String>,
    /// Facts that are new.
    pub learned: Vec<NewFact>,
    /// Facts that were said again, with the messages that say so.
    pub confirmed: Vec<(FactId, Vec<MessageId>)>,
}

impl Store {
    /// How far a scope is consolidated.
    pub async fn progress(&self, scope: &ScopeId) -> Result<Progress, StoreError> {
        let row: Option<(i64, String, i64, i64, i64, Option<i64>)> = sqlx::query_as(
            "select c.through, coalesce(s.body, ''), c.epoch, c.failures, c.put_off, c.not_before
             from consolidations c left join summaries s on s.scope = c.scope where c.scope = ?",
        )
        .bind(scope_word(scope))
        .fetch_optional(self.pool())
        .await?;
        let progress = |(through, summary, epoch, failures, put_off, not_before)| Progress {
            through,
            summary,
            epoch,
            failures,
            put_off,
            not_before: Option::<i64>::and_then(not_before, DateTime::from_timestamp_millis),
        };
        Ok(row.map(progress).unwrap_or_default())
    }

    /// The scopes whose consolidation is put off to a time that has not come; none if there is none.
    pub async fn put_off_consolidations(
        &self,
        now: DateTime<Utc>,
    ) -> Result<Option<PutOff>, StoreError> {
        let (scopes, until): (i64, Option<i64>) = sqlx::query_as(
            "select count(*), max(not_before) from consolidations where not_before > ?",
        )
        .bind(to_millis(now))
        .fetch_one(self.pool())
        .await?;
        let until = until.and_then(DateTime::from_timestamp_millis);
        Ok(until.map(|until| PutOff { scopes, until }))
    }

    /// The number of a scope's newest turn; 0 before the first.
    pub async fn newest_number(&self, scope: &ScopeId) -> Result<i64, StoreError> {
        let last: Option<i64> = sqlx::query_scalar("select last from turn_numbers where scope = ?")
            .bind(scope_word(scope))
            .fetch_optional(self.pool())
            .await?;
        Ok(last.unwrap_or(0))
    }

    /// Keeps what a consolidation came to, all of it or nothing: `false` if something was edited or forgotten
    /// meanwhile, for then its words may hold what somebody took out.
    pub async fn consolidate(
        &self,
        scope: &ScopeId,
        outcome: Consolidated,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.keep_consolidated(scope, outcome, None, at).await
    }

    /// The same of what was read while people had said this: facts about somebody who has said otherwise since, or who is
    /// not among them, are not kept, and no summary if one of those whom it has read allows less than then.
    pub async fn consolidate_under(
        &self,
        scope: &ScopeId,
        outcome: Consolidated,
        consents: Vec<(UserId, Consent)>,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.keep_consolidated(scope, outcome, Some(consents), at)
            .await
    }

    async fn keep_consolidated(
        &self,
        scope: &ScopeId,
        outcome: Consolidated,
        consents: Option<Vec<(UserId, Consent)>>,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let scope = *scope;
        self.write(move |conn| {
            Box::pin(async move {
                if tombstones::is_buried(conn, &scope).await? {
                    return Ok(false);
                }
                ensure_row(conn, &scope, at).await?;
                let word = scope_word(&scope);
                let read: Option<i64> = sqlx::query_scalar(
                    "select through from consolidations where scope = ? and epoch = ?",
                )
                .bind(&word)
                .bind(outcome.epoch)
                .fetch_optional(&mut *conn)
                .await?;
                let Some(read) = read else {
                    return Ok(false);
                };
                let numbers = (read + 1, outcome.through);
                if let Some(summary) = &outcome.summary
                    && !is_taken_back(conn, &word, numbers, consents.as_deref()).await?
                {
                    summaries::carry_on(conn, &word, summary, numbers, at).await?;
                }
                sqlx::query(
                    "update consolidations set through = max(through, ?2), failures = 0, put_off = 0, not_before = null, at = ?3
                     where scope = ?1",
                )
                .bind(&word)
                .bind(outcome.through)
                .bind(to_millis(at))
                .execute(&mut *conn)
                .await?;
                for (fact, sources) in &outcome.confirmed {
                    facts::confirm(conn, &scope, *fact, sources, at).await?;
                }
                for new in &outcome.learned {
                    if let Some(consents) = &consents {
                        let now = consents::of(conn, new.about).await?;
                        if !now.is_some_and(|now| now.facts) || now != said(consents, new.about) {
                            continue;
                        }
                    }
                    facts::add(conn, &scope, new, at).await?;
                }
                Ok(true)
            })
        })
        .await
    }

    /// Counts an attempt that came to nothing, and says how many that makes in a row.
    pub async fn consolidation_failed(
        &self,
        scope: &ScopeId,
        at: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        let scope = *scope;
        self.write(move |conn| {
            Box::pin(async move {
                ensure_row(conn, &scope, at).await?;
                let failures = sqlx::query_scalar(
                    "update consolidations set failures = failures + 1, at = ? where scope = ? returning failures",
                )
                .bind(to_millis(at))
                .bind(scope_word(&scope))
                .fetch_one(conn)
                .await?;
                Ok(failures)
            })
        })
        .await
    }
}

impl Store {
    /// Puts a scope's consolidation off until then, and says how often in a row that makes.
    pub async fn put_consolidation_off(
        &self,
        scope: &ScopeId,
        until: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        let scope = *scope;
        self.write(move |conn| {
            Box::pin(async move {
                ensure_row(conn, &scope, at).await?;
                let times = sqlx::query_scalar(
                    "update consolidations set put_off = put_off + 1, not_before = ? where scope = ? returning put_off",
                )
                .bind(to_millis(until))
                .bind(scope_word(&scope))
                .fetch_one(conn)
                .await?;
                Ok(times)
            })
        })
        .await
    }
}

/// What somebody had said.
fn said(consents: &[(UserId, Consent)], user: UserId) -> Option<Consent> {
    let (_, consent) = consents.iter().find(|(other, _)| *other == user)?;
    Some(*consent)
}

/// Whether somebody among these turns allows less than when they were read.
async fn is_taken_back(
    conn: &mut SqliteConnection,
    scope: &str,
    (first, last): (i64, i64),
    consents: Option<&[(UserId, Consent)]>,
) -> Result<bool, StoreError> {
    let Some(consents) = consents else {
        return Ok(false);
    };
    let people: Vec<UserId> = sqlx::query_scalar(
        "select distinct person from turns where scope = ? and number between ? and ? and person is not null",
    )
    .bind(scope)
    .bind(first)
    .bind(last)
    .fetch_all(&mut *conn)
    .await?;
    for person in people {
        let now = consents::of(conn, person).await?;
        if consents::allows_less(said(consents, person), now) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn ensure_row(
    conn: &mut SqliteConnection,
    scope: &ScopeId,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert or ignore into consolidations (scope, guild, channel, persona, at) values (?, ?, ?, ?, ?)",
    )
    .bind(scope_word(scope))
    .bind(scope.guild)
    .bind(scope.channel)
    .bind(scope.persona)
    .bind(to_millis(at))
    .execute(conn)
    .await?;
    Ok(())
}

/// Something in these scopes was edited or forgotten: what is being read of them now is thrown away.
pub(crate) async fn disturb(
    conn: &mut SqliteConnection,
    scopes: &[String],
) -> Result<(), StoreError> {
    // A first consolidation may be under way, which has no row yet.
    sqlx::query(
        "insert or ignore into consolidations (scope, guild, channel, persona, at)
         select scope, guild, channel, persona, min(at) from turns
         where scope in (select value from json_each(?)) group by scope",
    )
    .bind(sqlx::types::Json(scopes))
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "update consolidations set epoch = epoch + 1, failures = 0
         where scope in (select value from json_each(?))",
    )
    .bind(sqlx::types::Json(scopes))
    .execute(conn)
    .await?;
    Ok(())
}

/// Something in these scopes was edited or forgotten that their summaries may repeat: they go, what is being read is thrown
/// away, and the newest turns are read again.
pub(crate) async fn begin_again(
    conn: &mut SqliteConnection,
    scopes: &[String],
) -> Result<(), StoreError> {
    disturb(conn, scopes).await?;
    drop_summaries(conn, scopes, DateTime::<Utc>::MIN_UTC).await
}

/// Drops the summaries of these scopes. Of the newest turns those are read again that were said since then.
pub(crate) async fn drop_summaries(
    conn: &mut SqliteConnection,
    scopes: &[String],
    since: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("delete from summaries where scope in (select value from json_each(?))")
        .bind(sqlx::types::Json(scopes))
        .execute(&mut *conn)
        .await?;
    sqlx::query(
        "with newest (scope, after) as materialized (
            select scope, max(0, last - ?2) from turn_numbers where scope in (select value from json_each(?1)))
         update consolidations set through = min(through, max(newest.after, coalesce(
            (select max(number) from turns t where t.scope = newest.scope and t.number > newest.after and t.at < ?3), 0)))
         from newest where consolidations.scope = newest.scope",
    )
    .bind(sqlx::types::Json(scopes))
    .bind(READ_AGAIN)
    .bind(to_millis(since))
    .execute(conn)
    .await?;
    Ok(())
}
