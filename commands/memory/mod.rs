//! `/memory`: what a persona remembers of you here, and how to make it forget.

pub(crate) mod forget;
pub(crate) mod show;

use crate::{Command, Context, Error};

/// What a persona remembers here, and how to make it forget.
#[poise::command(
    slash_command,
    subcommands("show::show", "forget::forget"),
    subcommand_required,
    install_context = "Guild|User",
    interaction_context = "Guild|BotDm|PrivateChannel"
)]
pub(crate) async fn memory(_: Context<'_>) -> Result<(), Error> {
    // Discord does not let the bare command be used.
    Ok(())
}

pub(crate) fn commands() -> Vec<Command> {
    vec![memory()]
}
