//! `/persona show`: who somebody is.

use poise::serenity_prelude as serenity;

use crate::answer;
use crate::here;
use crate::texts::{Locale, tell};
use crate::{Context, Error};

/// Discord's limit for an embed's description is 4,096 characters; a portrait should fit one screen.
const LONGEST: usize = 1200;

/// Look at a persona: who it is, how it greets, where it comes from.
#[poise::command(slash_command)]
pub(super) async fn show(
    ctx: Context<'_>,
    #[description = "Whom to look at (whoever speaks here, if you say nothing)"]
    #[autocomplete = "here::complete_persona"]
    persona: Option<String>,
) -> Result<(), Error> {
    let persona = here::named_or_speaking(ctx, persona.as_deref()).await?;
    let card = &persona.card;
    let locale = Locale::of(ctx.locale());
    let notes: String = card
        .creator_notes(locale.code())
        .chars()
        .take(LONGEST)
        .collect();
    let greeting: String = card
        .greetings()
        .next()
        .unwrap_or_default()
        .chars()
        .take(LONGEST)
        .collect();
    let greeting = greeting
        .replace("{{char}}", card.called())
        .replace("{{user}}", &here::name(ctx));
    let mut embed = serenity::CreateEmbed::new()
        .title(persona.name.as_str())
        .description(notes);
    if !greeting.is_empty() {
        embed = embed.field(tell!(ctx, "show-greeting"), cut(&greeting, 1000), false);
    }
    let entries = card.lorebook().map_or(0, |book| book.entries().len());
    let about = tell!(
        ctx, "show-about",
        version: persona.version,
        creator: if card.creator().is_empty() { "—" } else { card.creator() },
        greetings: card.greetings().count(),
        lore: entries,
    );
    embed = embed.field(tell!(ctx, "show-card"), about, false);
    if !card.tags().is_empty() {
        embed = embed.footer(serenity::CreateEmbedFooter::new(cut(
            &card.tags().join(", "),
            300,
        )));
    }
    let mut reply = poise::CreateReply::default().ephemeral(true);
    if let Some(avatar) = &persona.avatar {
        let file = format!("{}.png", persona.slug);
        embed = embed.thumbnail(format!("attachment://{file}"));
        reply = reply.attachment(serenity::CreateAttachment::bytes(avatar.to_vec(), file));
    }
    answer::send(ctx, reply.embed(embed)).await?;
    Ok(())
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
