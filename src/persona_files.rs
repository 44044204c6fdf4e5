//! `familiar persona import | export`: cards in and out, without loss.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use companion::cast::Cast;
use persona::Card;
use persona::roster::{Lookup, find};
use store::clock::{Clock, SystemClock};
use store::personas::{NewCard, Owner};

use crate::cli::PersonaCommand;
use crate::config::Config;
use crate::setup;

/// Runs the command on the database of this configuration.
pub async fn run(path: &Path, command: &PersonaCommand) -> anyhow::Result<ExitCode> {
    // Without a configuration the default data folder is meant, as a newcomer has it.
    let config = if path.exists() {
        Config::load(path)?
    } else {
        Config::default()
    };
    match command {
        PersonaCommand::Import { file, slug } => import(&config, file, slug.as_deref()).await?,
        PersonaCommand::Export { persona, file } => export(&config, persona, file).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn import(config: &Config, file: &Path, slug: Option<&str>) -> anyhow::Result<()> {
    let bytes = tokio::fs::read(file)
        .await
        .with_context(|| format!("I cannot read {}", file.display()))?;
    let card = Card::read(&bytes)
        .with_context(|| format!("{} is no card that I can use", file.display()))?;
    let slug = match slug {
        Some(slug) => slug.to_owned(),
        None => slug_of(card.name(), file),
    };
    let store = setup::open_store(config).await?;
    let name = card.display_name();
    let new = NewCard {
        owner: Owner::Instance,
        slug: slug.clone(),
        name: name.clone(),
        card: card.to_json().to_vec(),
        avatar: card.picture().map(|picture| picture.to_vec()),
        by: None,
    };
    let saved = store.save_card(new, SystemClock.now()).await?;
    store.close().await?;
    if card.name_problem().is_some() {
        println!(
            "Discord does not take the name \"{}\"; the persona speaks as \"{name}\".",
            card.name()
        );
    }
    if card.is_age_restricted() {
        println!(
            "{name} is age-restricted: it speaks only where instance.allow_age_restricted and the channel allow it."
        );
    }
    match (saved.changed, saved.version) {
        (false, version) => {
            println!("{name} ({slug}) is already here with this very card, as version {version}.")
        }
        (true, 1) => {
            println!("{name} ({slug}) is here. Servers let it move in with /persona adopt.")
        }
        (true, version) => println!(
            "{name} ({slug}) has a new card, version {version}. Where it lives already, the old version speaks until /persona adopt is used again."
        ),
    }
    Ok(())
}

async fn export(config: &Config, wanted: &str, file: &Path) -> anyhow::Result<()> {
    let store = setup::open_store(config).await?;
    // Makes sure that the bundled ones can be exported from a new database too.
    Cast::open(store.clone(), "", SystemClock.now()).await?;
    let all = store.personas_of(Owner::Instance).await?;
    let names: Vec<&str> = all
        .iter()
        .flat_map(|one| [one.name.as_str(), one.slug.as_str()])
        .collect();
    let Lookup::One(index) = find(wanted, &names) else {
        bail!(
            "I know nobody called \"{wanted}\". There are: {}.",
            slugs(&all)
        );
    };
    let persona = &all[index / 2];
    let version = store.persona_version(persona.id, persona.latest).await?;
    let version =
        version.with_context(|| format!("the card of {} is not there any more", persona.name))?;
    let bytes = match file.extension().and_then(|ending| ending.to_str()) {
        Some("json") => version.card,
        Some("png") => match version.avatar {
            Some(avatar) => Card::from_json(&version.card)?.to_png(Some(&avatar))?,
            None => bail!(
                "{} has no picture to put the card into. Export it as .json instead.",
                persona.name
            ),
        },
        _ => bail!(
            "{} should end in .json or .png, so that I know which to write.",
            file.display()
        ),
    };
    write_new(file, bytes).await?;
    store.close().await?;
    println!("{} is written to {}.", persona.name, file.display());
    Ok(())
}

/// Never over an existing file: an export must not cost anybody a card.
async fn write_new(file: &Path, bytes: Vec<u8>) -> anyhow::Result<()> {
    use tokio::io::AsyncWriteExt as _;
    let cannot = || {
        format!(
            "I cannot write {} (does it exist already? then name another file)",
            file.display()
        )
    };
    let mut open = tokio::fs::OpenOptions::new();
    let mut out = open
        .write(true)
        .create_new(true)
        .open(file)
        .await
        .with_context(cannot)?;
    out.write_all(&bytes).await.with_context(cannot)?;
    out.sync_all().await.with_context(cannot)
}

fn slugs(all: &[store::personas::Persona]) -> String {
    all.iter()
        .map(|one| one.slug.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

/// A short name from a card's name, else from its file's.
fn slug_of(name: &str, file: &Path) -> String {
    let plain = |text: &str| -> String {
        let lower = text.to_lowercase();
        let words = lower
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty());
        words
            .collect::<Vec<_>>()
            .join("-")
            .chars()
            .take(40)
            .collect()
    };
    let of_file = || {
        plain(
            &PathBuf::from(file)
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy(),
        )
    };
    match plain(name) {
        slug if slug.is_empty() => match of_file() {
            slug if slug.is_empty() => "persona".into(),
            slug => slug,
        },
        slug => slug,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_is_made_of_what_can_be_typed() {
        assert_eq!(slug_of("Old Tom, Jr.", Path::new("x.png")), "old-tom-jr");
        assert_eq!(slug_of("周孃", Path::new("zhou.json")), "zhou");
        assert_eq!(slug_of("周孃", Path::new("周.json")), "persona");
    }
}
