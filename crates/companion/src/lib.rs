//! One turn: how a message becomes a reply, free of Discord's types.
//!
//! ```text
//! intake ─► gate ─► recall ─► compose ─► hold ─► generate, speak ─► settle ─► remember ┄► consolidate
//! ```
//!
//! `arrival.rs` brings a message to its channel's lane, `turn.rs` calls the steps from there, and each step is a file.
//! [`Companion::hear`] takes a message in; the reply leaves through a [`speaker::Speaker`]. Data flows one way: a later
//! step never calls back into an earlier one.
//!
//! Steps at which a program may be killed are told as events of the target `familiar::step`: `evals ledger-crash` kills
//! at each of them.

mod again;
mod arrival;
pub mod bots;
mod called;
pub mod cast;
mod charge;
mod companion;
pub mod compose;
mod consolidate;
pub mod counts;
mod doorstep;
pub mod embedding;
pub mod enclosure;
pub mod endpoints;
mod gate;
pub mod greet;
mod hold;
pub mod house;
pub mod incoming;
pub mod intake;
pub mod ladder;
mod lanes;
mod length;
pub mod lessons;
pub mod line;
pub mod pace;
pub mod probe;
mod prompt;
pub mod proxied;
pub mod queue;
mod quiet;
pub mod reach;
mod reading;
mod recall;
mod remember;
mod reply;
pub mod report;
pub mod resting;
mod resume;
mod settle;
mod shown;
mod sketch;
pub mod slots;
mod speak;
pub mod speaker;
pub mod standing;
pub mod texts;
mod turn;
mod typing;
pub mod versions;
mod voiceless;

pub use companion::{Closed, Companion};
pub use consolidate::is_due;
pub use house::House;
