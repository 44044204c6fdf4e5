//! What the budget guarantees, measured.

pub mod model;
pub mod speed;
