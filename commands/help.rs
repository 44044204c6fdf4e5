//! `/help`: the few things that one needs to know.

use crate::here::{self, house, seat};
use crate::texts::tell;
use crate::{Command, Context, Error};

/// How to talk with a companion, and what you can decide.
#[poise::command(
    slash_command,
    install_context = "Guild|User",
    interaction_context = "Guild|BotDm|PrivateChannel"
)]
pub(crate) async fn help(ctx: Context<'_>) -> Result<(), Error> {
    let speaking = house(ctx).cast.speaking(seat(ctx)).await?;
    let name = speaking.map_or_else(
        || "Familiar".to_owned(),
        |(persona, _)| persona.name.clone(),
    );
    here::answer_quietly(ctx, tell!(ctx, "help", name: name)).await
}

pub(crate) fn commands() -> Vec<Command> {
    vec![help()]
}
