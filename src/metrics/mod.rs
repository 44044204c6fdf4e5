//! Figures for Prometheus: `GET /metrics` on an address of the operator's choice, off unless the configuration says so.
//!
//! Counters are kept where things happen (the ledger, the turn, the speaker), each in its room's own `Counts`; gauges of
//! money are read from the ledger at each scrape, so they are what `/budget show` says. Nothing is labelled by person,
//! channel or server: a bot may be in thousands of servers, and names belong to nobody's monitoring. What each server
//! spends is told by `familiar ledger show` and `familiar ledger export`.

mod figures;
mod gauges;
mod server;

pub use figures::Figures;
pub use server::{MetricsError, Server};
