//! Reading an answer. Models with a schema answer in clean JSON; others wrap it in a fence or in talk, write numbers as
//! texts, or leave a field out. What can be read is read.

use serde_json::Value;

/// A fact as the model claims it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claim {
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
    pub(super) claims: Vec<Claim>,
}

/// The first JSON object in the text that has a summary or facts.
pub(super) fn read(answer: &str) -> Option<RawAnswer> {
    answer
        .match_indices('{')
        .take(MOST_STARTS)
        .find_map(|(at, _)| object(&answer[at..]))
}

/// An object may begin at so many places; more is noise.
const MOST_STARTS: usize = 32;

fn object(text: &str) -> Option<RawAnswer> {
    let value = serde_json::Deserializer::from_str(text)
        .into_iter::<Value>()
        .next()?
        .ok()?;
    let summary = value.get("summary").and_then(Value::as_str);
    let facts = value.get("facts").and_then(Value::as_array);
    if summary.is_none() && facts.is_none() {
        return None;
    }
    Some(RawAnswer {
        summary: summary.map(str::to_owned),
        claims: facts.into_iter().flatten().filter_map(claim).collect(),
    })
}

fn claim(value: &Value) -> Option<Claim> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let sources = match value.get("sources")? {
        Value::Array(all) => all.iter().filter_map(number).collect(),
        one => number(one).into_iter().collect(),
    };
    Some(Claim {
        about: text("about")?,
        fact: text("fact")?,
        sources,
        replaces: value
            .get("replaces")
            .and_then(number)
            .and_then(|number| usize::try_from(number).ok()),
    })
}

/// `12`, `"12"` or `"[12]"`.
fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text
            .trim_matches(|c: char| !c.is_ascii_digit())
            .parse()
            .ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAN: &str = r#"{"summary":"They met.","facts":[{"about":"Ada","fact":"Ada lives in Lisbon.","sources":[3],"replaces":null}]}"#;

    fn clean() -> RawAnswer {
        RawAnswer {
            summary: Some("They met.".into()),
            claims: vec![Claim {
                about: "Ada".into(),
                fact: "Ada lives in Lisbon.".into(),
                sources: vec![3],
                replaces: None,
            }],
        }
    }

    #[test]
    fn clean_json_is_read() {
        assert_eq!(read(CLEAN), Some(clean()));
    }

    #[test]
    fn json_in_a_fence_or_in_talk_is_read() {
        assert_eq!(read(&format!("```json\n{CLEAN}\n```")), Some(clean()));
        assert_eq!(
            read(&format!(
                "Sure {{smiles}}! Here it is: {CLEAN} Anything else?"
            )),
            Some(clean())
        );
    }

    #[test]
    fn numbers_as_texts_are_read_and_a_fact_without_sources_is_not() {
        let answer = r#"{"facts":[{"about":"Ada","fact":"Ada lives in Lisbon.","sources":"[3]","replaces":"2"},{"about":"Ada","fact":"Ada is tall."},7]}"#;
        let read = read(answer).unwrap();
        assert_eq!(read.claims.len(), 1);
        assert_eq!(
            (read.claims[0].sources.clone(), read.claims[0].replaces),
            (vec![3], Some(2))
        );
    }

    #[test]
    fn an_answer_without_an_object_is_none() {
        for answer in ["", "I cannot do that.", "{\"summary\": \"cut", "{}", "{{{{"] {
            assert_eq!(read(answer), None, "{answer}");
        }
    }
}
