//! Holds: the worst case of each call before it is made, and what it came to after.
//!
//! Every function runs on the writer's connection, inside the ledger's job, see [`crate::Store::write`].

use std::ops::Range;

use chrono::{DateTime, Utc};

use crate::StoreError;
use crate::clock::to_millis;
use crate::id::{ChannelId, GuildId, HoldId, MessageId, PersonaId, UserId};
use crate::windows::{Connection, json};

/// A hold that is to be opened.
#[derive(Clone, Debug)]
pub struct NewHold {
    /// Its number, given by the ledger and never given again.
    pub id: HoldId,
    /// The start of the program that makes it.
    pub run: i64,
    /// Where it is spent; `None` in direct messages.
    pub guild: Option<GuildId>,
    /// The channel in which it is spent.
    pub channel: Option<ChannelId>,
    /// For whom.
    pub member: UserId,
    /// The Discord message that is answered.
    pub turn: Option<MessageId>,
    /// The persona that speaks.
    pub persona: Option<PersonaId>,
    /// The endpoint's short name.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// What the call is for.
    pub purpose: &'static str,
    /// The most input tokens.
    pub input_bound: i64,
    /// The most output tokens that are asked for.
    pub cap: u32,
    /// Pico-US-dollars that are set aside.
    pub usd: i64,
    /// Tokens that are set aside.
    pub tokens: i64,
    /// When.
    pub at: DateTime<Utc>,
}

/// What is known of a hold that is to be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Whether it is still open.
    pub open: bool,
    /// Pico-US-dollars that were set aside.
    pub held_usd: i64,
    /// Tokens that were set aside.
    pub held_tokens: i64,
    /// Pico-US-dollars that were posted, 0 while it is open.
    pub usd: i64,
    /// Tokens that were posted, 0 while it is open.
    pub tokens: i64,
}

/// How a hold ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The provider reported what it used.
    Settled,
    /// Nothing certain is known: all that was held counts.
    PostedFull,
    /// The provider failed before a token, and may have read the prompt: the prompt's part counts. It is written as
    /// settled without a report, and read as `posted_input`.
    PostedInput,
    /// Nothing was used.
    Void,
}

impl End {
    const fn state(self) -> &'static str {
        match self {
            Self::Settled | Self::PostedInput => "settled",
            Self::PostedFull => "posted_full",
            Self::Void => "void",
        }
    }
}

/// How a hold stands, as SQL: `open`, `settled`, `posted_full`, `posted_input` or `void`.
macro_rules! state {
    () => {
        "iif(h.state = 'settled' and h.input is null, 'posted_input', h.state)"
    };
}
pub(crate) use state;

/// The tokens that a provider reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reported {
    /// All prompt tokens.
    pub input: i64,
    /// Of these, read from a cache.
    pub cached_input: i64,
    /// Of these, written to a cache.
    pub cache_write: i64,
    /// All reply tokens.
    pub output: i64,
    /// Of these, reasoning.
    pub reasoning: i64,
}

/// What holds that a crash had left open came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOpen {
    /// How many.
    pub holds: i64,
    /// Pico-US-dollars that were posted for them.
    pub usd: i64,
    /// Tokens that were posted for them.
    pub tokens: i64,
}

/// Sets a hold's amount aside in all of these windows and records it in them; or `false`, and the caller's job must
/// fail so that its savepoint undoes what was changed.
///
/// One guarded statement serves all windows, so it must touch all their rows. It is sent with the others at once, for
/// each way to the connection's thread and back costs more than what is done there.
pub async fn open(
    conn: &mut Connection,
    hold: &NewHold,
    windows: &[i64],
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "update windows set usd_pending = usd_pending + ?2, tokens_pending = tokens_pending + ?3
         where id in (select value from json_each(?1))
           and (usd_limit is null or usd_posted + usd_pending + ?2 <= usd_limit)
           and (tokens_limit is null or tokens_posted + tokens_pending + ?3 <= tokens_limit);
         insert into holds (held_usd, held_tokens, id, run, guild, channel, member, turn, persona, provider, model,
                            purpose, input_bound, cap, opened_at)
         values (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16);
         insert into hold_windows (hold, window) select ?4, value from json_each(?1)",
    )
    .bind(json(windows))
    .bind(hold.usd)
    .bind(hold.tokens)
    .bind(hold.id)
    .bind(hold.run)
    .bind(hold.guild)
    .bind(hold.channel)
    .bind(hold.member)
    .bind(hold.turn)
    .bind(hold.persona)
    .bind(&hold.provider)
    .bind(&hold.model)
    .bind(hold.purpose)
    .bind(hold.input_bound)
    .bind(hold.cap)
    .bind(to_millis(hold.at))
    .execute(conn)
    .await?;
    // The rows of all three: a window that was too full is one that is missing.
    Ok(done.rows_affected() == 2 * windows.len() as u64 + 1)
}

/// Looks a hold up.
pub async fn find(conn: &mut Connection, id: HoldId) -> Result<Option<Held>, StoreError> {
    let row: Option<(bool, i64, i64, i64, i64)> = sqlx::query_as(
        "select state = 'open', held_usd, held_tokens, coalesce(usd, 0), coalesce(tokens, 0)
         from holds where id = ?",
    )
    .bind(id)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(open, held_usd, held_tokens, usd, tokens)| Held {
        open,
        held_usd,
        held_tokens,
        usd,
        tokens,
    }))
}

/// What the holds with these numbers have cost, and may still cost, in pico-US-dollars.
pub async fn sum(conn: &mut Connection, numbers: Range<HoldId>) -> Result<i64, StoreError> {
    let sum = sqlx::query_scalar(
        "select coalesce(sum(coalesce(usd, held_usd)), 0) from holds where id >= ? and id < ?",
    )
    .bind(numbers.start)
    .bind(numbers.end)
    .fetch_one(conn)
    .await?;
    Ok(sum)
}

/// Closes an open hold at what was used: in each of its windows the hold leaves what is pending, and what was used
/// becomes posted, as far as the limit reaches; the rest becomes overrun. `false`, and nothing changed, where it is
/// not open.
pub async fn close(
    conn: &mut Connection,
    id: HoldId,
    end: End,
    (usd, tokens): (i64, i64),
    reported: Option<Reported>,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    // Here `usd_posted + usd_overrun + ?2` is all that was ever used, and `usd_pending - h.held_usd` what stays set
    // aside. A limit that stands above what was set, because it was lowered too late, comes down as room is given back.
    let closed = sqlx::query(
        "update windows set
            usd_pending = usd_pending - h.held_usd,
            usd_posted = coalesce(min(usd_posted + usd_overrun + ?2, usd_limit - usd_pending + h.held_usd),
                                  usd_posted + usd_overrun + ?2),
            usd_overrun = coalesce(max(0, usd_posted + usd_overrun + ?2 - usd_limit + usd_pending - h.held_usd), 0),
            usd_limit = max(usd_set, min(usd_limit, usd_posted + usd_overrun + ?2 + usd_pending - h.held_usd)),
            tokens_pending = tokens_pending - h.held_tokens,
            tokens_posted = coalesce(min(tokens_posted + tokens_overrun + ?3,
                                         tokens_limit - tokens_pending + h.held_tokens),
                                     tokens_posted + tokens_overrun + ?3),
            tokens_overrun = coalesce(max(0, tokens_posted + tokens_overrun + ?3
                                          - tokens_limit + tokens_pending - h.held_tokens), 0),
            tokens_limit = max(tokens_set, min(tokens_limit, tokens_posted + tokens_overrun + ?3
                                                             + tokens_pending - h.held_tokens))
         from holds h
         where h.id = ?1 and h.state = 'open'
           and windows.id in (select window from hold_windows where hold = ?1);
         update holds set usd = ?2, tokens = ?3, state = ?4, input = ?5, cached_input = ?6, cache_write = ?7,
                          output = ?8, reasoning = ?9, closed_at = ?10
         where id = ?1 and state = 'open'
         returning 1",
    )
    .bind(id)
    .bind(usd)
    .bind(tokens)
    .bind(end.state())
    .bind(reported.map(|r| r.input))
    .bind(reported.map(|r| r.cached_input))
    .bind(reported.map(|r| r.cache_write))
    .bind(reported.map(|r| r.output))
    .bind(reported.map(|r| r.reasoning))
    .bind(to_millis(at))
    .fetch_optional(conn)
    .await?;
    Ok(closed.is_some())
}

/// Posts in full every open hold of these runs, all at once: the sum of what is posted and pending stays the same in
/// every window, so no limit can be passed.
pub async fn post_left_open(
    conn: &mut Connection,
    runs: &[i64],
    at: DateTime<Utc>,
) -> Result<LeftOpen, StoreError> {
    sqlx::query(
        "with left_open as (
            select l.window, sum(h.held_usd) as usd, sum(h.held_tokens) as tokens
            from holds h join hold_windows l on l.hold = h.id
            where h.state = 'open' and h.run in (select value from json_each(?))
            group by l.window)
         update windows set
            usd_pending = usd_pending - o.usd, usd_posted = usd_posted + o.usd,
            tokens_pending = tokens_pending - o.tokens, tokens_posted = tokens_posted + o.tokens
         from left_open o where windows.id = o.window",
    )
    .bind(json(runs))
    .execute(&mut *conn)
    .await?;
    let (holds, usd, tokens): (i64, i64, i64) = sqlx::query_as(
        "select count(*), coalesce(sum(held_usd), 0), coalesce(sum(held_tokens), 0)
         from holds where state = 'open' and run in (select value from json_each(?))",
    )
    .bind(json(runs))
    .fetch_one(&mut *conn)
    .await?;
    sqlx::query(
        "update holds set state = 'posted_full', usd = held_usd, tokens = held_tokens, closed_at = ?2
         where state = 'open' and run in (select value from json_each(?1))",
    )
    .bind(json(runs))
    .bind(to_millis(at))
    .execute(conn)
    .await?;
    Ok(LeftOpen { holds, usd, tokens })
}
