//! Lookups: calls that were posted without a usage report, in full or for the prompt alone, and that the provider can be
//! asked about later.
//!
//! Every function runs on the writer's connection, inside the ledger's job, see [`crate::Store::write`], but for
//! [`due`], which only reads.

use chrono::{DateTime, Utc};

use crate::StoreError;
use crate::clock::to_millis;
use crate::holds::Reported;
use crate::id::{GuildId, HoldId, UserId};
use crate::windows::Connection;

/// A call to ask about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookupRow {
    /// Its hold.
    pub hold: HoldId,
    /// The provider's own name of the call.
    pub generation: String,
    /// The endpoint's short name.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// Where it was spent.
    pub guild: Option<GuildId>,
    /// For whom.
    pub member: UserId,
    /// How often it was asked about in vain.
    pub tries: u32,
}

/// Keeps the provider's name of a call that was posted without a report, to ask about it later.
pub async fn remember(
    conn: &mut Connection,
    hold: HoldId,
    generation: &str,
    next_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let done = sqlx::query("update holds set generation = ? where id = ?")
        .bind(generation)
        .bind(hold)
        .execute(&mut *conn)
        .await?;
    crate::touched_one(&done, "that hold")?;
    sqlx::query("insert or ignore into lookups (hold, next_at) values (?, ?)")
        .bind(hold)
        .bind(to_millis(next_at))
        .execute(conn)
        .await?;
    Ok(())
}

/// The calls whose time to be asked about has come, the oldest first.
pub async fn due(
    conn: &mut Connection,
    now: DateTime<Utc>,
    many: u32,
) -> Result<Vec<LookupRow>, StoreError> {
    type Row = (HoldId, String, String, String, Option<GuildId>, UserId, u32);
    let rows: Vec<Row> = sqlx::query_as(
        "select h.id, h.generation, h.provider, h.model, h.guild, h.member, l.tries
         from lookups l join holds h on h.id = l.hold
         where l.next_at <= ? and h.generation is not null order by l.next_at limit ?",
    )
    .bind(to_millis(now))
    .bind(many)
    .fetch_all(conn)
    .await?;
    let row = |(hold, generation, provider, model, guild, member, tries): Row| LookupRow {
        hold,
        generation,
        provider,
        model,
        guild,
        member,
        tries,
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Asks about a call again later.
pub async fn put_off(
    conn: &mut Connection,
    hold: HoldId,
    next_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("update lookups set tries = tries + 1, next_at = ? where hold = ?")
        .bind(to_millis(next_at))
        .bind(hold)
        .execute(conn)
        .await?;
    Ok(())
}

/// Asks about a call no more. Says whether it was still to be asked about.
pub async fn forget(conn: &mut Connection, hold: HoldId) -> Result<bool, StoreError> {
    let done = sqlx::query("delete from lookups where hold = ?")
        .bind(hold)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Replaces what was posted without a report by what the provider says that the call used, in every window that it counts
/// in. What was posted in full is lowered and never raised. What was posted for the prompt alone may be raised, and what no
/// longer fits below a limit becomes overrun. `false`, and nothing is changed, if a report is there or it would be raised.
pub async fn correct(
    conn: &mut Connection,
    id: HoldId,
    (usd, tokens): (i64, i64),
    reported: Reported,
) -> Result<bool, StoreError> {
    // `usd_posted + usd_overrun - h.usd + ?2` is all that was ever used. What was taken beyond the limit shrinks first,
    // and a limit that stands above what was set comes down as room is given back, as in `holds::close`.
    sqlx::query(
        "update windows set
            usd_posted = coalesce(min(usd_posted + usd_overrun - h.usd + ?2, usd_limit - usd_pending),
                                  usd_posted + usd_overrun - h.usd + ?2),
            usd_overrun = coalesce(max(0, usd_posted + usd_overrun - h.usd + ?2 - usd_limit + usd_pending), 0),
            usd_limit = max(usd_set, min(usd_limit, usd_posted + usd_overrun - h.usd + ?2 + usd_pending)),
            tokens_posted = coalesce(min(tokens_posted + tokens_overrun - h.tokens + ?3,
                                         tokens_limit - tokens_pending),
                                     tokens_posted + tokens_overrun - h.tokens + ?3),
            tokens_overrun = coalesce(max(0, tokens_posted + tokens_overrun - h.tokens + ?3
                                          - tokens_limit + tokens_pending), 0),
            tokens_limit = max(tokens_set, min(tokens_limit, tokens_posted + tokens_overrun - h.tokens + ?3
                                                             + tokens_pending))
         from holds h
         where h.id = ?1
           and (h.state = 'posted_full' and h.usd >= ?2 and h.tokens >= ?3 or h.state = 'settled' and h.input is null)
           and windows.id in (select window from hold_windows where hold = ?1)",
    )
    .bind(id)
    .bind(usd)
    .bind(tokens)
    .execute(&mut *conn)
    .await?;
    let done = sqlx::query(
        "update holds set state = 'settled', usd = ?2, tokens = ?3, input = ?4, cached_input = ?5,
                          cache_write = ?6, output = ?7, reasoning = ?8
         where id = ?1
           and (state = 'posted_full' and usd >= ?2 and tokens >= ?3 or state = 'settled' and input is null)",
    )
    .bind(id)
    .bind(usd)
    .bind(tokens)
    .bind(reported.input)
    .bind(reported.cached_input)
    .bind(reported.cache_write)
    .bind(reported.output)
    .bind(reported.reasoning)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
