//! The `familiar` program: reads the command line and starts the job it names.

use std::process::ExitCode;

use clap::Parser;
use familiar::cli::{Cli, Command};
use familiar::{check, ledger_cli, logging, models, persona_files, prices, run, tryout, why};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    logging::start(&cli);
    let done = match &cli.command {
        Command::Run => run::run(&cli.config).await,
        Command::Try(args) => tryout::run(&cli.config, args).await,
        Command::Check(args) => match &args.certify {
            Some(model) => check::certify(&cli.config, model).await,
            None if args.talk => check::talk(&cli.config, args).await,
            None => check::run(&cli.config, args).await,
        },
        Command::Prices(command) => prices::run(&cli.config, command).await,
        Command::Ledger(command) => ledger_cli::run(&cli.config, command).await,
        Command::Why(args) => why::run(&cli.config, args).await,
        Command::Persona(command) => persona_files::run(&cli.config, command).await,
        Command::Models(command) => models::run(&cli.config, command).await,
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            // The whole chain in one sentence after another: what failed, and the next step that the cause names.
            eprintln!("familiar: {error:#}");
            ExitCode::FAILURE
        }
    }
}
