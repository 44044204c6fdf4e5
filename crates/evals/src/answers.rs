//! `answers`: what a companion's replies are worth on a real model. Four personas talk with a person in a language; what was told
//! is asked for later; rules judge every reply. The bot is the bot, on a simulated Discord, and a relay before the model
//! shows what its prompts really held.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use familiar::answers::script::{self, Script};
use familiar::answers::stage::{Exchange, Staging};
use familiar::answers::tally::{Rate, Tally};
use familiar::answers::{self, judge::Verdict};
use familiar::config::{Deadlines, Defaults, Dialect, Model, Prompt, Sampling, Setting};
use serde_json::json;

mod transcript;

use transcript::Entry;

/// Which model, and how much.
#[derive(clap::Args)]
pub struct Args {
    /// The server's base URL, in OpenAI's dialect: http://127.0.0.1:8080/v1
    #[arg(long, required_unless_present = "judge")]
    endpoint: Option<String>,
    /// Plays nothing: judges a transcript that an earlier run wrote
    #[arg(long, conflicts_with_all = ["endpoint", "transcript"])]
    judge: Option<PathBuf>,
    /// The model's name there
    #[arg(long, default_value = "local")]
    model: String,
    /// The language of the talks; both where absent
    #[arg(long, value_parser = ["en", "zh"])]
    language: Option<String>,
    /// Only talks with these personas, by their short names
    #[arg(long)]
    persona: Vec<String>,
    /// Only the first messages of each talk
    #[arg(long)]
    turns: Option<usize>,
    /// How often each talk is played
    #[arg(long, default_value_t = 1)]
    runs: usize,
    /// The most tokens of a reply
    #[arg(long, default_value_t = 120)]
    cap: u32,
    /// Tokens of prompt and reply together
    #[arg(long, default_value_t = 4_096)]
    context_window: u32,
    /// Sampling temperature; the bot's own where absent
    #[arg(long)]
    temperature: Option<f32>,
    /// Asks for no sampler that Familiar asks local servers for
    #[arg(long)]
    plain_sampling: bool,
    /// Turns after which the same model reads them into a summary and facts; 0 is never
    #[arg(long, default_value_t = 24)]
    consolidate_every: u32,
    /// Tokens of the recent turns in a prompt, as the bot has them by default; fewer make memory matter sooner
    #[arg(long, default_value_t = Prompt::default().recent)]
    recent: usize,
    /// Where every message, reply and verdict is written as JSON lines
    #[arg(long)]
    transcript: Option<PathBuf>,
    /// Prints what the bot logs
    #[arg(long)]
    log: bool,
    /// Fail where a bound is broken
    #[arg(long)]
    bounds: bool,
}

/// Measures, prints, and says whether the bounds hold.
pub async fn run(args: &Args) -> anyhow::Result<bool> {
    if args.log {
        let writer = std::io::stderr;
        tracing_subscriber::fmt()
            .with_writer(writer)
            .try_init()
            .map_err(anyhow::Error::from_boxed)?;
    }
    let mut transcript = args
        .transcript
        .as_ref()
        .map(std::fs::File::create)
        .transpose()?;
    let mut holds = true;
    for language in ["en", "zh"] {
        if args.language.as_ref().is_some_and(|only| only != language) {
            continue;
        }
        let script = script::bundled(language).context("there are no talks in this language")??;
        let tally = match &args.judge {
            Some(path) => transcript::judge(path, &script)?,
            None => play(args, &script, transcript.as_mut()).await?,
        };
        if tally.answers.of == 0 {
            continue;
        }
        print(language, &tally);
        holds &= bounds(language, &tally);
    }
    Ok(holds || !args.bounds)
}

async fn play(
    args: &Args,
    script: &Script,
    mut transcript: Option<&mut std::fs::File>,
) -> anyhow::Result<Tally> {
    let staging = staging(args);
    let mut tally = Tally::default();
    for _ in 0..args.runs.max(1) {
        for talk in &script.talks {
            if !args.persona.is_empty() && !args.persona.contains(&talk.persona) {
                continue;
            }
            let mut talk = talk.clone();
            talk.turns.truncate(args.turns.unwrap_or(usize::MAX));
            let persona = talk.persona.clone();
            let mut write = |entry: Entry| {
                if let Some(file) = transcript.as_mut() {
                    let _ = writeln!(file, "{}", json!(entry));
                }
            };
            let told = |turn: &script::Turn, exchange: &Exchange, verdict: &Verdict| {
                write(Entry::said(script, &persona, turn, exchange, verdict));
            };
            let played = answers::play(&talk, &script.language, &staging, &mut tally, told).await?;
            write(Entry::known(&persona, &played));
            eprintln!(
                "{} with {persona}: {} messages",
                script.language,
                talk.turns.len()
            );
        }
    }
    Ok(tally)
}

fn staging(args: &Args) -> Staging {
    Staging {
        model: Model {
            provider: "measured".into(),
            model: args.model.clone(),
            dialect: Dialect::Openai,
            base_url: args.endpoint.clone().unwrap_or_default(),
            api_key_env: None,
            api_key_file: None,
            context_window: args.context_window,
            max_output: args.cap.max(700),
            cap: args.cap,
            temperature: args.temperature.map_or(Setting::Ours, Setting::Is),
            sampling: Sampling {
                defaults: match args.plain_sampling {
                    true => Defaults::None,
                    false => Defaults::Auto,
                },
                ..Sampling::default()
            },
            caps_certified: true,
            errors_may_be_billed: false,
            generation_lookup: false,
            plain_replies: true,
            local: true,
            price: None,
            deadlines: Deadlines::default(),
        },
        consolidate_every: args.consolidate_every,
        prompt: Prompt {
            recent: args.recent,
            ..Prompt::default()
        },
        listens: true,
    }
}

fn print(language: &str, tally: &Tally) {
    println!("\n{language}: rate [95 % interval] counted");
    for (what, value) in tally.lines() {
        println!("  {what:<46} {value}");
    }
}

/// The bounds that Familiar aims at, in the order of the table.
fn bounds(language: &str, tally: &Tally) -> bool {
    let least = [
        (
            "facts in the prompt that are used",
            tally.used_of_prompted,
            0.60,
        ),
        ("language", tally.in_language, 0.98),
        ("facts kept", tally.kept, 0.70),
    ];
    let most = [
        ("swaps", tally.swaps, 0.02),
        ("parrots", tally.parrots, 0.10),
        ("sentences said before", tally.sentences, 0.05),
        ("lore for memory", tally.lore_for_memory, 0.0),
    ];
    let counted = |rate: Rate| rate.of > 0;
    let low = least
        .iter()
        .filter(|(_, rate, bound)| counted(*rate) && rate.value() < *bound);
    let high = most
        .iter()
        .filter(|(_, rate, bound)| counted(*rate) && rate.value() > *bound);
    let broken: Vec<_> = low.chain(high).collect();
    for (what, rate, bound) in &broken {
        println!("  BOUND BROKEN, {language}: {what} {rate} (bound {bound:.2})");
    }
    broken.is_empty()
}
