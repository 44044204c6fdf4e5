//! What the verdicts on a short talk come to: what a model can and cannot do as a companion. Few messages show large effects
//! only, and the bounds are such that a good one passes them by far.

use std::fmt;

use super::ability::Ability;
use crate::answers::tally::{Rate, Tally};

/// Questions that are answered with what was told, at least.
const REMEMBERED: f64 = 0.75;
/// Replies with something of their own, at least.
const OWN: f64 = 0.7;
/// Replies in the persona's voice, at least.
const IN_VOICE: f64 = 0.5;
/// Replies in the language, at least.
const IN_LANGUAGE: f64 = 0.9;
/// Sentences that were said before, and replies that say the message back, at most.
const REPEATED: f64 = 0.1;
/// Facts that are kept of those that were told, at least.
const KEPT: f64 = 0.5;
/// With less of its own, or less in the language, a model shows that it is connected, and no more.
const TALKS: f64 = 0.5;

/// Whether a model has an ability.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    ability: Ability,
    has: bool,
    counted: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let begins = match self.has {
            true => "can    ",
            false => "cannot ",
        };
        write!(f, "{begins}{}: {}", self.ability.can(), self.counted)
    }
}

/// What it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A companion, which lacks at most what is not essential.
    Companion(Vec<Ability>),
    /// It talks, and lacks this.
    Talks(Vec<Ability>),
    /// It shows that everything is connected.
    Connection,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Companion(lacks) if lacks.is_empty() => {
                f.write_str("This model can be a companion.")
            }
            Self::Companion(lacks) => write!(
                f,
                "This model can be a companion. Mind that it {}.",
                in_a_row(lacks)
            ),
            Self::Talks(lacks) => write!(f, "This model can talk, but {}.", in_a_row(lacks)),
            Self::Connection => {
                f.write_str("This model is good for trying the connection, and no more.")
            }
        }
    }
}

fn in_a_row(lacks: &[Ability]) -> String {
    let all: Vec<&str> = lacks.iter().map(|ability| ability.lack()).collect();
    match all.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => all.concat(),
    }
}

/// What was counted shows this; what was not counted shows nothing.
pub fn findings(tally: &Tally, persona: &str, language: &str) -> Vec<Finding> {
    let mut all = vec![];
    let mut find = |ability, of: Rate, has: bool, counted: String| {
        all.extend((of.of > 0).then_some(Finding {
            ability,
            has,
            counted,
        }));
    };
    let Tally {
        used,
        swaps,
        lore_for_memory: lore,
        in_voice,
        in_language,
        answers,
        sentences,
        parrots,
        accepts_false: accepts,
        kept,
        wrong,
        ..
    } = tally;
    let replies = |rate: &Rate| format!("{} of {} replies", rate.hits, rate.of);
    find(
        Ability::Remembers,
        *used,
        used.value() >= REMEMBERED,
        format!("{} of {} questions answered with it", used.hits, used.of),
    );
    let mixed = swaps.hits + lore.hits;
    find(
        Ability::KeepsApart,
        *swaps,
        mixed == 0,
        match mixed {
            0 => format!("in all of {} replies", swaps.of),
            _ => format!(
                "{} of {} replies take your thing for its own, {} of {} questions got its own thing for yours",
                swaps.hits, swaps.of, lore.hits, lore.of
            ),
        },
    );
    find(
        Ability::Voice,
        *in_voice,
        in_voice.value() >= IN_VOICE,
        format!("{} sound like {persona}", replies(in_voice)),
    );
    find(
        Ability::Language,
        *in_language,
        in_language.value() >= IN_LANGUAGE,
        format!("{} are in {language}", replies(in_language)),
    );
    find(
        Ability::Answers,
        *answers,
        answers.value() >= OWN,
        format!("{} do", replies(answers)),
    );
    // Replies too short to have sentences that are compared show nothing.
    let compared = match sentences.of {
        0 => Rate::default(),
        _ => *parrots,
    };
    find(
        Ability::Fresh,
        compared,
        sentences.value() <= REPEATED && parrots.value() <= REPEATED,
        format!(
            "{} of {} sentences were said before, {} say your message back",
            sentences.hits,
            sentences.of,
            replies(parrots)
        ),
    );
    find(
        Ability::Doubts,
        *accepts,
        accepts.hits == 0,
        format!(
            "{} of {} such claims taken for true",
            accepts.hits, accepts.of
        ),
    );
    find(
        Ability::Facts,
        *kept,
        kept.value() >= KEPT && wrong.hits <= 1,
        format!(
            "{} of {} that were told, and {} that nobody told",
            kept.hits, kept.of, wrong.hits
        ),
    );
    all
}

/// What the findings come to.
pub fn verdict(findings: &[Finding], tally: &Tally) -> Verdict {
    if tally.answers.value() < TALKS || tally.in_language.value() < TALKS {
        return Verdict::Connection;
    }
    let lacks = findings.iter().filter(|finding| !finding.has);
    let lacks: Vec<Ability> = lacks.map(|finding| finding.ability).collect();
    match lacks.iter().any(|ability| ability.is_essential()) {
        true => Verdict::Talks(lacks),
        false => Verdict::Companion(lacks),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Tally {
        let all = |of| Rate { hits: of, of };
        let none = |of| Rate { hits: 0, of };
        Tally {
            used: Rate { hits: 3, of: 4 },
            swaps: none(12),
            answers: all(12),
            parrots: none(12),
            sentences: Rate { hits: 2, of: 30 },
            in_voice: Rate { hits: 9, of: 12 },
            in_language: all(12),
            accepts_false: none(1),
            lore_for_memory: none(1),
            kept: Rate { hits: 4, of: 6 },
            wrong: none(4),
            ..Tally::default()
        }
    }

    fn said(tally: &Tally) -> String {
        verdict(&findings(tally, "Orla", "English"), tally).to_string()
    }

    #[test]
    fn a_good_model_can_be_a_companion() {
        assert_eq!(said(&good()), "This model can be a companion.");
        let lines = findings(&good(), "Orla", "English");
        let lines: Vec<String> = lines.iter().map(Finding::to_string).collect();
        assert_eq!(
            lines[0],
            "can    remember what it was told: 3 of 4 questions answered with it"
        );
        assert_eq!(
            lines[2],
            "can    keep its voice: 9 of 12 replies sound like Orla"
        );
        assert_eq!(lines.len(), 8);
    }

    #[test]
    fn what_it_lacks_is_said_and_only_what_is_essential_makes_it_none() {
        let forgets = Tally {
            used: Rate { hits: 2, of: 4 },
            sentences: Rate { hits: 9, of: 30 },
            ..good()
        };
        assert_eq!(
            said(&forgets),
            "This model can talk, but forgets what it was told and repeats itself or you."
        );
        let believes = Tally {
            accepts_false: Rate { hits: 1, of: 1 },
            ..good()
        };
        assert_eq!(
            said(&believes),
            "This model can be a companion. Mind that it believes what nobody said."
        );
        let lore = Tally {
            lore_for_memory: Rate { hits: 1, of: 1 },
            ..good()
        };
        assert!(said(&lore).contains("takes your things for its own"));
    }

    #[test]
    fn without_a_word_of_its_own_it_tries_the_connection() {
        let parrot = Tally {
            answers: Rate { hits: 1, of: 12 },
            ..good()
        };
        assert!(said(&parrot).contains("trying the connection"));
    }

    #[test]
    fn what_was_not_tried_is_not_told() {
        let unread = Tally {
            kept: Rate::default(),
            ..good()
        };
        let lines = findings(&unread, "Orla", "English");
        assert!(lines.iter().all(|line| line.ability != Ability::Facts));
    }
}
