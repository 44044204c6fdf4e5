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
    let (asked, companion) = (message.id.get().into(), &ctx.data().companion);
    let told = match is_spoken(ctx, &message) {
        true => companion.why(asked, seat.guild, seat.channel).await?,
        // Anything else is of no reply, however long one waits.
        false => Some(of(&house(ctx).store, asked, Some(seat.channel)).await?),
    };
    let Some(told) = told else {
        return here::answer_quietly(ctx, tell!(ctx, "why-unfinished")).await;
    };
    let text = match told {
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

/// Whether a persona, or the bot itself, wrote a message that answers no command.
fn is_spoken(ctx: Context<'_>, message: &serenity::Message) -> bool {
    let application = match ctx {
        poise::Context::Application(app) => Some(app.interaction.application_id),
        poise::Context::Prefix(_) => None,
    };
    // Discord names the application behind a message of a webhook.
    let through = message
        .application_id
        .filter(|_| message.webhook_id.is_some());
    let is_ours = through.is_some() && through == application
        || message.author.id == ctx.framework().bot_id();
    is_ours && message.interaction_metadata.is_none()
}

pub(crate) fn commands() -> Vec<Command> {
    vec![why()]
}
