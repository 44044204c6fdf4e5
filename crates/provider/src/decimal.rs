//! Decimal numbers as services write them, exactly: no float is calculated with.

use serde_json::Value;

/// More digits than this mean nothing.
const MOST_DIGITS: usize = 38;

/// A number of zero or more, given as a text or as a number, times ten to the power of `power`, rounded up. None if it is
/// negative, no number, or too large.
pub(crate) fn scaled(value: &Value, power: i32) -> Option<i64> {
    match value {
        Value::String(text) => scale(text.trim(), power),
        // serde_json writes a float as the shortest text that reads back as it, which is what was sent.
        Value::Number(number) => scale(&number.to_string(), power),
        _ => None,
    }
}

fn scale(text: &str, power: i32) -> Option<i64> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = digits.trim_start_matches('0');
    if digits.len() > MOST_DIGITS {
        return None;
    }
    let number: i128 = if digits.is_empty() {
        0
    } else {
        digits.parse().ok()?
    };
    let places = i32::try_from(fraction.len()).ok()?;
    let shift = exponent.checked_add(power)?.checked_sub(places)?;
    let factor = 10i128.checked_pow(shift.unsigned_abs());
    let scaled = match (shift >= 0, factor) {
        (true, Some(factor)) => number.checked_mul(factor)?,
        (true, None) if number > 0 => return None,
        (false, Some(factor)) => number.checked_add(factor - 1)? / factor,
        // Smaller than anything that can be counted, and still not nothing.
        (_, None) => i128::from(number > 0),
    };
    i64::try_from(scaled).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_scaled_exactly_and_rounded_up() {
        for (value, power, expected) in [
            (json!("0.000003"), 18, Some(3_000_000_000_000)),
            (json!("0.00000008333333333333334"), 18, Some(83_333_333_334)),
            (json!(0.0015), 12, Some(1_500_000_000)),
            (json!(1.5e-7), 12, Some(150_000)),
            (json!("1E-7"), 12, Some(100_000)),
            (json!(0), 12, Some(0)),
            (json!("0"), 12, Some(0)),
            (json!(3), 12, Some(3_000_000_000_000)),
            (json!("0.0000000000001"), 12, Some(1)),
            (json!("1e-400"), 12, Some(1)),
        ] {
            assert_eq!(scaled(&value, power), expected, "{value}");
        }
    }

    #[test]
    fn what_is_no_amount_is_none() {
        for value in [
            json!("-1"),
            json!(-0.5),
            json!(""),
            json!("."),
            json!("free"),
            json!("1e400"),
            json!("99999999"),
            json!("1,5"),
            json!(null),
            json!("١"),
            json!("9".repeat(60)),
        ] {
            assert_eq!(scaled(&value, 12), None, "{value}");
        }
    }
}
