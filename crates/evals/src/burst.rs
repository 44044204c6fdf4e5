//! Messages in many channels at once: how long until people can read something, and what it costs the machine.
//!
//! Everything is real but Discord and the model: the bot is the release binary in a process of its own, the other two are
//! simulators in this process, on the same machine's cores. The model streams each reply over 0.8 s.

use std::time::Duration;

use crate::child::{self, Bot};
use crate::process::{self, Memory};
use crate::spread::Spread;
use crate::town::{STREAMING, Town};

/// A Python bot of this kind, well tuned, on such a machine. Whoever is slower or larger than that fails.
const PYTHON: Bounds = Bounds {
    first: Duration::from_millis(870),
    cpu: Duration::from_millis(1_700),
    peak: 89.0,
};
/// What Familiar aims at.
const AIM: Bounds = Bounds {
    first: Duration::from_millis(150),
    cpu: Duration::from_millis(400),
    peak: 60.0,
};
/// How long all replies of a round may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// How many, how often, and with what.
#[derive(clap::Args)]
pub struct Args {
    /// Channels, and so messages at once
    #[arg(long, default_value_t = 100)]
    channels: usize,
    /// Rounds; in the first the bot knows no channel and makes its webhooks
    #[arg(long, default_value_t = 4)]
    rounds: usize,
    /// Leaves out the second bot, which is measured with Discord's rate limits enforced
    #[arg(long)]
    skip_limits: bool,
    /// Prints what the bot logged
    #[arg(long)]
    log: bool,
    /// Another bot than the one that is built beside this program
    #[arg(long)]
    bot: Option<std::path::PathBuf>,
}

/// The time to the first visible reply (p50), CPU time a round, and the most memory in megabytes.
struct Bounds {
    first: Duration,
    cpu: Duration,
    peak: f64,
}

/// What one round took.
struct Round {
    first: Spread,
    last: Spread,
    cpu: Duration,
    /// Of the simulators, which share the machine.
    other_cpu: Duration,
    requests: usize,
}

/// What one bot was measured at.
struct Measured {
    started: Duration,
    idle: Memory,
    rounds: Vec<Round>,
    memory: Memory,
    cpu: Duration,
}

/// Measures; whether the bounds hold.
pub async fn run(args: &Args) -> anyhow::Result<bool> {
    let program = match &args.bot {
        Some(program) => program.clone(),
        None => child::program().await?,
    };
    println!(
        "{} messages at once in {} channels; the model streams {} words over {STREAMING:?}",
        args.channels,
        args.channels,
        Town::pieces(),
    );
    println!("\nDiscord's rate limits not enforced (what the bot itself takes):");
    let free = measure(args, args.rounds.max(1), &program, false).await?;
    print(&free);
    let holds = judge(&free);
    if !args.skip_limits {
        println!(
            "\nDiscord's rate limits enforced (50 requests a second; no bound, since the limit decides):"
        );
        print(&measure(args, args.rounds.clamp(1, 2), &program, true).await?);
    }
    Ok(holds)
}

async fn measure(
    args: &Args,
    rounds: usize,
    program: &std::path::Path,
    rate_limits: bool,
) -> anyhow::Result<Measured> {
    let town = Town::build(args.channels, rate_limits).await?;
    let discord = town.discord();
    let (address, gateway) = (discord.base_url(), discord.gateway_url());
    let mut bot = Bot::start(
        program,
        &address,
        &gateway,
        &discord.token(),
        &town.model_url(),
    )?;
    tokio::select! {
        there = town.bot_is_there() => there?,
        error = bot.ended() => return Err(error),
    }
    let measured = rounds_of(&bot, &town, rounds).await;
    if args.log || measured.is_err() {
        eprintln!("{}", bot.log());
    }
    bot.end().await?;
    measured
}

async fn rounds_of(bot: &Bot, town: &Town, rounds: usize) -> anyhow::Result<Measured> {
    bot.rest().await?;
    let (started, idle) = (bot.cpu()?, bot.memory()?);
    let mut done = Vec::with_capacity(rounds);
    for round in 0..rounds {
        let own = std::process::id();
        let before = (
            bot.cpu()?,
            process::cpu(own)?,
            town.discord().requests().len(),
        );
        let answered = town.burst(round, PATIENCE).await?;
        let other_cpu = process::cpu(own)?.saturating_sub(before.1);
        bot.rest().await?;
        done.push(Round {
            first: Spread::of(answered.iter().map(|answer| answer.first).collect()),
            last: Spread::of(answered.iter().map(|answer| answer.last).collect()),
            cpu: bot.cpu()?.saturating_sub(before.0),
            other_cpu,
            requests: town.discord().requests().len() - before.2,
        });
    }
    Ok(Measured {
        started,
        idle,
        rounds: done,
        memory: bot.memory()?,
        cpu: bot.cpu()?,
    })
}

fn print(measured: &Measured) {
    println!(
        "  round   first reply, s: p50    p95    max   finished, s: p50    p95    max   CPU, s   requests   (simulators' CPU, s)"
    );
    for (n, round) in measured.rounds.iter().enumerate() {
        let name = if n == 0 { "cold" } else { "warm" };
        let (cpu, other) = (round.cpu.as_secs_f64(), round.other_cpu.as_secs_f64());
        println!(
            "  {name:<5} {:>17}{} {:>17}{} {cpu:>8.2} {:>10} {other:>13.2}",
            "", round.first, "", round.last, round.requests,
        );
    }
    println!(
        "  memory: {:.1} MB at rest, {:.1} MB at most, {:.1} MB afterwards; CPU: {:.2} s to start, {:.2} s in all",
        measured.idle.now,
        measured.memory.peak,
        measured.memory.now,
        measured.started.as_secs_f64(),
        measured.cpu.as_secs_f64(),
    );
}

/// Holds the worst round against the bounds, and says how it stands to the aim.
fn judge(measured: &Measured) -> bool {
    let first = measured
        .rounds
        .iter()
        .map(|round| round.first.p50)
        .max()
        .unwrap_or_default();
    let cpu = measured
        .rounds
        .iter()
        .map(|round| round.cpu)
        .max()
        .unwrap_or_default();
    let lines = [
        (
            "first reply (p50), s",
            first.as_secs_f64(),
            AIM.first.as_secs_f64(),
            PYTHON.first.as_secs_f64(),
        ),
        (
            "CPU of a round, s",
            cpu.as_secs_f64(),
            AIM.cpu.as_secs_f64(),
            PYTHON.cpu.as_secs_f64(),
        ),
        (
            "peak memory, MB",
            measured.memory.peak,
            AIM.peak,
            PYTHON.peak,
        ),
    ];
    println!("\n  worst round           measured      aim    bound (a Python bot)");
    for (what, value, aim, bound) in lines {
        let verdict = match value {
            value if value <= aim => "aim met",
            value if value <= bound => "bound kept, aim missed",
            _ => "BOUND BROKEN",
        };
        println!("  {what:<21} {value:>8.3} {aim:>8.2} {bound:>8.2}   {verdict}");
    }
    lines.iter().all(|(_, value, _, bound)| value <= bound)
}
