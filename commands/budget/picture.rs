//! From the ledger's figures to the chart and its description in words.

use std::collections::HashMap;

use ledger::{BudgetView, DaySpend, Period, Scope, Spend, Unit};
use store::id::PersonaId;

use super::amounts::{in_words, limit_in_words, short_tokens, short_usd};
use super::chart::{Chart, Cost, Day, PERSONAS};
use crate::texts::{Locale, say};

/// The most characters of an attachment's description,
/// <https://discord.com/developers/docs/resources/message#attachment-object>.
const LONGEST_DESCRIPTION: usize = 1024;

/// What is drawn, and what it says to those who do not see it.
pub(super) struct Picture {
    pub(super) chart: Chart,
    pub(super) description: String,
}

/// The picture of a server's budget.
pub(super) fn picture(
    locale: Locale,
    view: &BudgetView,
    days: &[DaySpend],
    names: &HashMap<PersonaId, String>,
) -> Picture {
    let unit = unit(view, days);
    let (write, unit_name): (fn(i64) -> String, _) = match unit {
        Unit::Usd => (short_usd, say!(locale, "unit-usd")),
        Unit::Tokens => (short_tokens, say!(locale, "unit-tokens")),
    };
    let mut costs: Vec<Cost> = view
        .by_persona
        .iter()
        .map(|one| Cost {
            name: match one.persona {
                Some(id) => names.get(&id).cloned().unwrap_or_default(),
                None => say!(locale, "nobody"),
            },
            spent: of(unit, &one.month),
        })
        .filter(|cost| cost.spent > 0)
        .collect();
    costs.truncate(PERSONAS);
    let limit_today = view
        .windows
        .iter()
        .find(|window| matches!(window.scope, Scope::Guild(_)) && window.period == Period::Day)
        .and_then(|window| match unit {
            Unit::Usd => window.usd.limit,
            Unit::Tokens => window.tokens.limit,
        });
    let last = days.len().saturating_sub(1);
    let days: Vec<Day> = days
        .iter()
        .enumerate()
        .map(|(at, day)| Day {
            label: day.date.format("%m-%d").to_string(),
            spent: spent(unit, day),
            limit: match at == last {
                // The day's window may not be there yet, but its limit is.
                true => limit_today,
                false => limit(unit, day),
            },
        })
        .collect();
    let description = describe(locale, unit, &days, &costs);
    let chart = Chart {
        days_title: say!(locale, "chart-days", unit: unit_name),
        personas_title: say!(locale, "chart-personas"),
        today: say!(locale, "chart-today"),
        limit: say!(locale, "chart-limit"),
        limit_above: say!(locale, "chart-limit-above"),
        nothing: say!(locale, "chart-nothing"),
        days,
        personas: costs,
        write,
    };
    Picture { chart, description }
}

/// Money, unless only tokens are counted here.
fn unit(view: &BudgetView, days: &[DaySpend]) -> Unit {
    let has_money = days.iter().any(|day| day.usd.get() > 0);
    let of_server = |scope| matches!(scope, Scope::Guild(_));
    let windows = view.windows.iter().filter(|window| of_server(window.scope));
    let (usd, tokens) = windows.fold((false, false), |(usd, tokens), window| {
        (
            usd || window.usd.limit.is_some(),
            tokens || window.tokens.limit.is_some(),
        )
    });
    let has_tokens = days.iter().any(|day| day.tokens > 0);
    match has_money || (usd && !(tokens && has_tokens)) || !(tokens || has_tokens) {
        true => Unit::Usd,
        false => Unit::Tokens,
    }
}

fn of(unit: Unit, spend: &Spend) -> i64 {
    match unit {
        Unit::Usd => spend.usd.get(),
        Unit::Tokens => spend.tokens,
    }
}

fn spent(unit: Unit, day: &DaySpend) -> i64 {
    match unit {
        Unit::Usd => day.usd.get(),
        Unit::Tokens => day.tokens,
    }
}

fn limit(unit: Unit, day: &DaySpend) -> Option<i64> {
    match unit {
        Unit::Usd => day.usd_limit.map(ledger::PicoUsd::get),
        Unit::Tokens => day.tokens_limit,
    }
}

/// The picture's figures: today first, since a long text is cut at its end.
fn describe(locale: Locale, unit: Unit, days: &[Day], costs: &[Cost]) -> String {
    let mut text = say!(locale, "chart-alt", days: days.len());
    if let Some(today) = days.last() {
        let limit = limit_in_words(locale, unit, today.limit);
        let spent = in_words(locale, unit, today.spent);
        text.push_str(&say!(locale, "chart-alt-today", spent: spent, limit: limit));
    }
    let personas: Vec<String> = costs
        .iter()
        .map(|cost| format!("{} {}", cost.name, in_words(locale, unit, cost.spent)))
        .collect();
    if !personas.is_empty() {
        text.push_str(&say!(locale, "chart-alt-personas", list: personas.join(", ")));
    }
    let earlier: Vec<String> = days
        .iter()
        .rev()
        .skip(1)
        .filter(|day| day.spent > 0)
        .map(|day| format!("{} {}", day.label, in_words(locale, unit, day.spent)))
        .collect();
    if !earlier.is_empty() {
        text.push_str(&say!(locale, "chart-alt-earlier", list: earlier.join(", ")));
    }
    if text.chars().count() > LONGEST_DESCRIPTION {
        text = text.chars().take(LONGEST_DESCRIPTION - 1).collect();
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests;
