//! Money: whole pico-US-dollars, because fractions of a cent add up and floats do not.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Pico-dollars in one dollar.
const PICO: i64 = 1_000_000_000_000;
/// Digits after the point that a pico-dollar can carry.
const DIGITS: usize = 12;
/// What [`PicoUsd`]'s `Display` rounds to: a millionth of a dollar.
const SHOWN: u64 = 1_000_000;

/// An amount of money in pico-US-dollars (1e-12 USD). An `i64` of them reaches nine million dollars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PicoUsd(pub i64);

impl PicoUsd {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Whole dollars.
    pub const fn dollars(dollars: i64) -> Self {
        Self(dollars.saturating_mul(PICO))
    }

    /// The number of pico-dollars.
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// Shows dollars to a millionth: `$1.25`, `$0.000123`. Where less than that is left of an amount, it says so.
impl fmt::Display for PicoUsd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let pico = self.0.unsigned_abs();
        let micro = (pico + SHOWN / 2) / SHOWN;
        if micro == 0 && pico != 0 {
            return f.write_str("less than $0.000001");
        }
        let fraction = format!("{:06}", micro % 1_000_000);
        let cut = fraction.trim_end_matches('0');
        write!(f, "{sign}${}.{cut:0<2}", micro / 1_000_000)
    }
}

/// Why a text is no amount of money.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// It is not a decimal number.
    #[error("`{0}` is not an amount in US dollars; write it like 0.15 or 20")]
    NotANumber(String),
    /// It is finer than a pico-dollar or larger than nine million dollars.
    #[error(
        "`{0}` is outside of what can be counted: between 0.000000000001 and 9000000 US dollars"
    )]
    OutOfRange(String),
}

/// Reads dollars as people write them: `0.15`, `$20`, `1`.
impl FromStr for PicoUsd {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bare = text.trim().trim_start_matches('$');
        let (whole, fraction) = bare.split_once('.').unwrap_or((bare, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !digits(whole) || !digits(fraction) {
            return Err(AmountError::NotANumber(text.to_owned()));
        }
        let fraction = fraction.trim_end_matches('0');
        let range = || AmountError::OutOfRange(text.to_owned());
        if fraction.len() > DIGITS {
            return Err(range());
        }
        let number = |part: &str| part.parse::<i64>().map_err(|_| range());
        let whole = if whole.is_empty() { 0 } else { number(whole)? };
        let pico = number(&format!("{fraction:0<DIGITS$}"))?;
        whole
            .checked_mul(PICO)
            .and_then(|w| w.checked_add(pico))
            .map(Self)
            .ok_or_else(range)
    }
}

/// As pico-dollars: exact, and the same in every export.
impl Serialize for PicoUsd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

/// From dollars as a person writes them in a configuration: `"0.15"`, `0.15` or `20`.
///
/// A float is read by its shortest decimal text, which is what was written, so no float is ever calculated with.
impl<'de> Deserialize<'de> for PicoUsd {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Dollars;
        impl Visitor<'_> for Dollars {
            type Value = PicoUsd;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an amount in US dollars, like 0.15")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<PicoUsd, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<PicoUsd, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<PicoUsd, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<PicoUsd, E> {
                self.visit_str(&number.to_string())
            }
        }
        deserializer.deserialize_any(Dollars)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_read_exactly_as_written() {
        for (text, pico) in [
            ("0.15", 150_000_000_000),
            ("$20", 20 * PICO),
            ("0.000000000001", 1),
            (".5", PICO / 2),
        ] {
            assert_eq!(text.parse(), Ok(PicoUsd(pico)), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused_with_an_example() {
        for text in ["", "$", "-1", "1e3", "1,5", "one"] {
            let error = text.parse::<PicoUsd>().unwrap_err();
            assert!(error.to_string().contains("like 0.15"), "{text}: {error}");
        }
        assert!(matches!(
            "0.0000000000001".parse::<PicoUsd>(),
            Err(AmountError::OutOfRange(_))
        ));
        assert!(matches!(
            "9999999999".parse::<PicoUsd>(),
            Err(AmountError::OutOfRange(_))
        ));
    }

    #[test]
    fn amounts_are_shown_in_dollars() {
        for (pico, shown) in [
            (0, "$0.00"),
            (PICO, "$1.00"),
            (1_250_000_000_000, "$1.25"),
            (123_000_000, "$0.000123"),
            (1, "less than $0.000001"),
            (-PICO / 2, "-$0.50"),
        ] {
            assert_eq!(PicoUsd(pico).to_string(), shown);
        }
    }

    #[test]
    fn a_configuration_may_give_a_number_or_a_text() {
        #[derive(Deserialize)]
        struct Row {
            a: PicoUsd,
            b: PicoUsd,
            c: PicoUsd,
        }
        let row: Row = toml::from_str("a = 0.15\nb = \"0.15\"\nc = 3").unwrap();
        assert_eq!(
            (row.a, row.b, row.c),
            (PicoUsd(PICO / 100 * 15), row.a, PicoUsd::dollars(3))
        );
    }
}
