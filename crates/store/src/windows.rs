//! Windows: what a scope may spend in a day or a month, what it has spent, and what is set aside.
//!
//! Every function runs on the writer's connection, inside the ledger's job (see [`crate::Store::write`]), or on a
//! reader's ([`crate::Store::read`]). The table's own checks hold whatever is written here.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::types::Json;

use crate::StoreError;
use crate::clock::{from_millis, to_millis};
use crate::id::ChannelId;

/// A connection of this database, as the ledger's functions pass it on.
pub type Connection = SqliteConnection;

/// A window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its row.
    pub id: i64,
    /// The scope's key.
    pub scope: String,
    /// `day` or `month`.
    pub period: String,
    /// Its first moment.
    pub starts_at: DateTime<Utc>,
    /// The first moment after it.
    pub ends_at: DateTime<Utc>,
    /// In pico-US-dollars.
    pub usd: Fill,
    /// In tokens.
    pub tokens: Fill,
}

/// How full a window is, in one unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fill {
    /// Spent.
    pub posted: i64,
    /// Set aside.
    pub pending: i64,
    /// Taken beyond the limit.
    pub overrun: i64,
    /// The limit that was set.
    pub set: Option<i64>,
    /// The limit that holds, never below what was set.
    pub limit: Option<i64>,
}

/// A window that is not there yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWindow {
    /// The scope's key.
    pub scope: String,
    /// The channel, where the scope is one. It may have spent before anybody set a limit on it.
    pub channel: Option<ChannelId>,
    /// `day` or `month`.
    pub period: String,
    /// Its first moment.
    pub starts_at: DateTime<Utc>,
    /// The first moment after it.
    pub ends_at: DateTime<Utc>,
    /// Its limit in pico-US-dollars.
    pub usd: Option<i64>,
    /// Its limit in tokens.
    pub tokens: Option<i64>,
}

/// No day is this long: how far back one that is open may have started.
pub const LONGEST_DAY: TimeDelta = TimeDelta::hours(50);
/// No month is this long.
pub const LONGEST_MONTH: TimeDelta = TimeDelta::days(33);

macro_rules! columns {
    () => {
        "w.id, w.scope, w.period, w.starts_at, w.ends_at,
         w.usd_posted, w.usd_pending, w.usd_overrun, w.usd_set, w.usd_limit,
         w.tokens_posted, w.tokens_pending, w.tokens_overrun, w.tokens_set, w.tokens_limit"
    };
}
pub(crate) use columns;

/// The windows of these scopes that `now` is part of. There is more than one of a scope and period only after its
/// time zone has changed.
pub async fn at(
    conn: &mut Connection,
    scopes: &[String],
    now: DateTime<Utc>,
) -> Result<Vec<Window>, StoreError> {
    let rows = sqlx::query(concat!(
        "select ",
        columns!(),
        " from json_each(?1) s join windows w on w.scope = s.value and w.period = 'day'
            and w.starts_at > ?3 and w.starts_at <= ?2 and w.ends_at > ?2
          union all
          select ",
        columns!(),
        " from json_each(?1) s join windows w on w.scope = s.value and w.period = 'month'
            and w.starts_at > ?4 and w.starts_at <= ?2 and w.ends_at > ?2",
    ))
    .bind(json(scopes))
    .bind(to_millis(now))
    .bind(to_millis(now - LONGEST_DAY))
    .bind(to_millis(now - LONGEST_MONTH))
    .fetch_all(conn)
    .await?;
    rows.iter().map(read).collect()
}

/// Makes a window, and counts in it every hold of its scope that already falls into it.
///
/// Such holds exist after a change of the time zone: then the new day overlaps the old one, and what was spent in both
/// is spent in both. And a channel has windows only from the moment when somebody limits it, but has spent before.
/// A window of the same start that ended sooner is prolonged.
pub async fn create(conn: &mut Connection, new: &NewWindow) -> Result<(), StoreError> {
    let id: i64 = sqlx::query_scalar(
        "insert into windows
            (scope, period, starts_at, ends_at, usd_set, usd_limit, tokens_set, tokens_limit)
         values (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?6)
         on conflict (scope, period, starts_at) do update set ends_at = max(ends_at, excluded.ends_at)
         returning id",
    )
    .bind(&new.scope)
    .bind(&new.period)
    .bind(to_millis(new.starts_at))
    .bind(to_millis(new.ends_at))
    .bind(new.usd)
    .bind(new.tokens)
    .fetch_one(&mut *conn)
    .await?;
    if let Some(channel) = new.channel {
        join_channel(conn, id, new, channel).await?;
        return count_in(conn, id, new).await;
    }
    let neighbours: Vec<i64> = sqlx::query_scalar(
        "select id from windows where scope = ?1 and period = ?2 and id <> ?3
            and starts_at > ?6 and starts_at < ?5 and ends_at > ?4",
    )
    .bind(&new.scope)
    .bind(&new.period)
    .bind(id)
    .bind(to_millis(new.starts_at))
    .bind(to_millis(new.ends_at))
    .bind(to_millis(new.starts_at - LONGEST_MONTH))
    .fetch_all(&mut *conn)
    .await?;
    if neighbours.is_empty() {
        return Ok(());
    }
    join_neighbours(conn, id, new, &neighbours).await?;
    count_in(conn, id, new).await
}

/// Writes into a channel's window the holds that were opened in the channel within it.
async fn join_channel(
    conn: &mut Connection,
    id: i64,
    new: &NewWindow,
    channel: ChannelId,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert or ignore into hold_windows (hold, window)
         select id, ?1 from holds
         where channel = ?4 and opened_at >= ?2 and opened_at < ?3 and guild is not null and state <> 'void'",
    )
    .bind(id)
    .bind(to_millis(new.starts_at))
    .bind(to_millis(new.ends_at))
    .bind(channel)
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes into a window the holds of its neighbours that were opened within it.
async fn join_neighbours(
    conn: &mut Connection,
    id: i64,
    new: &NewWindow,
    neighbours: &[i64],
) -> Result<(), StoreError> {
    sqlx::query(
        "insert or ignore into hold_windows (hold, window)
         select h.id, ?1 from holds h
         where h.opened_at >= ?2 and h.opened_at < ?3 and h.state <> 'void'
           and exists (select 1 from hold_windows l join json_each(?4) n on l.window = n.value
                       where l.hold = h.id)",
    )
    .bind(id)
    .bind(to_millis(new.starts_at))
    .bind(to_millis(new.ends_at))
    .bind(json(neighbours))
    .execute(conn)
    .await?;
    Ok(())
}

/// Fills a window with what its holds come to. If that is more than its limit, the limit that holds becomes what they
/// fill: nothing more fits.
async fn count_in(conn: &mut Connection, id: i64, new: &NewWindow) -> Result<(), StoreError> {
    sqlx::query(
        "with own as (
            select coalesce(sum(h.usd), 0) as usd, coalesce(sum(h.tokens), 0) as tokens,
                   coalesce(sum(h.held_usd) filter (where h.state = 'open'), 0) as held_usd,
                   coalesce(sum(h.held_tokens) filter (where h.state = 'open'), 0) as held_tokens
            from holds h where h.opened_at >= ?2 and h.opened_at < ?3
              and exists (select 1 from hold_windows l where l.hold = h.id and l.window = ?1))
         update windows set
            usd_posted = own.usd, usd_pending = own.held_usd, usd_overrun = 0,
            usd_limit = max(usd_set, own.usd + own.held_usd),
            tokens_posted = own.tokens, tokens_pending = own.held_tokens, tokens_overrun = 0,
            tokens_limit = max(tokens_set, own.tokens + own.held_tokens)
         from own where windows.id = ?1",
    )
    .bind(id)
    .bind(to_millis(new.starts_at))
    .bind(to_millis(new.ends_at))
    .execute(conn)
    .await?;
    Ok(())
}

/// Sets the limit of a window in money. Lowered below what is spent and set aside, the limit that holds stays there;
/// raised, it takes in what was taken beyond the old one.
pub async fn limit_usd(
    conn: &mut Connection,
    window: i64,
    limit: Option<i64>,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "update windows set
            usd_set = ?2,
            usd_limit = max(?2, usd_posted + usd_pending),
            usd_posted = coalesce(min(usd_posted + usd_overrun, max(?2, usd_posted + usd_pending) - usd_pending),
                                  usd_posted + usd_overrun),
            usd_overrun = coalesce(max(0, usd_posted + usd_overrun
                                       - (max(?2, usd_posted + usd_pending) - usd_pending)), 0)
         where id = ?1",
    )
    .bind(window)
    .bind(limit)
    .execute(conn)
    .await?;
    crate::touched_one(&done, "that window")
}

/// The same in tokens.
pub async fn limit_tokens(
    conn: &mut Connection,
    window: i64,
    limit: Option<i64>,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "update windows set
            tokens_set = ?2,
            tokens_limit = max(?2, tokens_posted + tokens_pending),
            tokens_posted = coalesce(min(tokens_posted + tokens_overrun,
                                         max(?2, tokens_posted + tokens_pending) - tokens_pending),
                                     tokens_posted + tokens_overrun),
            tokens_overrun = coalesce(max(0, tokens_posted + tokens_overrun
                                          - (max(?2, tokens_posted + tokens_pending) - tokens_pending)), 0)
         where id = ?1",
    )
    .bind(window)
    .bind(limit)
    .execute(conn)
    .await?;
    crate::touched_one(&done, "that window")
}

/// A list as one bound value, for `json_each`.
pub(crate) fn json<T>(list: &[T]) -> Json<&[T]> {
    Json(list)
}

pub(crate) fn read(row: &SqliteRow) -> Result<Window, StoreError> {
    Ok(Window {
        id: row.try_get("id")?,
        scope: row.try_get("scope")?,
        period: row.try_get("period")?,
        starts_at: from_millis(row.try_get("starts_at")?),
        ends_at: from_millis(row.try_get("ends_at")?),
        usd: Fill {
            posted: row.try_get("usd_posted")?,
            pending: row.try_get("usd_pending")?,
            overrun: row.try_get("usd_overrun")?,
            set: row.try_get("usd_set")?,
            limit: row.try_get("usd_limit")?,
        },
        tokens: Fill {
            posted: row.try_get("tokens_posted")?,
            pending: row.try_get("tokens_pending")?,
            overrun: row.try_get("tokens_overrun")?,
            set: row.try_get("tokens_set")?,
            limit: row.try_get("tokens_limit")?,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    #[tokio::test]
    async fn no_statement_can_pass_a_limit() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("windows.db")).await.unwrap();
        let now = from_millis(1_000_000_000_000);
        let new = NewWindow {
            scope: "guild:1".into(),
            channel: None,
            period: "day".into(),
            starts_at: now,
            ends_at: now + TimeDelta::hours(24),
            usd: Some(100),
            tokens: Some(100),
        };
        let made = store.write(move |conn| Box::pin(async move { create(conn, &new).await }));
        made.await.unwrap();
        for careless in [
            "update windows set usd_pending = 60, usd_posted = 41",
            "update windows set tokens_posted = 101",
            "update windows set tokens_posted = -1",
            "update windows set usd_limit = 99",
            "update windows set usd_limit = null",
        ] {
            let written: Result<(), StoreError> = store
                .write(move |conn| {
                    Box::pin(async move {
                        sqlx::query(careless).execute(conn).await?;
                        Ok(())
                    })
                })
                .await;
            assert!(written.unwrap_err().is_check_violation(), "{careless}");
        }
    }
}
