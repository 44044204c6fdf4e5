//! `familiar run`: the bot on Discord, until it is told to stop.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::task::JoinHandle;

use crate::bot::{Bot, Connection};
use crate::config::Config;
use crate::metrics::{Figures, Server};
use crate::{setup, upkeep};

/// Connects, and stops in order on SIGTERM or Ctrl-C.
pub async fn run(path: &Path) -> anyhow::Result<ExitCode> {
    let config = Config::load(path)?;
    let token = config.discord.token()?;
    // First, since the port may be taken by a bot that runs here already.
    let server = match config.metrics.listen {
        Some(address) => Some(Server::bind(address).await?),
        None => None,
    };
    let house = setup::open_house(&config).await?;
    let models = upkeep::models(&house);
    let connection = Connection::new(&config.discord, &token);
    let (bot, ()) = tokio::join!(
        Bot::start(Arc::clone(&house), connection),
        upkeep::refresh(&house.ledger, &models, upkeep::AT_START)
    );
    let mut bot = bot?;
    let upkeep = upkeep::start(Arc::clone(&house));
    let figures = server.map(|server| server.serve(Figures::new(house, bot.speaker())));
    let stop = stop_signal().context("the stop signals cannot be heard")?;
    let ended = tokio::select! {
        () = stop => None,
        error = bot.ended() => Some(error),
    };
    tracing::info!("stopping");
    upkeep.abort();
    bot.stop().await;
    figures.inspect(JoinHandle::abort);
    match ended {
        Some(error) => Err(error.into()),
        None => Ok(ExitCode::SUCCESS),
    }
}

/// Completes at the first SIGTERM or Ctrl-C.
#[cfg(unix)]
pub(crate) fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Completes at the first Ctrl-C.
#[cfg(not(unix))]
pub(crate) fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
