//! The provider crate over real sockets, with holds of a real ledger on a real database.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "clippy takes what the tests share for ordinary code"
)]

mod bench;
mod breaks;
mod deadlines;
mod embedding;
mod errors;
mod events;
mod evidence;
mod finishes;
mod holds;
mod labels;
mod lookups;
mod manners;
mod prices;
mod probes;
mod real_model;
mod recorded;
mod replies;
mod schemas;
mod thoughts;
mod usages;
