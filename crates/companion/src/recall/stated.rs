//! What whoever is answered stated themselves, the likeliest answer to their question first. A model on one's own machine is
//! shown few of these lines: a small one that is shown many takes any of them.

use std::collections::HashSet;

use memory::{Oneself, Recalled, Turn};

/// How many of the asker's latest lines are looked at beside those that the message brought back.
pub(super) const LATEST: u32 = 40;
/// The most lines of the asker that are told beside a question about them. With three, the line that says it in other words was
/// left out too often.
const MOST: usize = 6;
/// And where the question may be about something else, or where they are few on purpose.
const FEW: usize = 3;
/// From which rank on a line is taken to answer a question: what it speaks of, or the best match by words and more.
const LIKELY: f64 = 1.2;
/// How much a line bears on a question that may be about something else, at least: it is of the question's kind.
const ENOUGH: f64 = 1.0;
/// The part of the best one's rank that those have that are told beside it, where they are few on purpose.
const NEAR: f64 = 0.6;

/// What the asker stated that may answer them.
#[derive(Clone, Debug, Default)]
pub(super) struct Stated {
    /// The likeliest first.
    lines: Vec<Recalled>,
    /// How many of them are told where they are few on purpose.
    few: usize,
}

impl Stated {
    /// Of these lines those that may answer; of equals the newer one first.
    pub(super) fn of(
        question: &str,
        asks: Oneself,
        lines: Vec<Recalled>,
        states: impl Fn(&Turn) -> bool,
    ) -> Self {
        if asks == Oneself::Nothing {
            return Self::default();
        }
        let mut seen = HashSet::new();
        let mut stated = lines;
        stated.retain(|line| states(&line.turn) && seen.insert(line.turn.id));
        if asks == Oneself::Perhaps {
            stated.retain(|line| memory::bears_on(question, &line.turn.text) >= ENOUGH);
        }
        let best = stated.iter().map(|line| line.score).fold(0.0, f64::max);
        let best = best.max(f64::MIN_POSITIVE);
        let rank = |line: &Recalled| match asks {
            Oneself::Everything => 0.0,
            _ => line.score / best + memory::bears_on(question, &line.turn.text),
        };
        let ranked = stated.into_iter().map(|line| (rank(&line), line));
        let mut ranked: Vec<(f64, Recalled)> = ranked.collect();
        let age = |line: &Recalled| (line.turn.at, line.turn.number);
        ranked.sort_by(|(one, a), (other, b)| other.total_cmp(one).then(age(b).cmp(&age(a))));
        ranked.truncate(match asks {
            Oneself::Perhaps => FEW,
            _ => MOST,
        });
        let top = ranked.first().map_or(0.0, |(rank, _)| *rank);
        let near = ranked.iter().filter(|(rank, _)| *rank >= NEAR * top);
        let few = match asks {
            Oneself::Everything => ranked.len(),
            // Nothing says which of them it is.
            Oneself::Something if top < LIKELY => ranked.len(),
            _ => near.count().min(FEW),
        };
        Self {
            lines: ranked.into_iter().map(|(_, line)| line).collect(),
            few,
        }
    }

    /// All of them.
    pub(super) fn all(&self) -> &[Recalled] {
        &self.lines
    }

    /// Those that are told: all, or few.
    pub(super) fn told(&self, few: bool) -> &[Recalled] {
        match few {
            true => self.lines.get(..self.few).unwrap_or(&self.lines),
            false => &self.lines,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use memory::{Author, ScopeId, TurnKind, Why};
    use store::id::{PersonaId, TurnId};

    use super::*;

    fn line(number: i64, text: &str, score: f64) -> Recalled {
        let at = DateTime::UNIX_EPOCH + TimeDelta::minutes(number);
        let turn = Turn {
            id: TurnId(number),
            scope: ScopeId {
                persona: PersonaId(1),
                guild: None,
                channel: 1.into(),
            },
            number,
            author: Author::Person(7.into()),
            author_name: "Ada".into(),
            kind: TurnKind::Chat,
            text: text.into(),
            messages: vec![],
            at,
            reply_to: None,
            answers: None,
            proxied: false,
            person: Some(7.into()),
        };
        Recalled {
            turn,
            score,
            why: Why::default(),
            age: TimeDelta::zero(),
        }
    }

    fn talk() -> Vec<Recalled> {
        vec![
            line(1, "I tune pianos for a living.", 0.0),
            line(2, "The fog did for the bell.", 0.4),
            line(3, "My goose is called Pretzel.", 0.0),
            line(4, "I baked bread.", 0.0),
            line(5, "It rains on the roof.", 0.0),
            line(6, "The bus sang today.", 0.0),
            line(7, "A man whistled at six.", 0.0),
            line(7, "A man whistled at six.", 0.0),
        ]
    }

    fn told(question: &str, asks: Oneself) -> Vec<i64> {
        let stated = Stated::of(question, asks, talk(), |_| true);
        let few = stated.told(true).iter();
        few.map(|line| line.turn.number).collect()
    }

    #[test]
    fn a_line_of_the_questions_kind_comes_before_one_that_has_its_words() {
        let told = told("what do I do for work?", Oneself::Something);
        assert_eq!(told, [1, 2]);
        let question = "what do I do for work?";
        let stated = Stated::of(question, Oneself::Something, talk(), |_| true);
        assert_eq!(stated.told(false).len(), MOST, "a large model sees more");
    }

    #[test]
    fn where_nothing_says_which_line_it_is_more_of_them_are_told_and_each_once() {
        let told = told("which day suits me best?", Oneself::Something);
        assert_eq!(told.len(), MOST, "{told:?}");
    }

    #[test]
    fn a_question_that_may_be_about_something_else_brings_what_fits_it_and_nothing_more() {
        assert_eq!(told("what is she called?", Oneself::Perhaps), [3]);
        assert_eq!(told("does it rain?", Oneself::Perhaps), [0; 0]);
        assert_eq!(told("what is she called?", Oneself::Nothing), [0; 0]);
    }

    #[test]
    fn who_asks_for_everything_is_told_the_latest() {
        assert_eq!(
            told("what do you know about me?", Oneself::Everything),
            [7, 6, 5, 4, 3, 2]
        );
    }
}
