//! `familiar try`: a local Discord, the bot, and a model in one process tree, and a chat in the terminal. What is typed goes
//! over the same protocol as on Discord: messages, mentions, slash commands, buttons.

mod chat;
mod line;
mod model;
mod room;
mod script;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use secrecy::SecretString;

use crate::bot::{Bot, Connection};
use crate::cli::TryArgs;
use crate::config::Config;
use crate::setup;
use model::Chosen;
use room::Room;

/// Opens the chat, or plays a script.
pub async fn run(path: &Path, args: &TryArgs) -> anyhow::Result<ExitCode> {
    let script = match &args.script {
        Some(file) => Some(script::read(file).await?),
        None => None,
    };
    let mut config = if path.exists() {
        Config::load(path)?
    } else {
        Config::default()
    };
    let Chosen { model, said, keep } = model::choose(&config, args).await?;
    println!("{said}");
    config.model = Some(model);
    config.cheaper_model = None;
    // The trial has a memory of its own, beside that of a bot that may run here too.
    config.instance.data = args.data.clone();
    if config.instance.operator.is_empty() {
        config.instance.operator = "you, on this machine".into();
    }
    if args.fresh {
        forget_earlier_trials(&config).await?;
    }
    let sim = discord_sim::Sim::start(discord_sim::SimConfig::default()).await?;
    let room = Room::furnish(&sim)?;
    config.discord.http_proxy = Some(sim.base_url());
    config.discord.gateway = Some(sim.gateway_url());
    config.discord.message_content = true;
    let house = setup::open_house(&config).await?;
    let bot = Bot::start(
        house,
        Connection::new(&config.discord, &SecretString::from(sim.token())),
    )
    .await?;
    room.wait_for_bot().await?;
    let done = match script {
        Some(lines) => script::play(&room, bot.companion(), &lines).await,
        None => chat::talk(&room, bot.companion(), &config.instance.data).await,
    };
    bot.stop().await;
    drop(keep);
    done
}

async fn forget_earlier_trials(config: &Config) -> anyhow::Result<()> {
    let database = setup::database(config);
    for ending in ["", "-wal", "-shm"] {
        let file = format!("{}{ending}", database.display());
        match tokio::fs::remove_file(&file).await {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("I cannot remove {file}")),
        }
    }
    Ok(())
}
