//! Discord's side of the bot.

mod announce;
mod avatars;
mod edits;
mod face;
mod gate;
mod kept;
mod outlet;
mod reconcile;
pub(crate) mod rest;
mod shards;
mod sign;
mod signature;
mod utterance;
mod webhook;
mod writer;

pub mod backfill;
pub mod events;
pub mod figures;
mod open;
pub mod permissions;
pub mod reading;
pub mod speaker;
pub mod unread;
