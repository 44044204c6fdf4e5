//! `/persona`: who speaks, and where.

mod adopt;
mod greet;
mod list;
mod scope;
mod show;
mod switch;

use crate::{Command, Context, Error};

/// Who speaks here, and who else could.
#[poise::command(
    slash_command,
    subcommands(
        "adopt::adopt",
        "switch::switch",
        "list::list",
        "show::show",
        "greet::greet"
    ),
    subcommand_required,
    install_context = "Guild|User",
    interaction_context = "Guild|BotDm|PrivateChannel"
)]
pub(crate) async fn persona(_: Context<'_>) -> Result<(), Error> {
    // Discord does not let the bare command be used.
    Ok(())
}

pub(crate) fn commands() -> Vec<Command> {
    vec![persona()]
}
