//! Familiar: Discord's side of the bot. Command line, configuration, wiring; serenity's events in, persona messages out.

pub mod answers;
pub mod bot;
pub mod check;
pub mod cli;
pub mod config;
pub mod discord;
pub mod housekeeping;
pub mod ledger_cli;
pub mod local_model;
pub mod logging;
pub mod meaning;
pub mod metrics;
pub mod models;
pub mod persona_files;
pub mod prices;
mod question;
pub mod run;
pub mod setup;
mod table;
pub mod tryout;
pub mod upkeep;
pub mod warnings;
pub mod why;
