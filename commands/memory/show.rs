//! `/memory show`: what a persona remembers of your words here, newest first, each with a link to its message.

use std::fmt::Write;

use ::memory::{PAGE_SIZE, Page, Turn};
use companion::House;
use fluent_bundle::FluentArgs;
use poise::serenity_prelude as serenity;
use store::id::{ScopeId, UserId};

use super::{beyond, facts, link, scope_of};
use crate::answer;
use crate::components::{Press, turning};
use crate::here::{self, house, seat};
use crate::texts::{Locale, format, say, shortened};
use crate::{Context, Error};

/// Characters of each memory that are shown; its link leads to the rest. A page of them fits a message of Discord's.
const SHOWN: usize = 100;

/// Characters of a summary that are shown; it has at most 260 tokens.
const LONGEST_SUMMARY: usize = 1_600;

/// What is to be shown, as the choices read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, poise::ChoiceParameter)]
pub(super) enum Kind {
    /// Facts.
    #[name = "what it knows of me"]
    #[name_localized("zh-CN", "它知道我什么")]
    Facts,
    /// Turns.
    #[name = "what I said"]
    #[name_localized("zh-CN", "我说过的话")]
    Words,
    /// The rolling summary.
    #[name = "the summary of this place"]
    #[name_localized("zh-CN", "这里的摘要")]
    Summary,
}

/// See what a persona knows and remembers of you here, and its summary.
#[poise::command(slash_command)]
pub(super) async fn show(
    ctx: Context<'_>,
    #[description = "What to see (what it knows of you, if there is anything)"] kind: Option<Kind>,
    #[description = "Whose memory (whoever speaks here, if you say nothing)"]
    #[autocomplete = "here::complete_persona"]
    persona: Option<String>,
) -> Result<(), Error> {
    ctx.defer_ephemeral().await?;
    let persona = here::named_or_speaking(ctx, persona.as_deref()).await?;
    let (seat, scope) = (seat(ctx), scope_of(ctx, persona.id));
    let locale = Locale::of(ctx.locale());
    let (house, name) = (house(ctx), persona.name.as_str());
    let companion = &ctx.data().companion;
    let here = house.memory.facts_page(&scope, Some(seat.user), 0).await?;
    let knows = here.total > 0 || !companion.profile(seat, persona.id).await?.is_empty();
    let kind = kind.unwrap_or(if knows { Kind::Facts } else { Kind::Words });
    let (mut text, buttons) = match kind {
        Kind::Facts => facts::page(house, &scope, seat.user, name, 0, locale).await?,
        Kind::Words => page(house, &scope, seat.user, name, 0, locale).await?,
        Kind::Summary => (summary(house, &scope, name, locale).await?, vec![]),
    };
    if kind != Kind::Summary {
        beyond::mention_summary(&mut text, house, &scope, locale).await?;
    }
    let with_facts = kind == Kind::Facts;
    let who = (persona.id, name);
    beyond::add(&mut text, companion, seat, who, with_facts, locale).await?;
    answer::send(
        ctx,
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
    let press = |page| Press::Show {
        persona: scope.persona,
        page,
    };
    Ok((text, turning(press, number, pages)))
}

/// The summary of what was said in a place, and of what it was made.
async fn summary(
    house: &House,
    scope: &ScopeId,
    name: &str,
    locale: Locale,
) -> Result<String, Error> {
    let Some(summary) = house.memory.summary(scope).await? else {
        return Ok(say!(locale, "summary-none", name: name));
    };
    let since = format!("<t:{}:d>", summary.oldest.timestamp());
    let title = say!(locale, "summary-title", name: name, messages: summary.messages, since: since);
    let text = shortened(&summary.text, LONGEST_SUMMARY);
    let hint = say!(locale, "summary-hint");
    Ok(format!("{title}\n{text}\n{hint}"))
}

pub(super) fn line(turn: &Turn) -> String {
    let words = shortened(&turn.text, SHOWN);
    let at = turn.at.timestamp();
    match turn.messages.first() {
        Some(message) => format!("• [<t:{at}:d>]({}) {words}", link(&turn.scope, *message)),
        None => format!("• <t:{at}:d> {words}"),
    }
}
