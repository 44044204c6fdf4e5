//! Amounts, periods and scopes in words.

use ledger::{Period, PicoUsd, Scope, Spend, Unit};

use crate::texts::{Locale, say};

/// `$1.50`, or `2,000,000 tokens`.
pub(super) fn in_words(locale: Locale, unit: Unit, amount: i64) -> String {
    match unit {
        Unit::Usd => PicoUsd(amount).to_string(),
        Unit::Tokens => say!(locale, "tokens", count: grouped(amount)),
    }
}

/// A limit, which may be none.
pub(super) fn limit_in_words(locale: Locale, unit: Unit, limit: Option<i64>) -> String {
    match limit {
        Some(limit) => in_words(locale, unit, limit),
        None => say!(locale, "no-limit"),
    }
}

/// What calls cost: money where there is any, else tokens.
pub(super) fn spend_in_words(locale: Locale, spend: &Spend) -> String {
    match spend.usd {
        PicoUsd::ZERO => in_words(locale, Unit::Tokens, spend.tokens),
        usd => usd.to_string(),
    }
}

/// Digits in threes, as both locales write them.
pub(crate) fn grouped(amount: i64) -> String {
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

/// Money as a chart's scale writes it: as few digits as tell it from its neighbours.
pub(super) fn short_usd(pico: i64) -> String {
    // For the eye only; the ledger keeps the integer.
    let usd = pico as f64 / 1e12;
    let digits = match usd.abs() {
        0.0 => return "$0".to_owned(),
        small if small < 0.000_1 => 6,
        small if small < 0.01 => 4,
        small if small < 0.1 => 3,
        small if small < 1_000.0 => 2,
        _ => 0,
    };
    format!("${usd:.digits$}")
}

/// Tokens as a chart's scale writes them.
pub(super) fn short_tokens(tokens: i64) -> String {
    match tokens {
        10_000_000.. => format!("{}M", tokens / 1_000_000),
        10_000.. => format!("{}k", tokens / 1_000),
        _ => grouped(tokens),
    }
}

/// `a day` or `a month`.
pub(super) fn period_in_words(locale: Locale, period: Period) -> String {
    match period {
        Period::Day => say!(locale, "period-day"),
        Period::Month => say!(locale, "period-month"),
    }
}

/// Whose window it is, to whom it shows.
pub(super) fn scope_in_words(locale: Locale, scope: Scope) -> String {
    match scope {
        Scope::Instance => say!(locale, "scope-instance"),
        Scope::Guild(_) => say!(locale, "scope-server"),
        Scope::Channel { channel, .. } => {
            say!(locale, "scope-channel", channel: format!("<#{channel}>"))
        }
        Scope::Member { .. } => say!(locale, "scope-member"),
        Scope::User(_) => say!(locale, "scope-user"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn a_scale_has_as_few_digits_as_it_needs() {
        let pico = |millionths: i64| millionths * 1_000_000;
        for (amount, text) in [
            (0, "$0"),
            (pico(12), "$0.000012"),
            (pico(1_200), "$0.0012"),
            (pico(50_000), "$0.050"),
            (pico(2_500_000), "$2.50"),
            (pico(40_000_000_000), "$40000"),
        ] {
            assert_eq!(short_usd(amount), text);
        }
        for (tokens, text) in [
            (950, "950"),
            (9_500, "9,500"),
            (12_000, "12k"),
            (20_000_000, "20M"),
        ] {
            assert_eq!(short_tokens(tokens), text);
        }
    }
}
