//! Warnings: guilds whose budget is nearly used up, and which of them were told.
//!
//! Every function runs on the writer's connection, inside the ledger's job, or on a reader's.

use chrono::{DateTime, Utc};
use sqlx::Row;

use crate::StoreError;
use crate::clock::to_millis;
use crate::id::{ChannelId, GuildId};
use crate::windows::{Connection, LONGEST_DAY, LONGEST_MONTH, Window};

/// An open window of a guild that wants warnings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// The guild.
    pub guild: GuildId,
    /// Where it wants its warnings.
    pub channel: ChannelId,
    /// Its window.
    pub window: Window,
    /// The highest threshold that was warned of in money, in percent; 0 is none.
    pub usd_warned: u8,
    /// The same in tokens.
    pub tokens_warned: u8,
}

/// The open windows of every guild that has chosen a channel for its warnings.
pub async fn watched(
    conn: &mut Connection,
    now: DateTime<Utc>,
) -> Result<Vec<Watched>, StoreError> {
    let rows = sqlx::query(concat!(
        "select b.guild, b.warning_channel, ",
        crate::windows::columns!(),
        ", coalesce((select max(percent) from budget_warnings p where p.window = w.id and p.unit = 'usd'), 0)
             as usd_warned,
           coalesce((select max(percent) from budget_warnings p where p.window = w.id and p.unit = 'tokens'), 0)
             as tokens_warned
         from guild_budgets b cross join (select 'day' as period, ?2 as after union all select 'month', ?3) p
         join windows w on w.scope = 'guild:' || b.guild and w.period = p.period
           and w.starts_at > p.after and w.starts_at <= ?1 and w.ends_at > ?1
         where b.warning_channel is not null
         order by b.guild, w.id",
    ))
    .bind(to_millis(now))
    .bind(to_millis(now - LONGEST_DAY))
    .bind(to_millis(now - LONGEST_MONTH))
    .fetch_all(conn)
    .await?;
    let watched = |row: &sqlx::sqlite::SqliteRow| {
        Ok(Watched {
            guild: row.try_get("guild")?,
            channel: row.try_get("warning_channel")?,
            window: crate::windows::read(row)?,
            usd_warned: row.try_get("usd_warned")?,
            tokens_warned: row.try_get("tokens_warned")?,
        })
    };
    rows.iter().map(watched).collect()
}

/// Keeps that a guild was warned.
pub async fn keep(
    conn: &mut Connection,
    window: i64,
    unit: &str,
    percent: u8,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert or ignore into budget_warnings (window, unit, percent, at) values (?, ?, ?, ?)",
    )
    .bind(window)
    .bind(unit)
    .bind(percent)
    .bind(to_millis(at))
    .execute(conn)
    .await?;
    Ok(())
}
