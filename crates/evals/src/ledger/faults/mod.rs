//! Everything that a provider can do wrong: the ledger must never post less than what was billed, and a breach must be
//! seen on the very call that makes it.

mod cases;
mod lab;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use model_sim::Dialect;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use self::cases::{CUT, Case};
use self::lab::{Called, Lab};
use super::mishaps::{Bills, Ran};

/// Calls at a time.
const AT_ONCE: usize = 48;
/// A stream is no longer than this; a cut behind its end is a case too.
const LONGEST: usize = 6_000;

/// How much.
#[derive(clap::Args)]
pub struct Args {
    /// Cuts streams only at every so-many-th byte; 1 is all of them
    #[arg(long, default_value_t = 1)]
    every: usize,
}

/// What came of the cases of one kind.
#[derive(Clone, Copy, Default)]
struct Row {
    cases: usize,
    settled: usize,
    full: usize,
    voided: usize,
    panics: usize,
    under: usize,
    breaches: usize,
    /// Breaches that were not seen, or after which the next call was let through; or false alarms.
    missed: usize,
    /// Errors that cost more than the part of the call that was run can have cost.
    kept: usize,
}

/// Measures; whether everything held.
pub async fn run(args: &Args) -> anyhow::Result<bool> {
    let began = Instant::now();
    println!(
        "  {:<28} cases  at its cost  at more  given back  breaches    PANICS  UNDER-POSTS  UNSEEN    KEPT",
        ""
    );
    let mut sum = Row::default();
    for (dialect, name) in [
        (Dialect::OpenAi, "OpenAI"),
        (Dialect::Anthropic, "Anthropic"),
    ] {
        println!("  {name}'s dialect; errors are billed by what was run");
        let cases = thinned(cases::all(dialect, LONGEST), args.every.max(1));
        for (group, row) in campaign(cases, Bills::Ran).await? {
            print(group, &row);
            sum.join(&row);
            ensure!(
                group != CUT || row.settled > 0,
                "the streams are longer than the last cut"
            );
        }
        println!(
            "  {name}'s dialect; errors are billed as whole replies, and `errors_may_be_billed = true`"
        );
        for (group, row) in campaign(cases::errors(dialect), Bills::Everything).await? {
            print(group, &row);
            sum.join(&row);
        }
    }
    print("all", &sum);
    let holds = sum.panics + sum.under + sum.missed + sum.kept == 0;
    println!(
        "\n  {} cases in {:.1} s; bound: no panic, no under-post, every breach seen on its own call and the next refused, no \
         error kept more than the prompt: {}",
        sum.cases,
        began.elapsed().as_secs_f64(),
        if holds { "kept" } else { "BROKEN" }
    );
    Ok(holds)
}

fn thinned(cases: Vec<Case>, every: usize) -> Vec<Case> {
    let numbered = cases.into_iter().enumerate();
    numbered
        .filter(|(n, case)| case.group != CUT || n % every == 0)
        .map(|(_, case)| case)
        .collect()
}

/// All cases of a dialect. Those that close the scope or the model get a laboratory of their own.
async fn campaign(cases: Vec<Case>, bills: Bills) -> anyhow::Result<BTreeMap<&'static str, Row>> {
    let shared = Arc::new(Lab::open(bills).await?);
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut calls = tokio::task::JoinSet::new();
    let mut rows: BTreeMap<&'static str, Row> = BTreeMap::new();
    let mut running = std::collections::HashMap::new();
    for (number, case) in cases.into_iter().enumerate() {
        let place = Arc::clone(&places).acquire_owned().await?;
        let (shared, group, breach) = (Arc::clone(&shared), case.group, case.breach);
        let ran = case.ran().filter(|_| bills == Bills::Ran);
        let lab = if breach {
            Arc::new(Lab::open(bills).await?)
        } else {
            shared
        };
        let id = calls.spawn(call(lab, number + 1, case, place)).id();
        running.insert(id, (group, breach, ran));
    }
    let mut posted = (0, 0);
    while let Some(done) = calls.join_next_with_id().await {
        let id = done.as_ref().map_or_else(|error| error.id(), |(id, _)| *id);
        let (group, breach, ran) = running.remove(&id).context("an unknown call has ended")?;
        let row = rows.entry(group).or_default();
        row.cases += 1;
        match done {
            Err(_) => row.panics += 1,
            Ok((_, called)) => {
                let called = called.with_context(|| format!("in the cases \"{group}\""))?;
                if !breach {
                    posted.0 += called.posted.0;
                    posted.1 += called.posted.1;
                }
                row.see(group, &called, breach, ran);
            }
        }
    }
    let lab = Arc::try_unwrap(shared).ok().context("a call still runs")?;
    lab.close(posted).await?;
    Ok(rows)
}

/// One call; it gives its place back when it is over.
async fn call(
    lab: Arc<Lab>,
    number: usize,
    case: Case,
    place: OwnedSemaphorePermit,
) -> anyhow::Result<Called> {
    let called = lab.call(number, &case).await;
    drop((lab, place));
    called
}

impl Row {
    fn see(&mut self, group: &str, called: &Called, breach: bool, ran: Option<Ran>) {
        let Called { billed, posted, .. } = *called;
        if posted.0 < billed.0 || posted.1 < billed.1 {
            self.under += 1;
            println!("  UNDER-POST ({group}): billed {billed:?}, posted {posted:?}");
        }
        let most = match ran {
            Some(Ran::Nothing) => (0, 0),
            Some(Ran::Prompt) => called.prompt,
            Some(Ran::Whole) | None => (i64::MAX, i64::MAX),
        };
        if posted.0 > most.0 || posted.1 > most.1 {
            self.kept += 1;
            println!("  KEPT ({group}): at most {most:?}, posted {posted:?}");
        }
        self.breaches += usize::from(called.breach);
        self.missed += usize::from(called.breach != breach || called.breach != called.refused);
        match posted {
            (0, 0) => self.voided += 1,
            posted if posted == billed => self.settled += 1,
            _ => self.full += 1,
        }
    }

    fn join(&mut self, other: &Self) {
        self.cases += other.cases;
        self.settled += other.settled;
        self.full += other.full;
        self.voided += other.voided;
        self.panics += other.panics;
        self.under += other.under;
        self.breaches += other.breaches;
        self.missed += other.missed;
        self.kept += other.kept;
    }
}

fn print(group: &str, row: &Row) {
    println!(
        "    {group:<26} {:>5} {:>12} {:>8} {:>11} {:>9} {:>9} {:>12} {:>7} {:>7}",
        row.cases,
        row.settled,
        row.full,
        row.voided,
        row.breaches,
        row.panics,
        row.under,
        row.missed,
        row.kept
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn no_fault_of_a_provider_makes_the_ledger_post_too_little() {
        for dialect in [Dialect::OpenAi, Dialect::Anthropic] {
            let cases = thinned(cases::all(dialect, LONGEST), 300);
            let mut sum = Row::default();
            for row in campaign(cases, Bills::Ran).await.unwrap().values() {
                sum.join(row);
            }
            assert!(sum.cases > 100 && sum.breaches >= 5 && sum.settled > 0);
            assert_eq!([sum.panics, sum.under, sum.missed, sum.kept], [0; 4]);
        }
    }

    #[tokio::test]
    async fn errors_that_are_billed_are_posted_where_they_may_be() {
        for dialect in [Dialect::OpenAi, Dialect::Anthropic] {
            let cases = cases::errors(dialect);
            let mut sum = Row::default();
            for row in campaign(cases, Bills::Everything).await.unwrap().values() {
                sum.join(row);
            }
            assert!(sum.full > 70 && sum.voided >= 20);
            assert_eq!([sum.panics, sum.under, sum.missed], [0; 3]);
        }
    }
}
