//! Why a call may not be made, in words for the person who asked, and errors of the ledger itself.

use chrono::{DateTime, Utc};
use store::StoreError;
use store::id::HoldId;

use crate::money::PicoUsd;
use crate::scope::{Period, Scope, Unit};
use crate::terms::ModelKey;

/// Why no hold was made. Nothing was set aside, and nothing may be sent.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// It does not fit. The scope named is the one with the least room for it.
    #[error(
        "the {period}'s budget of {scope} has {} left and this reply may need up to {}; \
         it starts afresh at {} UTC, and an admin can raise it with /budget set",
        unit.show(*left), unit.show(*needed), resets_at.format("%Y-%m-%d %H:%M")
    )]
    OverLimit {
        /// Whose limit it is.
        scope: Scope,
        /// The period of the limit.
        period: Period,
        /// What the limit counts.
        unit: Unit,
        /// When the window ends.
        resets_at: DateTime<Utc>,
        /// What the call can cost at most, in the unit.
        needed: i64,
        /// What is left, in the unit.
        left: i64,
    },
    /// It goes beyond what one member may take of their server's budget now.
    #[error(
        "your share of this server's {period} has {} open now and this reply may need up to {}; \
         more opens at {} UTC, so that everybody here gets their turn",
        unit.show(*left), unit.show(*needed), opens_at.format("%Y-%m-%d %H:%M")
    )]
    Share {
        /// The period of the limit that is shared.
        period: Period,
        /// What the limit counts.
        unit: Unit,
        /// What the call can cost at most, in the unit.
        needed: i64,
        /// What the member may take now, in the unit.
        left: i64,
        /// When this call would fit, if nobody else took what opens until then.
        opens_at: DateTime<Utc>,
        /// When the window ends.
        resets_at: DateTime<Utc>,
    },
    /// Background work rests, so that what is left goes to replies.
    #[error(
        "background work rests until {} UTC: what is left of the {period}'s budget of {scope} is for replies",
        resets_at.format("%Y-%m-%d %H:%M")
    )]
    BackgroundRests {
        /// Whose budget runs low.
        scope: Scope,
        /// The period of the limit.
        period: Period,
        /// When the window ends.
        resets_at: DateTime<Utc>,
    },
    /// The guild's admins have paused it.
    #[error(
        "an admin has paused replies in this server at {} UTC; an admin can let them go on with /budget pause",
        since.format("%Y-%m-%d %H:%M")
    )]
    Paused {
        /// Since when.
        since: DateTime<Utc>,
    },
    /// The guild's admins have not allowed the model.
    #[error("{model} may not be asked in this server; an admin can allow it with /budget set")]
    ModelNotAllowed {
        /// The model.
        model: ModelKey,
    },
    /// Nobody has said what the model costs.
    #[error(
        "the price of {model} is not known, so it may not be asked; whoever runs this bot can set it under \
         [model.price] in the configuration (US dollars per million tokens), or say `local = true` if it is free"
    )]
    UnknownPrice {
        /// The model.
        model: ModelKey,
    },
    /// The worst case is no believable sum, or a price is negative.
    #[error(
        "the most that one reply of {model} can cost comes out as no believable sum; whoever runs this bot should \
         check its price and its max_output in the configuration"
    )]
    Unpriceable {
        /// The model.
        model: ModelKey,
    },
    /// A call in this scope cost more than was set aside, and no admin has acknowledged it yet.
    #[error(
        "replies for {scope} rest since {} UTC, because one cost more than was set aside for it; {}",
        since.format("%Y-%m-%d %H:%M"), way_to_open(scope)
    )]
    Frozen {
        /// The scope.
        scope: Scope,
        /// Since when.
        since: DateTime<Utc>,
    },
    /// The model has used more than it was allowed to.
    #[error(
        "{model} used more than it was allowed to at {} UTC and is not asked any more; whoever runs this bot should \
         correct its context_window, max_output or price in the configuration, or set caps_certified = false",
        since.format("%Y-%m-%d %H:%M")
    )]
    Quarantined {
        /// The model.
        model: ModelKey,
        /// Since when.
        since: DateTime<Utc>,
    },
    /// The database is a restored backup: what was spent since it was made is not known.
    #[error(
        "nothing is spent since {} UTC, because the database is older than what this machine has seen (a restored \
         backup) and nobody knows what was spent in between; an admin opens a server again with /budget set, and \
         whoever runs this bot opens all with `familiar ledger acknowledge`",
        since.format("%Y-%m-%d %H:%M")
    )]
    Restored {
        /// Since when.
        since: DateTime<Utc>,
    },
    /// It goes beyond what the operator has agreed to for a rehearsal.
    #[error(
        "one more call may need up to {needed}, and {left} is left of what was agreed to for this; start it anew to go on"
    )]
    Agreed {
        /// What the call can cost at most.
        needed: PicoUsd,
        /// What is left.
        left: PicoUsd,
    },
    /// The database could not record the hold, so nothing may be sent.
    #[error("the budget cannot be written down just now, so no reply is made: {0}")]
    Store(#[from] StoreError),
}

impl Refusal {
    /// One word for it, in figures and logs.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::OverLimit { .. } => "over_limit",
            Self::Share { .. } => "share",
            Self::BackgroundRests { .. } => "background_rests",
            Self::Paused { .. } => "paused",
            Self::ModelNotAllowed { .. } => "model_not_allowed",
            Self::UnknownPrice { .. } => "unknown_price",
            Self::Unpriceable { .. } => "unpriceable",
            Self::Frozen { .. } => "frozen",
            Self::Quarantined { .. } => "quarantined",
            Self::Restored { .. } => "restored",
            Self::Agreed { .. } => "agreed",
            Self::Store(_) => "database",
        }
    }

    /// Whether a smaller request could still fit.
    pub fn is_about_size(&self) -> bool {
        matches!(self, Self::OverLimit { .. } | Self::Share { .. })
    }

    /// When it is worth asking again, where time alone helps.
    pub const fn opens_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Share { opens_at, .. } => Some(*opens_at),
            Self::OverLimit { resets_at, .. } | Self::BackgroundRests { resets_at, .. } => {
                Some(*resets_at)
            }
            _ => None,
        }
    }
}

fn way_to_open(scope: &Scope) -> &'static str {
    match scope {
        Scope::Guild(_) | Scope::Channel { .. } | Scope::Member { .. } => {
            "an admin can look at it with /budget show and open it again with /budget set"
        }
        Scope::Instance | Scope::User(_) => "whoever runs this bot can open it again",
    }
}

/// An error of the ledger outside of [`crate::Ledger::hold`].
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The database failed. A hold whose settling fails is posted in full as soon as the database works again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database has no such hold.
    #[error(
        "the ledger has no hold {0}; the database is not the one that it was made in, restart with the right one"
    )]
    NoHold(HoldId),
    /// A part of a limit that is none.
    #[error(
        "the most that one member may use is from 1 to 100 percent; at 100 there are no shares, and whoever comes first \
         is served"
    )]
    BadPercent,
    /// A limit that cannot be kept.
    #[error("a limit is a number from 0 to {}; give a smaller one, or none for no limit", unit.show(*most))]
    BadLimit {
        /// The unit.
        unit: Unit,
        /// The largest limit.
        most: i64,
    },
}
