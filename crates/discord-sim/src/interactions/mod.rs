//! Interactions: from a person's command, click or form to the bot, and back.
//!
//! `invoke` and `envelope` build what the bot is sent; `command` and `component` check what a person may do in the
//! client; `callback` and `followup` are the REST routes of the answers.

pub mod callback;
pub mod followup;
