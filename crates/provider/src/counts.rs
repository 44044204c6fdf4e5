//! Token counts as services write them: whole numbers, floats such as `900.0`, or numbers in quotes.

use ledger::Usage;
use serde_json::Value;

/// A count; none if it is no whole number.
pub(crate) fn whole(value: &Value) -> Option<u64> {
    if let Some(count) = value.as_u64() {
        return Some(count);
    }
    if let Some(count) = value.as_f64() {
        // Every whole number that 32 bits hold is exact in a float, and no larger one is believed.
        let whole = count.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&count);
        return whole.then_some(count as u64);
    }
    let digits = value.as_str()?.trim();
    let bare = digits.bytes().all(|digit| digit.is_ascii_digit());
    digits.parse().ok().filter(|_| bare)
}

/// The first count among these fields.
pub(crate) fn first(usage: &Value, fields: &[&str]) -> Option<u64> {
    fields.iter().find_map(|field| whole(&usage[*field]))
}

/// The reasoning tokens in a report, wherever the dialects put them.
pub(crate) fn reasoning(usage: &Value) -> u64 {
    let names = ["reasoning_tokens", "thinking_tokens"];
    let details = ["completion_tokens_details", "output_tokens_details"];
    let inside = details
        .iter()
        .find_map(|details| first(&usage[*details], &names));
    inside.or_else(|| first(usage, &names)).unwrap_or(0)
}

/// A usage if it can be true: each count fits 32 bits, parts do not exceed their whole, and a reply that was seen has
/// tokens. Whatever cannot be true counts as not reported, and the hold is posted in full.
pub(crate) fn believable(usage: Usage, saw_output: bool) -> Option<Usage> {
    let Usage { input, output, .. } = usage;
    let fits = u32::try_from(input).is_ok() && u32::try_from(output).is_ok();
    (fits && usage.is_plausible() && (output > 0 || !saw_output)).then_some(usage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn whole_numbers_are_read_in_every_spelling() {
        for value in [json!(900), json!(900.0), json!("900"), json!(" 900 ")] {
            assert_eq!(whole(&value), Some(900), "{value}");
        }
        for value in [
            json!(null),
            json!(-1),
            json!(-1.0),
            json!(2.5),
            json!(1e30),
            json!("many"),
            json!("+9"),
            json!(""),
            json!([9]),
        ] {
            assert_eq!(whole(&value), None, "{value}");
        }
    }
}
