//! What a guild has spent day by day, for a chart.

use chrono::NaiveDate;
use store::id::GuildId;
use store::spend;
use store::windows::Connection;

use crate::calendar::span;
use crate::ledger::Ledger;
use crate::money::PicoUsd;
use crate::refusal::LedgerError;
use crate::scope::Period;
use crate::windows;

/// No chart shows more days than this.
const MOST_DAYS: u32 = 400;

/// What a guild has spent in one of its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaySpend {
    /// The date, in the guild's time zone.
    pub date: NaiveDate,
    /// How many calls were paid for.
    pub calls: i64,
    /// The money that was posted.
    pub usd: PicoUsd,
    /// The tokens that were posted.
    pub tokens: i64,
    /// What might be spent on that day; `None` is no limit, or that nothing was asked on it.
    pub usd_limit: Option<PicoUsd>,
    /// The same in tokens.
    pub tokens_limit: Option<i64>,
}

impl Ledger {
    /// What a guild has spent on each of its last `days` days, today last. The days are those of its present time zone,
    /// and a call belongs to the day on which it was asked for. Calls that still run are not in it.
    pub async fn daily_spend(
        &self,
        guild: GuildId,
        days: u32,
    ) -> Result<Vec<DaySpend>, LedgerError> {
        let ledger = self.clone();
        self.store
            .read(move |conn| Box::pin(ledger.by_day(conn, guild, days.min(MOST_DAYS))))
            .await
    }

    async fn by_day(
        self,
        conn: &mut Connection,
        guild: GuildId,
        days: u32,
    ) -> Result<Vec<DaySpend>, LedgerError> {
        let zone = windows::zone(conn, &self.config, Some(guild)).await?;
        // From today backwards, each day ending where the later one starts.
        let mut today = span(Period::Day, zone, self.clock.now());
        let mut dates = Vec::new();
        let mut spans = Vec::new();
        for _ in 0..days {
            dates.push(today.start.with_timezone(&zone).date_naive());
            spans.push((today.start, today.end));
            let before = span(
                Period::Day,
                zone,
                today.start - chrono::TimeDelta::milliseconds(1),
            );
            if before.start >= today.start {
                break;
            }
            today = before;
        }
        dates.reverse();
        spans.reverse();
        let rows = spend::by_stretch(conn, guild, &spans).await?;
        let day = |(date, row): (NaiveDate, spend::DayRow)| DaySpend {
            date,
            calls: row.calls,
            usd: PicoUsd(row.usd),
            tokens: row.tokens,
            usd_limit: row.usd_limit.map(PicoUsd),
            tokens_limit: row.tokens_limit,
        };
        Ok(dates.into_iter().zip(rows).map(day).collect())
    }
}
