//! What `/budget show` shows.

use chrono::{DateTime, Utc};
use store::id::{PersonaId, UserId};
use store::windows::{Fill, Window};

use crate::guild::GuildBudget;
use crate::money::PicoUsd;
use crate::scope::{Period, Scope, Unit};
use crate::stance::Stance;
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
    /// Today's and this month's spend by member, the largest first. Background work is nobody's.
    pub by_member: Vec<MemberTotal>,
    /// Today's and this month's spend by what it was for, the largest first.
    pub by_purpose: Vec<PurposeTotal>,
    /// Today's and this month's spend by model, the largest first.
    pub by_model: Vec<ModelTotal>,
    /// What this person may take of their guild's windows; nothing where it is not shared.
    pub shares: Vec<ShareView>,
    /// What the budget allows this person now.
    pub stance: Stance,
    /// What the guild's admins have decided beside its limits.
    pub settings: GuildBudget,
    /// The most that one member may use of the guild's limits, in percent.
    pub member_percent: u8,
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

impl WindowView {
    /// The window as the database would have it.
    pub(crate) fn row(&self) -> Window {
        Window {
            id: 0,
            scope: self.scope.key(),
            period: self.period.key().to_owned(),
            starts_at: self.starts_at,
            ends_at: self.resets_at,
            usd: self.usd.fill(),
            tokens: self.tokens.fill(),
        }
    }
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
    /// A window's fill, with the limit that was set for it.
    pub(crate) fn of(fill: Fill) -> Self {
        Self {
            posted: fill.posted,
            pending: fill.pending,
            limit: fill.set,
            overrun: fill.overrun,
        }
    }

    fn fill(&self) -> Fill {
        Fill {
            posted: self.posted,
            pending: self.pending,
            overrun: self.overrun,
            set: self.limit,
            limit: self.limit,
        }
    }

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
    /// The tokens that were posted; where the provider reported none, the whole hold or its prompt's part.
    pub tokens: i64,
    /// The money that was posted.
    pub usd: PicoUsd,
    /// Whether this is the prompt's part of a hold: an error came before a token.
    pub prompt_alone: bool,
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

/// A sum over one purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurposeTotal {
    /// Its name, see [`crate::Purpose::key`].
    pub purpose: String,
    /// The current day.
    pub day: Spend,
    /// The current month.
    pub month: Spend,
}

/// A sum over one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelTotal {
    /// Its name, whatever endpoint it was asked at.
    pub model: String,
    /// The current day.
    pub day: Spend,
    /// The current month.
    pub month: Spend,
}

/// What one member may take of one window of their guild, in one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareView {
    /// A day or a month.
    pub period: Period,
    /// What the limit counts.
    pub unit: Unit,
    /// What they have taken: spent, or set aside.
    pub used: i64,
    /// The most that they may take by the end of the window.
    pub cap: i64,
    /// What nobody else can take from them.
    pub floor: i64,
    /// What their next call may cost now, as far as the share goes.
    pub open: i64,
    /// How many members share the window.
    pub members: i64,
    /// When the window ends.
    pub resets_at: DateTime<Utc>,
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
