//! `cached-prefix`: a conversation with a persona on a real model server, and what part of its prompts' tokens that server
//! had at hand already, by its own word (`usage.prompt_tokens_details.cached_tokens`, as the ledger booked it).
//!
//! The server must keep one conversation at hand: llama.cpp's with `--parallel 1` and a context of 8,192 tokens does.

use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use chrono::{DateTime, TimeDelta};
use ledger::ExportRow;
use tokio::sync::mpsc;

use super::hearth::{Hearth, Manner};
use super::smalltalk::{Smalltalk, heard, moment, said};

/// The part of the prompts' tokens that must come from the cache.
const LEAST: f64 = 0.6;

/// Where, and how long.
#[derive(clap::Args)]
pub struct Args {
    /// The server's base URL, in OpenAI's dialect: http://127.0.0.1:8080/v1
    #[arg(long)]
    url: String,
    /// The model's name there
    #[arg(long, default_value = "smollm2-135m-instruct")]
    model: String,
    /// Messages of the person, each of which is answered
    #[arg(long, default_value_t = 50)]
    turns: usize,
    /// Messages that were said in the channel before
    #[arg(long, default_value_t = 0)]
    stored: u64,
    /// The most tokens of a reply
    #[arg(long, default_value_t = 48)]
    cap: u32,
    /// Messages after which the same server reads them into a summary and facts; 0 is never
    #[arg(long, default_value_t = 24)]
    consolidate_every: u32,
    /// Talk of this file in LoCoMo's format, instead of everyday sentences
    #[arg(long)]
    talk: Option<PathBuf>,
    /// Print every call
    #[arg(long)]
    calls: bool,
}

/// Measures, prints, and says whether the bound holds.
pub async fn run(args: &Args) -> anyhow::Result<bool> {
    let manner = Manner {
        endpoint: args.url.clone(),
        model: args.model.clone(),
        context_window: 8_192,
        cap: args.cap,
        consolidate_every: args.consolidate_every,
        card: None,
        embedder: None,
    };
    let now = DateTime::from_timestamp(1_780_000_000, 0).unwrap_or_default();
    let hearth = Hearth::light(manner, now).await?;
    let channel = hearth.guild.add_channel("porch");
    let ada = hearth.guild.add_member("Ada");
    let mut talk = Smalltalk::from(args.talk.as_deref(), 1)?;
    let (scope, by) = (hearth.scope(&channel), (ada.id.get().into(), "Ada"));
    let before: Vec<_> = (1..=args.stored)
        .map(|number| {
            let at = moment(now, number, args.stored);
            match number % 2 {
                0 => said(scope, talk.line(), at),
                _ => heard(scope, by, talk.line(), at),
            }
        })
        .collect();
    hearth.hears(before).await?;
    let begun = std::time::Instant::now();
    for turn in 0..args.turns {
        hearth.clock.advance(TimeDelta::minutes(1));
        // Every third message asks for something that was said before.
        let text = match turn % 3 {
            2 => talk.question(),
            _ => talk.line(),
        };
        let spoke = hearth.ask(&ada, &channel, &text).await?;
        ensure!(spoke, "the persona did not answer {text:?}");
    }
    let took = begun.elapsed();
    let calls = calls(&hearth).await?;
    hearth.out().await;
    ensure!(
        calls.len() >= args.turns,
        "{} of {} replies have usage in the ledger; does the server report it?",
        calls.len(),
        args.turns
    );
    if args.calls {
        for (input, cached) in &calls {
            println!("{input:>6} tokens, {cached:>6} of them cached");
        }
    }
    let input: i64 = calls.iter().map(|(input, _)| input).sum();
    let cached: i64 = calls.iter().map(|(_, cached)| cached).sum();
    let part = cached as f64 / input.max(1) as f64;
    let longest = calls
        .iter()
        .map(|(input, _)| *input)
        .max()
        .unwrap_or_default();
    println!(
        "{} replies after {} stored messages on {} in {:.0} s: {input} prompt tokens, the longest prompt {longest}",
        calls.len(),
        args.stored,
        args.model,
        took.as_secs_f64(),
    );
    println!(
        "cached, by the server's word: {cached} tokens, {:.1} % (bound {:.0} %)",
        100.0 * part,
        100.0 * LEAST
    );
    Ok(part >= LEAST)
}

/// Prompt tokens of every reply, and how many of them were cached, as the ledger booked them.
async fn calls(hearth: &Hearth) -> anyhow::Result<Vec<(i64, i64)>> {
    let (rows, mut received) = mpsc::channel(256);
    let ledger = &hearth.house.ledger;
    let collecting = async {
        let mut all: Vec<ExportRow> = Vec::new();
        while let Some(row) = received.recv().await {
            all.push(row);
        }
        all
    };
    let (exported, all) = tokio::join!(ledger.export(None, None, rows), collecting);
    exported.context("the ledger cannot be read")?;
    Ok(all
        .iter()
        .filter(|row| row.scope == "instance" && row.period == "day" && row.purpose == "reply")
        .filter_map(|row| Some((row.input_tokens?, row.cached_input_tokens?)))
        .collect())
}
