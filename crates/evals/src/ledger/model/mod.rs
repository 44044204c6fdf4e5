//! `ledger-model`: random operations of the ledger against a model of thirty lines.

mod plain;
mod play;
mod stage;

use std::time::Instant;

use play::{Dice, Play};

/// Operations between two comparisons. So many wait in the writer's line in order and share a commit.
const BATCH: u64 = 48;
/// Batches between two proofs that every window there ever was is the sum of its holds.
const PROOF: u64 = 2_000;

#[derive(clap::Args)]
pub struct Args {
    /// How many operations
    #[arg(long, default_value_t = 20_000)]
    ops: u64,
    /// Which operations; the same seed plays the same
    #[arg(long, default_value_t = 20_260_515)]
    seed: u64,
    /// Operations between two comparisons, at most 48
    #[arg(long, default_value_t = BATCH)]
    batch: u64,
    /// Wait for the disk at each commit, which takes longer and changes nothing but that
    #[arg(long)]
    durable: bool,
}

/// Plays, and says whether the ledger and the model never differed.
pub async fn run(args: &Args) -> anyhow::Result<bool> {
    let (batch, begun) = (args.batch.clamp(1, BATCH), Instant::now());
    let mut play = Play::new(Dice(args.seed.max(1)), !args.durable).await?;
    for (number, first) in (0..args.ops).step_by(batch as usize).enumerate() {
        let size = batch.min(args.ops - first);
        let mut compared = play.round(size).await;
        if compared.is_ok() && (number as u64).is_multiple_of(PROOF) {
            compared = play.verify().await;
        }
        if let Err(difference) = compared {
            println!(
                "DIFFERENCE after operations {first} to {}: {difference:#}",
                first + size
            );
            play.batch
                .iter()
                .for_each(|operation| println!("  {operation}"));
            println!(
                "again: ledger-model --seed {} --batch {batch} --ops {}",
                args.seed,
                first + size
            );
            return Ok(false);
        }
    }
    play.verify().await?;
    println!(
        "{} operations in {:.0?} (seed {}): {}; 0 differences, each window the sum of its holds",
        args.ops,
        begun.elapsed(),
        args.seed,
        play.tally
    );
    Ok(true)
}
