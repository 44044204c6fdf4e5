//! Which persona is meant: by a name that someone typed into a command, or by being called in a message.

mod find;
mod wake;

pub use find::{Lookup, find, rank};
pub use wake::{wake_names, wakes};
