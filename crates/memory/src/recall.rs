//! Recall: what a question brings back from the whole history of one scope.
//!
//! Candidates (`candidates.rs`) are measured (`features.rs`) and ranked (`rerank.rs`); the best that fit into the budget
//! are brought back, each counted as the line that it takes in a prompt: "2 weeks ago, Ada: …".

use std::collections::{HashMap, HashSet};
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use store::id::ScopeId;
use store::turns::Turn;
use store::{Store, StoreError};

use crate::ago::ago;
use crate::candidates::{Candidate, candidates};
use crate::features::Features;
use crate::rerank::{BY_MEANING, BY_WORDS, RankWeights, score};
use crate::tokens::tokens;
use crate::vectors::Nearness;

/// The marks of a recalled line: a comma, a colon, and the line's end.
const LINE_MARKS: usize = 3;

/// A turn that a question brought back.
#[derive(Clone, Debug, PartialEq)]
pub struct Recalled {
    /// The turn, word for word.
    pub turn: Turn,
    /// How likely it is what was asked for, from 0 to 1: the ranking's guess among all candidates, which together are 1.
    pub score: f64,
    /// What speaks for it.
    pub why: Why,
    /// How long ago it was said.
    pub age: TimeDelta,
}

/// Why a turn was brought back.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Why {
    /// The words that it shares with the question, as a part of the best match.
    pub words: f64,
    /// The same of the turns before and after it.
    pub neighbours: f64,
    /// How near its meaning is to the question's (a cosine); 0 without vectors.
    pub meaning: f64,
    /// Whether the question names who said it.
    pub speaker: bool,
}

impl From<&Features> for Why {
    fn from(features: &Features) -> Self {
        Self {
            words: features.words,
            neighbours: features.before + features.after,
            meaning: features.meaning,
            speaker: features.speaker > 0.0,
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "words {:.2}, neighbours {:.2}",
            self.words, self.neighbours
        )?;
        if self.meaning > 0.0 {
            write!(f, ", meaning {:.2}", self.meaning)?;
        }
        if self.speaker {
            f.write_str(", speaker named")?;
        }
        Ok(())
    }
}

pub(crate) async fn recall(
    store: &Store,
    scope: &ScopeId,
    question: &str,
    nearness: Nearness,
    window: &[Turn],
    budget: usize,
    now: DateTime<Utc>,
) -> Result<Vec<Recalled>, StoreError> {
    let in_window: HashSet<i64> = window.iter().map(|turn| turn.number).collect();
    let found = candidates(store, scope, question, &nearness, &in_window).await?;
    let weights = weights(&nearness);
    let taken = take(rank(found, weights), budget, now);
    let numbers: Vec<i64> = taken
        .iter()
        .map(|(candidate, _)| candidate.number)
        .collect();
    let turns = store.turns_numbered(scope, &numbers).await?;
    let mut taken: HashMap<i64, (Candidate, f64)> = taken
        .into_iter()
        .map(|(candidate, score)| (candidate.number, (candidate, score)))
        .collect();
    Ok(turns
        .into_iter()
        .filter_map(|turn| {
            let (candidate, score) = taken.remove(&turn.number)?;
            Some(Recalled {
                score,
                why: Why::from(&candidate.features),
                age: now - turn.at,
                turn,
            })
        })
        .collect())
}

/// The shipped weights for what there is to go by.
fn weights(nearness: &Nearness) -> &'static RankWeights {
    if nearness.is_empty() {
        &BY_WORDS
    } else {
        &BY_MEANING
    }
}

/// Candidates with their scores, best first; of equals the newer one.
pub fn rank(candidates: Vec<Candidate>, weights: &RankWeights) -> Vec<(Candidate, f64)> {
    let mut ranked: Vec<(Candidate, f64)> = candidates
        .into_iter()
        .map(|candidate| {
            let score = score(&candidate.features, weights);
            (candidate, score)
        })
        .collect();
    ranked.sort_by(|(a, score_a), (b, score_b)| {
        score_b.total_cmp(score_a).then(b.number.cmp(&a.number))
    });
    let best = ranked.first().map_or(0.0, |(_, score)| *score);
    let all: f64 = ranked.iter().map(|(_, score)| (score - best).exp()).sum();
    for (_, score) in &mut ranked {
        *score = (*score - best).exp() / all;
    }
    ranked
}

/// Takes the best that fit into the budget; one that is too long is passed over for shorter ones.
pub fn take(
    ranked: Vec<(Candidate, f64)>,
    budget: usize,
    now: DateTime<Utc>,
) -> Vec<(Candidate, f64)> {
    let mut left = budget;
    ranked
        .into_iter()
        .filter(|(candidate, _)| {
            let rest = left.checked_sub(line_tokens(candidate, now));
            left = rest.unwrap_or(left);
            rest.is_some()
        })
        .collect()
}

fn line_tokens(candidate: &Candidate, now: DateTime<Utc>) -> usize {
    tokens(&ago(candidate.at, now))
        + tokens(&candidate.author_name)
        + tokens(&candidate.text)
        + LINE_MARKS
}
