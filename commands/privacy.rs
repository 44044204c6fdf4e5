//! `/privacy`: all that is kept of you, in your hands.

use poise::serenity_prelude as serenity;
use tokio::sync::mpsc;

use crate::answer;
use crate::components::{Press, Sure};
use crate::here::{self, house, seat};
use crate::texts::tell;
use crate::{Command, Context, Error};

/// Bytes of a file, about. Discord takes 10 MiB where nobody pays for more: an interaction's `attachment_size_limit`,
/// <https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object>.
const LARGEST_FILE: usize = 9 * 1024 * 1024;
/// Files at most, one in the answer and each other in a follow-up, with one left to say that there is more: where the bot is
/// installed by a person alone Discord takes five,
/// <https://discord.com/developers/docs/interactions/receiving-and-responding#create-followup-message>.
const MOST_FILES: u32 = 5;

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

/// Get files with all that is kept of you: your words, the answers, facts, choices, what it cost.
#[poise::command(slash_command)]
async fn export(ctx: Context<'_>) -> Result<(), Error> {
    ctx.defer_ephemeral().await?;
    let house = house(ctx);
    let (ready, mut pages) = mpsc::channel(1);
    let copying =
        house
            .memory
            .copy_of_person(seat(ctx).user, house.clock.now(), LARGEST_FILE, ready);
    let sending = async {
        let mut number = 0;
        while let Some(page) = pages.recv().await {
            number += 1;
            send_page(ctx, page, number).await?;
            if number == MOST_FILES {
                // The next page, if one comes, says that there is more.
                return Ok::<bool, Error>(pages.recv().await.is_some());
            }
        }
        Ok(false)
    };
    let (copied, is_cut) = tokio::join!(copying, sending);
    copied?;
    if is_cut? {
        let told = tell!(ctx, "privacy-export-cut", files: MOST_FILES);
        here::answer_quietly(ctx, told).await?;
    }
    Ok(())
}

async fn send_page(ctx: Context<'_>, page: String, number: u32) -> Result<(), Error> {
    let (name, told) = match number {
        1 => (
            "familiar-export.json".to_owned(),
            tell!(ctx, "privacy-export"),
        ),
        _ => (
            format!("familiar-export-{number}.json"),
            tell!(ctx, "privacy-export-more", page: number),
        ),
    };
    let file = serenity::CreateAttachment::bytes(page.into_bytes(), name);
    let reply = poise::CreateReply::default()
        .content(told)
        .attachment(file)
        .ephemeral(true);
    answer::send(ctx, reply).await?;
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
    answer::send(ctx, reply).await?;
    Ok(())
}

pub(crate) fn commands() -> Vec<Command> {
    vec![privacy()]
}
