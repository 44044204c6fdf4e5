//! "Why this reply?" on a message: what went into it, and what it cost. Only who asks sees the answer.

mod report;

use companion::report::{Told, of};
use poise::serenity_prelude as serenity;
use store::reports::Unreported;

use crate::here::{self, house, seat};
use crate::texts::{Locale, tell};
use crate::{Command, Context, Error};

/// See what went into this reply, and what it cost.
#[poise::command(
    context_menu_command = "Why this reply?",
    install_context = "Guild|User",
    interaction_context = "Guild|BotDm|PrivateChannel"
)]
async fn why(ctx: Context<'_>, message: serenity::Message) -> Result<(), Error> {
    ctx.defer_ephemeral().await?;
    let seat = seat(ctx);
    let text = match of(
        &house(ctx).store,
        message.id.get().into(),
        Some(seat.channel),
    )
    .await?
    {
        Told::Reply(reported) => {
            for text in report::texts(&reported, seat.user, Locale::of(ctx.locale())) {
                here::answer_quietly(ctx, text).await?;
            }
            return Ok(());
        }
        Told::Unreported(Unreported::Greeting) => tell!(ctx, "why-greeting"),
        Told::Unreported(Unreported::TooOld) => tell!(ctx, "why-too-old"),
        Told::Unreported(Unreported::NoModel) => tell!(ctx, "why-no-model"),
        Told::Unreported(Unreported::NotKept(call)) => {
            let cost = report::cost(&call, Locale::of(ctx.locale()));
            tell!(ctx, "why-not-kept", model: call.model, cost: cost)
        }
        Told::Unreported(Unreported::Unknown) => tell!(ctx, "why-unknown"),
    };
    here::answer_quietly(ctx, text).await
}

pub(crate) fn commands() -> Vec<Command> {
    vec![why()]
}
