//! `familiar check`: tries everything out that a run needs, and says of each thing that is wrong how to mend it.
//!
//! A model is asked as a reply asks it, once and tiny: what it then says decides, and what else is told of it (its
//! endpoint's list of models) is a hint.

mod answered;
mod asking;
mod certify;
mod consent;
mod conversation;
mod discord;
mod hints;
mod memory;
mod models;
mod report;
mod rests;
mod talk;
mod terms;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use companion::House;
use ledger::Overview;

use crate::cli::CheckArgs;
use crate::config::Config;
use crate::{setup, upkeep};
use consent::Consent;
use report::Report;

pub use certify::run as certify;
pub use conversation::run as talk;

/// How long published prices may take.
const PRICES: Duration = Duration::from_secs(5);

/// What is looked at, and what may be spent on it.
struct Check<'a> {
    config: &'a Config,
    house: &'a House,
    ledger: Overview,
    consent: Consent,
}

/// Looks at everything, and succeeds only if nothing is wrong.
pub async fn run(path: &Path, args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let mut report = Report::default();
    let config = match Config::load(path) {
        Ok(config) => config,
        Err(error) => {
            report.wrong(error);
            return Ok(ExitCode::FAILURE);
        }
    };
    report.good(format!("configuration: {}", path.display()));
    match setup::open_house_beside(&config).await {
        Ok(house) => {
            look_at_house(&mut report, &config, &house, Consent::of(args.paid)).await?;
            house.ledger.close().await;
            house.store.close().await?;
        }
        Err(error) => report.wrong(error),
    }
    discord::look_at(&mut report, &config.discord).await;
    Ok(match report.wrongs() {
        0 => {
            println!("\nEverything is in order: `familiar run`.");
            ExitCode::SUCCESS
        }
        1 => {
            println!("\nOne thing is wrong.");
            ExitCode::FAILURE
        }
        wrong => {
            println!("\n{wrong} things are wrong.");
            ExitCode::FAILURE
        }
    })
}

async fn look_at_house(
    report: &mut Report,
    config: &Config,
    house: &House,
    consent: Consent,
) -> anyhow::Result<()> {
    report.good(format!("database: {}", setup::database(config).display()));
    upkeep::refresh(&house.ledger, &upkeep::models(house), PRICES).await;
    let check = Check {
        config,
        house,
        ledger: house.ledger.overview().await?,
        consent,
    };
    models::look_at(report, &check).await?;
    memory::look_at(report, &check).await?;
    rests::look_at(report, &check).await?;
    if house.manner.operator.is_empty() {
        report.note("instance.operator is empty: /about cannot say who runs this bot");
    }
    Ok(())
}
