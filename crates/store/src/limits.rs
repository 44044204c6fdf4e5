//! Limits and time zones that somebody has set, and the history of every change.
//!
//! Every function runs on the writer's connection, inside the ledger's job, or on a reader's.

use chrono::{DateTime, Utc};

use crate::StoreError;
use crate::clock::{from_millis, to_millis};
use crate::id::{GuildId, UserId};
use crate::windows::{Connection, json};

/// A limit that somebody has set.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SetLimit {
    /// The scope's key.
    pub scope: String,
    /// `day` or `month`.
    pub period: String,
    /// `usd` or `tokens`.
    pub unit: String,
    /// The limit; `None` is no limit, which is not the same as a limit that nobody has set.
    pub amount: Option<i64>,
}

/// A change of a budget, as the history keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The scope's key.
    pub scope: String,
    /// What was changed: `limit`, `zone`, `acknowledge`, `pause`, `member_percent`, `models` or `warning_channel`.
    pub what: String,
    /// Of which period, for a limit.
    pub period: Option<String>,
    /// In which unit, for a limit.
    pub unit: Option<String>,
    /// What stood before; `None` is none.
    pub before: Option<String>,
    /// What stands now; `None` is none.
    pub after: Option<String>,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
}

/// The limits that were set on these scopes.
pub async fn of(conn: &mut Connection, scopes: &[String]) -> Result<Vec<SetLimit>, StoreError> {
    let limits = sqlx::query_as(
        "select scope, period, unit, amount from limits
         where scope in (select value from json_each(?))",
    )
    .bind(json(scopes))
    .fetch_all(conn)
    .await?;
    Ok(limits)
}

/// Sets a limit.
pub async fn set(conn: &mut Connection, limit: &SetLimit) -> Result<(), StoreError> {
    sqlx::query(
        "insert into limits (scope, period, unit, amount) values (?, ?, ?, ?)
         on conflict (scope, period, unit) do update set amount = excluded.amount",
    )
    .bind(&limit.scope)
    .bind(&limit.period)
    .bind(&limit.unit)
    .bind(limit.amount)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a set limit away, so that the default stands again.
pub async fn unset(
    conn: &mut Connection,
    scope: &str,
    period: &str,
    unit: &str,
) -> Result<(), StoreError> {
    sqlx::query("delete from limits where scope = ? and period = ? and unit = ?")
        .bind(scope)
        .bind(period)
        .bind(unit)
        .execute(conn)
        .await?;
    Ok(())
}

/// The time zone that a guild has chosen, as an IANA name.
pub async fn zone(conn: &mut Connection, guild: GuildId) -> Result<Option<String>, StoreError> {
    let zone: Option<Option<String>> =
        sqlx::query_scalar("select time_zone from guild_settings where guild = ?")
            .bind(guild)
            .fetch_optional(conn)
            .await?;
    Ok(zone.flatten())
}

/// Keeps the time zone that a guild has chosen.
pub async fn set_zone(conn: &mut Connection, guild: GuildId, zone: &str) -> Result<(), StoreError> {
    sqlx::query(
        "insert into guild_settings (guild, time_zone) values (?, ?)
         on conflict (guild) do update set time_zone = excluded.time_zone",
    )
    .bind(guild)
    .bind(zone)
    .execute(conn)
    .await?;
    Ok(())
}

/// Adds a change to the history.
pub async fn record(conn: &mut Connection, change: &Change) -> Result<(), StoreError> {
    sqlx::query(
        "insert into budget_changes (scope, what, period, unit, before, after, by, at)
         values (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&change.scope)
    .bind(&change.what)
    .bind(&change.period)
    .bind(&change.unit)
    .bind(&change.before)
    .bind(&change.after)
    .bind(change.by)
    .bind(to_millis(change.at))
    .execute(conn)
    .await?;
    Ok(())
}

/// The changes of a scope, the newest first.
pub async fn history(conn: &mut Connection, scope: &str) -> Result<Vec<Change>, StoreError> {
    let rows: Vec<ChangeRow> = sqlx::query_as(
        "select scope, what, period, unit, before, after, by, at from budget_changes
         where scope = ? order by at desc, id desc",
    )
    .bind(scope)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(change).collect())
}

/// The changes of a guild, its channels and its members, the newest first.
pub async fn history_of_guild(
    conn: &mut Connection,
    guild: GuildId,
) -> Result<Vec<Change>, StoreError> {
    // Ranges, so that the index is used: `;` comes after `:`.
    let rows: Vec<ChangeRow> = sqlx::query_as(
        "select scope, what, period, unit, before, after, by, at from budget_changes
         where scope = 'guild:' || ?1
            or (scope > 'channel:' || ?1 || ':' and scope < 'channel:' || ?1 || ';')
            or (scope > 'member:' || ?1 || ':' and scope < 'member:' || ?1 || ';')
         order by at desc, id desc",
    )
    .bind(guild)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(change).collect())
}

type ChangeRow = (
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    UserId,
    i64,
);

fn change((scope, what, period, unit, before, after, by, at): ChangeRow) -> Change {
    Change {
        scope,
        what,
        period,
        unit,
        before,
        after,
        by,
        at: from_millis(at),
    }
}
