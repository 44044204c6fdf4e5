//! `/budget`: what replies cost, and what they may cost.

use std::collections::HashMap;
use std::fmt::Write;

use ledger::{BudgetView, Gauge, Period, PicoUsd, ReplyCost, Scope, Spender, Unit, WindowView};
use poise::serenity_prelude::{AutocompleteChoice, CreateAutocompleteResponse, Permissions};
use store::id::PersonaId;

use crate::here::{self, house, seat};
use crate::texts::tell;
use crate::{Command, Context, Error};

/// Replies whose cost is shown one by one.
const REPLIES_SHOWN: usize = 6;
/// What is typed for "no limit".
const NONE: &str = "none";

/// What replies cost, and what they may cost.
#[poise::command(
    slash_command,
    subcommands("show", "set"),
    subcommand_required,
    install_context = "Guild|User",
    interaction_context = "Guild|BotDm|PrivateChannel"
)]
pub(crate) async fn budget(_: Context<'_>) -> Result<(), Error> {
    // Discord does not let the bare command be used.
    Ok(())
}

/// See what is left, when it starts afresh, and what the last replies cost.
#[poise::command(slash_command)]
async fn show(ctx: Context<'_>) -> Result<(), Error> {
    ctx.defer_ephemeral().await?;
    let seat = seat(ctx);
    let view = house(ctx)
        .ledger
        .view(&Spender {
            guild: seat.guild,
            channel: Some(seat.parent.unwrap_or(seat.channel)),
            member: seat.user,
        })
        .await?;
    let names = names(ctx, &view).await?;
    here::answer_quietly(ctx, describe(ctx, &view, &names)).await
}

fn describe(ctx: Context<'_>, view: &BudgetView, names: &HashMap<PersonaId, String>) -> String {
    let mut text = tell!(ctx, "budget-title");
    for window in view.windows.iter().filter(|window| is_of_interest(window)) {
        let _ = write!(text, "\n{}", line(ctx, window));
    }
    if view.replies.is_empty() {
        let _ = write!(text, "\n\n{}", tell!(ctx, "budget-no-replies"));
        return text;
    }
    let _ = write!(text, "\n\n{}", tell!(ctx, "budget-replies"));
    for reply in view.replies.iter().take(REPLIES_SHOWN) {
        let _ = write!(text, "\n{}", cost(ctx, reply, names));
    }
    text
}

/// A window without a limit in which nothing was spent says nothing.
fn is_of_interest(window: &WindowView) -> bool {
    let says = |gauge: &Gauge| gauge.limit.is_some() || gauge.posted + gauge.pending > 0;
    says(&window.usd) || says(&window.tokens) || window.frozen.is_some()
}

fn line(ctx: Context<'_>, window: &WindowView) -> String {
    let scope = match window.scope {
        Scope::Instance => tell!(ctx, "scope-instance"),
        Scope::Guild(_) => tell!(ctx, "scope-server"),
        Scope::Channel { .. } => tell!(ctx, "scope-channel"),
        Scope::Member { .. } => tell!(ctx, "scope-member"),
        Scope::User(_) => tell!(ctx, "scope-user"),
    };
    let period = match window.period {
        Period::Day => tell!(ctx, "period-day"),
        Period::Month => tell!(ctx, "period-month"),
    };
    let gauges: Vec<String> = [(Unit::Usd, &window.usd), (Unit::Tokens, &window.tokens)]
        .into_iter()
        .filter(|(_, gauge)| gauge.limit.is_some() || gauge.posted + gauge.pending > 0)
        .map(|(unit, gauge)| amount(ctx, unit, gauge))
        .collect();
    let reset = window.resets_at.timestamp();
    let mut line = tell!(ctx, "budget-window", scope: scope, period: period, amounts: gauges.join(" · "), reset: reset.to_string());
    if window.frozen.is_some() {
        let _ = write!(line, "\n{}", tell!(ctx, "budget-frozen"));
    }
    line
}

fn amount(ctx: Context<'_>, unit: Unit, gauge: &Gauge) -> String {
    let spent = in_words(ctx, unit, gauge.posted);
    let mut text = match gauge.limit {
        Some(limit) => tell!(ctx, "budget-of", spent: spent, limit: in_words(ctx, unit, limit)),
        None => tell!(ctx, "budget-unlimited", spent: spent),
    };
    if gauge.pending > 0 {
        let _ = write!(
            text,
            " {}",
            tell!(ctx, "budget-pending", pending: in_words(ctx, unit, gauge.pending))
        );
    }
    text
}

/// `$1.50`, or `2,000,000 tokens`.
fn in_words(ctx: Context<'_>, unit: Unit, amount: i64) -> String {
    match unit {
        Unit::Usd => PicoUsd(amount).to_string(),
        Unit::Tokens => tell!(ctx, "tokens", count: grouped(amount)),
    }
}

/// Digits in threes, as both locales write them.
fn grouped(amount: i64) -> String {
    let digits = amount.unsigned_abs().to_string();
    let mut text = String::from(if amount < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn cost(ctx: Context<'_>, reply: &ReplyCost, names: &HashMap<PersonaId, String>) -> String {
    let who = reply
        .persona
        .and_then(|id| names.get(&id))
        .map_or("—", String::as_str);
    let tokens = match (reply.input, reply.output) {
        (Some(input), Some(output)) => {
            tell!(ctx, "cost-reported", input: grouped(input), output: grouped(output))
        }
        _ => tell!(ctx, "cost-held", tokens: grouped(reply.tokens)),
    };
    let price = match reply.usd {
        PicoUsd::ZERO => tell!(ctx, "cost-free"),
        usd => usd.to_string(),
    };
    tell!(
        ctx, "budget-reply",
        at: reply.at.timestamp().to_string(),
        persona: who,
        tokens: tokens,
        price: price,
        model: reply.model.model.as_str(),
    )
}

async fn names(ctx: Context<'_>, view: &BudgetView) -> Result<HashMap<PersonaId, String>, Error> {
    let mut names = HashMap::new();
    for id in view.replies.iter().filter_map(|reply| reply.persona) {
        if !names.contains_key(&id)
            && let Some(persona) = house(ctx).store.persona(id).await?
        {
            names.insert(id, persona.name);
        }
    }
    Ok(names)
}

/// What an amount counts, as the choices read.
#[derive(Clone, Copy, Debug, poise::ChoiceParameter)]
enum Counted {
    #[name = "US dollars"]
    #[name_localized("zh-CN", "美元")]
    Usd,
    #[name = "tokens"]
    #[name_localized("zh-CN", "词元")]
    Tokens,
}

/// How long a limit runs, as the choices read.
#[derive(Clone, Copy, Debug, poise::ChoiceParameter)]
enum Runs {
    #[name = "a day"]
    #[name_localized("zh-CN", "每天")]
    Day,
    #[name = "a month"]
    #[name_localized("zh-CN", "每月")]
    Month,
}

/// Set what replies in this server may cost.
#[poise::command(slash_command)]
async fn set(
    ctx: Context<'_>,
    #[description = "A number such as 1.50 or 200000; none for no limit of your own"]
    amount: String,
    #[description = "US dollars or tokens (dollars, if you say nothing)"] unit: Option<Counted>,
    #[description = "A day or a month (a day, if you say nothing)"] period: Option<Runs>,
    #[description = "The server's time zone, such as Europe/Berlin, in which its days begin"]
    #[autocomplete = "complete_zone"]
    time_zone: Option<String>,
) -> Result<(), Error> {
    let guild = here::require_server(ctx)?;
    here::require(ctx, Permissions::MANAGE_GUILD)?;
    let unit = match unit.unwrap_or(Counted::Usd) {
        Counted::Usd => Unit::Usd,
        Counted::Tokens => Unit::Tokens,
    };
    let period = match period.unwrap_or(Runs::Day) {
        Runs::Day => Period::Day,
        Runs::Month => Period::Month,
    };
    let limit = parse(ctx, &amount, unit)?;
    let zone = time_zone.map(|name| zone(ctx, &name)).transpose()?;
    ctx.defer().await?;
    let (ledger, by) = (&house(ctx).ledger, seat(ctx).user);
    if let Some(zone) = zone {
        ledger.set_zone(guild, zone, by).await?;
    }
    let scope = Scope::Guild(guild);
    ledger.set_limit(scope, period, unit, limit, by).await?;
    // Setting a limit is how an admin says that a breach was seen.
    let opened = ledger.acknowledge(scope, by).await?;
    let per = match period {
        Period::Day => tell!(ctx, "period-day"),
        Period::Month => tell!(ctx, "period-month"),
    };
    let mut text = match limit {
        Some(limit) => tell!(ctx, "budget-set", limit: in_words(ctx, unit, limit), period: per),
        None => tell!(ctx, "budget-set-none", period: per),
    };
    if let Some(zone) = zone {
        let _ = write!(text, "\n{}", tell!(ctx, "zone-set", zone: zone.name()));
    }
    if opened {
        let _ = write!(text, "\n{}", tell!(ctx, "budget-opened"));
    }
    ctx.say(text).await?;
    Ok(())
}

fn parse(ctx: Context<'_>, typed: &str, unit: Unit) -> Result<Option<i64>, Error> {
    let typed = typed.trim().trim_start_matches('$').replace([',', '_'], "");
    if typed.eq_ignore_ascii_case(NONE) {
        return Ok(None);
    }
    let amount = match unit {
        Unit::Usd => typed.parse::<PicoUsd>().ok().map(PicoUsd::get),
        Unit::Tokens => typed.parse::<i64>().ok(),
    };
    match amount.filter(|amount| *amount >= 0) {
        Some(amount) => Ok(Some(amount)),
        None => Err(Error::User(tell!(ctx, "budget-not-a-number", typed: typed))),
    }
}

fn zone(ctx: Context<'_>, name: &str) -> Result<chrono_tz::Tz, Error> {
    chrono_tz::TZ_VARIANTS
        .iter()
        .find(|zone| zone.name().eq_ignore_ascii_case(name.trim()))
        .copied()
        .ok_or_else(|| Error::User(tell!(ctx, "zone-unknown", typed: name)))
}

async fn complete_zone(_: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    let typed = typed.to_lowercase();
    let zones = chrono_tz::TZ_VARIANTS
        .iter()
        .map(|zone| zone.name())
        .filter(|name| name.to_lowercase().contains(&typed))
        .take(25)
        .map(|name| AutocompleteChoice::new(name, name))
        .collect();
    here::offer(zones)
}

pub(crate) fn commands() -> Vec<Command> {
    vec![budget()]
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn large_numbers_are_grouped_in_threes() {
        for (amount, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (-1_234_567, "-1,234,567"),
        ] {
            assert_eq!(grouped(amount), text);
        }
    }
}
