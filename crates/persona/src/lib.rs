//! Who a companion is: its character card, its lorebook, its name, and the prompt text that keeps it in character.
//!
//! Everything here is pure: bytes and text in, values and text out. Time and chance are arguments ([`Scene`]), there is no
//! I/O except [`bundled`], which is compiled into the program.
//!
//! | room | what it is for |
//! |---|---|
//! | [`card`] | character cards V1, V2 and V3 from JSON or PNG, and back without loss |
//! | [`lorebook`] | which lore entries a conversation triggers, why, and at what cost |
//! | [`macros`] | `{{char}}`, `{{user}}` and the rest |
//! | [`frame`] | the stable part of a persona's prompt, cut to a share of tokens |
//! | [`name`] | names that Discord accepts for a webhook |
//! | [`roster`] | which persona is meant, by a typed name or by being called in a message |
//! | [`bundled`] | the personas that ship inside the program |

pub mod bundled;
pub mod card;
pub mod estimate;
pub mod frame;
pub mod lorebook;
pub mod macros;
pub mod name;
pub mod roster;
mod script;

pub use card::{Card, CardError};
pub use frame::{Part, Section};
pub use lorebook::{Fired, Lorebook};
pub use macros::Scene;
