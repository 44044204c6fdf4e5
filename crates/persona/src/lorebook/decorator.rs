//! Decorators of V3: lines such as `@@depth 4` at the head of an entry's content that say when and where it goes.
//!
//! All decorators are taken out of the content, wherever they stand, so that no model reads one. These are followed:
//! `@@activate`, `@@dont_activate`, `@@constant` (our own), `@@scan_depth`, `@@position` with `before_desc` and `after_desc`, `@@depth`,
//! `@@additional_keys`, `@@exclude_keys`, `@@ignore_on_max_context`. All others are ignored, and then a fallback (`@@@…`) right after
//! one takes its place.

use super::entry::Position;
use crate::card::field::split_commas;

/// What the decorators of an entry say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Decorators {
    /// The entry fires in any case.
    pub(super) activate: bool,
    /// The entry does not fire, unless `activate`.
    pub(super) dont_activate: bool,
    /// The entry needs no key.
    pub(super) constant: bool,
    /// How many messages are searched, whatever the book says.
    pub(super) scan_depth: Option<usize>,
    /// How many messages before the end of the chat the content would like to stand.
    pub(super) depth: Option<usize>,
    /// Where the content goes.
    pub(super) position: Option<Position>,
    /// One of these keys has to be there as well.
    pub(super) additional_keys: Vec<String>,
    /// None of these keys may be there.
    pub(super) exclude_keys: Vec<String>,
    /// The first to be left out when tokens are short.
    pub(super) ignore_on_max_context: bool,
}

/// The content without its decorators and the blank lines around them.
#[must_use]
pub fn without_decorators(content: &str) -> String {
    read(content).0
}

/// Parts a content into what is told and what the decorators say.
pub(super) fn read(content: &str) -> (String, Decorators) {
    let mut decorators = Decorators::default();
    let mut seen: Vec<String> = Vec::new();
    let mut kept: Vec<&str> = Vec::new();
    // Whether the decorator above was ignored, so that a fallback counts.
    let mut open_for_fallback = false;
    let mut after_decorator = false;
    for line in content.lines() {
        let Some((is_fallback, name, value)) = decorator(line) else {
            if !(after_decorator && line.trim().is_empty()) {
                kept.push(line);
                (after_decorator, open_for_fallback) = (false, false);
            }
            continue;
        };
        while !after_decorator && kept.last().is_some_and(|line| line.trim().is_empty()) {
            kept.pop();
        }
        after_decorator = true;
        if is_fallback && !open_for_fallback {
            continue;
        }
        // Of several decorators with one name, the first counts.
        let followed = seen.contains(&name) || decorators.follow(&name, value);
        open_for_fallback = !followed;
        if followed {
            seen.push(name);
        }
    }
    if !after_decorator && kept.len() == content.lines().count() {
        return (content.to_owned(), decorators);
    }
    (kept.join("\n").trim_matches('\n').to_owned(), decorators)
}

/// Whether the line is a fallback, the decorator's name and its value, if it is a decorator.
fn decorator(line: &str) -> Option<(bool, String, &str)> {
    let line = line.trim();
    let (is_fallback, rest) = line
        .strip_prefix("@@@")
        .map(|rest| (true, rest))
        .or_else(|| Some((false, line.strip_prefix("@@")?)))?;
    let end = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(rest.len());
    let (name, value) = rest.split_at(end);
    let named = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && (value.is_empty() || value.starts_with([' ', '\t', ':']));
    named.then(|| {
        (
            is_fallback,
            name.to_ascii_lowercase(),
            value.trim_start_matches(':').trim(),
        )
    })
}

impl Decorators {
    /// Follows one decorator; `false` if it is not known or its value makes no sense.
    fn follow(&mut self, name: &str, value: &str) -> bool {
        match name {
            "activate" => self.activate = true,
            "dont_activate" => self.dont_activate = true,
            "constant" => self.constant = true,
            "ignore_on_max_context" => self.ignore_on_max_context = true,
            "scan_depth" => return set(&mut self.scan_depth, whole(value)),
            "depth" => return set(&mut self.depth, whole(value)),
            "position" => {
                let position = match value {
                    "before_desc" => Some(Position::BeforeChar),
                    "after_desc" => Some(Position::AfterChar),
                    _ => None,
                };
                return set(&mut self.position, position);
            }
            "additional_keys" => return set_list(&mut self.additional_keys, value),
            "exclude_keys" => return set_list(&mut self.exclude_keys, value),
            _ => return false,
        }
        true
    }
}

/// A whole number; below zero counts as zero.
fn whole(value: &str) -> Option<usize> {
    value
        .parse::<i64>()
        .ok()
        .map(|number| usize::try_from(number).unwrap_or(0))
}

fn set<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    let followed = value.is_some();
    *place = value.or(place.take());
    followed
}

fn set_list(place: &mut Vec<String>, value: &str) -> bool {
    *place = split_commas(value);
    !place.is_empty()
}
