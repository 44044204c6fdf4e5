//! Breaches: calls that used more than they were allowed to, the scopes that rest and the models that are quarantined.
//!
//! Every function runs on the writer's connection, inside the ledger's job, or on a reader's.

use chrono::{DateTime, Utc};

use crate::StoreError;
use crate::clock::{from_millis, to_millis};
use crate::id::{HoldId, UserId};
use crate::windows::{Connection, json};

/// A call that used more than it was allowed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Its hold.
    pub hold: HoldId,
    /// The scope that rests until somebody acknowledges it; `None` if the call stayed within its hold.
    pub scope: Option<String>,
    /// The endpoint's short name.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// The terms that were broken.
    pub terms: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Records a breach.
pub async fn record(conn: &mut Connection, breach: &Breach) -> Result<(), StoreError> {
    sqlx::query(
        "insert into breaches (hold, scope, provider, model, terms, at) values (?, ?, ?, ?, ?, ?)",
    )
    .bind(breach.hold)
    .bind(&breach.scope)
    .bind(&breach.provider)
    .bind(&breach.model)
    .bind(&breach.terms)
    .bind(to_millis(breach.at))
    .execute(conn)
    .await?;
    Ok(())
}

/// Which of these scopes rest, and since when.
pub async fn frozen(
    conn: &mut Connection,
    scopes: &[String],
) -> Result<Vec<(String, DateTime<Utc>)>, StoreError> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "select scope, min(at) from breaches
         where acknowledged_at is null and scope in (select value from json_each(?)) group by scope",
    )
    .bind(json(scopes))
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(scope, at)| (scope, from_millis(at)))
        .collect())
}

/// What stands in a call's way, and since when: the first of these scopes that rests, or `None` for the model (its
/// endpoint, name and terms), if that is quarantined.
pub async fn in_the_way(
    conn: &mut Connection,
    scopes: &[String],
    (provider, model, terms): (&str, &str, &str),
) -> Result<Option<(Option<String>, DateTime<Utc>)>, StoreError> {
    let row: Option<(Option<String>, i64)> = sqlx::query_as(
        "select scope, at from breaches
         where acknowledged_at is null and scope in (select value from json_each(?1))
         union all
         select null, at from breaches
         where provider = ?2 and model = ?3 and terms = ?4 and lifted_at is null
         order by 1 nulls last, 2 limit 1",
    )
    .bind(json(scopes))
    .bind(provider)
    .bind(model)
    .bind(terms)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(scope, at)| (scope, from_millis(at))))
}

/// Acknowledges every breach of a scope; says how many there were.
pub async fn acknowledge(
    conn: &mut Connection,
    scope: &str,
    by: UserId,
    at: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "update breaches set acknowledged_by = ?, acknowledged_at = ?
         where scope = ? and acknowledged_at is null",
    )
    .bind(by)
    .bind(to_millis(at))
    .bind(scope)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Lifts a model's quarantine; says how many breaches it was for.
pub async fn lift(
    conn: &mut Connection,
    provider: &str,
    model: &str,
    at: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "update breaches set lifted_at = ? where provider = ? and model = ? and lifted_at is null",
    )
    .bind(to_millis(at))
    .bind(provider)
    .bind(model)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
