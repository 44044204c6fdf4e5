//! "Are you human?"
use crate::language::Language;

/// Whether the message sincerely asks if it talks with a human or a machine.
pub fn asks_if_human(_text: &str) -> bool {
    false
}

/// Whether a reply claims to be human, so that the turn must put [`truthful_line`] before it.
pub fn denies_being_ai(_reply: &str) -> bool {
    false
}

/// The truthful sentence that is put before the reply.
pub fn truthful_line(persona: &str, _language: Language) -> String {
    format!("I’m {persona}, and I’m an AI.")
}
