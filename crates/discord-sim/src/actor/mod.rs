//! The Rust API: start a Discord, and act in it as people do.
//!
//! Nothing here is a shortcut: what a person does reaches the bot only as the gateway's events.

mod sim;

pub use sim::{Sim, StartError};
