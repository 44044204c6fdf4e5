//! Candidates: the turns that may answer a question, with all that the ranking wants to know of each.
//!
//! Turns that have words of the question weigh by BM25 (a word counts once a turn: chat is short). What answers a
//! question often stands beside the turn that repeats its words ("Where did you go?", "To Lisbon"), so each turn also
//! takes half of its neighbours' weight. The best of these are read, and measured for the ranking.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use store::id::ScopeId;
use store::search::{Found, Glimpse, Hit};
use store::{Store, StoreError};

use crate::bm25::damping;
use crate::features::{Features, Question};
use crate::vectors::Nearness;

/// Turns with words of the question that are looked at: in a channel of a million messages a common word must not cost
/// a million rows.
const HITS: usize = 600;
/// Candidates that are read and ranked.
const RANKED: usize = 150;
/// What a neighbour's weight counts.
const NEIGHBOUR: f64 = 0.5;
/// The shares of words and of meaning, where there are vectors.
const WORDS: f64 = 0.7;
const MEANING: f64 = 0.3;
/// About what a speaker's name and a date add to a turn in the index.
const LABEL_CHARS: f64 = 20.0;

/// A turn that may answer a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The turn's number in its scope.
    pub number: i64,
    /// The name that people saw when it was said.
    pub author_name: String,
    /// The words.
    pub text: String,
    /// When it was said.
    pub at: DateTime<Utc>,
    /// What the ranking knows of it.
    pub features: Features,
}

/// How much the words of a question weigh in the turns that have them, the best sum of a turn and its neighbours being 1.
struct Weights {
    words: HashMap<i64, f64>,
    has: HashMap<i64, u64>,
    rarity: Vec<f64>,
}

/// The turns of a scope that may answer a question, those that `skip` names left out.
pub(crate) async fn candidates(
    store: &Store,
    scope: &ScopeId,
    question: &str,
    nearness: &Nearness,
    skip: &HashSet<i64>,
) -> Result<Vec<Candidate>, StoreError> {
    let found = store.search_turns(scope, question, HITS).await?;
    let weights = Weights::of(found);
    let chosen = weights.best(nearness, skip);
    let mut wanted: Vec<i64> = chosen.iter().flat_map(|n| [*n, n - 1]).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let glimpses = store.glimpses(scope, &wanted).await?;
    let speakers = chosen.iter().filter_map(|number| glimpses.get(number));
    let question = Question::new(question, speakers.map(|turn| turn.author_name.as_str()));
    Ok(chosen
        .iter()
        .filter_map(|number| candidate(*number, &glimpses, &weights, nearness, &question))
        .collect())
}

/// A chosen turn, measured; `None` if it was forgotten.
fn candidate(
    number: i64,
    glimpses: &HashMap<i64, Glimpse>,
    weights: &Weights,
    nearness: &Nearness,
    question: &Question,
) -> Option<Candidate> {
    let turn = glimpses.get(&number)?;
    let before = glimpses.get(&(number - 1)).map(|turn| turn.text.as_str());
    let around = |reach: i64| -> f64 {
        (number - reach..=number + reach)
            .map(|beside| weights.at(beside))
            .sum()
    };
    let features = Features {
        words: weights.at(number),
        before: weights.at(number - 1),
        after: weights.at(number + 1),
        two_before: weights.at(number - 2),
        two_after: weights.at(number + 2),
        around: around(5),
        covered: weights.covered(number),
        meaning: nearness.at(number),
        meaning_before: nearness.at(number - 1),
        meaning_after: nearness.at(number + 1),
        meaning_around: nearness.at(number - 2) + nearness.at(number + 2),
        ..question.features(
            &turn.author_name,
            &turn.text,
            before,
            weights.at(number - 1),
        )
    };
    Some(Candidate {
        number,
        author_name: turn.author_name.clone(),
        text: turn.text.clone(),
        at: DateTime::from_timestamp_millis(turn.at).unwrap_or_default(),
        features,
    })
}

impl Weights {
    fn of(found: Found) -> Self {
        let Found { rarity, hits } = found;
        let length = |hit: &Hit| f64::from(hit.length) + LABEL_CHARS;
        let mean = hits.iter().map(length).sum::<f64>() / hits.len().max(1) as f64;
        let mut weights = Self {
            words: HashMap::with_capacity(hits.len()),
            has: HashMap::with_capacity(hits.len()),
            rarity,
        };
        for hit in &hits {
            let damped = damping(length(hit), mean);
            weights.has.insert(hit.number, hit.words);
            weights
                .words
                .insert(hit.number, weights.rarity_of(hit.words) * damped);
        }
        let best = weights
            .smoothed()
            .into_values()
            .fold(f64::MIN_POSITIVE, f64::max);
        weights
            .words
            .values_mut()
            .for_each(|weight| *weight /= best);
        weights
    }

    fn at(&self, number: i64) -> f64 {
        self.words.get(&number).copied().unwrap_or_default()
    }

    fn rarity_of(&self, words: u64) -> f64 {
        let bits = self.rarity.iter().enumerate();
        bits.filter(|(bit, _)| words & (1 << bit) != 0)
            .map(|(_, rarity)| rarity)
            .sum()
    }

    /// The part of the question's words, by rarity, that a turn and its neighbours have between them.
    fn covered(&self, number: i64) -> f64 {
        let has = |number| self.has.get(&number).copied().unwrap_or_default();
        let all = self.rarity.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        self.rarity_of(has(number - 1) | has(number) | has(number + 1)) / all
    }

    /// Each turn's weight and half of its neighbours'.
    fn smoothed(&self) -> HashMap<i64, f64> {
        let mut smoothed = HashMap::with_capacity(3 * self.words.len());
        for (number, weight) in &self.words {
            *smoothed.entry(*number).or_default() += weight;
            *smoothed.entry(number - 1).or_default() += NEIGHBOUR * weight;
            *smoothed.entry(number + 1).or_default() += NEIGHBOUR * weight;
        }
        smoothed
    }

    /// The numbers that are worth reading; of equals the newer ones.
    fn best(&self, nearness: &Nearness, skip: &HashSet<i64>) -> Vec<i64> {
        let mut scores = self.smoothed();
        for score in scores.values_mut() {
            *score *= WORDS;
        }
        for number in nearness.near() {
            scores.entry(number).or_default();
        }
        let mut ranked: Vec<(i64, f64)> = scores
            .into_iter()
            .filter(|(number, _)| !skip.contains(number))
            .map(|(number, words)| {
                let beside = nearness.at(number - 1) + nearness.at(number + 1);
                (
                    number,
                    words + MEANING * (nearness.at(number) + NEIGHBOUR * beside),
                )
            })
            .collect();
        ranked.sort_by(|(a, score_a), (b, score_b)| score_b.total_cmp(score_a).then(b.cmp(a)));
        ranked.truncate(RANKED);
        ranked.into_iter().map(|(number, _)| number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(hits: &[(i64, u64)]) -> Weights {
        Weights::of(Found {
            rarity: vec![2.0, 1.0],
            hits: hits
                .iter()
                .map(|&(number, words)| Hit {
                    number,
                    words,
                    length: 30,
                })
                .collect(),
        })
    }

    #[test]
    fn a_turn_between_two_matches_weighs_as_much_as_one_of_them() {
        let weights = weights(&[(4, 1), (6, 1)]);
        let smoothed = weights.smoothed();
        assert!((smoothed[&5] - smoothed[&4]).abs() < 1e-9);
        assert!((smoothed[&4] - 1.0).abs() < 1e-9, "the best sum is 1");
        assert!(smoothed[&7] < smoothed[&6]);
    }

    #[test]
    fn neighbours_cover_a_question_together_and_the_rarer_word_covers_more() {
        let weights = weights(&[(4, 0b01), (5, 0b10), (9, 0b10)]);
        assert!((weights.covered(4) - 1.0).abs() < 1e-9);
        assert!((weights.covered(3) - 2.0 / 3.0).abs() < 1e-9);
        assert!((weights.covered(9) - 1.0 / 3.0).abs() < 1e-9);
    }
}
