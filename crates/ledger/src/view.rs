//! What `/budget show` shows.

use chrono::{DateTime, Utc};
use store::id::{PersonaId, UserId};

use crate::money::PicoUsd;
use crate::scope::{Period, Scope};
use crate::terms::ModelKey;

/// The budget as one person sees it, from where they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetView {
    /// Every window that their next call is counted in: widest scope first, a day before its month.
    pub windows: Vec<WindowView>,
    /// The last calls of their guild (in direct messages: their own), the newest first.
    pub replies: Vec<ReplyCost>,
    /// Today's and this month's spend by persona, the largest first.
    pub by_persona: Vec<PersonaTotal>,
    /// Today's and this month's spend by member, the largest first.
    pub by_member: Vec<MemberTotal>,
}

/// One window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowView {
    /// Whose it is.
    pub scope: Scope,
    /// A day or a month.
    pub period: Period,
    /// When it began.
    pub starts_at: DateTime<Utc>,
    /// When it ends and the next begins.
    pub resets_at: DateTime<Utc>,
    /// In pico-US-dollars.
    pub usd: Gauge,
    /// In tokens.
    pub tokens: Gauge,
    /// Since when the scope is closed after a breach.
    pub frozen: Option<DateTime<Utc>>,
}

/// How full a window is, in one unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gauge {
    /// Spent.
    pub posted: i64,
    /// Set aside for calls that run now.
    pub pending: i64,
    /// What may be spent; `None` is no limit.
    pub limit: Option<i64>,
    /// What a model took beyond the limit although it was not allowed to.
    pub overrun: i64,
}

impl Gauge {
    /// What the next call may cost; `None` is no limit.
    pub fn left(&self) -> Option<i64> {
        self.limit.map(|limit| {
            limit
                .saturating_sub(self.posted)
                .saturating_sub(self.pending)
                .max(0)
        })
    }
}

/// What one call cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyCost {
    /// When it was asked for.
    pub at: DateTime<Utc>,
    /// The persona that spoke.
    pub persona: Option<PersonaId>,
    /// For whom.
    pub member: UserId,
    /// By which model.
    pub model: ModelKey,
    /// Prompt tokens, where the provider reported them.
    pub input: Option<i64>,
    /// Reply tokens, where the provider reported them.
    pub output: Option<i64>,
    /// The tokens that were posted; the whole hold where the provider reported none.
    pub tokens: i64,
    /// The money that was posted.
    pub usd: PicoUsd,
}

/// A sum over one persona.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonaTotal {
    /// The persona; `None` gathers calls without one.
    pub persona: Option<PersonaId>,
    /// The current day.
    pub day: Spend,
    /// The current month.
    pub month: Spend,
}

/// A sum over one member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberTotal {
    /// The person.
    pub member: UserId,
    /// The current day.
    pub day: Spend,
    /// The current month.
    pub month: Spend,
}

/// What calls cost together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spend {
    /// How many.
    pub calls: i64,
    /// Tokens.
    pub tokens: i64,
    /// Money.
    pub usd: PicoUsd,
}
