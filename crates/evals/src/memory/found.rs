//! How much of a question's evidence was found, added up by category.

use std::collections::BTreeMap;
use std::fmt;

/// Sums of one category.
#[derive(Clone, Copy, Default)]
struct Sum {
    questions: f64,
    in_budget: f64,
    in_ten: f64,
}

/// What was found of the evidence of many questions.
#[derive(Default)]
pub struct Found {
    by_category: BTreeMap<u64, Sum>,
}

impl Found {
    /// Counts a question: the parts of its evidence that the budget and the ten best have.
    pub fn count(&mut self, category: u64, in_budget: f64, in_ten: f64) {
        let sum = self.by_category.entry(category).or_default();
        sum.questions += 1.0;
        sum.in_budget += in_budget;
        sum.in_ten += in_ten;
    }

    fn all(&self) -> Sum {
        self.by_category
            .values()
            .fold(Sum::default(), |all, sum| Sum {
                questions: all.questions + sum.questions,
                in_budget: all.in_budget + sum.in_budget,
                in_ten: all.in_ten + sum.in_ten,
            })
    }

    /// The mean over all questions of what the budget had.
    pub fn in_budget(&self) -> f64 {
        let all = self.all();
        all.in_budget / all.questions.max(1.0)
    }

    /// The mean over all questions of what the ten best had.
    pub fn in_ten(&self) -> f64 {
        let all = self.all();
        all.in_ten / all.questions.max(1.0)
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:10} {:>9} {:>9} {:>9}",
            "category", "questions", "recall", "R@10"
        )?;
        let mut row = |name: String, sum: Sum| {
            let mean = |part: f64| part / sum.questions.max(1.0);
            writeln!(
                f,
                "{name:10} {:>9} {:>9.3} {:>9.3}",
                sum.questions,
                mean(sum.in_budget),
                mean(sum.in_ten)
            )
        };
        for (category, sum) in &self.by_category {
            row(category.to_string(), *sum)?;
        }
        row("all".to_owned(), self.all())
    }
}

/// The part of the evidence that is among what was found.
pub fn part(evidence: &[i64], found: &[i64]) -> f64 {
    let there = evidence
        .iter()
        .filter(|number| found.contains(number))
        .count();
    there as f64 / evidence.len().max(1) as f64
}
