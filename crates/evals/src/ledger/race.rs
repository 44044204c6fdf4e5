//! Many tasks in two processes against one budget: the provider's own bill must not pass it, and nearly all of it must
//! be used. The same load on check-then-spend shows what the holds are for. Then errors come among the replies, billed by
//! what was run, and billed like replies.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use clap::ValueEnum as _;
use ledger::{Ledger, LedgerConfig, PicoUsd};
use model_sim::{Chunks, Prompt};
use store::Store;
use store::clock::SystemClock;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::mishaps::{Bills, Mishaps};
use super::racer::{self, Way};
use super::till::Till;

/// Processes on the database.
const PROCESSES: u64 = 2;
/// Of the budget, this much must be used.
const USED_PERCENT: f64 = 97.0;
/// How long a reply takes.
const REPLY: Duration = Duration::from_millis(60);
/// A round that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(120);
/// Words of the shortest reply; the longest has a hundred.
const SHORTEST: u64 = 50;

/// How many, how often, on how much.
#[derive(clap::Args)]
pub struct Args {
    /// Tasks, half of them in each process
    #[arg(long, default_value_t = 256)]
    tasks: u64,
    /// Rounds, each with a new database
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// The budget in US dollars; a call costs about 0.0008 and holds 0.0014
    #[arg(long, default_value = "0.08")]
    budget: PicoUsd,
    /// Of a hundred answers, so many are errors in the rounds that have them; 0 leaves these rounds out
    #[arg(long, default_value_t = 30)]
    errors: u8,
}

/// What is raced: how money is guarded, and how errors are billed if there are any.
type Course = (Way, Option<Bills>);

/// The courses, by their names.
const COURSES: [(&str, Course); 4] = [
    ("ledger", (Way::Ledger, None)),
    ("check-then-spend", (Way::Check, None)),
    ("errors", (Way::Ledger, Some(Bills::Ran))),
    ("errors, billed", (Way::Ledger, Some(Bills::Everything))),
];

/// What one round came to.
struct Round {
    calls: u64,
    errors: u64,
    billed: i64,
    took: Duration,
    /// What the ledger says of itself.
    posted: i64,
    sound: bool,
}

/// Measures; whether the bounds hold.
pub async fn run(args: &Args) -> anyhow::Result<bool> {
    println!(
        "{} tasks in {PROCESSES} processes on one database file, budget {}; the bill is the provider's own",
        args.tasks, args.budget
    );
    println!(
        "  way               calls  errors       billed   of the budget   overshoot       posted     took"
    );
    let mut holds = true;
    for _ in 0..args.rounds.max(1) {
        let courses = COURSES
            .into_iter()
            .filter(|(_, (_, bills))| bills.is_none() || args.errors > 0);
        for (name, course) in courses {
            let round = race(args, course).await?;
            print(name, &round, args.budget);
            holds &= judge(&round, course, args.budget);
        }
    }
    println!(
        "\n  bound: the ledger's overshoot is 0, no call is posted below its bill in sum, and at least {USED_PERCENT} % of the \
         budget is used: {}",
        if holds { "kept" } else { "BROKEN" }
    );
    Ok(holds)
}

fn print(name: &str, round: &Round, budget: PicoUsd) {
    let percent = share(round.billed, budget);
    println!(
        "  {name:<16} {:>6} {:>7} {:>12} {percent:>13.1} % {:>9.1} % {:>12} {:>6.1} s",
        round.calls,
        round.errors,
        PicoUsd(round.billed).to_string(),
        (percent - 100.0).max(0.0),
        PicoUsd(round.posted).to_string(),
        round.took.as_secs_f64(),
    );
}

fn share(billed: i64, budget: PicoUsd) -> f64 {
    billed as f64 * 100.0 / budget.get() as f64
}

/// Whether a round kept the bounds. Where nothing fails, each call is posted at its bill. An error costs as much of its
/// hold as may have been billed, so that more can be posted than was billed, and never less.
fn judge(round: &Round, (way, bills): Course, budget: PicoUsd) -> bool {
    if way == Way::Check {
        return true;
    }
    if !round.sound {
        println!("  the windows do not say what their holds say");
    }
    let covered = match bills {
        None => round.posted == round.billed,
        Some(_) => round.posted >= round.billed && round.errors > 0,
    };
    if !covered {
        println!(
            "  the ledger posted {} and the provider billed {}",
            PicoUsd(round.posted),
            PicoUsd(round.billed)
        );
    }
    round.sound
        && covered
        && round.posted <= budget.get()
        && round.billed <= budget.get()
        && share(round.posted, budget) >= USED_PERCENT
}

/// A reply of a length that differs from call to call.
fn reply(prompt: &Prompt) -> String {
    // Not random: the calls of a round all ask the same, so the length follows from when they came.
    use std::sync::atomic::{AtomicU64, Ordering};
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let step = NUMBER.fetch_add(1, Ordering::Relaxed).wrapping_mul(37);
    let most = prompt.max_tokens.unwrap_or(SHORTEST).max(SHORTEST + 1);
    let words = SHORTEST + step % (most - SHORTEST);
    (0..words).map(|_| "oar ").collect()
}

async fn race(args: &Args, (way, bills): Course) -> anyhow::Result<Round> {
    let folder = tempfile::tempdir().context("no folder for the database can be made")?;
    let database = folder.path().join("race.db");
    // Made before anybody races on it.
    let store = Store::open(&database).await?;
    let everybody = |_: &Prompt| String::new();
    let mishaps = bills.map_or_else(Mishaps::none, |bills| Mishaps::new(args.errors, bills));
    let till = Till::open(racer::TARIFF, mishaps, everybody, reply, |reply| {
        reply.chunks(Chunks::Whole).after(REPLY)
    })
    .await;
    let each = args.tasks / PROCESSES;
    let mut racers = Vec::new();
    for n in 0..PROCESSES {
        let model = till.sim.openai_url();
        racers.push(Racer::start(
            &database,
            &model,
            (n * each + 1, each),
            args.budget,
            (way, bills),
        )?);
    }
    for racer in &mut racers {
        racer.ready().await?;
    }
    let began = tokio::time::Instant::now();
    for racer in &mut racers {
        racer.go().await?;
    }
    let mut calls = 0;
    for racer in racers {
        calls += tokio::time::timeout(PATIENCE, racer.ended())
            .await
            .context("a process does not end")??;
    }
    let took = began.elapsed();
    let ledger = Ledger::open(
        store.clone(),
        std::sync::Arc::new(SystemClock),
        LedgerConfig::default(),
    )
    .await?;
    let overview = ledger.overview().await?;
    let sound = ledger.verify().await?.is_empty()
        && overview
            .instance
            .iter()
            .all(|window| window.usd.pending == 0 && window.usd.overrun == 0);
    let posted = overview
        .own(ledger::Period::Day)
        .map_or(0, |window| window.usd.posted);
    store.close().await?;
    let billed = till.billed();
    ensure!(
        billed.calls == calls,
        "the provider was asked {} times and the tasks made {calls} calls",
        billed.calls
    );
    Ok(Round {
        calls,
        errors: billed.errors,
        billed: billed.usd,
        took,
        posted,
        sound,
    })
}

/// How a way of billing is called on the command line.
fn name(bills: Bills) -> String {
    bills
        .to_possible_value()
        .map(|value| value.get_name().to_owned())
        .unwrap_or_default()
}

/// A process of ours that races.
struct Racer {
    process: Child,
    said: BufReader<ChildStdout>,
    told: ChildStdin,
}

impl Racer {
    fn start(
        database: &Path,
        model: &str,
        (first, tasks): (u64, u64),
        budget: PicoUsd,
        (way, bills): Course,
    ) -> anyhow::Result<Self> {
        let own = std::env::current_exe().context("where this program lies is not known")?;
        let way = match way {
            Way::Ledger => "ledger",
            Way::Check => "check",
        };
        let mut process = Command::new(own)
            .arg("racer")
            .arg("--database")
            .arg(database)
            .args(["--model", model, "--way", way])
            .args(["--first", &first.to_string()])
            .args(["--tasks", &tasks.to_string()])
            .args(["--budget", &budget.get().to_string()])
            .args(
                bills
                    .iter()
                    .flat_map(|bills| ["--errors".to_owned(), name(*bills)]),
            )
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("a second process cannot be started")?;
        let said = process.stdout.take().context("a process has no output")?;
        let told = process.stdin.take().context("a process has no input")?;
        Ok(Self {
            process,
            said: BufReader::new(said),
            told,
        })
    }

    async fn ready(&mut self) -> anyhow::Result<()> {
        let mut line = String::new();
        self.said.read_line(&mut line).await?;
        ensure!(line.trim() == "ready", "a process ended before it began");
        Ok(())
    }

    async fn go(&mut self) -> anyhow::Result<()> {
        self.told
            .write_all(b"go\n")
            .await
            .context("a process ended before it began")
    }

    /// Waits for its end; how many calls it made.
    async fn ended(mut self) -> anyhow::Result<u64> {
        let mut rest = String::new();
        self.said.read_to_string(&mut rest).await?;
        let status = self.process.wait().await?;
        ensure!(status.success(), "a process failed ({status})");
        rest.trim().parse().context("a process says no number")
    }
}
