//! `/budget`: what replies cost, what they may cost, and who decided so.

pub(crate) mod amounts;
mod asked;
mod change;
mod chart;
pub(crate) mod history;
mod pause;
mod picture;
mod report;
mod set;
mod show;
pub(crate) mod warning;

use poise::serenity_prelude::Permissions;
use store::id::GuildId;

use crate::here;
use crate::{Command, Context, Error};

/// What replies cost, and what they may cost.
#[poise::command(
    slash_command,
    subcommands("show::show", "set::set", "history::history", "pause::pause"),
    subcommand_required,
    install_context = "Guild|User",
    interaction_context = "Guild|BotDm|PrivateChannel"
)]
pub(crate) async fn budget(_: Context<'_>) -> Result<(), Error> {
    // Discord does not let the bare command be used.
    Ok(())
}

/// The server, for those who manage it. Discord checks default permissions only for whole commands, and everybody may see
/// `/budget show`, so it is checked here.
fn steered(ctx: Context<'_>) -> Result<GuildId, Error> {
    let guild = here::require_server(ctx)?;
    here::require(ctx, Permissions::MANAGE_GUILD)?;
    Ok(guild)
}

pub(crate) fn commands() -> Vec<Command> {
    vec![budget()]
}
