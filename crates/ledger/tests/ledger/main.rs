//! The ledger on a real SQLite file, from the outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod house;

mod breaching;
mod certifying;
mod channels;
mod clock;
mod dropping;
mod export;
mod holding;
mod limits;
mod model;
mod neighbours;
mod overview;
mod prices;
mod race;
mod reconciling;
mod recovery;
mod rehearsing;
mod restored;
mod settling;
mod sharing;
mod speed;
mod steering;
mod trouble;
mod viewing;
mod zones;
