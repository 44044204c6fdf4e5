//! Summaries: what long talk came to, in one persona's memory of one place, and all that each has read. A summary is
//! carried on from the one before it and repeats what that one had read, so it keeps that one's readings.
//!
//! It goes when a message or a person that it has read is forgotten, and when the oldest words that it has read expire.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use crate::clock::{from_millis, to_millis};
use crate::id::{ScopeId, UserId};
use crate::words::scope_word;
use crate::{Store, StoreError};

/// A summary, as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The words.
    pub text: String,
    /// When the oldest words that it has read were said.
    pub oldest: DateTime<Utc>,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// How many messages it has read.
    pub messages: u64,
}

impl Store {
    /// The summary of a scope; `None` where there is none.
    pub async fn summary(&self, scope: &ScopeId) -> Result<Option<Summary>, StoreError> {
        let row: Option<(String, i64, i64, i64)> = sqlx::query_as(
            "select body, oldest, at, (select count(*) from summary_readings where summary = summaries.id)
             from summaries where scope = ?",
        )
        .bind(scope_word(scope))
        .fetch_optional(self.pool())
        .await?;
        Ok(row.map(|(text, oldest, at, messages)| Summary {
            text,
            oldest: from_millis(oldest),
            at: from_millis(at),
            messages: messages.max(0) as u64,
        }))
    }

    /// Whether the summary of a scope has read this person, or an answer to them.
    pub async fn summary_has_read(
        &self,
        scope: &ScopeId,
        person: UserId,
    ) -> Result<bool, StoreError> {
        let read = sqlx::query_scalar(
            "select exists (select 1 from summaries s join summary_readings r on r.summary = s.id
                            where s.scope = ? and r.person = ?)",
        )
        .bind(scope_word(scope))
        .bind(person)
        .fetch_one(self.pool())
        .await?;
        Ok(read)
    }
}

/// Puts a summary in the place of a scope's old one. It has read what that one had, and the turns that have these
/// numbers: their messages, and those whose words they repeat, as they answer them or as echoes.
pub(crate) async fn carry_on(
    conn: &mut SqliteConnection,
    scope: &str,
    text: &str,
    (first, last): (i64, i64),
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let oldest: Option<i64> =
        sqlx::query_scalar("select min(at) from turns where scope = ? and number between ? and ?")
            .bind(scope)
            .bind(first)
            .bind(last)
            .fetch_one(&mut *conn)
            .await?;
    let id: i64 = sqlx::query_scalar(
        "insert into summaries (scope, body, oldest, at) values (?1, ?2, ?3, ?4)
         on conflict (scope) do update set body = ?2, oldest = min(oldest, ?3), at = ?4
         returning id",
    )
    .bind(scope)
    .bind(text)
    .bind(oldest.unwrap_or(to_millis(at)))
    .bind(to_millis(at))
    .fetch_one(&mut *conn)
    .await?;
    sqlx::query(
        "insert or ignore into summary_readings (summary, message, person)
         select ?1, m.message, t.person from turns t join turn_messages m on m.turn = t.id
         where t.scope = ?2 and t.number between ?3 and ?4
         union all
         select ?1, t.reply_to, t.person from turns t
         where t.scope = ?2 and t.number between ?3 and ?4 and t.author_kind = 'persona' and t.reply_to is not null
         union all
         select ?1, e.message, e.person from turns t join echoes e on e.turn = t.id
         where t.scope = ?2 and t.number between ?3 and ?4 and e.message > 0",
    )
    .bind(id)
    .bind(scope)
    .bind(first)
    .bind(last)
    .execute(conn)
    .await?;
    Ok(())
}

/// The scopes whose summary has read one of these messages.
pub(crate) async fn that_read(
    conn: &mut SqliteConnection,
    messages: &[i64],
) -> Result<Vec<String>, StoreError> {
    let scopes = sqlx::query_scalar(
        "select distinct s.scope from summary_readings r join summaries s on s.id = r.summary
         where r.message in (select value from json_each(?))",
    )
    .bind(sqlx::types::Json(messages))
    .fetch_all(conn)
    .await?;
    Ok(scopes)
}

/// The scopes whose summary has read this person, or an answer to them.
pub(crate) async fn that_read_person(
    conn: &mut SqliteConnection,
    person: UserId,
) -> Result<Vec<String>, StoreError> {
    let scopes = sqlx::query_scalar(
        "select distinct s.scope from summary_readings r join summaries s on s.id = r.summary where r.person = ?",
    )
    .bind(person)
    .fetch_all(conn)
    .await?;
    Ok(scopes)
}
