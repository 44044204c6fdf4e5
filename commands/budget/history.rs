//! `/budget history`: who changed what, newest first.

use companion::House;
use ledger::Change;
use poise::serenity_prelude as serenity;
use store::id::GuildId;

use super::{change, steered};
use crate::answer;
use crate::components::Press;
use crate::here::house;
use crate::texts::{Locale, say, shortened};
use crate::{Context, Error};

/// Changes on one page.
const PAGE: usize = 10;
/// Characters of one line, so that a page of them fits into one message.
const LONGEST_LINE: usize = 180;
/// The operator at the command line, as the ledger writes it.
const OPERATOR: u64 = 0;

/// See every change of this server's budget: who, when, from what to what.
#[poise::command(slash_command)]
pub(super) async fn history(ctx: Context<'_>) -> Result<(), Error> {
    let guild = steered(ctx)?;
    ctx.defer_ephemeral().await?;
    let (text, buttons) = page(house(ctx), guild, 0, Locale::of(ctx.locale())).await?;
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
    guild: GuildId,
    number: u32,
    locale: Locale,
) -> Result<(String, Vec<serenity::CreateActionRow>), Error> {
    let changes = house.ledger.changes(guild).await?;
    if changes.is_empty() {
        return Ok((say!(locale, "history-empty"), vec![]));
    }
    let pages = changes.len().div_ceil(PAGE);
    let at = (number as usize).min(pages - 1);
    let mut text = say!(locale, "history-title", page: at + 1, pages: pages);
    for change in changes.iter().skip(at * PAGE).take(PAGE) {
        text.push('\n');
        text.push_str(&line(locale, change));
    }
    Ok((text, buttons(at, pages)))
}

fn buttons(at: usize, pages: usize) -> Vec<serenity::CreateActionRow> {
    let turn_to = |page: usize, label: &str, there: bool| {
        let page = u32::try_from(page).unwrap_or(u32::MAX);
        serenity::CreateButton::new(Press::History { page }.id())
            .label(label)
            .style(serenity::ButtonStyle::Secondary)
            .disabled(!there)
    };
    if pages == 1 {
        return vec![];
    }
    // Past an end the id only has to differ from the other button's.
    let before = at.checked_sub(1).unwrap_or(pages);
    vec![serenity::CreateActionRow::Buttons(vec![
        turn_to(before, "◀", at > 0),
        turn_to(at + 1, "▶", at + 1 < pages),
    ])]
}

fn line(locale: Locale, change: &Change) -> String {
    let by = match change.by.get() {
        OPERATOR => say!(locale, "the-operator"),
        id => format!("<@{id}>"),
    };
    let at = change.at.timestamp().to_string();
    let told = change::in_words(locale, change);
    let line = say!(locale, "history-line", at: at, by: by, change: told);
    shortened(&line, LONGEST_LINE)
}
