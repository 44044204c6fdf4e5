//! Fits the ranking's weights: softmax regression. For each question the candidates that are evidence should have the
//! whole probability between them; the weights follow the gradient of its logarithm.

use ::memory::rerank::RankWeights;
use ::memory::{Candidate, FEATURES};

const STEPS: i32 = 300;
const RATE: f64 = 0.05;
/// How strongly weights are held near 0, all questions together.
const HOLD: f64 = 1.0;

/// A question's candidates as the fit sees them.
pub struct Example {
    rows: Vec<[f64; FEATURES]>,
    is_evidence: Vec<bool>,
}

impl Example {
    /// A question and its evidence; `None` if none of the evidence is among the candidates.
    pub fn new(candidates: &[Candidate], evidence: &[i64]) -> Option<Self> {
        let is_evidence: Vec<bool> = candidates
            .iter()
            .map(|candidate| evidence.contains(&candidate.number))
            .collect();
        is_evidence.contains(&true).then(|| Self {
            rows: candidates
                .iter()
                .map(|candidate| candidate.features.array())
                .collect(),
            is_evidence,
        })
    }
}

/// The weights that fit these questions.
pub fn fit(examples: &[&Example]) -> RankWeights {
    let spread = spread(examples);
    let mut weights = [0.0; FEATURES];
    let (mut first, mut second) = ([0.0; FEATURES], [0.0; FEATURES]);
    for step in 1..=STEPS {
        let mut gradient = gradient(examples, &spread, &weights);
        for n in 0..FEATURES {
            gradient[n] = (gradient[n] + HOLD * weights[n]) / examples.len().max(1) as f64;
            first[n] = 0.9 * first[n] + 0.1 * gradient[n];
            second[n] = 0.99 * second[n] + 0.01 * gradient[n] * gradient[n];
            let (mean, power) = (
                first[n] / (1.0 - 0.9_f64.powi(step)),
                second[n] / (1.0 - 0.99_f64.powi(step)),
            );
            weights[n] -= RATE * mean / (power.sqrt() + 1e-8);
        }
    }
    for (weight, spread) in weights.iter_mut().zip(spread) {
        *weight /= spread;
    }
    weights
}

/// Each number's standard deviation: the fit works on numbers of like size.
fn spread(examples: &[&Example]) -> [f64; FEATURES] {
    let rows = || examples.iter().flat_map(|example| &example.rows);
    let count = rows().count().max(1) as f64;
    let mut spread = [1.0; FEATURES];
    for (n, spread) in spread.iter_mut().enumerate() {
        let mean = rows().map(|row| row[n]).sum::<f64>() / count;
        let variance = rows().map(|row| (row[n] - mean).powi(2)).sum::<f64>() / count;
        // One that never changes tells nothing.
        *spread = if variance > 1e-12 {
            variance.sqrt()
        } else {
            f64::INFINITY
        };
    }
    spread
}

fn gradient(
    examples: &[&Example],
    spread: &[f64; FEATURES],
    weights: &RankWeights,
) -> [f64; FEATURES] {
    let mut scaled = *weights;
    scaled
        .iter_mut()
        .zip(spread)
        .for_each(|(weight, spread)| *weight /= spread);
    let mut gradient = [0.0; FEATURES];
    for example in examples {
        let scores: Vec<f64> = example
            .rows
            .iter()
            .map(|row| {
                row.iter()
                    .zip(scaled)
                    .map(|(number, weight)| number * weight)
                    .sum()
            })
            .collect();
        let best = scores.iter().copied().fold(f64::MIN, f64::max);
        let likely: Vec<f64> = scores.iter().map(|score| (score - best).exp()).collect();
        let all: f64 = likely.iter().sum();
        let evidence = example.is_evidence.iter().filter(|is| **is).count() as f64;
        for ((row, likely), is_evidence) in
            example.rows.iter().zip(likely).zip(&example.is_evidence)
        {
            let wanted = if *is_evidence { 1.0 / evidence } else { 0.0 };
            for n in 0..FEATURES {
                gradient[n] += (likely / all - wanted) * row[n] / spread[n];
            }
        }
    }
    gradient
}
