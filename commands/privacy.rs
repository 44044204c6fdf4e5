//! `/privacy`: all that is kept of you, in your hands.

use poise::serenity_prelude as serenity;

use crate::components::{Press, Sure};
use crate::here::{house, seat};
use crate::texts::tell;
use crate::{Command, Context, Error};

/// Take a copy of all that is kept of you, or have it forgotten.
#[poise::command(
    slash_command,
    subcommands("export", "forget_me"),
    subcommand_required,
    install_context = "Guild|User",
    interaction_context = "Guild|BotDm|PrivateChannel"
)]
pub(crate) async fn privacy(_: Context<'_>) -> Result<(), Error> {
    // Discord does not let the bare command be used.
    Ok(())
}

/// Get a file with all that is kept of you: what you said, what is known of you, what you chose.
#[poise::command(slash_command)]
async fn export(ctx: Context<'_>) -> Result<(), Error> {
    ctx.defer_ephemeral().await?;
    let house = house(ctx);
    let copy = house
        .memory
        .copy_of_person(seat(ctx).user, house.clock.now())
        .await?;
    let file = serenity::CreateAttachment::bytes(copy.into_bytes(), "familiar-export.json");
    let reply = poise::CreateReply::default()
        .content(tell!(ctx, "privacy-export"))
        .attachment(file)
        .ephemeral(true);
    ctx.send(reply).await?;
    Ok(())
}

/// Have everything forgotten that is kept of you, in every server and in direct messages.
#[poise::command(slash_command, rename = "forget-me")]
async fn forget_me(ctx: Context<'_>) -> Result<(), Error> {
    let buttons = serenity::CreateActionRow::Buttons(vec![
        serenity::CreateButton::new(Press::ForgetMe { sure: Sure::Yes }.id())
            .label(tell!(ctx, "forget-yes"))
            .style(serenity::ButtonStyle::Danger),
        serenity::CreateButton::new(Press::ForgetMe { sure: Sure::No }.id())
            .label(tell!(ctx, "forget-no"))
            .style(serenity::ButtonStyle::Secondary),
    ]);
    let reply = poise::CreateReply::default()
        .content(tell!(ctx, "forget-me-sure"))
        .components(vec![buttons])
        .ephemeral(true);
    ctx.send(reply).await?;
    Ok(())
}

pub(crate) fn commands() -> Vec<Command> {
    vec![privacy()]
}
