//! Interactions: from a person's command, click or form to the bot, and back.
//!
//! `command`, `component` and `form` check what the Discord client would let a person do, `arguments` reads the options
//! of a command, `envelope` sends the result to the bot; `callback` and `followup` are the REST routes of the
//! bot's answers.

pub mod arguments;
pub mod callback;
pub mod command;
pub mod component;
pub mod envelope;
pub mod followup;
pub mod form;
pub mod refusal;

pub use arguments::{Argument, Arguments};
pub use refusal::Refusal;
