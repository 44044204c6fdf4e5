//! What whoever is answered stated themselves, the likeliest answer to their question first: few lines, since a small model
//! that is shown many takes any of them.

use std::collections::HashSet;

use memory::{Oneself, Recalled, Turn};

/// How many of the asker's latest lines are looked at beside those that the message brought back.
pub(super) const LATEST: u32 = 40;
/// The most lines of the asker that are told beside a question about them, where nothing says which of them answers it. With
/// three, the line that says it in other words was left out too often.
const MOST: usize = 6;
/// And where something does, or where the question may be about something else.
const FEW: usize = 3;
/// From which rank on a line is taken to answer a question: what it speaks of, or the best match by words and more.
const LIKELY: f64 = 1.2;
/// And from which on it is told where the question may be about something else.
const ENOUGH: f64 = 0.8;
/// The part of the best one's rank that the others have beside it.
const NEAR: f64 = 0.6;

/// Of these lines those that may answer, the likeliest first; of equals the newer one.
pub(super) fn likeliest(
    question: &str,
    asks: Oneself,
    lines: Vec<Recalled>,
    states: impl Fn(&Turn) -> bool,
) -> Vec<Recalled> {
    if asks == Oneself::Nothing {
        return vec![];
    }
    let mut seen = HashSet::new();
    let mut stated = lines;
    stated.retain(|line| states(&line.turn) && seen.insert(line.turn.id));
    let best = stated.iter().map(|line| line.score).fold(0.0, f64::max);
    let rank = |line: &Recalled| match asks {
        Oneself::Everything => 0.0,
        _ => line.score / best.max(f64::MIN_POSITIVE) + memory::bears_on(question, &line.turn.text),
    };
    let mut ranked: Vec<(f64, Recalled)> =
        stated.into_iter().map(|line| (rank(&line), line)).collect();
    let newer =
        |a: &Recalled, b: &Recalled| (b.turn.at, b.turn.number).cmp(&(a.turn.at, a.turn.number));
    ranked.sort_by(|(one, a), (other, b)| other.total_cmp(one).then_with(|| newer(a, b)));
    let top = ranked.first().map_or(0.0, |(rank, _)| *rank);
    let (most, least) = match asks {
        Oneself::Perhaps => (FEW, ENOUGH.max(NEAR * top)),
        Oneself::Something if top >= LIKELY => (FEW, NEAR * top),
        _ => (MOST, f64::MIN),
    };
    let likely = ranked.into_iter().filter(|(rank, _)| *rank >= least);
    likely.take(most).map(|(_, line)| line).collect()
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
        let lines = likeliest(question, asks, talk(), |_| true);
        lines.iter().map(|line| line.turn.number).collect()
    }

    #[test]
    fn a_line_of_the_questions_kind_comes_before_one_that_has_its_words() {
        let told = told("what do I do for work?", Oneself::Something);
        assert_eq!(told, [1, 2]);
    }

    #[test]
    fn where_nothing_says_which_line_it_is_more_of_them_are_told_and_each_once() {
        let told = told("which day suits me best?", Oneself::Something);
        assert_eq!(told.len(), MOST, "{told:?}");
    }

    #[test]
    fn a_question_that_may_be_about_something_else_brings_what_fits_it_and_nothing_more() {
        assert_eq!(told("what is she called?", Oneself::Perhaps), [3, 2]);
        let nothing = [0; 0];
        assert_eq!(
            likeliest(
                "fog?",
                Oneself::Perhaps,
                vec![line(5, "It rains.", 0.0)],
                |_| true
            )
            .len(),
            0
        );
        assert_eq!(told("what is she called?", Oneself::Nothing), nothing);
    }

    #[test]
    fn who_asks_for_everything_is_told_the_latest() {
        assert_eq!(
            told("what do you know about me?", Oneself::Everything),
            [7, 6, 5, 4, 3, 2]
        );
    }
}
