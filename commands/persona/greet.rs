//! `/persona greet`: somebody says hello.

use companion::greet::Occasion;

use crate::here::{self, age_restricted, seat};
use crate::texts::tell;
use crate::{Context, Error};

/// Have a persona say hello, in the words of its card.
#[poise::command(slash_command)]
pub(super) async fn greet(
    ctx: Context<'_>,
    #[description = "Who says hello (whoever speaks here, if you say nothing)"]
    #[autocomplete = "here::complete_persona"]
    persona: Option<String>,
    #[description = "Which of its greetings, from 1"]
    #[min = 1]
    #[max = 100]
    which: Option<usize>,
) -> Result<(), Error> {
    let persona = here::named_or_speaking(ctx, persona.as_deref()).await?;
    if !here::bot_lives_here(ctx) {
        return Err(Error::User(
            tell!(ctx, "greet-not-here", name: persona.name.as_str()),
        ));
    }
    ctx.defer_ephemeral().await?;
    let seat = seat(ctx);
    let occasion = Occasion {
        seat,
        person: &here::name(ctx),
        id: ctx.id().into(),
        age_restricted: age_restricted(ctx, seat),
    };
    let which = which.unwrap_or(1).saturating_sub(1);
    match ctx.data().companion.greet(&persona, which, occasion).await {
        Ok(_) => {
            here::answer_quietly(ctx, tell!(ctx, "greeted", name: persona.name.as_str())).await
        }
        Err(error) => Err(Error::User(error.to_string())),
    }
}
