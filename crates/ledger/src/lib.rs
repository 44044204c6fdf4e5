//! The ledger: what a call of a model may cost, set aside before a byte is sent and settled after.
//!
//! ```text
//! Ledger::hold ─► Hold ─► the provider streams ─► Outcome ─► Ledger::settle ─► Receipt
//! ```
//!
//! - A [`Hold`] is the worst case of one call, recorded on disk in every [`Scope`] × [`Period`] that the call counts in,
//!   or in none of them. Without it the provider's `stream` does not compile.
//! - [`Ledger::settle`] replaces it by what the provider reported. It is voided if nothing was sent, or if the answer says
//!   that the model did not run (3xx, 4xx, 503, 529, a web page, an error in place of a reply); another 5xx before a token
//!   posts the prompt's part, and whatever else is not certain the *full* hold. Where errors may be billed
//!   ([`ModelTerms::errors_may_be_billed`]), only a request that was refused as it stands gives its hold back.
//! - A window never passes its limit: the hold's update is guarded, and the table has a `check` besides. What a model
//!   takes beyond its hold is recorded as an overrun, closes the scope and quarantines the model.
//! - A hold that is dropped, or left open by a crash, is posted in full. Holds are never released by time.
//!
//! What is claimed, in these words: the *ledger* never passes a limit; the true cost does not either while prices are
//! right, the provider honours the cap, the input bound holds and errors are billed no higher than they are posted.

mod admission;
mod ask;
mod bound;
mod calendar;
mod certification;
mod config;
mod counts;
mod days;
mod dearer;
mod export;
mod fair;
mod guild;
mod hold;
mod ledger;
mod loose;
mod money;
mod outcome;
mod overview;
mod price;
mod pricebook;
mod pricelist;
mod publishing;
mod reconcile;
mod recovery;
mod refusal;
mod rehearsal;
mod report;
mod restored;
mod scope;
mod settle;
mod sharing;
mod spent;
mod stance;
mod standing;
mod steering;
mod terms;
mod usage;
mod view;
mod warning;
mod windows;

pub use ask::{Ask, Purpose};
pub use bound::{PER_MESSAGE, PER_REQUEST, input_bound};
pub use calendar::{Span, span};
pub use certification::{Certification, Place};
pub use config::{LedgerConfig, Limit, Limits};
pub use counts::Counts;
pub use days::DaySpend;
pub use export::ExportRow;
pub use guild::GuildBudget;
pub use hold::Hold;
pub use ledger::Ledger;
pub use money::{AmountError, PicoUsd};
pub use outcome::{Outcome, Receipt};
pub use overview::{Fullness, Overview};
pub use price::{LongContext, Price};
pub use pricebook::{AcceptedPrice, PriceBook, PublishedPrice};
pub use pricelist::{known_price, prices_as_of};
pub use publishing::{PriceChange, Published};
pub use reconcile::{Billed, Lookup, Reconciled};
pub use recovery::Recovered;
pub use refusal::{LedgerError, Refusal};
pub use rehearsal::{Call, Rehearsed};
pub use scope::{NoScope, Period, Scope, Spender, Unit};
pub use spent::Spent;
pub use stance::Stance;
pub use store::limits::Change;
pub use store::overview::{Frozen, Quarantine};
pub use store::spend::Difference;
pub use terms::{ModelKey, ModelTerms};
pub use usage::Usage;
pub use view::{
    BudgetView, Gauge, MemberTotal, ModelTotal, PersonaTotal, PurposeTotal, ReplyCost, ShareView,
    Spend, WindowView,
};
pub use warning::Warning;
