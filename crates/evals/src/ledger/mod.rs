//! What the budget guarantees, measured.

pub mod speed;
