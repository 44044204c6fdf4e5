//! What the budget guarantees, measured: races, kills, faults of a provider, a model of thirty lines, the bound on a
//! prompt's tokens, how fast holds are, and who gets what of a budget.

pub mod bound;
pub mod crash;
pub mod fair;
pub mod faults;
mod gguf;
mod mishaps;
pub mod model;
pub mod race;
pub mod racer;
pub mod speed;
mod strings;
mod till;
