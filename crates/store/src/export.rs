//! Export: every call with every window that it counts in, as rows that sum to the windows.

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use tokio::sync::mpsc;

use crate::StoreError;
use crate::clock::{from_millis, to_millis};
use crate::holds;
use crate::id::{ChannelId, GuildId, HoldId, MessageId, PersonaId, UserId};
use crate::windows::Connection;

/// One call in one of its windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The call's hold.
    pub hold: HoldId,
    /// `open`, `settled`, `posted_full`, `posted_input` or `void`.
    pub state: String,
    /// When it was asked for.
    pub opened_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The key of the window's scope.
    pub scope: String,
    /// `day` or `month`.
    pub period: String,
    /// The window's first moment.
    pub starts_at: DateTime<Utc>,
    /// The first moment after it.
    pub ends_at: DateTime<Utc>,
    /// Where it was spent; `None` in direct messages.
    pub guild: Option<GuildId>,
    /// The channel in which it was spent; `None` for calls from before channels were written down.
    pub channel: Option<ChannelId>,
    /// For whom.
    pub member: UserId,
    /// The message that was answered.
    pub turn: Option<MessageId>,
    /// The persona that spoke.
    pub persona: Option<PersonaId>,
    /// Its short name, if it is still there.
    pub slug: Option<String>,
    /// The endpoint's short name.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// What the call was for.
    pub purpose: String,
    /// Pico-US-dollars that were set aside.
    pub held_usd: i64,
    /// Tokens that were set aside.
    pub held_tokens: i64,
    /// Pico-US-dollars that were posted; `None` while it is open.
    pub usd: Option<i64>,
    /// Tokens that were posted; `None` while it is open.
    pub tokens: Option<i64>,
    /// Prompt tokens, where they were reported.
    pub input: Option<i64>,
    /// Of these, read from a cache.
    pub cached_input: Option<i64>,
    /// Of these, written to a cache.
    pub cache_write: Option<i64>,
    /// Reply tokens, where they were reported.
    pub output: Option<i64>,
    /// Of these, reasoning.
    pub reasoning: Option<i64>,
}

/// Sends every call that was asked for from `from` until before `to`, once for each of its windows, the oldest first. It
/// ends early when nobody receives any more. Nothing is gathered, so a long history needs no more memory than a short one.
pub async fn counted<T: From<Counted>>(
    conn: &mut Connection,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    rows: &mpsc::Sender<T>,
) -> Result<(), StoreError> {
    let mut found = sqlx::query(concat!(
        "select h.id, ",
        holds::state!(),
        " as state, h.opened_at, h.closed_at, w.scope, w.period, w.starts_at, w.ends_at,
                h.guild, h.channel, h.member, h.turn, h.persona, p.slug, h.provider, h.model, h.purpose,
                h.held_usd, h.held_tokens, h.usd, h.tokens,
                h.input, h.cached_input, h.cache_write, h.output, h.reasoning
         from holds h
         join hold_windows l on l.hold = h.id
         join windows w on w.id = l.window
         left join personas p on p.id = h.persona
         where h.opened_at >= ?1 and h.opened_at < ?2
         order by h.opened_at, h.id, w.id"
    ))
    .bind(from.map_or(i64::MIN, to_millis))
    .bind(to.map_or(i64::MAX, to_millis))
    .fetch(conn);
    while let Some(row) = found.try_next().await? {
        if rows.send(read(&row)?.into()).await.is_err() {
            break;
        }
    }
    Ok(())
}

fn read(row: &SqliteRow) -> Result<Counted, StoreError> {
    let closed_at: Option<i64> = row.try_get("closed_at")?;
    Ok(Counted {
        hold: row.try_get("id")?,
        state: row.try_get("state")?,
        opened_at: from_millis(row.try_get("opened_at")?),
        closed_at: closed_at.map(from_millis),
        scope: row.try_get("scope")?,
        period: row.try_get("period")?,
        starts_at: from_millis(row.try_get("starts_at")?),
        ends_at: from_millis(row.try_get("ends_at")?),
        guild: row.try_get("guild")?,
        channel: row.try_get("channel")?,
        member: row.try_get("member")?,
        turn: row.try_get("turn")?,
        persona: row.try_get("persona")?,
        slug: row.try_get("slug")?,
        provider: row.try_get("provider")?,
        model: row.try_get("model")?,
        purpose: row.try_get("purpose")?,
        held_usd: row.try_get("held_usd")?,
        held_tokens: row.try_get("held_tokens")?,
        usd: row.try_get("usd")?,
        tokens: row.try_get("tokens")?,
        input: row.try_get("input")?,
        cached_input: row.try_get("cached_input")?,
        cache_write: row.try_get("cache_write")?,
        output: row.try_get("output")?,
        reasoning: row.try_get("reasoning")?,
    })
}
