//! What `/budget set` was asked to do, read from what was typed. Everything is read before anything is changed.

use companion::House;
use ledger::{ModelKey, Period, PicoUsd, Unit};

use crate::Error;
use crate::texts::{Locale, say};

/// What is typed for "no limit".
const NONE: &str = "none";
/// What is typed for "what the operator has set".
const DEFAULT: &str = "default";
/// What is typed for "every model".
const ALL: &str = "all";

/// A limit that somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// This one; `None` is no limit.
    Limit(Option<i64>),
    /// The operator's.
    Default,
}

/// What an amount counts, as the choices read.
#[derive(Clone, Copy, Debug, poise::ChoiceParameter)]
pub(super) enum Counted {
    #[name = "US dollars"]
    #[name_localized("zh-CN", "美元")]
    Usd,
    #[name = "tokens"]
    #[name_localized("zh-CN", "词元")]
    Tokens,
}

impl From<Counted> for Unit {
    fn from(counted: Counted) -> Self {
        match counted {
            Counted::Usd => Self::Usd,
            Counted::Tokens => Self::Tokens,
        }
    }
}

/// How long a limit runs, as the choices read.
#[derive(Clone, Copy, Debug, poise::ChoiceParameter)]
pub(super) enum Runs {
    #[name = "a day"]
    #[name_localized("zh-CN", "每天")]
    Day,
    #[name = "a month"]
    #[name_localized("zh-CN", "每月")]
    Month,
}

impl From<Runs> for Period {
    fn from(runs: Runs) -> Self {
        match runs {
            Runs::Day => Self::Day,
            Runs::Month => Self::Month,
        }
    }
}

/// An amount.
pub(super) fn amount(locale: Locale, typed: &str, unit: Unit) -> Result<Wish, Error> {
    let typed = typed.trim().trim_start_matches('$').replace([',', '_'], "");
    if typed.eq_ignore_ascii_case(NONE) {
        return Ok(Wish::Limit(None));
    }
    if typed.eq_ignore_ascii_case(DEFAULT) {
        return Ok(Wish::Default);
    }
    let amount = match unit {
        Unit::Usd => typed.parse::<PicoUsd>().ok().map(PicoUsd::get),
        Unit::Tokens => typed.parse::<i64>().ok(),
    };
    match amount.filter(|amount| *amount >= 0) {
        Some(amount) => Ok(Wish::Limit(Some(amount))),
        None => Err(Error::User(
            say!(locale, "budget-not-a-number", typed: typed),
        )),
    }
}

/// A time zone.
pub(super) fn zone(locale: Locale, name: &str) -> Result<chrono_tz::Tz, Error> {
    chrono_tz::TZ_VARIANTS
        .iter()
        .find(|zone| zone.name().eq_ignore_ascii_case(name.trim()))
        .copied()
        .ok_or_else(|| Error::User(say!(locale, "zone-unknown", typed: name)))
}

/// The names of time zones that fit what was typed so far.
pub(super) fn zones_like(typed: &str) -> Vec<String> {
    let typed = typed.to_lowercase();
    chrono_tz::TZ_VARIANTS
        .iter()
        .map(|zone| zone.name())
        .filter(|name| name.to_lowercase().contains(&typed))
        .map(str::to_owned)
        .collect()
}

/// Every model of the configuration, the one that speaks first.
pub(super) fn configured(house: &House) -> Vec<ModelKey> {
    let mut keys: Vec<ModelKey> = Vec::new();
    for model in std::iter::once(&house.model).chain(&house.cheaper) {
        let key = &model.provider.terms().key;
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    keys
}

/// Models by name, separated by commas; `None` is all of them.
pub(super) fn models(
    locale: Locale,
    typed: &str,
    configured: &[ModelKey],
) -> Result<Option<Vec<ModelKey>>, Error> {
    if typed.trim().eq_ignore_ascii_case(ALL) {
        return Ok(None);
    }
    let mut wanted: Vec<ModelKey> = Vec::new();
    for name in typed
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        let is_it = |key: &&ModelKey| {
            key.model.eq_ignore_ascii_case(name) || key.to_string().eq_ignore_ascii_case(name)
        };
        let Some(key) = configured.iter().find(is_it) else {
            let known = names(configured).join(", ");
            return Err(Error::User(
                say!(locale, "model-unknown", typed: name, models: known),
            ));
        };
        if !wanted.contains(key) {
            wanted.push(key.clone());
        }
    }
    match wanted.is_empty() {
        true => Err(Error::User(
            say!(locale, "model-unknown", typed: typed, models: names(configured).join(", ")),
        )),
        false => Ok(Some(wanted)),
    }
}

/// What the list offers while models are typed: all, or one more after those that stand there already.
pub(super) fn models_like(typed: &str, configured: &[ModelKey]) -> Vec<String> {
    let (before, last) = typed.rsplit_once(',').map_or(("", typed), |(a, b)| (a, b));
    let last = last.trim().to_lowercase();
    let taken: Vec<&str> = before.split(',').map(str::trim).collect();
    let more = names(configured)
        .into_iter()
        .filter(|name| name.to_lowercase().contains(&last) && !taken.contains(&name.as_str()))
        .map(|name| match before {
            "" => name,
            before => format!("{before}, {name}"),
        });
    let all = (before.is_empty() && ALL.contains(&last)).then(|| ALL.to_owned());
    all.into_iter().chain(more).collect()
}

fn names(configured: &[ModelKey]) -> Vec<String> {
    configured.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(model: &str) -> ModelKey {
        ModelKey {
            provider: "sim".into(),
            model: model.into(),
        }
    }

    #[test]
    fn an_amount_is_a_number_or_none_or_the_operators() {
        let read = |typed, unit| amount(Locale::English, typed, unit).ok();
        let dollar = 1_000_000_000_000;
        assert_eq!(
            read("$1.50", Unit::Usd),
            Some(Wish::Limit(Some(dollar * 3 / 2)))
        );
        assert_eq!(
            read("200,000", Unit::Tokens),
            Some(Wish::Limit(Some(200_000)))
        );
        assert_eq!(read(" None ", Unit::Usd), Some(Wish::Limit(None)));
        assert_eq!(read("default", Unit::Usd), Some(Wish::Default));
        for wrong in ["", "much", "-1", "1.2.3", "1.5 euros"] {
            assert_eq!(read(wrong, Unit::Usd), None, "{wrong}");
        }
    }

    #[test]
    fn models_are_named_with_or_without_their_endpoint() {
        let all = [key("large"), key("small")];
        let read = |typed| models(Locale::English, typed, &all).ok();
        assert_eq!(read("ALL"), Some(None));
        assert_eq!(
            read("small, large at sim, small"),
            Some(Some(vec![key("small"), key("large")]))
        );
        assert_eq!(read("huge"), None);
        assert_eq!(read(" , "), None);
    }

    #[test]
    fn the_list_goes_on_after_a_comma() {
        let all = [key("large"), key("small")];
        assert_eq!(
            models_like("", &all),
            ["all", "large at sim", "small at sim"]
        );
        assert_eq!(models_like("sma", &all), ["small at sim"]);
        assert_eq!(
            models_like("small at sim,", &all),
            ["small at sim, large at sim"]
        );
    }
}
