//! One of the processes of `ledger-race`: many tasks that all want to call a model, on a database that it shares.
//!
//! It says `ready` on its standard output, waits for a line on its standard input, and says in the end how many calls it
//! made.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use ledger::{
    Ask, Ledger, LedgerConfig, Limit, Limits, ModelKey, ModelTerms, Period, PicoUsd, Price,
    Purpose, Refusal, Scope, Spender,
};
use provider::{Deadlines, Endpoint, Message, OpenAi, Provider as _, Request, Role};
use store::Store;
use store::clock::SystemClock;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::time::Instant;

use super::mishaps::Bills;
use super::till::Tariff;

/// The most output tokens of a call.
const CAP: u32 = 100;
/// A refused task asks again after this time: what others have set aside may come back.
const AGAIN: Duration = Duration::from_millis(100);
/// Who is refused for so long, while no call of this process ends, is done.
const IN_VAIN: Duration = Duration::from_millis(700);
/// What each task asks.
const QUESTION: &str = "The harbour is dark and the last boat is late. Tell me what you see from your window, who sings \
                        on the pier tonight, and whether you would trade it for a quieter street.";

/// How money is guarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Way {
    /// By holds.
    Ledger,
    /// As is common: the sum of what was spent is read and compared, and what the call cost is added after it.
    Check,
}

/// One process's share.
#[derive(clap::Args)]
pub struct Args {
    /// The database file
    #[arg(long)]
    database: PathBuf,
    /// The base URL of the model endpoint
    #[arg(long)]
    model: String,
    /// How many tasks
    #[arg(long)]
    tasks: u64,
    /// The number of the first task
    #[arg(long)]
    first: u64,
    /// The budget in pico-US-dollars
    #[arg(long)]
    budget: i64,
    /// How money is guarded
    #[arg(long)]
    way: Way,
    /// Errors come among the replies, and are billed like this
    #[arg(long)]
    errors: Option<Bills>,
}

/// What a token costs at the till, and in the ledger.
pub const TARIFF: Tariff = Tariff {
    input: 500_000,
    output: 10_000_000,
};

fn price() -> Price {
    Price::plain(PicoUsd(500_000_000_000), PicoUsd::dollars(10))
}

/// What all tasks of this process share.
struct Racer {
    ledger: Ledger,
    model: OpenAi,
    budget: i64,
    way: Way,
    /// Whether a call may fail.
    errors: bool,
    calls: AtomicU64,
    began: Instant,
    /// When the last call ended, in milliseconds since the beginning.
    last_end: AtomicU64,
}

/// Runs the tasks.
pub async fn run(args: &Args) -> anyhow::Result<bool> {
    let limit = Limit {
        usd: (args.way == Way::Ledger).then_some(PicoUsd(args.budget)),
        tokens: None,
    };
    let none = Limits::default();
    let config = LedgerConfig {
        instance: Limits {
            day: limit,
            month: limit,
        },
        guild: none,
        member: none,
        ..LedgerConfig::default()
    };
    let store = Store::open(&args.database).await?;
    let ledger = Ledger::open(store.clone(), Arc::new(SystemClock), config).await?;
    let endpoint = Endpoint::new(&args.model, None, Deadlines::default())?;
    println!("ready");
    let mut go = String::new();
    BufReader::new(tokio::io::stdin())
        .read_line(&mut go)
        .await
        .context("nobody says when to begin")?;
    let racer = Arc::new(Racer {
        ledger: ledger.clone(),
        model: OpenAi::new(endpoint, terms(args.errors == Some(Bills::Everything))),
        budget: args.budget,
        way: args.way,
        errors: args.errors.is_some(),
        calls: AtomicU64::new(0),
        began: Instant::now(),
        last_end: AtomicU64::new(0),
    });
    let mut tasks = tokio::task::JoinSet::new();
    for member in args.first..args.first + args.tasks {
        tasks.spawn(Arc::clone(&racer).spend(member));
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    ledger.close().await;
    // The other process may still write; then the log stays to it.
    let _ = store.close().await;
    println!("{}", racer.calls.load(Ordering::Relaxed));
    Ok(true)
}

fn terms(errors_may_be_billed: bool) -> ModelTerms {
    ModelTerms {
        key: ModelKey {
            provider: "till".into(),
            model: "till".into(),
        },
        context_window: 8192,
        max_output: CAP,
        caps_certified: true,
        local: false,
        errors_may_be_billed,
        price: Some(price()),
    }
}

impl Racer {
    /// Calls for as long as it may.
    async fn spend(self: Arc<Self>, member: u64) -> anyhow::Result<()> {
        let spender = Spender {
            guild: None,
            channel: None,
            member: member.into(),
        };
        let request = Request {
            messages: vec![Message {
                role: Role::User,
                text: QUESTION.into(),
            }],
            cap: CAP,
            ..Request::default()
        };
        let ask = Ask {
            input_bound: request.input_bound(self.model.terms().context_window),
            cap: CAP,
            purpose: Purpose::Reply,
            turn: None,
            persona: None,
        };
        loop {
            if self.way == Way::Check && !self.seems_to_fit(&spender, &ask).await? {
                return Ok(());
            }
            let hold = match self.ledger.hold(&spender, self.model.terms(), ask).await {
                Ok(hold) => hold,
                Err(Refusal::OverLimit { .. }) if self.waits_in_vain() => return Ok(()),
                Err(Refusal::OverLimit { .. }) => {
                    tokio::time::sleep(AGAIN).await;
                    continue;
                }
                Err(refusal) => return Err(refusal.into()),
            };
            let mut generation = self.model.stream(hold, request.clone());
            while generation.next().await.is_some() {}
            let finished = generation.finish();
            if !self.errors {
                finished.result?;
            }
            self.ledger.settle(finished.hold, finished.outcome).await?;
            self.calls.fetch_add(1, Ordering::Relaxed);
            self.last_end.store(self.now(), Ordering::Relaxed);
        }
    }

    /// The check of check-then-spend, at its kindest: it counts what this call can cost at most.
    async fn seems_to_fit(&self, spender: &Spender, ask: &Ask) -> anyhow::Result<bool> {
        let view = self.ledger.view(spender).await?;
        let own = |window: &&ledger::WindowView| {
            window.scope == Scope::Instance && window.period == Period::Day
        };
        let posted = view
            .windows
            .iter()
            .find(own)
            .map_or(0, |window| window.usd.posted);
        let most = price()
            .worst(ask.input_bound, u64::from(ask.cap))
            .context("the price of a call cannot be counted")?;
        Ok(posted + most.get() <= self.budget)
    }

    fn waits_in_vain(&self) -> bool {
        let quiet = self
            .now()
            .saturating_sub(self.last_end.load(Ordering::Relaxed));
        Duration::from_millis(quiet) > IN_VAIN
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}
