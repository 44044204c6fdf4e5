//! Does this message tell of suicide, self-harm or an eating disorder? English and Chinese, before any model is asked.
//!
//! Patterns over [normalised](crate::normalize) text. First the idioms that only sound alike ("dying of laughter",
//! 笑死我了) are taken out, then what is left is matched. When in doubt it finds a crisis: a kind card too many
//! costs a person a moment, a card too few may cost more. It reads one message, knows no context, and is no
//! diagnosis; the corpus in `tests/` says how well it does.

mod chinese;
mod english;

use crate::language::{self, Language};
use crate::normalize;

/// What a message seems to be about. When several fit, the gravest is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Suicide, or not wanting to live.
    Suicide,
    /// Hurting oneself without a word of dying.
    SelfHarm,
    /// Starving, purging, laxatives: an eating disorder.
    EatingDisorder,
}

/// A message that gets the [card](crate::card) instead of a model's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Crisis {
    /// What it is about.
    pub kind: Kind,
    /// The language for the card; [`Language::Unclear`] asks for both.
    pub language: Language,
}

/// Looks for a crisis in a message, the writer's own or that of someone they worry about.
pub fn detect(text: &str) -> Option<Crisis> {
    let seen = normalize::see(text);
    let kind = english::kind(&seen.words)
        .into_iter()
        .chain(chinese::kind(&seen.han))
        .min()?;
    // Of the normalised text, or a disguise of letters would pass for a third language.
    let read_as = if seen.han.chars().any(language::is_han) {
        seen.han
    } else {
        seen.words
    };
    Some(Crisis {
        kind,
        language: language::of(&read_as),
    })
}
