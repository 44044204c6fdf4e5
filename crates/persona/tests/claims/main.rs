//! What this room promises, claim by claim.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "builders of tests may fail loudly"
)]

mod bundled;
mod cards;
mod decorators;
mod export;
mod expressions;
mod fixture;
mod foreign;
mod frame;
mod hostile;
mod lore;
mod macros;
mod names;
mod pictures;
mod wake;
