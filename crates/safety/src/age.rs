//! Where an age-restricted persona may speak, and how far any persona may go in a place.
//!
//! Discord tells a bot no one's age. The only evidence is a channel that its server marked as age-restricted,
//! so anything else is treated as if minors were present.

use crate::language::Language;

/// Where a persona is about to speak. A thread has the place of its parent channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// A channel that its server marked as age-restricted.
    AgeRestricted,
    /// Any other channel of a server.
    Ordinary,
    /// A direct message or a group of them.
    DirectMessage,
}

/// How far a persona may go: what the system prompt's [`frame`](crate::frame::frame) is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AgeGate {
    /// Anyone may be reading.
    Everyone,
    /// The place is marked for adults, and the operator allows adult themes at all.
    Adults,
}

/// The gate of a place. `operator_allows` is the operator's setting, off by default.
pub fn gate(place: Place, operator_allows: bool) -> AgeGate {
    match place {
        Place::AgeRestricted if operator_allows => AgeGate::Adults,
        _ => AgeGate::Everyone,
    }
}

/// Whether a persona may speak in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It may.
    Speak,
    /// It may not, for this reason.
    Silent(Reason),
}

/// Why an age-restricted persona stays silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The operator has not allowed age-restricted personas on this bot.
    OperatorForbids,
    /// The channel is not marked as age-restricted.
    OrdinaryChannel,
    /// In direct messages nobody's age is known.
    DirectMessage,
}

/// Decides whether a persona may speak at `place`. A persona that is not age-restricted may speak anywhere.
pub fn may_speak(card_is_age_restricted: bool, place: Place, operator_allows: bool) -> Verdict {
    if !card_is_age_restricted {
        return Verdict::Speak;
    }
    if !operator_allows {
        return Verdict::Silent(Reason::OperatorForbids);
    }
    match place {
        Place::AgeRestricted => Verdict::Speak,
        Place::Ordinary => Verdict::Silent(Reason::OrdinaryChannel),
        Place::DirectMessage => Verdict::Silent(Reason::DirectMessage),
    }
}

impl Reason {
    /// What the person is told, with the next step. English when the language is unclear.
    pub fn text(self, persona: &str, language: Language) -> String {
        let persona = crate::clean::plain_name(persona);
        match (language, self) {
            (Language::Chinese, Self::OperatorForbids) => {
                format!(
                    "{persona} 是年龄限制角色，这个机器人没有开放这类角色。用 /persona switch 换一位吧。"
                )
            }
            (Language::Chinese, Self::OrdinaryChannel) => {
                format!(
                    "{persona} 是年龄限制角色，只能在标记为年龄限制的频道里说话。可以换一个频道，或用 /persona switch 换一位。"
                )
            }
            (Language::Chinese, Self::DirectMessage) => {
                format!("{persona} 是年龄限制角色，不能在私信里说话。用 /persona switch 换一位吧。")
            }
            (_, Self::OperatorForbids) => {
                format!(
                    "{persona} is age-restricted, and this bot does not offer age-restricted personas. /persona switch picks another."
                )
            }
            (_, Self::OrdinaryChannel) => {
                format!(
                    "{persona} is age-restricted and speaks only in channels marked as age-restricted. Try such a channel, or pick another with /persona switch."
                )
            }
            (_, Self::DirectMessage) => {
                format!(
                    "{persona} is age-restricted and does not speak in direct messages. /persona switch picks another."
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACES: [Place; 3] = [Place::AgeRestricted, Place::Ordinary, Place::DirectMessage];

    #[test]
    fn a_restricted_persona_speaks_only_in_a_restricted_channel_that_the_operator_opened() {
        for place in PLACES {
            for operator in [false, true] {
                let speaks = may_speak(true, place, operator) == Verdict::Speak;
                assert_eq!(
                    speaks,
                    place == Place::AgeRestricted && operator,
                    "{place:?} {operator}"
                );
                assert_eq!(gate(place, operator) == AgeGate::Adults, speaks);
            }
        }
    }

    #[test]
    fn any_other_persona_speaks_everywhere() {
        for place in PLACES {
            assert_eq!(may_speak(false, place, false), Verdict::Speak);
        }
    }

    #[test]
    fn a_refusal_names_the_persona_and_the_next_step() {
        for reason in [
            Reason::OperatorForbids,
            Reason::OrdinaryChannel,
            Reason::DirectMessage,
        ] {
            for language in [Language::English, Language::Chinese, Language::Unclear] {
                let text = reason.text("Mia", language);
                assert!(
                    text.contains("Mia") && text.contains("/persona switch"),
                    "{text}"
                );
            }
        }
    }
}
