//! Gate: what must be answered before, or instead of, asking a model. The safety check comes before all else: it needs
//! no budget, no model and no memory.

use chrono::{DateTime, Utc};
use safety::age::{Place, Verdict, may_speak};

use crate::cast::Persona;
use crate::incoming::Incoming;
use crate::pace::Pace;
use crate::quiet::{Quiet, Told};

/// What the gate says to a message.
#[derive(Debug, PartialEq, Eq)]
pub enum Gate {
    /// Somebody may be in danger: this card is the answer.
    Crisis(String),
    /// Somebody is faster than their pace, or has a quiet period because they were.
    TooFast(Told),
    /// Go on.
    Open,
}

/// Looks for danger, and for nothing else.
pub fn safe(message: &Incoming) -> Gate {
    match safety::crisis::detect(&message.words()) {
        Some(crisis) => Gate::Crisis(safety::card::card(crisis)),
        None => Gate::Open,
    }
}

/// Counts a message that is to be answered against the paces. What comes in a quiet period is not counted.
pub fn paced(pace: &Pace, quiet: &Quiet, message: &Incoming, now: DateTime<Utc>) -> Gate {
    if quiet.holds(message.author.id, now) {
        return Gate::TooFast(Told::Nothing);
    }
    match pace.admit(message) {
        Ok(()) => Gate::Open,
        Err(fast) => Gate::TooFast(quiet.refuse(message, fast, now)),
    }
}

/// A place as the age rules see it.
pub fn place(in_guild: bool, age_restricted: bool) -> Place {
    match (in_guild, age_restricted) {
        (false, _) => Place::DirectMessage,
        (true, true) => Place::AgeRestricted,
        (true, false) => Place::Ordinary,
    }
}

/// Where a message was written, as the age rules see it.
pub fn age_place(message: &Incoming) -> Place {
    place(message.guild.is_some(), message.age_restricted)
}

/// Whether this persona may speak where the message was written.
pub fn age(persona: &Persona, message: &Incoming, operator_allows: bool) -> Verdict {
    may_speak(
        persona.card.is_age_restricted(),
        age_place(message),
        operator_allows,
    )
}
