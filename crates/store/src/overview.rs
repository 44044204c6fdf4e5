//! The whole ledger at a glance: the newest window of every scope, what rests, and which models are quarantined.
//!
//! Every function only reads; give it a connection of [`crate::Store::read`].

use chrono::{DateTime, Utc};

use crate::StoreError;
use crate::clock::{from_millis, to_millis};
use crate::windows::{Connection, LONGEST_DAY, LONGEST_MONTH, Window};

/// A scope that rests after a breach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// The scope's key.
    pub scope: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Breaches that nobody has acknowledged.
    pub breaches: i64,
}

/// A model that is not asked any more on terms that it broke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantine {
    /// The endpoint's short name.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// The terms that it broke.
    pub terms: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Breaches for which the quarantine was not lifted.
    pub breaches: i64,
}

/// The windows that `now` is part of, of every scope whose key begins with `kind` (`guild:`). Of several of a scope and
/// period, as there are after a change of the time zone, the newest.
///
/// It jumps from scope to scope in the index, so that it costs what there are scopes, and not what there are days.
pub async fn windows_of_kind(
    conn: &mut Connection,
    kind: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Window>, StoreError> {
    let rows = sqlx::query(concat!(
        "with recursive scopes (scope) as (
            select (select min(scope) from windows where scope >= ?1 and scope < ?2)
            union all
            select (select min(w.scope) from windows w where w.scope > s.scope and w.scope < ?2)
            from scopes s where s.scope is not null),
         open as (
            select w.id, row_number() over (partition by w.scope, w.period order by w.starts_at desc) as place
            from scopes s join windows w on w.scope = s.scope
             and ((w.period = 'day' and w.starts_at > ?4) or (w.period = 'month' and w.starts_at > ?5))
             and w.starts_at <= ?3 and w.ends_at > ?3)
         select ",
        crate::windows::columns!(),
        " from open o join windows w on w.id = o.id where o.place = 1 order by w.scope, w.period",
    ))
    .bind(kind)
    .bind(after(kind))
    .bind(to_millis(now))
    .bind(to_millis(now - LONGEST_DAY))
    .bind(to_millis(now - LONGEST_MONTH))
    .fetch_all(conn)
    .await?;
    rows.iter().map(crate::windows::read).collect()
}

/// The first text that comes after all that begin with `kind`.
fn after(kind: &str) -> String {
    format!("{kind}\u{10FFFF}")
}

/// Every scope that rests, the longest first.
pub async fn frozen(conn: &mut Connection) -> Result<Vec<Frozen>, StoreError> {
    let rows: Vec<(String, i64, i64)> = sqlx::query_as(
        "select scope, min(at), count(*) from breaches
         where acknowledged_at is null and scope is not null group by scope order by min(at), scope",
    )
    .fetch_all(conn)
    .await?;
    let frozen = |(scope, since, breaches)| Frozen {
        scope,
        since: from_millis(since),
        breaches,
    };
    Ok(rows.into_iter().map(frozen).collect())
}

/// Every model that is quarantined on some terms, the longest first. Terms that were corrected since are among them.
pub async fn quarantined(conn: &mut Connection) -> Result<Vec<Quarantine>, StoreError> {
    let rows: Vec<(String, String, String, i64, i64)> = sqlx::query_as(
        "select provider, model, terms, min(at), count(*) from breaches
         where lifted_at is null group by provider, model, terms order by min(at), provider, model",
    )
    .fetch_all(conn)
    .await?;
    let quarantine = |(provider, model, terms, since, breaches)| Quarantine {
        provider,
        model,
        terms,
        since: from_millis(since),
        breaches,
    };
    Ok(rows.into_iter().map(quarantine).collect())
}
