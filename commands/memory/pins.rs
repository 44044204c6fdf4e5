//! `/memory pins`: what people have pinned in a channel, for whoever looks after it. A pin that is taken away leaves its
//! fact known.

use std::fmt::Write;

use ::memory::{FactId, PINS_PAGE, Page};
use companion::House;
use poise::serenity_prelude::{self as serenity, Permissions};
use store::StoreError;
use store::id::ScopeId;

use super::scope_of;
use crate::answer;
use crate::components::{Press, turning};
use crate::here::{self, house, seat};
use crate::texts::{Locale, say, shortened};
use crate::{Context, Error};

/// Characters of each pin that are shown: whole facts, five of which fit a message of Discord's.
const SHOWN: usize = 240;

/// See what people have pinned in this channel, and take pins away.
#[poise::command(slash_command)]
pub(super) async fn pins(
    ctx: Context<'_>,
    #[description = "Whose memory (whoever speaks here, if you say nothing)"]
    #[autocomplete = "here::complete_persona"]
    persona: Option<String>,
) -> Result<(), Error> {
    if seat(ctx).guild.is_some() {
        here::require(ctx, Permissions::MANAGE_CHANNELS)?;
    }
    ctx.defer_ephemeral().await?;
    let persona = here::named_or_speaking(ctx, persona.as_deref()).await?;
    let (scope, locale) = (scope_of(ctx, persona.id), Locale::of(ctx.locale()));
    let (text, buttons) = page(house(ctx), &scope, persona.name.as_str(), 0, locale).await?;
    let reply = poise::CreateReply::default()
        .content(text)
        .components(buttons)
        .ephemeral(true);
    answer::send(ctx, reply).await?;
    Ok(())
}

/// Takes a pin away. One that is gone already is gone.
pub(crate) async fn unpin(house: &House, scope: &ScopeId, fact: FactId) -> Result<(), Error> {
    match house.memory.pin(scope, fact, false).await {
        Ok(_) | Err(StoreError::Missing { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// One page of pins with a button for each, and the buttons to its neighbours.
pub(crate) async fn page(
    house: &House,
    scope: &ScopeId,
    name: &str,
    number: u32,
    locale: Locale,
) -> Result<(String, Vec<serenity::CreateActionRow>), Error> {
    let Page { mut rows, total } = house.memory.pins_page(scope, number).await?;
    if total == 0 {
        return Ok((say!(locale, "pins-none", name: name), vec![]));
    }
    let pages = total.div_ceil(u64::from(PINS_PAGE));
    // The last pin of the last page may just have gone.
    let last = u32::try_from(pages - 1).unwrap_or(u32::MAX);
    let number = number.min(last);
    if rows.is_empty() {
        rows = house.memory.pins_page(scope, number).await?.rows;
    }
    let mut text = say!(
        locale, "pins-title",
        name: name, total: total, page: number + 1, pages: pages,
    );
    let mut buttons = vec![];
    for (place, fact) in (1..).zip(&rows) {
        let words = shortened(&fact.text, SHOWN);
        let _ = write!(text, "\n{place}. <@{}>: {words}", fact.about);
        let press = Press::Unpin {
            persona: scope.persona,
            fact: fact.id,
            page: number,
        };
        let button = serenity::CreateButton::new(press.id())
            .label(say!(locale, "pins-remove", place: place))
            .style(serenity::ButtonStyle::Secondary);
        buttons.push(button);
    }
    let _ = write!(text, "\n{}", say!(locale, "pins-hint"));
    let press = |page| Press::Pins {
        persona: scope.persona,
        page,
    };
    let mut lines = vec![serenity::CreateActionRow::Buttons(buttons)];
    lines.extend(turning(press, number, pages));
    Ok((text, lines))
}
