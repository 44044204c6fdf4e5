//! The ranking: each candidate's numbers, weighed and added. The weights were fitted, not thought up.
//!
//! Origin: `cargo run --release -p evals -- locomo PATH --fit` on the 1,536 questions (categories 1 to 4) of LoCoMo's
//! ten conversations: softmax regression, each question's evidence against its other candidates. The same command
//! reports what weights reach on a conversation that they have not seen (each of the ten left out in turn).

use crate::features::{FEATURES, Features};

/// What each number counts, in the order of [`Features::array`].
pub type RankWeights = [f64; FEATURES];

/// Without vectors.
pub const BY_WORDS: RankWeights = [
    3.701, -0.120, 0.524, 1.977, 0.880, 0.531, 3.577, 1.266, -1.267, -0.657, 0.748, 2.678, 1.803,
    0.0, 0.0, 0.0, 0.0,
];

/// With the vectors of all-MiniLM-L6-v2, fitted in the same way (`--embeddings minilm:FOLDER --fit`). Another model's
/// cosines are spread otherwise: these weights serve it, but were not fitted to it.
pub const BY_MEANING: RankWeights = [
    2.160, -1.236, -0.529, 1.507, 0.597, 0.604, 3.625, 1.259, -1.261, -0.616, 0.977, 2.490, 1.816,
    4.352, 2.248, 1.797, 0.240,
];

/// The score of a candidate: only its order among the candidates of one question means something.
pub fn score(features: &Features, weights: &RankWeights) -> f64 {
    features
        .array()
        .iter()
        .zip(weights)
        .map(|(feature, weight)| feature * weight)
        .sum()
}
