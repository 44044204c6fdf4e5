//! Whose a sentence of a summary is: small models give the persona its person's home and brother. What a sentence says of
//! somebody was said first by them, for the most part, or it is somebody else's.

use std::collections::{HashMap, HashSet};

use super::words::Words;

/// Fewer words that somebody said say nothing of whose they are.
const FEWEST: usize = 2;
/// How a sentence goes on about whom the last one was about.
const GOES_ON: &[&str] = &["she", "he", "they", "her", "his", "their"];
const GOES_ON_CHINESE: &[char] = &['她', '他'];

/// Who said each word first, of lines in their order.
pub(super) struct Roles {
    first: HashMap<String, String>,
    names: HashSet<String>,
    /// Whom the last sentence was about.
    about: Option<String>,
}

impl Roles {
    /// Of these lines, each with its speaker's name.
    pub(super) fn of<'a>(lines: impl IntoIterator<Item = (String, &'a str)>) -> Self {
        let (mut first, mut names) = (HashMap::new(), HashSet::new());
        for (name, text) in lines {
            for word in Words::of(text, "").into_set() {
                first.entry(word).or_insert_with(|| name.clone());
            }
            names.insert(name);
        }
        Self {
            first,
            names,
            about: None,
        }
    }

    /// Whether a sentence tells of somebody what others said. One that names several tells of no one alone.
    pub(super) fn are_swapped(&mut self, sentence: &str) -> bool {
        let lower = sentence.trim_start().to_lowercase();
        let named: Vec<&String> = (self.names.iter())
            .filter(|name| super::own::names(sentence, name))
            .collect();
        let first = lower.split_whitespace().next().unwrap_or_default();
        let goes_on = GOES_ON.contains(&first) || lower.starts_with(GOES_ON_CHINESE);
        let about = match named.as_slice() {
            [one] if lower.starts_with(&one.to_lowercase()) => Some((*one).clone()),
            [] if goes_on => self.about.clone(),
            _ => None,
        };
        self.about.clone_from(&about);
        let Some(about) = about else { return false };
        let words = Words::of(sentence, &about).into_set();
        let (own, others): (Vec<&String>, Vec<&String>) = words
            .iter()
            .filter_map(|word| self.first.get(word))
            .partition(|by| **by == about);
        own.len() + others.len() >= FEWEST && 5 * others.len() >= 3 * (own.len() + others.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn swapped(summary: &[&str]) -> Vec<bool> {
        let lines = [
            ("Ada", "I live in Trondheim and tune pianos for a living"),
            (
                "Orla",
                "Log, 18:20. Wind west. You live in Trondheim. The lamp is lit.",
            ),
            ("Ada", "my brother Casimir builds kayaks"),
            ("小满", "我住在泉州，在天文馆当讲解员"),
            ("周孃", "你住泉州，我守茶馆，煮老荫茶"),
        ];
        let lines = lines.map(|(name, text)| (name.to_owned(), text));
        let mut roles = Roles::of(lines);
        summary.iter().map(|one| roles.are_swapped(one)).collect()
    }

    #[test]
    fn what_a_person_told_is_not_the_personas() {
        let summary = [
            "Ada lives in Trondheim and tunes pianos.",
            "Her brother Casimir builds kayaks.",
            "Orla lives in Trondheim and tunes pianos.",
            "She has a brother who builds kayaks.",
            "Orla keeps the lamp lit in the west wind.",
            "Orla and Ada spoke of Trondheim and pianos.",
            "They talked about kayaks and Trondheim.",
        ];
        let expected = [false, false, true, true, false, false, false];
        assert_eq!(swapped(&summary), expected);
        let summary = [
            "小满住在泉州，在天文馆当讲解员。",
            "周孃住在泉州，在天文馆当讲解员。",
            "周孃守茶馆，煮老荫茶。",
        ];
        assert_eq!(swapped(&summary), [false, true, false]);
    }
}
