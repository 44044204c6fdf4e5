//! `familiar ledger …`: what the operator sees of the ledger and does to it. Every command works beside a bot that runs
//! on the same file: none of them touches a hold.

mod acknowledge;
mod export;
pub(crate) mod resting;
mod show;
mod verify;

use std::path::Path;
use std::process::ExitCode;

use ledger::Ledger;
use store::Store;
use store::id::UserId;

use crate::cli::LedgerCommand;
use crate::config::Config;
use crate::setup;

/// Who the history of changes names for what is done at the command line.
fn operator() -> UserId {
    0.into()
}

/// Runs the command on the database of this configuration.
pub async fn run(path: &Path, command: &LedgerCommand) -> anyhow::Result<ExitCode> {
    // Without a configuration the default data folder is meant, as a newcomer has it.
    let config = if path.exists() {
        Config::load(path)?
    } else {
        Config::default()
    };
    let (store, ledger) = open(&config).await?;
    let done = match command {
        LedgerCommand::Verify => verify::run(&ledger).await,
        LedgerCommand::Show => show::run(&ledger).await,
        LedgerCommand::Export(args) => export::run(&ledger, &config, args).await,
        LedgerCommand::Acknowledge { scope } => acknowledge::scope(&ledger, scope.as_deref()).await,
        LedgerCommand::Lift { model, provider } => {
            acknowledge::lift(&ledger, model, provider.as_deref()).await
        }
    };
    ledger.close().await;
    drop(ledger);
    store.close().await?;
    done
}

/// Opens the ledger that is there. It is not recovered: holds that are open may be a running bot's.
async fn open(config: &Config) -> anyhow::Result<(Store, Ledger)> {
    let store = setup::open_existing_store(config).await?;
    let ledger = setup::open_ledger(config, &store).await?;
    Ok((store, ledger))
}
