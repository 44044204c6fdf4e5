//! Warnings: a guild is told when four fifths of a window are spent, and when nearly all of it is.
//!
//! What counts is what is *spent*. What is set aside for calls that run is not, since most of it comes back: a warning
//! that was posted for it would be untrue a moment later. Each window warns once a threshold, even where a limit is
//! changed afterwards.

use chrono::{DateTime, Utc};
use store::id::{ChannelId, GuildId};
use store::warnings::{self as rows, Watched};
use store::windows::Fill;

use crate::ledger::Ledger;
use crate::refusal::LedgerError;
use crate::scope::{Period, Unit};

/// What a guild is warned at, in percent of its limit; the highest first.
const THRESHOLDS: [u8; 2] = [95, 80];

/// A window of a guild that is nearly used up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The guild.
    pub guild: GuildId,
    /// Where its admins want to be told.
    pub channel: ChannelId,
    /// The window's number.
    pub window: i64,
    /// A day or a month.
    pub period: Period,
    /// What the limit counts.
    pub unit: Unit,
    /// The threshold that was reached: 80 or 95.
    pub percent: u8,
    /// What is spent.
    pub spent: i64,
    /// What may be spent.
    pub limit: i64,
    /// When the window ends.
    pub resets_at: DateTime<Utc>,
}

impl Ledger {
    /// The warnings that guilds should be given now: of those that have chosen a channel for them, and of each window
    /// and unit only the highest threshold that was reached. Give them, and then say so: [`Ledger::warned`].
    pub async fn due_warnings(&self) -> Result<Vec<Warning>, LedgerError> {
        let now = self.clock.now();
        self.store
            .read(move |conn| {
                Box::pin(async move {
                    let watched = rows::watched(conn, now).await?;
                    Ok(watched.iter().flat_map(due).collect())
                })
            })
            .await
    }

    /// Says that a warning was given. It is not due again, and neither is a lower one of the same window.
    pub async fn warned(&self, warning: &Warning) -> Result<(), LedgerError> {
        let (window, unit, percent) = (warning.window, warning.unit.key(), warning.percent);
        let now = self.clock.now();
        self.store
            .write(move |conn| {
                Box::pin(async move { Ok(rows::keep(conn, window, unit, percent, now).await?) })
            })
            .await
    }
}

fn due(watched: &Watched) -> Vec<Warning> {
    let window = &watched.window;
    let Some(period) = Period::of(&window.period) else {
        return Vec::new();
    };
    let one = |unit, fill: Fill, warned: u8| {
        let limit = fill.set?;
        let spent = fill.posted.saturating_add(fill.overrun);
        let percent = reached(spent, limit)?;
        (percent > warned).then_some(Warning {
            guild: watched.guild,
            channel: watched.channel,
            window: window.id,
            period,
            unit,
            percent,
            spent,
            limit,
            resets_at: window.ends_at,
        })
    };
    [
        one(Unit::Usd, window.usd, watched.usd_warned),
        one(Unit::Tokens, window.tokens, watched.tokens_warned),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The highest threshold that was reached. A limit of nought is no budget that could run out.
fn reached(spent: i64, limit: i64) -> Option<u8> {
    let is_reached =
        |percent: &u8| i128::from(spent) * 100 >= i128::from(limit) * i128::from(*percent);
    THRESHOLDS.into_iter().find(|p| limit > 0 && is_reached(p))
}
