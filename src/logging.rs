//! The log: to standard error, so that `familiar try`'s transcript stays clean. `RUST_LOG` chooses what is in it.

use tracing::{Level, Metadata};
use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::cli::{Cli, Command};

/// Starts logging for this process.
pub fn start(cli: &Cli) {
    // In the terminal chat only what a person must see; the transcript is the point there.
    let usual = match cli.command {
        Command::Run => "info,serenity=warn",
        _ => "error",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let filter = filter.and(filter_fn(holds_no_words));
    let log = fmt::layer().with_writer(std::io::stderr);
    let log = match cli.log_json {
        true => log.json().with_filter(filter).boxed(),
        false => log.with_filter(filter).boxed(),
    };
    tracing_subscriber::registry().with(log).init();
}

/// Whether a line or span of this kind can hold neither what people say nor a secret. Below a warning serenity and what
/// carries its connection write whole events and requests (webhooks' tokens among them), and its socket writes one that
/// it cannot read even as a warning. Whatever else is wished for, these stay out of the log.
fn holds_no_words(metadata: &Metadata<'_>) -> bool {
    let from = |target: &str| {
        let rest = metadata.target().strip_prefix(target);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    if from("serenity::gateway::ws") {
        return *metadata.level() <= Level::ERROR;
    }
    let talkative = ["serenity", "tungstenite", "tokio_tungstenite"];
    !talkative.into_iter().any(from) || *metadata.level() <= Level::WARN
}
