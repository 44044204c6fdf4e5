//! `chinese`: what recall finds in a Chinese conversation, with and without the handling that Chinese gets (overlapping
//! pairs of characters, on the way in and on the way out).
//!
//! The conversation was written for this project: two friends, sixteen evenings, facts among small talk. A question that is
//! marked as paraphrased has at most one pair of characters in common with its answer, besides names.

use ::memory::rerank::BY_WORDS;
use ::memory::{rank, take};
use chrono::TimeDelta;

use super::found::part;
use super::talk::{Talk, parse};
use super::{Scratch, channel};

const FILE: &[u8] = include_bytes!("../../data/chinese.json");
/// Turns and questions that the conversation must have to mean something.
const LEAST_TURNS: usize = 400;
const LEAST_QUESTIONS: usize = 60;
/// Tokens that recall may fill.
const BUDGET: usize = 1_000;

/// The bound.
#[derive(clap::Args)]
pub struct Args {
    /// Fail below this recall@10 with handling
    #[arg(long, default_value_t = 0.5)]
    at_least: f64,
}

/// Sums of the parts that were found, of some questions.
#[derive(Clone, Copy, Default)]
struct Sum {
    questions: usize,
    in_ten: f64,
    in_budget: f64,
}

/// Of the questions in the answer's own words, and of the paraphrased ones.
type Sums = [Sum; 2];

/// Measures, prints, and says whether the bound holds.
pub async fn run(args: &Args) -> anyhow::Result<bool> {
    let with = measure(&parse(FILE)?).await?;
    let mut bare = parse(FILE)?;
    bare.iter_mut().for_each(Talk::without_cjk);
    let without = measure(&bare).await?;
    let talks = parse(FILE)?;
    let turns: usize = talks.iter().map(|talk| talk.lines.len()).sum();
    let (questions, paraphrased) = (all(&with).questions, with[1].questions);
    println!("{turns} turns, {questions} questions, {paraphrased} of them paraphrased");
    println!(
        "{:<18} {:>10} {:>16} {:>16} {:>16}",
        "", "questions", "own words: R@10", "paraphrased", "all (1,000 t)"
    );
    for (name, sums) in [("with pairs", &with), ("without", &without)] {
        let sum = all(sums);
        println!(
            "{name:<18} {:>10} {:>16.3} {:>16.3} {:>8.3} ({:.3})",
            sum.questions,
            sums[0].ten(),
            sums[1].ten(),
            sum.ten(),
            sum.in_budget / sum.questions.max(1) as f64,
        );
    }
    let (found, bare) = (all(&with).ten(), all(&without).ten());
    println!(
        "recall@10 {found:.3} with CJK handling, {bare:.3} without (bound {})",
        args.at_least
    );
    Ok(turns >= LEAST_TURNS
        && questions >= LEAST_QUESTIONS
        && 2 * paraphrased >= questions
        && found >= args.at_least
        && found > bare)
}

async fn measure(talks: &[Talk]) -> anyhow::Result<Sums> {
    let scratch = Scratch::new().await?;
    let mut sums = Sums::default();
    for (talk, n) in talks.iter().zip(1..) {
        let here = channel(1, n);
        scratch
            .hears(talk.lines.iter().map(|line| line.turn(here)))
            .await?;
        let now = talk.lines.last().map(|line| line.at()).unwrap_or_default() + TimeDelta::days(1);
        for ask in &talk.questions {
            let candidates = scratch.memory.candidates(&here, &ask.text).await?;
            let ranked = rank(candidates, &BY_WORDS);
            let ten: Vec<i64> = ranked
                .iter()
                .take(10)
                .map(|(turn, _)| turn.number)
                .collect();
            let taken = take(ranked, BUDGET, now);
            let taken: Vec<i64> = taken.iter().map(|(turn, _)| turn.number).collect();
            let sum = &mut sums[usize::from(ask.paraphrased)];
            sum.questions += 1;
            sum.in_ten += part(&ask.evidence, &ten);
            sum.in_budget += part(&ask.evidence, &taken);
        }
    }
    Ok(sums)
}

fn all(sums: &Sums) -> Sum {
    sums.iter().fold(Sum::default(), |all, sum| Sum {
        questions: all.questions + sum.questions,
        in_ten: all.in_ten + sum.in_ten,
        in_budget: all.in_budget + sum.in_budget,
    })
}

impl Sum {
    fn ten(&self) -> f64 {
        self.in_ten / self.questions.max(1) as f64
    }
}
