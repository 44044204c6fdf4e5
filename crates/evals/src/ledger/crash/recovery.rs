//! How long a start takes that finds many holds left open by a process that was killed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use ledger::{
    Ask, Ledger, LedgerConfig, Limits, ModelKey, ModelTerms, PicoUsd, Price, Purpose, Spender,
};
use store::Store;
use store::clock::SystemClock;
use tokio::process::Command;
use tokio::time::Instant;

use super::snare::die;

/// The longest that it may take.
const BOUND: Duration = Duration::from_secs(2);
/// Members whose calls these were; each has windows of its own.
const MEMBERS: u64 = 100;

/// The arguments of the process that leaves holds open.
#[derive(clap::Args)]
pub struct Args {
    /// The database file
    #[arg(long)]
    database: PathBuf,
    /// How many
    #[arg(long)]
    holds: usize,
}

/// Makes holds and dies.
pub async fn leave_open(args: &Args) -> anyhow::Result<bool> {
    let store = Store::open(&args.database).await?;
    let ledger = open(&store).await?;
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..args.holds as u64 {
        let ledger = ledger.clone();
        tasks.spawn(async move {
            let spender = Spender {
                guild: Some(1.into()),
                channel: None,
                member: (n % MEMBERS + 1).into(),
            };
            ledger.hold(&spender, &terms(), ask()).await
        });
    }
    let mut held = Vec::with_capacity(args.holds);
    while let Some(done) = tasks.join_next().await {
        held.push(done??);
    }
    die();
    Ok(false)
}

/// Measures; whether it was fast enough, and left nothing open.
pub async fn run(holds: usize) -> anyhow::Result<bool> {
    if holds == 0 {
        return Ok(true);
    }
    let folder = tempfile::tempdir().context("no folder for the database can be made")?;
    let database = folder.path().join("recovery.db");
    leave(&database, holds).await?;
    let store = Store::open(&database).await?;
    let began = Instant::now();
    let ledger = open(&store).await?;
    let recovered = ledger.recover().await?;
    let took = began.elapsed();
    let overview = ledger.overview().await?;
    let pending = overview
        .instance
        .iter()
        .chain(&overview.guilds)
        .any(|window| window.usd.pending != 0 || window.tokens.pending != 0);
    let sound = ledger.verify().await?.is_empty();
    store.close().await?;
    println!(
        "  recovery: {} open holds posted in {:.2} s (bound: {} s); left open: {}; windows {}",
        recovered.holds,
        took.as_secs_f64(),
        BOUND.as_secs(),
        if pending { "SOME" } else { "none" },
        if sound { "sound" } else { "UNSOUND" },
    );
    Ok(recovered.holds == holds as u64 && took < BOUND && !pending && sound)
}

async fn leave(database: &Path, holds: usize) -> anyhow::Result<()> {
    let own = std::env::current_exe().context("where this program lies is not known")?;
    let status = Command::new(own)
        .arg("leave-open")
        .arg("--database")
        .arg(database)
        .args(["--holds", &holds.to_string()])
        .kill_on_drop(true)
        .status()
        .await?;
    use std::os::unix::process::ExitStatusExt as _;
    ensure!(
        status.signal() == Some(9),
        "the process that leaves holds open ended otherwise ({status})"
    );
    Ok(())
}

async fn open(store: &Store) -> anyhow::Result<Ledger> {
    let none = Limits::default();
    let config = LedgerConfig {
        instance: none,
        guild: none,
        member: none,
        ..LedgerConfig::default()
    };
    Ok(Ledger::open(store.clone(), Arc::new(SystemClock), config).await?)
}

fn terms() -> ModelTerms {
    ModelTerms {
        key: ModelKey {
            provider: "sim".into(),
            model: "sim".into(),
        },
        context_window: 8192,
        max_output: 400,
        caps_certified: true,
        local: false,
        errors_may_be_billed: false,
        price: Some(Price::plain(PicoUsd::dollars(1), PicoUsd::dollars(2))),
    }
}

fn ask() -> Ask {
    Ask {
        input_bound: 1_000,
        cap: 100,
        purpose: Purpose::Reply,
        turn: None,
        persona: None,
    }
}
