//! Recall: what a question brings back from the whole history of one scope.
//!
//! Turns that have words of the question in them are ranked by BM25. What answers a question often stands beside the
//! turn that repeats its words ("Where did you go?", "To Lisbon"), so each turn also takes half of its neighbours'
//! weight. A turn by somebody whom the question names gets a little more. On LoCoMo (categories 1 to 4) this finds 0.77
//! of a question's evidence in 1,000 tokens, names and time labels counted.

use std::collections::{HashMap, HashSet};
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use store::id::ScopeId;
use store::search::Hit;
use store::turns::Turn;
use store::{Store, StoreError};

use crate::tokens::turn_tokens;

/// Matches that are looked at: in a channel of a million messages a common word must not cost a million rows.
const CANDIDATES: u32 = 200;
/// Ranked turns whose words are read to fill the budget.
const READ: usize = 100;
/// What a neighbour's weight counts.
const NEIGHBOUR: f64 = 0.5;
/// The share of words in the score; the rest is for meaning (vectors), which is not built yet, and for names.
const WORDS: f64 = 0.7;
/// What it counts that the question names the speaker.
const SPEAKER: f64 = 0.1;
/// Tokens for "2 weeks ago" before a recalled turn.
const TIME_LABEL: usize = 6;

/// A turn that a question brought back.
#[derive(Clone, Debug, PartialEq)]
pub struct Recalled {
    /// The turn, word for word.
    pub turn: Turn,
    /// How well it fits, from 0 to 0.8.
    pub score: f64,
    /// What the score is made of.
    pub why: Why,
    /// How long ago it was said.
    pub age: TimeDelta,
}

/// Why a turn was brought back.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Why {
    /// From words that it shares with the question.
    pub words: f64,
    /// From the words of the turns before and after it.
    pub neighbours: f64,
    /// Whether the question names who said it.
    pub speaker: bool,
}

impl Why {
    fn score(self) -> f64 {
        self.words + self.neighbours + if self.speaker { SPEAKER } else { 0.0 }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "words {:.2}, neighbours {:.2}",
            self.words, self.neighbours
        )?;
        if self.speaker {
            f.write_str(", speaker named")
        } else {
            Ok(())
        }
    }
}

pub(crate) async fn recall(
    store: &Store,
    scope: &ScopeId,
    question: &str,
    window: &[Turn],
    budget: usize,
    now: DateTime<Utc>,
) -> Result<Vec<Recalled>, StoreError> {
    let hits = store.search_turns(scope, question, CANDIDATES).await?;
    let mut whys = smoothed(&hits);
    let numbers: Vec<i64> = whys.keys().copied().collect();
    let speakers = store.turn_speakers(scope, &numbers).await?;
    let in_window: HashSet<i64> = window.iter().map(|turn| turn.number).collect();
    // A neighbour that was forgotten has no speaker.
    whys.retain(|number, _| speakers.contains_key(number) && !in_window.contains(number));
    let question = question.to_lowercase();
    for (number, why) in &mut whys {
        why.speaker = speakers
            .get(number)
            .is_some_and(|name| names(&question, name));
    }
    let ranked = ranked(whys);
    let numbers: Vec<i64> = ranked.iter().map(|(number, _)| *number).collect();
    let turns = store.turns_numbered(scope, &numbers).await?;
    Ok(fill(ranked, turns, budget, now))
}

/// Each match's weight, and half of it for the turns before and after it; the best of the sums is 1.
fn smoothed(hits: &[Hit]) -> HashMap<i64, Why> {
    let mut whys: HashMap<i64, Why> = HashMap::new();
    for hit in hits {
        whys.entry(hit.number).or_default().words += hit.weight;
        for beside in [hit.number - 1, hit.number + 1] {
            whys.entry(beside).or_default().neighbours += NEIGHBOUR * hit.weight;
        }
    }
    let best = whys
        .values()
        .map(|why| why.score())
        .fold(f64::MIN_POSITIVE, f64::max);
    for why in whys.values_mut() {
        why.words *= WORDS / best;
        why.neighbours *= WORDS / best;
    }
    whys
}

/// Best first; of equals the newer one.
fn ranked(whys: HashMap<i64, Why>) -> Vec<(i64, Why)> {
    let mut ranked: Vec<(i64, Why)> = whys.into_iter().collect();
    ranked.sort_by(|(a, why_a), (b, why_b)| why_b.score().total_cmp(&why_a.score()).then(b.cmp(a)));
    ranked.truncate(READ);
    ranked
}

/// Takes the best turns that fit into the budget; one that is too long is passed over for shorter ones.
fn fill(
    ranked: Vec<(i64, Why)>,
    turns: Vec<Turn>,
    budget: usize,
    now: DateTime<Utc>,
) -> Vec<Recalled> {
    let mut turns: HashMap<i64, Turn> = turns.into_iter().map(|turn| (turn.number, turn)).collect();
    let mut left = budget;
    let mut recalled = Vec::new();
    for (number, why) in ranked {
        let Some(turn) = turns.remove(&number) else {
            continue;
        };
        let Some(rest) = left.checked_sub(turn_tokens(&turn) + TIME_LABEL) else {
            continue;
        };
        left = rest;
        let age = now - turn.at;
        recalled.push(Recalled {
            turn,
            score: why.score(),
            why,
            age,
        });
    }
    recalled.sort_by_key(|recalled| recalled.turn.number);
    recalled
}

/// Whether a question (in lower case) names this speaker: by a whole word of the name, or by a name that is written
/// without spaces.
fn names(question: &str, speaker: &str) -> bool {
    let speaker = speaker.to_lowercase();
    speaker
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| part.chars().count() >= 2)
        .any(|part| {
            if part.is_ascii() {
                question
                    .split(|c: char| !c.is_alphanumeric())
                    .any(|word| word == part)
            } else {
                question.contains(part)
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("what did ada say?", "Ada Lovelace", true)]
    #[case("ada's cat", "ada", true)]
    #[case("an adamant no", "Ada", false)]
    #[case("a", "A", false)]
    #[case("林晚昨天说了什么", "林晚", true)]
    fn a_speaker_is_named_by_a_whole_word(
        #[case] question: &str,
        #[case] speaker: &str,
        #[case] named: bool,
    ) {
        assert_eq!(names(question, speaker), named);
    }

    #[test]
    fn a_turn_between_two_matches_weighs_as_much_as_one_of_them() {
        let hits = [
            Hit {
                number: 4,
                weight: 2.0,
            },
            Hit {
                number: 6,
                weight: 2.0,
            },
        ];
        let whys = smoothed(&hits);
        let score = |number| whys[&number].score();
        assert!((score(5) - score(4)).abs() < 1e-9);
        assert!(
            (score(4) - WORDS).abs() < 1e-9,
            "the best score is the words' whole share"
        );
        assert!(score(7) < score(6));
    }
}
