//! Familiar: the bot.

pub mod discord;
