//! The log: to standard error, so that `familiar try`'s transcript stays clean. `RUST_LOG` chooses what is in it.

use tracing_subscriber::EnvFilter;

use crate::cli::{Cli, Command};

/// Starts logging for this process.
pub fn start(cli: &Cli) {
    // In the terminal chat only what a person must see; the transcript is the point there.
    let usual = match cli.command {
        Command::Run => "info,serenity=warn",
        _ => "error",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    // Serenity's request spans hold webhook tokens; whatever else is wished for, these stay out of the log.
    let filter = match "serenity::http=warn".parse() {
        Ok(quiet) => filter.add_directive(quiet),
        Err(_) => filter,
    };
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if cli.log_json {
        log.json().init();
    } else {
        log.init();
    }
}
