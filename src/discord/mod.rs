//! Discord's side of the bot.

mod avatars;
mod edits;
mod kept;
mod outlet;
pub mod permissions;
mod rest;
mod signature;
pub mod speaker;
mod utterance;
mod webhook;
mod writer;
