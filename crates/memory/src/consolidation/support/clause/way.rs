//! Which way the places of a clause lie: where one comes from, or where one is or goes to.

use super::super::chinese;
use super::super::spoken::Token;
use super::units::{is_light, unit};

/// Which way a place lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Way {
    /// One comes from there.
    From,
    /// One is there, or goes there.
    There,
}

const FROM: &[&str] = &["from"];
const THERE: &[&str] = &["in", "at", "to", "near", "into"];
const FROM_CHINESE: &[char] = &['从', '离', '自'];
const THERE_CHINESE: &[char] = &['在', '到', '去', '往', '住'];
/// Words between a preposition and its place.
const ARTICLES: &[&str] = &[
    "the", "a", "an", "my", "our", "his", "her", "their", "this", "that",
];

/// The places of a clause, each by its first unit.
pub(super) fn led(tokens: &[Token], part: &str) -> Vec<(Way, String)> {
    let mut led = vec![];
    for (at, token) in tokens.iter().enumerate() {
        let way = match token.text.as_str() {
            text if FROM.contains(&text) => Way::From,
            text if THERE.contains(&text) => Way::There,
            _ => continue,
        };
        let place = tokens[at + 1..]
            .iter()
            .find(|token| !ARTICLES.contains(&token.text.as_str()))
            .filter(|place| !is_light(&place.text));
        led.extend(place.map(|place| (way, unit(&place.text))));
    }
    for (at, c) in part.char_indices() {
        let way = match c {
            c if FROM_CHINESE.contains(&c) => Way::From,
            c if THERE_CHINESE.contains(&c) => Way::There,
            _ => continue,
        };
        let rest: String = part[at + c.len_utf8()..].chars().take(3).collect();
        let place = chinese::signs(&rest).into_iter().next();
        led.extend(place.map(|place| (way, place)));
    }
    led
}
