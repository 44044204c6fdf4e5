//! Reading an answer. Models with a schema answer in clean JSON; others wrap it in a fence or in talk, write numbers as
//! texts, leave a field out, or are cut off in the middle. What can be read is read.

use serde_json::Value;

/// A fact as the model claims it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    /// Empty where the answer is sentences and nothing else.
    pub(super) about: String,
    pub(super) fact: String,
    pub(super) sources: Vec<i64>,
    /// Number in the list of known facts, from 1.
    pub(super) replaces: Option<usize>,
}

/// An answer, unchecked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RawAnswer {
    pub(super) summary: Option<String>,
    /// `None` where there is no list of them.
    pub(super) claims: Option<Vec<Claim>>,
}

/// An object may begin at so many places; more is noise.
const MOST_STARTS: usize = 64;
/// The zeros of the digits that people write.
const ZEROS: [u32; 7] = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10];

/// The last JSON object in the text that has a summary or facts: a model that thinks aloud, or repeats the form first,
/// gives its answer last. Else what is left of one that was cut off, else the facts that stand alone.
pub(super) fn read(answer: &str) -> Option<RawAnswer> {
    // A line break inside a text is no JSON; between texts it means nothing.
    let line: String = answer
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    objects(&line).or_else(|| objects(&line.chars().map(in_ascii).collect::<String>()))
}

fn objects(text: &str) -> Option<RawAnswer> {
    let (mut whole, mut cut, mut alone) = (None, None, vec![]);
    let mut at = 0;
    for _ in 0..MOST_STARTS {
        let Some(start) = text[at..].find('{') else {
            break;
        };
        let here = &text[at + start..];
        let mut values = serde_json::Deserializer::from_str(here).into_iter::<Value>();
        match values.next() {
            Some(Ok(value)) => {
                at += start + values.byte_offset();
                whole = object(&value).or(whole);
                alone.extend(claim(&value));
            }
            _ => {
                cut = cut.or_else(|| object(&mended(here)?));
                at += start + 1;
            }
        }
    }
    whole.or(cut).or_else(|| {
        (!alone.is_empty()).then_some(RawAnswer {
            summary: None,
            claims: Some(alone),
        })
    })
}

/// An object that ends too early, closed behind its last whole part.
fn mended(text: &str) -> Option<Value> {
    let (mut open, mut in_text, mut escaped) = (vec![], false, false);
    let mut safe = None;
    for (at, c) in text.char_indices() {
        if in_text {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => in_text = false,
                _ => {}
            }
            continue;
        }
        match c {
            '"' => in_text = true,
            '{' => open.push('}'),
            '[' => open.push(']'),
            '}' | ']' => {
                if open.pop() != Some(c) {
                    break;
                }
                safe = Some((at + 1, open.clone()));
            }
            ',' => safe = Some((at, open.clone())),
            _ => {}
        }
    }
    let (end, open) = safe?;
    let closed: String = text[..end].chars().chain(open.into_iter().rev()).collect();
    serde_json::from_str(&closed).ok()
}

fn object(value: &Value) -> Option<RawAnswer> {
    let summary = value.get("summary").and_then(Value::as_str);
    let facts = value.get("facts").and_then(Value::as_array);
    if summary.is_none() && facts.is_none() {
        return None;
    }
    Some(RawAnswer {
        summary: summary.map(str::to_owned),
        claims: facts.map(|facts| facts.iter().filter_map(claim).collect()),
    })
}

fn claim(value: &Value) -> Option<Claim> {
    if let Value::String(fact) = value {
        return Some(Claim {
            about: String::new(),
            fact: fact.clone(),
            sources: vec![],
            replaces: None,
        });
    }
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    Some(Claim {
        about: text("about")?,
        fact: text("fact")?,
        sources: numbers(value.get("sources")?),
        replaces: value
            .get("replaces")
            .and_then(|number| numbers(number).first().copied())
            .and_then(|number| usize::try_from(number).ok()),
    })
}

/// `12`, `"12"`, `"[12]"`, `"lines 3, 4"`, or a list of such.
fn numbers(value: &Value) -> Vec<i64> {
    match value {
        Value::Number(number) => number.as_i64().into_iter().collect(),
        Value::String(text) => text
            .chars()
            .map(in_ascii)
            .collect::<String>()
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|digits| digits.parse().ok())
            .collect(),
        Value::Array(all) => all.iter().flat_map(numbers).collect(),
        _ => vec![],
    }
}

/// A digit of any of the world's scripts as ASCII writes it.
fn in_ascii(c: char) -> char {
    let digit = ZEROS
        .iter()
        .find_map(|zero| (c as u32).checked_sub(*zero).filter(|digit| *digit < 10));
    digit
        .and_then(|digit| char::from_digit(digit, 10))
        .unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAN: &str = r#"{"summary":"They met.","facts":[{"about":"Ada","fact":"Ada lives in Lisbon.","sources":[3],"replaces":null}]}"#;

    fn clean() -> RawAnswer {
        RawAnswer {
            summary: Some("They met.".into()),
            claims: Some(vec![Claim {
                about: "Ada".into(),
                fact: "Ada lives in Lisbon.".into(),
                sources: vec![3],
                replaces: None,
            }]),
        }
    }

    #[test]
    fn clean_json_is_read() {
        assert_eq!(read(CLEAN), Some(clean()));
    }

    #[test]
    fn json_in_a_fence_or_in_talk_is_read() {
        for answer in [
            format!("```json\n{CLEAN}\n```"),
            format!("Sure {{smiles}}! Here it is: {CLEAN} Anything else?"),
            format!("The form is {{\"summary\": \"…\", \"facts\": []}}, so: {CLEAN}"),
            CLEAN
                .replace("They met.", "They\nmet.")
                .replace("They\nmet.", "They met."),
        ] {
            assert_eq!(read(&answer), Some(clean()), "{answer}");
        }
        let broken = read(&CLEAN.replace("They met.", "They\nmet.")).unwrap();
        assert_eq!(broken.summary.as_deref(), Some("They met."));
    }

    #[test]
    fn numbers_as_texts_are_read_and_a_fact_without_sources_is_not() {
        let answer = r#"{"facts":[{"about":"Ada","fact":"Ada lives in Lisbon.","sources":"[3]","replaces":"2"},{"about":"Ada","fact":"Ada is tall."},7]}"#;
        let read = read(answer).unwrap();
        let claims = read.claims.unwrap();
        assert_eq!(claims.len(), 1);
        assert_eq!(
            (claims[0].sources.clone(), claims[0].replaces),
            (vec![3], Some(2))
        );
    }

    #[test]
    fn digits_of_other_scripts_are_numbers() {
        for sources in [
            r#"["１２", "3"]"#,
            r#""١٢، ٣""#,
            r#""第１２行和第3行""#,
            "[１２, ３]",
            r#"["१२", 3]"#,
        ] {
            let answer = CLEAN.replace("[3]", sources);
            assert_eq!(
                read(&answer).unwrap().claims.unwrap()[0].sources,
                [12, 3],
                "{sources}"
            );
        }
    }

    #[test]
    fn an_answer_that_was_cut_off_keeps_its_whole_facts() {
        for end in [
            r#", {"about": "Ada", "fact": "Ada is a fam"#,
            r#", {"about": "Ada""#,
            ", {",
            ",",
            "",
        ] {
            let answer = CLEAN.replace("]}", end);
            assert!(serde_json::from_str::<Value>(&answer).is_err());
            let mut cut = read(&answer).unwrap();
            cut.claims.as_mut().unwrap().truncate(1);
            assert_eq!(cut, clean(), "{answer}");
        }
        let nothing_whole =
            r#"{"summary": "They met.", "facts": [{"about": "Ada", "fact": "Ada li"#;
        assert_eq!(read(nothing_whole).unwrap().claims, Some(vec![]));
    }

    #[test]
    fn facts_without_an_object_around_them_are_read() {
        let fact = r#"{"about":"Ada","fact":"Ada lives in Lisbon.","sources":[3],"replaces":null}"#;
        for answer in [format!("[{fact}]"), format!("- {fact}\n- {fact}")] {
            let read = read(&answer).unwrap();
            assert_eq!(read.summary, None);
            assert_eq!(read.claims.unwrap()[0], clean().claims.unwrap()[0]);
        }
    }

    #[test]
    fn an_answer_without_an_object_is_none() {
        for answer in [
            "",
            "I cannot do that.",
            "{\"summary\": \"cut",
            "{}",
            "{{{{",
            "}{",
            "{]",
        ] {
            assert_eq!(read(answer), None, "{answer}");
        }
    }
}
