//! `/about`: what this is, who runs it, where words go.

use crate::here::{self, house, seat};
use crate::texts::tell;
use crate::{Command, Context, Error};

/// What this is: an AI, which model speaks, who runs it, where your words go.
#[poise::command(
    slash_command,
    install_context = "Guild|User",
    interaction_context = "Guild|BotDm|PrivateChannel"
)]
pub(crate) async fn about(ctx: Context<'_>) -> Result<(), Error> {
    let house = house(ctx);
    let speaking = house.cast.speaking(seat(ctx)).await?;
    let name = speaking.map_or_else(
        || "Familiar".to_owned(),
        |(persona, _)| persona.name.clone(),
    );
    let key = &house.model.provider.terms().key;
    let operator = match house.manner.operator.is_empty() {
        true => tell!(ctx, "about-operator-unnamed"),
        false => house.manner.operator.clone(),
    };
    let text = tell!(
        ctx, "about",
        name: name,
        model: key.model.as_str(),
        endpoint: house.manner.endpoint.as_str(),
        operator: operator,
        version: env!("CARGO_PKG_VERSION"),
    );
    here::answer_quietly(ctx, text).await
}

pub(crate) fn commands() -> Vec<Command> {
    vec![about()]
}
