//! Restored backups: what was spent since the backup was made is not known any more, so nothing more is spent until
//! somebody says that they have seen it.
//!
//! Every function but [`examine`] runs on the writer's connection, inside the ledger's job, or on a reader's.

use std::path::Path;

use chrono::{DateTime, Utc};
use sqlx::Connection as _;
use sqlx::sqlite::SqliteConnection;

use crate::StoreError;
use crate::age::Age;
use crate::clock::{from_millis, to_millis};
use crate::id::{GuildId, UserId};
use crate::windows::Connection;

/// How many numbers of runs are left out after a restore: those that the lost runs had, and more. So the number of a
/// hold is never given twice, whatever was lost.
const LEAVE_OUT: i64 = 1_000_000;

/// Looks whether the database is older than what this machine has seen, and marks it as restored if it is.
pub(crate) async fn examine(conn: &mut SqliteConnection, seen: &Path) -> Result<Age, StoreError> {
    let seen = Age::seen(seen).await;
    let age = Age::read(conn).await?;
    if !age.is_restored(seen.as_ref()) {
        return Ok(age);
    }
    let mut transaction = conn.begin_with("begin immediate").await?;
    let age = Age::read(&mut transaction).await?;
    if age.is_restored(seen.as_ref()) {
        mark(&mut transaction, &age, seen.map(|seen| seen.writes)).await?;
    }
    let age = Age::read(&mut transaction).await?;
    transaction.commit().await?;
    tracing::error!(
        "the database is older than what this machine has seen, or new to it: it is taken for a restored backup, and nothing is spent until that is acknowledged"
    );
    Ok(age)
}

async fn mark(conn: &mut SqliteConnection, age: &Age, seen: Option<i64>) -> Result<(), StoreError> {
    sqlx::query("insert into restores (found, seen) values (?, ?)")
        .bind(age.writes)
        .bind(seen)
        .execute(&mut *conn)
        .await?;
    // Older no more: this restore is marked once.
    sqlx::query("update database_age set writes = max(writes, coalesce(?, 0)) + 1 where only = 1")
        .bind(seen)
        .execute(&mut *conn)
        .await?;
    sqlx::query("update sqlite_sequence set seq = seq + ? where name = 'ledger_runs'")
        .bind(LEAVE_OUT)
        .execute(conn)
        .await?;
    Ok(())
}

/// Gives restores that were found when the database was opened their time. Returns since when spending is closed.
pub async fn date(
    conn: &mut Connection,
    at: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    sqlx::query("update restores set found_at = ? where found_at is null")
        .bind(to_millis(at))
        .execute(&mut *conn)
        .await?;
    closed(conn, None).await
}

/// Since when spending is closed for a server, or outside of servers.
pub async fn closed(
    conn: &mut Connection,
    guild: Option<GuildId>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let since: Option<(Option<i64>,)> = sqlx::query_as(
        "select r.found_at from restores r
         where r.acknowledged_at is null
           and not exists (select 1 from restore_openings o where o.restore = r.id and o.guild = ?)
         order by r.id limit 1",
    )
    .bind(guild)
    .fetch_optional(conn)
    .await?;
    Ok(since.map(|(at,)| from_millis(at.unwrap_or_default())))
}

/// Opens a server again. Says whether it was closed.
pub async fn open_guild(
    conn: &mut Connection,
    guild: GuildId,
    by: UserId,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let opened = sqlx::query(
        "insert or ignore into restore_openings (restore, guild, by, at)
         select id, ?, ?, ? from restores where acknowledged_at is null",
    )
    .bind(guild)
    .bind(by)
    .bind(to_millis(at))
    .execute(conn)
    .await?;
    Ok(opened.rows_affected() > 0)
}

/// Opens everything again. Says whether anything was closed.
pub async fn acknowledge(
    conn: &mut Connection,
    by: UserId,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "update restores set acknowledged_by = ?, acknowledged_at = ? where acknowledged_at is null",
    )
    .bind(by)
    .bind(to_millis(at))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}
