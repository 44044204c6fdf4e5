//! `/memory show`: what a persona remembers of your words here, newest first, each with a link to its message.

use std::fmt::Write;

use ::memory::{PAGE_SIZE, Page, Turn};
use companion::House;
use fluent_bundle::FluentArgs;
use poise::serenity_prelude as serenity;
use store::id::{ScopeId, UserId};

use crate::components::Press;
use crate::here::{self, house, seat};
use crate::texts::{Locale, format};
use crate::{Context, Error};

/// Characters of each memory that are shown; its link leads to the rest.
const SHOWN: usize = 140;

/// See what a persona remembers of what you said here.
#[poise::command(slash_command)]
pub(super) async fn show(
    ctx: Context<'_>,
    #[description = "Whose memory (whoever speaks here, if you say nothing)"]
    #[autocomplete = "here::complete_persona"]
    persona: Option<String>,
) -> Result<(), Error> {
    ctx.defer_ephemeral().await?;
    let persona = here::named_or_speaking(ctx, persona.as_deref()).await?;
    let seat = seat(ctx);
    let scope = ScopeId {
        guild: seat.guild,
        channel: seat.channel,
        persona: persona.id,
    };
    let locale = Locale::of(ctx.locale());
    let (text, buttons) = page(house(ctx), &scope, seat.user, &persona.name, 0, locale).await?;
    ctx.send(
        poise::CreateReply::default()
            .content(text)
            .components(buttons)
            .ephemeral(true),
    )
    .await?;
    Ok(())
}

/// One page, and the buttons to its neighbours.
pub(crate) async fn page(
    house: &House,
    scope: &ScopeId,
    user: UserId,
    name: &str,
    number: u32,
    locale: Locale,
) -> Result<(String, Vec<serenity::CreateActionRow>), Error> {
    let Page { rows, total } = house.memory.show(scope, Some(user), number).await?;
    let mut args = FluentArgs::new();
    args.set("name", name);
    if total == 0 {
        return Ok((format(locale, "memory-empty", Some(&args)), vec![]));
    }
    let pages = total.div_ceil(u64::from(PAGE_SIZE));
    args.set("total", total);
    args.set("page", number + 1);
    args.set("pages", pages);
    let mut text = format(locale, "memory-title", Some(&args));
    for turn in &rows {
        let _ = write!(text, "\n{}", line(turn));
    }
    let _ = write!(text, "\n{}", format(locale, "memory-hint", None));
    let turn_to = |number: u32, label: &str, there: bool| {
        serenity::CreateButton::new(
            Press::Show {
                persona: scope.persona,
                page: number,
            }
            .id(),
        )
        .label(label)
        .style(serenity::ButtonStyle::Secondary)
        .disabled(!there)
    };
    let buttons = match pages {
        1 => vec![],
        _ => vec![serenity::CreateActionRow::Buttons(vec![
            turn_to(number.saturating_sub(1), "◀", number > 0),
            turn_to(number + 1, "▶", u64::from(number) + 1 < pages),
        ])],
    };
    Ok((text, buttons))
}

fn line(turn: &Turn) -> String {
    let words: String = turn.text.replace('\n', " ").chars().take(SHOWN).collect();
    let more = if turn.text.chars().count() > SHOWN {
        "…"
    } else {
        ""
    };
    let at = turn.at.timestamp();
    match turn.messages.first() {
        Some(message) => {
            let place = turn
                .scope
                .guild
                .map_or_else(|| "@me".to_owned(), |guild| guild.to_string());
            let channel = turn.scope.channel;
            format!(
                "• [<t:{at}:d>](https://discord.com/channels/{place}/{channel}/{message}) {words}{more}"
            )
        }
        None => format!("• <t:{at}:d> {words}{more}"),
    }
}
