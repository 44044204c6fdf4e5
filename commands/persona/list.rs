//! `/persona list`: who lives here and who could.

use std::fmt::Write;

use companion::cast::Candidate;

use super::scope::origin;
use crate::here::{self, house, seat};
use crate::texts::{Locale, tell};
use crate::{Context, Error};

/// See who lives here, who speaks to you, and who could move in.
#[poise::command(slash_command)]
pub(super) async fn list(ctx: Context<'_>) -> Result<(), Error> {
    ctx.defer_ephemeral().await?;
    let candidates = here::candidates(ctx).await?;
    let speaking = house(ctx).cast.speaking(seat(ctx)).await?;
    let mut text = match &speaking {
        Some((speaking, from)) => {
            tell!(ctx, "speaks-now", name: speaking.name.as_str(), origin: origin(ctx, *from))
        }
        None => tell!(ctx, "nobody-here"),
    };
    let (adopted, others): (Vec<_>, Vec<_>) = candidates.into_iter().partition(|one| one.adopted);
    section(ctx, &mut text, "list-adopted", &adopted).await?;
    section(ctx, &mut text, "list-available", &others).await?;
    here::answer_quietly(ctx, shorten(text)).await
}

async fn section(
    ctx: Context<'_>,
    text: &mut String,
    title: &str,
    list: &[Candidate],
) -> Result<(), Error> {
    if list.is_empty() {
        return Ok(());
    }
    let language = Locale::of(ctx.locale()).code();
    let _ = write!(text, "\n\n{}", tell!(ctx, title));
    for one in list {
        let notes = house(ctx)
            .cast
            .persona(one.id, one.version)
            .await?
            .map(|p| p.card.creator_notes(language));
        let notes = notes.unwrap_or_default();
        // Notes can be pages long; a list wants their first line.
        let line: String = notes
            .lines()
            .next()
            .unwrap_or_default()
            .chars()
            .take(100)
            .collect();
        let _ = match line.is_empty() {
            true => write!(text, "\n**{}**", one.name),
            false => write!(text, "\n**{}** — {line}", one.name),
        };
    }
    Ok(())
}

/// As much as one message holds; autocompletion knows the rest.
fn shorten(text: String) -> String {
    safety::split::split(&text)
        .into_iter()
        .next()
        .unwrap_or_default()
}
