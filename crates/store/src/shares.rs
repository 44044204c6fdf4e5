//! Shares: who is active in a guild, and what its members have taken of a window.
//!
//! Every function runs on the writer's connection, inside the ledger's job, or on a reader's.

use chrono::{DateTime, TimeDelta, Utc};

use crate::StoreError;
use crate::clock::to_millis;
use crate::id::{GuildId, UserId};
use crate::windows::{Connection, Window};

/// How exactly it is known when a member was last active: no write more often than that.
const EXACT_TO: TimeDelta = TimeDelta::hours(1);

/// What active members, but for the one who asks, have taken of a guild's window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// All of it, in pico-US-dollars.
    pub usd: i64,
    /// What each took beyond their floor, in pico-US-dollars.
    pub usd_beyond: i64,
    /// All of it, in tokens.
    pub tokens: i64,
    /// What each took beyond their floor, in tokens.
    pub tokens_beyond: i64,
}

/// How many members of a guild, but for this one, were active since then.
pub async fn others(
    conn: &mut Connection,
    guild: GuildId,
    member: Option<UserId>,
    since: DateTime<Utc>,
) -> Result<i64, StoreError> {
    let others = sqlx::query_scalar(
        "select count(*) from active_members where guild = ?1 and last_at > ?3 and member is not ?2",
    )
    .bind(guild)
    .bind(member)
    .bind(to_millis(since))
    .fetch_one(conn)
    .await?;
    Ok(others)
}

/// Notes that a member is active.
pub async fn note(
    conn: &mut Connection,
    guild: GuildId,
    member: UserId,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into active_members (guild, member, last_at) values (?1, ?2, ?3)
         on conflict (guild, member) do update set last_at = excluded.last_at where last_at <= ?4",
    )
    .bind(guild)
    .bind(member)
    .bind(to_millis(at))
    .bind(to_millis(at - EXACT_TO))
    .execute(conn)
    .await?;
    Ok(())
}

/// What active members, but for this one, have taken of a guild's window, and how much of it beyond these floors.
pub async fn taken(
    conn: &mut Connection,
    guild: GuildId,
    member: Option<UserId>,
    since: DateTime<Utc>,
    window: &Window,
    (usd_floor, tokens_floor): (i64, i64),
) -> Result<Taken, StoreError> {
    // From each active member to their window by its key: no member's other windows are touched.
    let (usd, usd_beyond, tokens, tokens_beyond) = sqlx::query_as(
        "select coalesce(sum(w.usd_posted + w.usd_pending), 0),
                coalesce(sum(max(0, w.usd_posted + w.usd_pending - ?6)), 0),
                coalesce(sum(w.tokens_posted + w.tokens_pending), 0),
                coalesce(sum(max(0, w.tokens_posted + w.tokens_pending - ?7)), 0)
         from active_members a cross join windows w
         where a.guild = ?1 and a.last_at > ?3 and a.member is not ?2
           and w.scope = 'member:' || a.guild || ':' || a.member and w.period = ?4 and w.starts_at = ?5",
    )
    .bind(guild)
    .bind(member)
    .bind(to_millis(since))
    .bind(&window.period)
    .bind(to_millis(window.starts_at))
    .bind(usd_floor)
    .bind(tokens_floor)
    .fetch_one(conn)
    .await?;
    Ok(Taken {
        usd,
        usd_beyond,
        tokens,
        tokens_beyond,
    })
}
