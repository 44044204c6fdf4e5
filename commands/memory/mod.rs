//! `/memory`: what a persona remembers of you here, and how to make it forget.

mod consent;
pub(crate) mod facts;
pub(crate) mod forget;
mod keep;
mod search;
pub(crate) mod show;

use store::id::{MessageId, PersonaId, ScopeId};

use crate::here::seat;
use crate::{Command, Context, Error};

/// What a persona remembers here, and how to make it forget.
#[poise::command(
    slash_command,
    subcommands(
        "show::show",
        "search::search",
        "facts::correct",
        "facts::pin",
        "forget::forget",
        "consent::consent",
        "consent::pause",
        "keep::keep"
    ),
    subcommand_required,
    install_context = "Guild|User",
    interaction_context = "Guild|BotDm|PrivateChannel"
)]
pub(crate) async fn memory(_: Context<'_>) -> Result<(), Error> {
    // Discord does not let the bare command be used.
    Ok(())
}

/// A persona's memory of where the command was used.
fn scope_of(ctx: Context<'_>, persona: PersonaId) -> ScopeId {
    let seat = seat(ctx);
    ScopeId {
        guild: seat.guild,
        channel: seat.channel,
        persona,
    }
}

/// The address of a message.
pub(crate) fn link(scope: &ScopeId, message: MessageId) -> String {
    let place = scope
        .guild
        .map_or_else(|| "@me".to_owned(), |guild| guild.to_string());
    format!(
        "https://discord.com/channels/{place}/{}/{message}",
        scope.channel
    )
}

pub(crate) fn commands() -> Vec<Command> {
    vec![memory()]
}
