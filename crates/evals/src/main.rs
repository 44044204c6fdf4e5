//! The measurements that the README quotes. Each is one command, says what it measured, and fails where a bound is broken.

mod answers;
mod burst;
mod child;
mod ledger;
mod memory;
mod one_slot;
mod process;
mod spread;
mod town;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::ledger::{bound, crash, fair, faults, race, racer};

#[derive(Parser)]
#[command(about = "Measures Familiar; build it with --release, or the figures mean nothing")]
struct Cli {
    #[command(subcommand)]
    measurement: Measurement,
}

#[derive(Subcommand)]
enum Measurement {
    /// Talks with four personas on a real model, judged by rules: what is used of what was told, whose voice, how often again
    Answers(answers::Args),
    /// Messages in many channels at once: time to the first visible reply, CPU and memory of the bot
    Burst(burst::Args),
    /// Random operations of the ledger against a model of thirty lines
    LedgerModel(ledger::model::Args),
    /// Pairs of a durable hold and its settlement a second, their latency, and the recovery of 10,000 open holds
    LedgerSpeed(ledger::speed::Args),
    /// A slow endpoint with one slot: whether a reply ever waits behind background work
    OneSlot(one_slot::Args),
    /// What recall finds of the evidence of questions about long conversations
    Locomo(memory::locomo::Args),
    /// What part of its prompts a real model server finds in its cache
    CachedPrefix(memory::cached::Args),
    /// What recall finds in a Chinese conversation, with and without the handling of Chinese
    Chinese(memory::chinese::Args),
    /// What a reply's prompt takes, however long the history, and what the whole history would cost
    FlatCost(memory::flat::Args),
    /// One member floods a server: what each member gets of the budget
    LedgerFair(fair::Args),
    /// Many tasks in two processes against one budget: what the provider bills, and what check-then-spend would
    LedgerRace(race::Args),
    /// The bot killed at each step of a turn and at random moments: the bill, the windows, the answers, the recovery
    LedgerCrash(crash::Args),
    /// Everything that a provider can do wrong: cut streams, untrue reports, errors, hangs, an ignored cap
    LedgerFaults(faults::Args),
    /// The bound on a prompt's tokens, against real tokenizers
    TokenBound(bound::Args),
    /// A process of `ledger-race`
    #[command(hide = true)]
    Racer(racer::Args),
    /// The bot of `ledger-crash`
    #[command(hide = true)]
    Bot(crash::snare::Args),
    /// A process of `ledger-crash`
    #[command(hide = true)]
    LeaveOpen(crash::recovery::Args),
    /// How long recall takes, in channels and stores of several sizes
    RecallLatency(memory::latency::Args),
    /// Whether anything crosses from one place into another
    Isolation(memory::isolation::Args),
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Cli::parse().measurement {
        Measurement::Answers(args) => answers::run(&args).await,
        Measurement::Burst(args) => burst::run(&args).await,
        Measurement::LedgerModel(args) => ledger::model::run(&args).await,
        Measurement::LedgerSpeed(args) => ledger::speed::run(&args).await,
        Measurement::OneSlot(args) => one_slot::run(&args).await,
        Measurement::Locomo(args) => memory::locomo::run(&args).await,
        Measurement::CachedPrefix(args) => memory::cached::run(&args).await,
        Measurement::Chinese(args) => memory::chinese::run(&args).await,
        Measurement::FlatCost(args) => memory::flat::run(&args).await,
        Measurement::LedgerFair(args) => fair::run(&args).await,
        Measurement::LedgerRace(args) => race::run(&args).await,
        Measurement::LedgerCrash(args) => crash::run(&args).await,
        Measurement::LedgerFaults(args) => faults::run(&args).await,
        Measurement::TokenBound(args) => bound::run(&args).await,
        Measurement::Racer(args) => racer::run(&args).await,
        Measurement::Bot(args) => crash::snare::run(&args).await,
        Measurement::LeaveOpen(args) => crash::recovery::leave_open(&args).await,
        Measurement::RecallLatency(args) => memory::latency::run(&args).await,
        Measurement::Isolation(args) => memory::isolation::run(&args).await,
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("evals: {error:#}");
            ExitCode::from(2)
        }
    }
}
