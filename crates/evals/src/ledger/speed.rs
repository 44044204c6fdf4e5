//! `ledger-speed`: holds that are on disk before they are answered, and their settlements, by the thousand.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use ledger::{
    Ask, Ledger, LedgerConfig, Limit, Limits, ModelKey, ModelTerms, Outcome, PicoUsd, Price,
    Purpose, Spender, Usage,
};
use store::Store;
use store::clock::SystemClock;
use tempfile::TempDir;
use tokio::task::JoinSet;

/// Pairs of a hold and its settlement a second, at least, when many run at once.
const PAIRS: f64 = 1_000.0;
/// The slowest pair of a hundred at the usual pace, at most.
const SLOWEST: Duration = Duration::from_millis(25);
/// How long a start may take over holds that a crash has left open.
const RECOVERY: Duration = Duration::from_secs(2);
/// The least share of the asked pace that must be kept, or the latencies are those of another pace.
const KEPT: f64 = 0.98;

#[derive(clap::Args)]
pub struct Args {
    /// How long each part is measured, in seconds
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// How many pairs run at a time in the fastest part
    #[arg(long, default_value_t = 256)]
    tasks: u64,
    /// Pairs a second in the paced part
    #[arg(long, default_value_t = 200)]
    pace: u32,
    /// Holds that are left open for the recovery
    #[arg(long, default_value_t = 10_000)]
    open: u64,
}

/// Runs the parts one after another and says whether every bound was kept.
pub async fn run(args: &Args) -> anyhow::Result<bool> {
    let bench = Bench::new().await?;
    let lasting = Duration::from_secs(args.seconds.max(1));
    let alone = bench.as_many_as_go(1, lasting).await?;
    println!(
        "one by one:         {:>7.0} pairs/s, {}",
        alone.rate, alone.times
    );
    let many = bench.as_many_as_go(args.tasks, lasting).await?;
    println!(
        "{:>4} at a time:     {:>7.0} pairs/s, {}",
        args.tasks, many.rate, many.times
    );
    let paced = bench.paced(args.pace, lasting).await?;
    println!(
        "{:>4} a second:      {:>7.0} pairs/s, {}",
        args.pace, paced.rate, paced.times
    );
    let recovery = bench.recovery(args.open).await?;
    println!(
        "recovery:           {} open holds posted in {recovery:.2?}",
        args.open
    );
    let kept = [
        (many.rate >= PAIRS, "fewer pairs a second than 1,000"),
        (
            paced.rate >= KEPT * f64::from(args.pace),
            "the pace was not kept",
        ),
        (
            paced.times.of_a_hundred <= SLOWEST,
            "the slowest of a hundred took longer than 25 ms",
        ),
        (recovery < RECOVERY, "the recovery took longer than 2 s"),
    ];
    for (_, broken) in kept.iter().filter(|(kept, _)| !kept) {
        println!("BROKEN: {broken}");
    }
    Ok(kept.iter().all(|(kept, _)| *kept))
}

/// A ledger as the bot has it: on a real file, on disk at each hold.
struct Bench {
    _folder: TempDir,
    store: Store,
    ledger: Ledger,
    terms: Arc<ModelTerms>,
}

/// How fast a part was.
struct Speed {
    rate: f64,
    times: Times,
}

/// How long a pair took.
struct Times {
    half: Duration,
    of_a_hundred: Duration,
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "p50 {:.1?}, p99 {:.1?}", self.half, self.of_a_hundred)
    }
}

impl Times {
    fn of(mut all: Vec<Duration>) -> anyhow::Result<Self> {
        all.sort_unstable();
        let at = |part: usize| all.get(all.len() * part / 100).copied();
        Ok(Self {
            half: at(50).context("nothing was measured")?,
            of_a_hundred: at(99).context("nothing was measured")?,
        })
    }
}

impl Bench {
    async fn new() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("no folder for the database can be made")?;
        let store = Store::open(folder.path().join("speed.db")).await?;
        let ledger = Self::ledger(&store).await?;
        Ok(Self {
            _folder: folder,
            store,
            ledger,
            terms: Arc::new(terms()),
        })
    }

    /// Limits that are checked and never met.
    async fn ledger(store: &Store) -> anyhow::Result<Ledger> {
        let limit = Limit {
            usd: Some(PicoUsd::dollars(1_000_000)),
            tokens: Some(1_000_000_000_000),
        };
        let limits = Limits {
            day: limit,
            month: limit,
        };
        let config = LedgerConfig {
            instance: limits,
            guild: limits,
            ..LedgerConfig::default()
        };
        Ok(Ledger::open(store.clone(), Arc::new(SystemClock), config).await?)
    }

    /// One hold and its settlement, both answered.
    async fn pair(ledger: Ledger, terms: Arc<ModelTerms>, n: u64) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        let hold = ledger.hold(&spender(n), &terms, ask()).await?;
        ledger.settle(hold, used()).await?;
        Ok(begun.elapsed())
    }

    async fn as_many_as_go(&self, tasks: u64, lasting: Duration) -> anyhow::Result<Speed> {
        let begun = Instant::now();
        let mut running = JoinSet::new();
        for task in 0..tasks {
            let (ledger, terms) = (self.ledger.clone(), Arc::clone(&self.terms));
            running.spawn(async move {
                let mut times = Vec::new();
                while begun.elapsed() < lasting {
                    let n = task + tasks * times.len() as u64;
                    times.push(Self::pair(ledger.clone(), Arc::clone(&terms), n).await?);
                }
                anyhow::Ok(times)
            });
        }
        let mut times = Vec::new();
        while let Some(done) = running.join_next().await {
            times.extend(done??);
        }
        Self::speed(times, begun)
    }

    /// A pair begins at each beat, whether or not the ones before have ended.
    async fn paced(&self, pace: u32, lasting: Duration) -> anyhow::Result<Speed> {
        let begun = Instant::now();
        let mut beat = tokio::time::interval(Duration::from_secs(1) / pace);
        let mut running = JoinSet::new();
        let mut n = 0;
        while begun.elapsed() < lasting {
            beat.tick().await;
            running.spawn(Self::pair(self.ledger.clone(), Arc::clone(&self.terms), n));
            n += 1;
        }
        let mut times = Vec::new();
        while let Some(done) = running.join_next().await {
            times.push(done??);
        }
        Self::speed(times, begun)
    }

    fn speed(times: Vec<Duration>, begun: Instant) -> anyhow::Result<Speed> {
        Ok(Speed {
            rate: times.len() as f64 / begun.elapsed().as_secs_f64(),
            times: Times::of(times)?,
        })
    }

    /// How long a start takes over this many holds that a killed run has left open.
    async fn recovery(&self, open: u64) -> anyhow::Result<Duration> {
        let mut running = JoinSet::new();
        for task in 0..100 {
            let (ledger, terms) = (self.ledger.clone(), Arc::clone(&self.terms));
            running.spawn(async move {
                for n in (task..open).step_by(100) {
                    // A killed process runs no destructors.
                    std::mem::forget(ledger.hold(&spender(n), &terms, ask()).await?);
                }
                anyhow::Ok(())
            });
        }
        while let Some(done) = running.join_next().await {
            done??;
        }
        self.ledger.let_go();
        let next = Self::ledger(&self.store).await?;
        let begun = Instant::now();
        let recovered = next.recover().await?;
        let took = begun.elapsed();
        anyhow::ensure!(
            recovered.holds == open && next.verify().await?.is_empty(),
            "{} of {open} open holds were posted, or a window differs from its holds",
            recovered.holds
        );
        Ok(took)
    }
}

/// People of twenty servers.
fn spender(n: u64) -> Spender {
    Spender {
        guild: Some((n % 20 + 1).into()),
        channel: None,
        member: (n % 1_000 + 1).into(),
    }
}

fn terms() -> ModelTerms {
    ModelTerms {
        key: ModelKey {
            provider: "sim".into(),
            model: "sim".into(),
        },
        context_window: 8192,
        max_output: 2048,
        caps_certified: true,
        local: false,
        errors_may_be_billed: false,
        price: Some(Price::plain(PicoUsd::dollars(1), PicoUsd::dollars(2))),
    }
}

fn ask() -> Ask {
    Ask {
        input_bound: 3_000,
        cap: 400,
        purpose: Purpose::Reply,
        turn: Some(1.into()),
        persona: None,
    }
}

fn used() -> Outcome {
    Outcome::Complete(Usage {
        input: 800,
        output: 120,
        ..Usage::default()
    })
}
