//! `familiar prices …`: what each configured model costs, by whose word, and accepting a published drop.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::bail;
use chrono::{DateTime, Utc};
use companion::House;
use companion::house::Model;
use ledger::ModelTerms;

use crate::cli::PricesCommand;
use crate::config::Config;
use crate::{setup, upkeep};

/// How long the endpoints may take.
const WAIT: Duration = Duration::from_secs(15);

/// Runs the command. It works beside a bot that runs, which takes over what changes within a minute.
pub async fn run(path: &Path, command: &PricesCommand) -> anyhow::Result<ExitCode> {
    let config = Config::load(path)?;
    let house = setup::open_house_beside(&config).await?;
    upkeep::refresh(&house.ledger, &upkeep::models(&house), WAIT).await;
    let done = match command {
        PricesCommand::Show => {
            show(&config, &house);
            Ok(ExitCode::SUCCESS)
        }
        PricesCommand::Accept { model } => accept(&house, model).await,
    };
    house.ledger.close().await;
    house.store.close().await?;
    done
}

/// The price that the configuration or the bundled table states, and which of them does.
pub(crate) fn stated_by(config: &Config, section: &str, terms: &ModelTerms) -> String {
    let configured = match section {
        "model" => &config.model,
        _ => &config.cheaper_model,
    };
    match &terms.price {
        None => "none".to_owned(),
        Some(price) if configured.as_ref().is_some_and(|m| m.price.is_some()) => {
            format!("{price} (in the configuration)")
        }
        Some(price) => format!(
            "{price} (in the bundled table of {}; compare it with the maker's price page)",
            ledger::prices_as_of()
        ),
    }
}

fn show(config: &Config, house: &House) {
    println!(
        "US dollars per million tokens. The larger of stated and published counts, part by part."
    );
    let sections = [
        ("model", Some(&house.model)),
        ("cheaper_model", house.cheaper.as_ref()),
    ];
    for (section, model) in sections {
        if let Some(model) = model {
            show_model(config, house, section, model);
        }
    }
}

fn show_model(config: &Config, house: &House, section: &str, model: &Model) {
    let terms = model.provider.terms();
    let book = house.ledger.prices();
    println!("\n[{section}] {}", terms.key);
    if terms.local {
        return println!("  local: free, counted in tokens only");
    }
    println!("  stated     {}", stated_by(config, section, terms));
    let published = book.published(&terms.key);
    match &published {
        Some(published) => println!(
            "  published  {} (read {}, unchanged since {})",
            published.latest,
            day(published.read_at),
            day(published.changed_at)
        ),
        None => println!("  published  none"),
    }
    if let Some(accepted) = book.accepted(terms) {
        println!(
            "  accepted   {} instead of {} ({})",
            accepted.after,
            accepted.before,
            day(accepted.at)
        );
    }
    let Some(price) = book.price(terms) else {
        return println!(
            "  in force   none: it may not be asked. Set [{section}.price] in the configuration."
        );
    };
    println!("  in force   {price}");
    if published.is_some_and(|published| published.latest != price) {
        println!(
            "  The published price is lower in some part. `familiar prices accept {}` takes it over.",
            terms.key.model
        );
    }
}

async fn accept(house: &House, name: &str) -> anyhow::Result<ExitCode> {
    let models = upkeep::models(house);
    let named: Vec<&Model> = models
        .iter()
        .filter(|model| model.provider.terms().key.model == name)
        .collect();
    if named.is_empty() {
        bail!("{}", no_such_model(&models, name));
    }
    for model in named {
        let terms = model.provider.terms();
        let Some(accepted) = house.ledger.accept_price(terms).await? else {
            let why = match house.ledger.prices().published(&terms.key) {
                Some(_) => "the published price is what is in force",
                None => "its provider publishes none",
            };
            println!("Nothing to accept for {}: {why}.", terms.key);
            continue;
        };
        println!("{}: accepted, and written down with the time.", terms.key);
        println!("  before  {}", accepted.before);
        println!("  now     {}", accepted.after);
        println!(
            "A rise of the published price still counts at once. Another price in the configuration ends this."
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Says which models there are.
pub(crate) fn no_such_model(models: &[Model], name: &str) -> String {
    let names: Vec<&str> = models
        .iter()
        .map(|model| model.provider.terms().key.model.as_str())
        .collect();
    format!(
        "no configured model is named \"{name}\"; there is {}",
        names.join(", ")
    )
}

/// A moment, for people.
pub(crate) fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}
