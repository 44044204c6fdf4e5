//! The figures of `flat-cost`, and its verdict.

use anyhow::Context as _;
use ledger::Usage;

use super::super::prompt::{Sent, count};

/// No prompt may take more.
const MOST: usize = 3_300;
/// How far the mean at one size may lie from the mean of all sizes.
const APART: f64 = 0.05;
/// The price that everything is reckoned with.
const PRICED: (&str, &str) = ("openai", "gpt-4.1-mini");
/// How the recalled part of a prompt begins.
const RECALLED: &str = "[Memories from earlier here";

/// Prompts of one kind at one size.
#[derive(Default)]
pub struct Prompts {
    sent: Vec<Sent>,
    tokens: Vec<usize>,
    recalled: usize,
    /// Tokens of the prompts that came after another, and how many of these begin as that one began.
    following: (usize, usize),
}

/// What was measured at one size.
pub struct Row {
    stored: u64,
    /// Where a question was asked.
    pub asks: Prompts,
    /// Where somebody just talked on.
    pub talk: Prompts,
    /// Tokens of all that is stored, with the persona.
    pub whole: usize,
}

impl Prompts {
    /// Counts a prompt, and the one before it in the same channel.
    pub fn add(&mut self, before: Option<Sent>, sent: Sent) {
        let tokens = sent.tokens();
        self.tokens.push(tokens);
        self.recalled += recalled(&sent);
        if let Some(before) = before {
            self.following.0 += tokens;
            self.following.1 += sent.shared_with(&before);
        }
        self.sent.push(sent);
    }

    /// Tokens of the persona, its lore and what is known: what goes along whatever the history.
    pub fn frame(&self) -> usize {
        self.sent.last().map_or(0, Sent::system_tokens)
    }

    fn mean(&self) -> f64 {
        self.tokens.iter().sum::<usize>() as f64 / self.tokens.len().max(1) as f64
    }

    fn most(&self) -> usize {
        self.tokens.iter().copied().max().unwrap_or_default()
    }
}

impl Row {
    /// A row without figures.
    pub fn new(stored: u64) -> Self {
        Self {
            stored,
            asks: Prompts::default(),
            talk: Prompts::default(),
            whole: 0,
        }
    }

    /// Its longest prompt.
    pub fn longest(&self) -> Option<Sent> {
        let all = self.asks.sent.iter().chain(&self.talk.sent);
        all.max_by_key(|sent| sent.tokens()).cloned()
    }
}

/// Tokens of what a message brought back.
fn recalled(sent: &Sent) -> usize {
    let text = sent.last();
    let Some(at) = text.find(RECALLED) else {
        return 0;
    };
    let part = &text[at..];
    count(&part[..part.find("\n\n").unwrap_or(part.len())])
}

/// Prints the table.
pub fn print(rows: &[Row]) -> anyhow::Result<()> {
    let (provider, model) = PRICED;
    let price = ledger::known_price(provider, model).context("the price table lost a model")?;
    let dollars = |tokens: f64| -> f64 {
        let usage = Usage {
            input: tokens.round() as u64,
            ..Usage::default()
        };
        price
            .cost(&usage)
            .map_or(f64::NAN, |cost| cost.get() as f64 / 1e12)
    };
    println!(
        "tokens by o200k; prices of {provider}'s {model}, nothing cached; \"shared\" begins as the prompt before it began\n"
    );
    println!(
        "{:>8} | {:>8} {:>6} {:>8} {:>6} | {:>8} {:>6} {:>8} {:>6} | {:>10} | {:>10} {:>11}",
        "stored",
        "question",
        "most",
        "recalled",
        "shared",
        "talk",
        "most",
        "recalled",
        "shared",
        "a reply",
        "whole",
        "a reply"
    );
    for row in rows {
        let kind = |prompts: &Prompts| {
            let (all, shared) = prompts.following;
            format!(
                "{:>8.0} {:>6} {:>8.0} {:>5.0}%",
                prompts.mean(),
                prompts.most(),
                prompts.recalled as f64 / prompts.tokens.len().max(1) as f64,
                100.0 * shared as f64 / all.max(1) as f64,
            )
        };
        println!(
            "{:>8} | {} | {} | {:>10} | {:>10} {:>11}",
            row.stored,
            kind(&row.asks),
            kind(&row.talk),
            format!("${:.5}", dollars(row.asks.mean())),
            row.whole,
            format!("${:.5}", dollars(row.whole as f64)),
        );
    }
    println!();
    Ok(())
}

/// Says whether the bounds hold.
pub fn judge(rows: &[Row]) -> bool {
    let mut holds = true;
    for (name, kind) in [
        ("questions", (|row| &row.asks) as fn(&Row) -> &Prompts),
        ("talk", |row| &row.talk),
    ] {
        let means: Vec<f64> = rows.iter().map(|row| kind(row).mean()).collect();
        let middle = means.iter().sum::<f64>() / means.len().max(1) as f64;
        let apart = means
            .iter()
            .map(|mean| (mean / middle - 1.0).abs())
            .fold(0.0, f64::max);
        let most = rows.iter().map(|row| kind(row).most()).max().unwrap_or(0);
        let kept = apart <= APART && most <= MOST;
        println!(
            "{name}: the means lie within {:.1} % of {middle:.0} (bound 5 %), the longest prompt has {most} tokens (bound {MOST}){}",
            100.0 * apart,
            if kept { "" } else { ": BOUND BROKEN" },
        );
        holds &= kept;
    }
    holds
}
