//! `recall-latency`: how long recall takes on one core, in a channel of ten thousand messages while the store around it
//! grows, and in one channel of a million. The embedding of the question is not part of it.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use memory::ScopeId;

use super::chatter::{Chatter, at};
use super::{Scratch, channel};

/// Messages of the channel that is asked.
const CHANNEL: u64 = 10_000;
const QUESTIONS: usize = 400;
const BUDGET: usize = 1_000;
/// Set in the process that runs on one core.
const PINNED: &str = "FAMILIAR_EVALS_PINNED";

/// What is measured.
#[derive(clap::Args)]
pub struct Args {
    /// Messages of the largest store, and of the one large channel
    #[arg(long, default_value_t = 1_000_000)]
    most: u64,
}

/// Measures, prints, and says whether the bounds hold. Starts itself again on one core.
pub async fn run(args: &Args) -> anyhow::Result<bool> {
    if std::env::var_os(PINNED).is_none() {
        let status = Command::new("taskset")
            .args(["-c", "0"])
            .arg(std::env::current_exe()?)
            .args(std::env::args_os().skip(1))
            .env(PINNED, "1")
            .status()
            .context("taskset (util-linux) is needed to stay on one core")?;
        return Ok(status.success());
    }
    let cores = std::thread::available_parallelism()?;
    println!("on {cores} core, {QUESTIONS} questions each, {BUDGET} tokens");
    let mut holds = true;
    let mut chatter = Chatter::new(1);
    let growing = Scratch::new().await?;
    let mut stored = 0;
    for (size, bound) in [(CHANNEL, 10), (10 * CHANNEL, 15), (100 * CHANNEL, 30)] {
        if size > args.most {
            continue;
        }
        let asked = grow(&growing, &mut chatter, stored, size).await?;
        stored = size;
        let label = format!("a channel of {CHANNEL} in a store of {size}");
        holds &= measure(&growing, &mut chatter, &asked, &label, bound).await?;
    }
    let alone = Scratch::new().await?;
    let here = channel(1, 1);
    alone
        .hears((0..args.most).map(|_| chatter.turn(here)))
        .await?;
    let label = format!("one channel of {}", args.most);
    let asked = Asked::some(here, &mut Chatter::new(1));
    holds &= measure(&alone, &mut chatter, &asked, &label, 80).await?;
    Ok(holds)
}

/// The channel that is asked, and some of what was said there.
struct Asked {
    scope: ScopeId,
    said: Vec<String>,
}

impl Asked {
    /// What is asked about need not have been said: a sentence of the same talk is as good.
    fn some(scope: ScopeId, chatter: &mut Chatter) -> Self {
        Self {
            scope,
            said: (0..QUESTIONS).map(|_| chatter.sentence()).collect(),
        }
    }
}

/// Fills a store up to a size, as many channels of the same length talking in turns. The first of the new ones is asked.
async fn grow(
    scratch: &Scratch,
    chatter: &mut Chatter,
    stored: u64,
    size: u64,
) -> anyhow::Result<Asked> {
    let channels = (size - stored) / CHANNEL;
    let first = stored / CHANNEL + 1;
    let mut said = Vec::new();
    let turns = (0..size - stored).map(|n| {
        let turn = chatter.turn(channel(1, first + n % channels));
        if n % channels == 0 {
            said.push(turn.text.clone());
        }
        turn
    });
    scratch.hears(turns).await?;
    Ok(Asked {
        scope: channel(1, first),
        said,
    })
}

async fn measure(
    scratch: &Scratch,
    chatter: &mut Chatter,
    asked: &Asked,
    label: &str,
    bound: u64,
) -> anyhow::Result<bool> {
    let mut times = Vec::with_capacity(QUESTIONS);
    for _ in 0..QUESTIONS {
        let about = &asked.said[chatter.below(asked.said.len() as u64) as usize];
        let question = chatter.question(about);
        let begun = Instant::now();
        let recalled = scratch
            .memory
            .recall(&asked.scope, &question, &[], BUDGET, at(2_000_000))
            .await?;
        times.push(begun.elapsed());
        anyhow::ensure!(!recalled.is_empty(), "{question:?} brought nothing back");
    }
    times.sort_unstable();
    let at_part = |part: usize| times[(QUESTIONS * part / 100).min(QUESTIONS - 1)];
    let (p50, p95, p99) = (at_part(50), at_part(95), at_part(99));
    let holds = p95 <= Duration::from_millis(bound);
    println!("{label}: p50 {p50:.1?}, p95 {p95:.1?}, p99 {p99:.1?} (bound {bound} ms at p95)");
    Ok(holds)
}
