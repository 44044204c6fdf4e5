//! What a persona knows of you here: the pages of `/memory show`, and `/memory correct` and `/memory pin` for one fact.

use std::fmt::Write;

use ::memory::{
    FACTS_PAGE, Fact, FactId, LONGEST_FACT, MOST_PINS, Page, Pinning, Uncorrected, Unfit,
};
use chrono::{DateTime, Utc};
use companion::House;
use fluent_bundle::FluentArgs;
use poise::serenity_prelude::{self as serenity, AutocompleteChoice};
use store::id::{MessageId, ScopeId, UserId};

use super::{link, scope_of};
use crate::components::{Press, turning};
use crate::here::{self, house, seat};
use crate::texts::{Locale, format, say, shortened, tell};
use crate::{Context, Error};

/// Characters of each fact that are shown: a page of them fits a message of Discord's.
const SHOWN: usize = 110;
/// Discord's limit of a choice's name.
const CHOICE: usize = 100;

/// One page of facts, and the buttons to its neighbours.
pub(crate) async fn page(
    house: &House,
    scope: &ScopeId,
    user: UserId,
    name: &str,
    number: u32,
    locale: Locale,
) -> Result<(String, Vec<serenity::CreateActionRow>), Error> {
    let consent = house.store.consent(user).await?.unwrap_or_default();
    let Page { rows, total } = house.memory.facts_page(scope, Some(user), number).await?;
    let mut args = FluentArgs::new();
    args.set("name", name);
    if total == 0 {
        let empty = match consent.facts {
            true => "facts-none-yet",
            false => "facts-not-allowed",
        };
        return Ok((format(locale, empty, Some(&args)), vec![]));
    }
    let pages = total.div_ceil(u64::from(FACTS_PAGE));
    args.set("total", total);
    args.set("page", number + 1);
    args.set("pages", pages);
    let mut text = format(locale, "facts-title", Some(&args));
    for fact in &rows {
        let _ = write!(text, "\n{}", line(fact, locale));
    }
    let _ = write!(text, "\n{}", format(locale, "facts-hint", None));
    let press = |page| Press::Facts {
        persona: scope.persona,
        page,
    };
    Ok((text, turning(press, number, pages)))
}

/// A fact, and how long it holds: since it was first said until another took its place, or when it was last said. One
/// date leads to a message that says it.
pub(super) fn line(fact: &Fact, locale: Locale) -> String {
    let date = |at: DateTime<Utc>| format!("<t:{}:d>", at.timestamp());
    let linked = |at, message: Option<&MessageId>| match message {
        Some(message) => format!("[{}]({})", date(at), link(&fact.scope, *message)),
        None => date(at),
    };
    let words = shortened(&fact.text, SHOWN);
    let (first, last) = (fact.sources.first(), fact.sources.last());
    if let Some((_, until)) = fact.superseded {
        let since = linked(fact.learned_at, first);
        let held = say!(locale, "fact-superseded", since: since, until: date(until));
        return format!("• ~~{words}~~ ({held})");
    }
    let said = match fact.strength {
        1 => linked(fact.learned_at, first),
        times => {
            let (since, last) = (date(fact.learned_at), linked(fact.confirmed_at, last));
            say!(locale, "fact-said-again", since: since, times: times, last: last)
        }
    };
    let pin = if fact.pinned { "📌 " } else { "" };
    format!("• {pin}{words} ({said}){}", written_by(fact, locale))
}

/// Who wrote a fact's words, where no model did.
pub(crate) fn written_by(fact: &Fact, locale: Locale) -> String {
    match fact.origin.author() {
        None => String::new(),
        Some(author) if author == fact.about => format!(" · {}", say!(locale, "fact-own-words")),
        Some(author) => {
            let by = say!(locale, "fact-words-of", who: format!("<@{author}>"));
            format!(" · {by}")
        }
    }
}

/// Put something right that a persona knows of you.
#[poise::command(slash_command)]
pub(super) async fn correct(
    ctx: Context<'_>,
    #[description = "What is wrong"]
    #[autocomplete = "complete_fact"]
    fact: String,
    #[description = "How it is, as one sentence"]
    #[max_length = 240]
    text: String,
) -> Result<(), Error> {
    ctx.defer_ephemeral().await?;
    let (scope, old) = own(ctx, &fact).await?;
    let (house, user) = (house(ctx), seat(ctx).user);
    let now = house.clock.now();
    let corrected = house.memory.correct(&scope, old.id, user, &text, now).await;
    let told = match corrected {
        Ok(new) => {
            let noted = tell!(ctx, "fact-corrected", old: old.text, new: new.text);
            match new.origin.is_said() {
                true => noted,
                false => format!("{noted} {}", tell!(ctx, "fact-only-for-you")),
            }
        }
        Err(Uncorrected::Unfit(unfit)) => {
            let why = refusal(&unfit, &old.about_name, Locale::of(ctx.locale()));
            tell!(ctx, "fact-not-corrected", why: why, old: old.text)
        }
        Err(Uncorrected::Store(error)) => return Err(error.into()),
    };
    here::answer_quietly(ctx, told).await
}

/// Why somebody's words cannot stand as a fact, and what could.
fn refusal(unfit: &Unfit, name: &str, locale: Locale) -> String {
    match unfit {
        Unfit::Length => say!(locale, "fact-too-long", most: LONGEST_FACT),
        Unfit::Sentences => say!(locale, "unfit-sentences"),
        Unfit::Markup => say!(locale, "unfit-markup"),
        Unfit::Orders => say!(locale, "unfit-orders", name: name),
        Unfit::Power => say!(locale, "unfit-power"),
        Unfit::SomebodyElse => say!(locale, "unfit-somebody-else", name: name),
        Unfit::Names(other) => say!(locale, "unfit-names", other: other.as_str()),
        Unfit::Sensitive => say!(locale, "unfit-sensitive"),
    }
}

/// Keep something that a persona knows of you first in its mind when you talk.
#[poise::command(slash_command)]
pub(super) async fn pin(
    ctx: Context<'_>,
    #[description = "What to keep in mind"]
    #[autocomplete = "complete_fact"]
    fact: String,
    #[description = "False takes the pin away"] pinned: Option<bool>,
) -> Result<(), Error> {
    ctx.defer_ephemeral().await?;
    let (scope, known) = own(ctx, &fact).await?;
    let pinned = pinned.unwrap_or(true);
    let told = match house(ctx).memory.pin(&scope, known.id, pinned).await? {
        Pinning::Full(others) => {
            let lines = others
                .iter()
                .map(|fact| format!("\n• 📌 {}", shortened(&fact.text, SHOWN)));
            let list: String = lines.collect();
            tell!(ctx, "fact-pins-full", most: MOST_PINS, list: list)
        }
        Pinning::Done if pinned => tell!(ctx, "fact-pinned", fact: known.text),
        Pinning::Done => tell!(ctx, "fact-unpinned", fact: known.text),
    };
    here::answer_quietly(ctx, told).await
}

/// The fact that was chosen: one about the user, in the memory of whoever speaks here.
pub(super) async fn own(ctx: Context<'_>, chosen: &str) -> Result<(ScopeId, Fact), Error> {
    let persona = here::named_or_speaking(ctx, None).await?;
    let scope = scope_of(ctx, persona.id);
    let unknown = || Error::User(tell!(ctx, "fact-unknown"));
    let id = FactId(chosen.trim().parse().map_err(|_| unknown())?);
    let fact = house(ctx).memory.fact(&scope, id).await?;
    let user = seat(ctx).user;
    fact.filter(|fact| fact.about == user && fact.superseded.is_none())
        .map(|fact| (scope, fact))
        .ok_or_else(unknown)
}

/// The facts about the user that hold what was typed so far.
pub(super) async fn complete_fact(
    ctx: Context<'_>,
    typed: &str,
) -> serenity::CreateAutocompleteResponse {
    let facts = match own_facts(ctx).await {
        Ok(facts) => facts,
        Err(error) => {
            tracing::warn!(%error, "facts could not be completed");
            vec![]
        }
    };
    let typed = typed.to_lowercase();
    let choices = facts
        .into_iter()
        .filter(|fact| fact.text.to_lowercase().contains(&typed))
        .take(25)
        .map(|fact| {
            let name: String = fact.text.chars().take(CHOICE).collect();
            AutocompleteChoice::new(name, fact.id.to_string())
        })
        .collect();
    here::offer(choices)
}

async fn own_facts(ctx: Context<'_>) -> Result<Vec<Fact>, Error> {
    let persona = here::named_or_speaking(ctx, None).await?;
    let (scope, user) = (scope_of(ctx, persona.id), seat(ctx).user);
    let known = house(ctx).memory.known_to(&scope, user).await?;
    Ok(known
        .facts
        .into_iter()
        .filter(|fact| fact.about == user)
        .collect())
}
