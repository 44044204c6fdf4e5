//! The ledger on a real SQLite file, from the outside.

mod house;

mod breaching;
mod dropping;
mod holding;
mod limits;
mod race;
mod recovery;
mod settling;
mod speed;
mod viewing;
mod zones;
