//! The bot that `ledger-crash` kills: Familiar as it is, in a process that ends itself by SIGKILL at a step of a turn.
//!
//! It is told on its standard input at which step, and which time it comes by there.

use std::io::BufRead as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer};

/// The target of the events that name a step.
const STEPS: &str = "familiar::step";

/// The bot's arguments.
#[derive(clap::Args)]
pub struct Args {
    /// The configuration file
    #[arg(long)]
    config: PathBuf,
}

/// Runs the bot until it is told to stop, or steps into the snare.
pub async fn run(args: &Args) -> anyhow::Result<bool> {
    let snare = Snare::default();
    let log = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_filter(EnvFilter::new("warn,serenity=error"));
    tracing_subscriber::registry()
        .with(
            snare
                .clone()
                .with_filter(Targets::new().with_target(STEPS, LevelFilter::TRACE)),
        )
        .with(log)
        .try_init()
        .context("the log cannot be started")?;
    // A thread of its own: reading a terminal or pipe blocks.
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if let Some((times, step)) = line.split_once(' ') {
                snare.set(step, times.parse().unwrap_or(1));
                println!("set");
            }
        }
        // Who started this program is gone.
        std::process::exit(1);
    });
    Ok(familiar::run::run(&args.config).await? == ExitCode::SUCCESS)
}

/// Kills this process at a step.
#[derive(Clone, Default)]
struct Snare(Arc<Mutex<Option<(String, usize)>>>);

impl Snare {
    fn set(&self, step: &str, times: usize) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((step.to_owned(), times));
    }

    /// Whether this is the step, for the last time.
    fn closes(&self, step: &str) -> bool {
        let mut set = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *set {
            Some((wanted, times)) if wanted == step => {
                *times = times.saturating_sub(1);
                *times == 0
            }
            _ => false,
        }
    }
}

impl<S: Subscriber> Layer<S> for Snare {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut step = Step::default();
        event.record(&mut step);
        if self.closes(&step.0) {
            die();
        }
    }
}

/// Ends this process as `kill -9` does: no destructor runs, nothing is flushed.
pub fn die() {
    let own = rustix::process::getpid();
    let _ = rustix::process::kill_process(own, rustix::process::Signal::KILL);
}

/// The field `step`.
#[derive(Default)]
struct Step(String);

impl Visit for Step {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "step" {
            value.clone_into(&mut self.0);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}
