//! A change of the budget in words: what it was, and what it is now.

use ledger::{Change, Period, Scope, Unit};

use super::amounts::{limit_in_words, period_in_words};
use crate::texts::{Locale, say};

/// `Limit a day: $5.00 → $2.50`.
pub(super) fn in_words(locale: Locale, change: &Change) -> String {
    let told = match change.what.as_str() {
        "limit" => limit(locale, change),
        "zone" => from_to(
            locale,
            say!(locale, "change-zone"),
            text(locale, change.before.as_deref()),
            text(locale, change.after.as_deref()),
        ),
        "acknowledge" => say!(locale, "change-acknowledge"),
        "pause" => {
            let is_paused = change.after.as_deref() == Some("paused");
            say!(
                locale,
                if is_paused {
                    "change-paused"
                } else {
                    "change-unpaused"
                }
            )
        }
        "member_percent" => {
            let percent = |value: Option<&str>| match value {
                Some(percent) => format!("{percent} %"),
                None => say!(locale, "the-default"),
            };
            let what = say!(locale, "change-member-percent");
            from_to(
                locale,
                what,
                percent(change.before.as_deref()),
                percent(change.after.as_deref()),
            )
        }
        "models" => {
            let models = |value: Option<&str>| match value {
                Some(models) => models.to_owned(),
                None => say!(locale, "all-models"),
            };
            from_to(
                locale,
                say!(locale, "change-models"),
                models(change.before.as_deref()),
                models(change.after.as_deref()),
            )
        }
        "warning_channel" => {
            let channel = |value: Option<&str>| match value {
                Some(channel) => format!("<#{channel}>"),
                None => say!(locale, "no-warnings"),
            };
            from_to(
                locale,
                say!(locale, "change-warning-channel"),
                channel(change.before.as_deref()),
                channel(change.after.as_deref()),
            )
        }
        // What a later version has written stays readable.
        other => from_to(
            locale,
            other.to_owned(),
            text(locale, change.before.as_deref()),
            text(locale, change.after.as_deref()),
        ),
    };
    match change.scope.parse() {
        Ok(Scope::Channel { channel, .. }) => {
            say!(locale, "change-in-channel", channel: format!("<#{channel}>"), change: told)
        }
        Ok(Scope::Member { member, .. }) => {
            say!(locale, "change-of-member", member: format!("<@{member}>"), change: told)
        }
        _ => told,
    }
}

fn limit(locale: Locale, change: &Change) -> String {
    let unit = match change.unit.as_deref() {
        Some("tokens") => Unit::Tokens,
        _ => Unit::Usd,
    };
    let period = match change.period.as_deref() {
        Some("month") => Period::Month,
        _ => Period::Day,
    };
    let amount = |value: Option<&str>| {
        limit_in_words(locale, unit, value.and_then(|value| value.parse().ok()))
    };
    let what = say!(locale, "change-limit", period: period_in_words(locale, period));
    from_to(
        locale,
        what,
        amount(change.before.as_deref()),
        amount(change.after.as_deref()),
    )
}

fn text(locale: Locale, value: Option<&str>) -> String {
    value.map_or_else(|| say!(locale, "nothing-set"), str::to_owned)
}

fn from_to(locale: Locale, what: String, before: String, after: String) -> String {
    if before == after {
        return say!(locale, "change-stays", what: what, value: after);
    }
    say!(locale, "change", what: what, before: before, after: after)
}

#[cfg(test)]
mod tests;
