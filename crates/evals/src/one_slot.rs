//! `one-slot`: whether a reply ever waits behind background work, at a slow endpoint that makes one generation at a time.
//!
//! The bot is real, and Discord and the endpoint are simulators over sockets. The endpoint stands for a server of one's own:
//! a request gets not even headers before the one before it has ended, or its client has hung up. It notes when each
//! came, had its turn and left, so that what a reply waited for is not the bot's own word. People in several channels
//! and in direct messages write at random moments, also in the midst of readings, and rest now and then.

mod stage;

use std::time::Duration;

use model_sim::Stay;

use crate::spread::Spread;
use stage::{Stage, is_reply};

/// How many turns, and how slow the endpoint is.
#[derive(clap::Args)]
pub struct Args {
    /// Messages that are answered
    #[arg(long, default_value_t = 1_000)]
    turns: usize,
    /// Channels in which they are written, the last of them direct messages
    #[arg(long, default_value_t = 4)]
    channels: usize,
    /// Milliseconds of a reply
    #[arg(long, default_value_t = 60)]
    reply: u64,
    /// Milliseconds of a call that reads what was said: many times as long as a reply, as it is in life
    #[arg(long, default_value_t = 900)]
    reading: u64,
    /// Messages after which memory is consolidated
    #[arg(long, default_value_t = 24)]
    every: u32,
    /// What the people's pauses are drawn by
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Tells the bot that the endpoint is a hosted one, at which nothing gives way: what is measured then
    #[arg(long)]
    hosted: bool,
}

/// What the endpoint saw.
struct Seen {
    replies: usize,
    /// How long each reply stood behind background work, where it did.
    behind: Vec<Duration>,
    /// How long each stood in the line, for whatever reason.
    waits: Spread,
    /// Background calls that had their turn, those of them that were broken off, and those that came to their end.
    begun: usize,
    broken_off: usize,
    finished: usize,
}

/// Measures; whether the bounds hold.
pub async fn run(args: &Args) -> anyhow::Result<bool> {
    let stage = Stage::build(args).await?;
    let begun = tokio::time::Instant::now();
    let answered = stage.talk(args).await?;
    let talked = begun.elapsed();
    let scopes = stage.all_read(args.every).await?;
    let caught_up = begun.elapsed() - talked;
    let books = stage.books().await?;
    let seen = see(&stage.stays());
    stage.end().await;

    println!(
        "{} messages in {} channels over {:.0} s; a reply takes {} ms, a reading {} ms, due every {} messages; one slot{}",
        args.turns,
        args.channels,
        talked.as_secs_f64(),
        args.reply,
        args.reading,
        args.every,
        if args.hosted {
            ", told to be hosted"
        } else {
            ""
        },
    );
    let longest = seen.behind.iter().max().copied().unwrap_or_default();
    println!(
        "replies {}   that waited behind background work {} (bound 0)   the longest such wait {:.3} s",
        seen.replies,
        seen.behind.len(),
        longest.as_secs_f64(),
    );
    println!(
        "in the line for whatever reason, s: p50 {:.3}   p95 {:.3}   max {:.3}",
        seen.waits.p50.as_secs_f64(),
        seen.waits.p95.as_secs_f64(),
        seen.waits.max.as_secs_f64(),
    );
    println!(
        "background calls: begun {}   given way {}   finished {}",
        seen.begun, seen.broken_off, seen.finished
    );
    println!(
        "scopes read up {} of {} ({} of {} lines; {:.0} s after the last message)   failed attempts counted {}",
        scopes.read_up,
        scopes.all,
        scopes.read,
        scopes.lines,
        caught_up.as_secs_f64(),
        scopes.failures,
    );
    println!(
        "tokens: the endpoint's meter {}   posted {}   pending {}   differences in the books {}",
        books.billed, books.posted, books.pending, books.differences
    );
    let bounds = [
        ("every message was answered", answered == args.turns),
        (
            "no reply waited behind background work",
            seen.behind.is_empty(),
        ),
        ("every scope was read up", scopes.read_up == scopes.all),
        (
            "giving way counted as no failed attempt",
            scopes.failures == 0,
        ),
        ("no less was posted than was billed", books.are_true()),
    ];
    for (bound, holds) in bounds {
        if !holds {
            println!("BOUND BROKEN: {bound}");
        }
    }
    Ok(bounds.iter().all(|(_, holds)| *holds))
}

fn see(stays: &[Stay]) -> Seen {
    let (replies, background): (Vec<&Stay>, Vec<&Stay>) =
        stays.iter().partition(|stay| is_reply(&stay.body));
    let behind = replies.iter().filter_map(|reply| {
        let waits = background.iter().filter(|other| reply.waited_for(other));
        waits.map(|other| waited(reply, other)).max()
    });
    let in_line = replies
        .iter()
        .filter_map(|reply| Some(reply.begun? - reply.came));
    let had_turn = || background.iter().filter(|stay| stay.begun.is_some());
    Seen {
        replies: replies.len(),
        behind: behind.collect(),
        waits: Spread::of(in_line.collect()),
        begun: had_turn().count(),
        broken_off: had_turn().filter(|stay| !stay.whole).count(),
        finished: had_turn().filter(|stay| stay.whole).count(),
    }
}

/// How long a reply stood in the line while another had the slot.
fn waited(reply: &Stay, other: &Stay) -> Duration {
    let until = [reply.begun, reply.ended, other.ended];
    let until = until.into_iter().flatten().min();
    until.map_or(Duration::MAX, |until| {
        until.saturating_duration_since(reply.came)
    })
}
