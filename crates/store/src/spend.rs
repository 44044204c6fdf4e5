//! Reports: what calls have cost, and whether the windows still say what their holds say.
//!
//! Every function only reads; give it a connection of [`crate::Store::read`].

use chrono::{DateTime, Utc};

use crate::StoreError;
use crate::clock::{from_millis, to_millis};
use crate::id::{GuildId, PersonaId, UserId};
use crate::windows::{Connection, json};

/// A call that has been paid for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// When it was asked for.
    pub at: DateTime<Utc>,
    /// The persona that spoke.
    pub persona: Option<PersonaId>,
    /// For whom.
    pub member: UserId,
    /// The endpoint's short name.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// Prompt tokens, where they were reported.
    pub input: Option<i64>,
    /// Reply tokens, where they were reported.
    pub output: Option<i64>,
    /// Tokens that were posted.
    pub tokens: i64,
    /// Pico-US-dollars that were posted.
    pub usd: i64,
    /// Whether this is the prompt's part of a hold: an error came before a token.
    pub prompt_alone: bool,
}

/// A sum over calls, of today and of this month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// How many, today.
    pub day_calls: i64,
    /// Tokens, today.
    pub day_tokens: i64,
    /// Pico-US-dollars, today.
    pub day_usd: i64,
    /// How many, this month.
    pub month_calls: i64,
    /// Tokens, this month.
    pub month_tokens: i64,
    /// Pico-US-dollars, this month.
    pub month_usd: i64,
}

/// Whose calls are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's in a guild.
    Guild(GuildId),
    /// One person's in direct messages.
    Direct(UserId),
}

impl Whose {
    fn key(self) -> (Option<GuildId>, Option<UserId>) {
        match self {
            Self::Guild(guild) => (Some(guild), None),
            Self::Direct(user) => (None, Some(user)),
        }
    }
}

/// Where today and this month began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since {
    /// Today.
    pub day: DateTime<Utc>,
    /// This month.
    pub month: DateTime<Utc>,
}

/// The last replies that were paid for, the newest first.
pub async fn last_replies(
    conn: &mut Connection,
    whose: Whose,
    many: u32,
) -> Result<Vec<Paid>, StoreError> {
    type Row = (
        i64,
        Option<PersonaId>,
        UserId,
        String,
        String,
        Option<i64>,
        Option<i64>,
        i64,
        i64,
        bool,
    );
    let (guild, member) = whose.key();
    let rows: Vec<Row> = sqlx::query_as(
        "select opened_at, persona, member, provider, model, input, output, tokens, usd,
                state = 'settled' and input is null
         from holds
         where guild is ?1 and (?2 is null or member = ?2)
           and state in ('settled', 'posted_full') and purpose = 'reply'
         order by opened_at desc, id desc limit ?3",
    )
    .bind(guild)
    .bind(member)
    .bind(many)
    .fetch_all(conn)
    .await?;
    let paid = |row: Row| {
        let (at, persona, member, provider, model, input, output, tokens, usd, prompt_alone) = row;
        Paid {
            at: from_millis(at),
            persona,
            member,
            provider,
            model,
            input,
            output,
            tokens,
            usd,
            prompt_alone,
        }
    };
    Ok(rows.into_iter().map(paid).collect())
}

macro_rules! totals {
    ($name:ident, $by:literal, $key:ty, $where:literal, $doc:literal) => {
        #[doc = $doc]
        pub async fn $name(
            conn: &mut Connection,
            whose: Whose,
            since: Since,
        ) -> Result<Vec<($key, Total)>, StoreError> {
            let (guild, member) = whose.key();
            let rows: Vec<($key, i64, i64, i64, i64, i64, i64)> = sqlx::query_as(concat!(
                "select ",
                $by,
                ", count(*) filter (where opened_at >= ?3) as day_calls,
                   coalesce(sum(tokens) filter (where opened_at >= ?3), 0) as day_tokens,
                   coalesce(sum(usd) filter (where opened_at >= ?3), 0) as day_usd,
                   count(*) as month_calls, sum(tokens) as month_tokens, sum(usd) as month_usd
                 from holds
                 where guild is ?1 and (?2 is null or member = ?2) and opened_at >= min(?3, ?4)
                   and state in ('settled', 'posted_full')",
                $where,
                " group by ",
                $by,
                " order by month_usd desc, month_tokens desc, ",
                $by
            ))
            .bind(guild)
            .bind(member)
            .bind(to_millis(since.day))
            .bind(to_millis(since.month))
            .fetch_all(conn)
            .await?;
            let total =
                |(key, day_calls, day_tokens, day_usd, month_calls, month_tokens, month_usd)| {
                    let total = Total {
                        day_calls,
                        day_tokens,
                        day_usd,
                        month_calls,
                        month_tokens,
                        month_usd,
                    };
                    (key, total)
                };
            Ok(rows.into_iter().map(total).collect())
        }
    };
}

totals!(
    by_persona,
    "persona",
    Option<PersonaId>,
    "",
    "Sums by persona, the largest of the month first."
);
totals!(
    by_member,
    "member",
    UserId,
    " and purpose not in ('summary', 'facts', 'embedding')",
    "Sums by member, the largest of the month first. Background work is nobody's."
);
totals!(
    by_purpose,
    "purpose",
    String,
    "",
    "Sums by purpose, the largest of the month first."
);

totals!(
    by_model,
    "model",
    String,
    "",
    "Sums by model, the largest of the month first."
);

/// What a guild has spent in one stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct DayRow {
    /// How many calls.
    pub calls: i64,
    /// Pico-US-dollars that were posted.
    pub usd: i64,
    /// Tokens that were posted.
    pub tokens: i64,
    /// The limit of the day that begins with it, in pico-US-dollars.
    pub usd_limit: Option<i64>,
    /// The same in tokens.
    pub tokens_limit: Option<i64>,
}

/// What a guild has spent in each of these stretches of time, in their order.
pub async fn by_stretch(
    conn: &mut Connection,
    guild: GuildId,
    stretches: &[(DateTime<Utc>, DateTime<Utc>)],
) -> Result<Vec<DayRow>, StoreError> {
    let stretches: Vec<(i64, i64)> = stretches
        .iter()
        .map(|(start, end)| (to_millis(*start), to_millis(*end)))
        .collect();
    let rows = sqlx::query_as(
        "with stretch as (
            select key, json_extract(value, '$[0]') as start, json_extract(value, '$[1]') as end from json_each(?2)),
         spent as (
            select s.key, count(*) as calls, sum(h.usd) as usd, sum(h.tokens) as tokens
            from stretch s cross join holds h
            where h.guild = ?1 and h.opened_at >= s.start and h.opened_at < s.end
              and h.state in ('settled', 'posted_full')
            group by s.key)
         select coalesce(p.calls, 0) as calls, coalesce(p.usd, 0) as usd, coalesce(p.tokens, 0) as tokens,
                w.usd_set as usd_limit, w.tokens_set as tokens_limit
         from stretch s left join spent p on p.key = s.key
         left join windows w on w.scope = 'guild:' || ?1 and w.period = 'day' and w.starts_at = s.start
         order by s.key",
    )
    .bind(guild)
    .bind(json(&stretches))
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// A window that does not say what its holds say.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Difference {
    /// The window.
    pub window: i64,
    /// Its scope's key.
    pub scope: String,
    /// `day` or `month`.
    pub period: String,
    /// Pico-US-dollars that the window says were used, less what its holds say.
    pub usd_used: i64,
    /// Pico-US-dollars that the window says are set aside, less what its holds say.
    pub usd_pending: i64,
    /// Tokens that the window says were used, less what its holds say.
    pub tokens_used: i64,
    /// Tokens that the window says are set aside, less what its holds say.
    pub tokens_pending: i64,
}

/// Recomputes every window from its holds, and returns those that differ. There should be none, always.
pub async fn differences(conn: &mut Connection) -> Result<Vec<Difference>, StoreError> {
    let rows = sqlx::query_as(
        "with own as (
            select l.window, sum(h.usd) as usd, sum(h.tokens) as tokens,
                   sum(h.held_usd) filter (where h.state = 'open') as held_usd,
                   sum(h.held_tokens) filter (where h.state = 'open') as held_tokens
            from hold_windows l join holds h on h.id = l.hold group by l.window),
         difference as (
            select w.id as window, w.scope, w.period,
                   w.usd_posted + w.usd_overrun - coalesce(o.usd, 0) as usd_used,
                   w.usd_pending - coalesce(o.held_usd, 0) as usd_pending,
                   w.tokens_posted + w.tokens_overrun - coalesce(o.tokens, 0) as tokens_used,
                   w.tokens_pending - coalesce(o.held_tokens, 0) as tokens_pending
            from windows w left join own o on o.window = w.id)
         select window, scope, period, usd_used, usd_pending, tokens_used, tokens_pending from difference
         where usd_used <> 0 or usd_pending <> 0 or tokens_used <> 0 or tokens_pending <> 0",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}
