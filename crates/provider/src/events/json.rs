//! Reads JSON as model servers write it: with `NaN`, with halves of characters, with several values in one event.

use serde_json::{Deserializer, Value};

use super::surrogates;

/// What stands before the data of an event.
const LABEL: &str = "data:";

/// The values in a text, and what of it could not be read. A list counts as its elements. Where a separator was lost, the
/// label of the next event stands between two values.
pub(super) fn values(text: &str) -> (Vec<Value>, String) {
    if let Ok(value) = serde_json::from_str(text) {
        return (elements(value), String::new());
    }
    let mended = mended(text);
    let (mut values, mut rest) = (vec![], mended.as_str());
    loop {
        rest = rest.trim_start();
        rest = rest.strip_prefix(LABEL).unwrap_or(rest).trim_start();
        let mut next = Deserializer::from_str(rest).into_iter::<Value>();
        let Some(Ok(value)) = next.next() else {
            return (values, rest.to_owned());
        };
        values.extend(elements(value));
        rest = &rest[next.byte_offset()..];
    }
}

fn elements(value: Value) -> Vec<Value> {
    match value {
        Value::Array(elements) => elements,
        value => vec![value],
    }
}

/// The text with what JSON does not know put right: numbers that are none become null, a half of a character becomes its
/// stand-in, and a line break or another control character inside a string is escaped.
fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    let mut quoted = false;
    while let Some(next) = rest.chars().next() {
        if !quoted
            && let Some(number) = ["-Infinity", "Infinity", "NaN"]
                .into_iter()
                .find(|number| rest.starts_with(number))
        {
            out.push_str("null");
            rest = &rest[number.len()..];
            continue;
        }
        if quoted && next == '\\' {
            rest = escape(rest, &mut out);
            continue;
        }
        quoted ^= next == '"';
        if quoted && next < ' ' {
            out.push_str(&format!("\\u{:04x}", u32::from(next)));
        } else {
            out.push(next);
        }
        rest = &rest[next.len_utf8()..];
    }
    out
}

/// Writes the escape at the start of `text`; what follows it.
fn escape<'a>(text: &'a str, out: &mut String) -> &'a str {
    let unit = |text: &str| {
        let digits = text.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let Some(first) = unit(text) else {
        let known = text[1..].starts_with(['"', '\\', '/', 'b', 'f', 'n', 'r', 't']);
        // An escape that JSON does not know means the character itself.
        let taken = if known { 2 } else { 1 };
        out.push_str(if known { &text[..2] } else { "" });
        return &text[taken..];
    };
    let second = unit(&text[6..]);
    match surrogates::stand_in(first) {
        Some(_) if surrogates::is_pair(first, second) => {
            out.push_str(&text[..12]);
            return &text[12..];
        }
        Some(half) => out.push(half),
        None => out.push_str(&text[..6]),
    }
    &text[6..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_that_are_none_are_null_outside_of_strings() {
        let text = r#"{"a":NaN,"b":[Infinity,-Infinity],"c":"NaN \" -Infinity"}"#;
        let expected = json!({"a": null, "b": [null, null], "c": "NaN \" -Infinity"});
        assert_eq!(values(text), (vec![expected], String::new()));
    }

    #[test]
    fn half_characters_leave_the_rest_readable() {
        let text = r#"{"a":"x\ud83e","b":"\ud83e\udd8a \\ud83e","c":"\udd8a\n"}"#;
        let read = &values(text).0[0];
        assert_eq!(read["b"], "🦊 \\ud83e");
        assert!(read["a"].as_str().unwrap().starts_with('x'));
        assert!(read["c"].as_str().unwrap().ends_with('\n'));
    }

    #[test]
    fn line_breaks_and_foreign_escapes_inside_strings_are_taken() {
        assert_eq!(
            values("{\"a\":\"it\\'s\nwet\"}").0,
            [json!({"a": "it's\nwet"})]
        );
    }

    #[test]
    fn values_that_were_glued_together_come_apart() {
        for glue in ["\n", "", "\ndata: ", "data: ", "data:"] {
            let text = format!("{{\"a\":1}}{glue}{{\"a\":2}}");
            let both = vec![json!({"a":1}), json!({"a":2})];
            assert_eq!(values(&text), (both, String::new()), "{glue:?}");
        }
        let (found, lost) = values("{\"a\":1}data: {\"a\":");
        assert_eq!((found, lost.as_str()), (vec![json!({"a":1})], "{\"a\":"));
        assert_eq!(values("[{\"a\":1},{\"a\":2}]").0.len(), 2);
    }

    #[test]
    fn what_is_no_json_is_nothing() {
        for text in [
            "ping",
            "2024-04-07 20:20:50.554328",
            "{\"a\":",
            "",
            "\\",
            "\"\\",
            "\"\\u12",
        ] {
            assert!(
                !values(text).0.iter().any(Value::is_object),
                "{text}: {:?}",
                values(text)
            );
        }
    }
}
