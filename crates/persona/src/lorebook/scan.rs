//! Decides which entries fire.

use super::entry::Entry;
use super::key::{Haystack, Needle};
use super::{Lorebook, MAX_RECURSION, MAX_RECURSION_BYTES, MAX_SCANNED_BYTES, Why};
use crate::macros;

/// The entries that fire, each once, with the reason. `recent` has the newest message last.
pub(super) fn matches<'a>(book: &'a Lorebook, recent: &[&str]) -> Vec<(&'a Entry, Why)> {
    let deepest = book
        .entries
        .iter()
        .filter_map(|entry| entry.decorators().scan_depth)
        .max()
        .unwrap_or(0)
        .max(book.scan_depth);
    let messages: Vec<Haystack> = recent
        .iter()
        .rev()
        .take(deepest)
        .map(|text| Haystack::new(tail(text)))
        .collect();

    let mut fired = Vec::new();
    let mut waiting = Vec::new();
    for entry in book.entries.iter().filter(|entry| can_fire(entry)) {
        let depth = entry.decorators().scan_depth.unwrap_or(book.scan_depth);
        match in_messages(entry, &messages[..depth.min(messages.len())]) {
            Some(why) => fired.push((entry, why)),
            None => waiting.push(entry),
        }
    }
    if book.recursive {
        add_recursively(&mut fired, waiting);
    }
    fired
}

/// What no conversation can change.
fn can_fire(entry: &Entry) -> bool {
    let decorators = entry.decorators();
    entry.is_enabled()
        && !entry.content().trim().is_empty()
        && (decorators.activate || !decorators.dont_activate)
}

/// Whether the entry fires by the messages that it may look at, the newest one first.
fn in_messages(entry: &Entry, messages: &[Haystack]) -> Option<Why> {
    let needles = entry.needles();
    if entry.decorators().activate {
        return Some(Why::Activated);
    }
    let any = |needles: &[Needle]| {
        needles
            .iter()
            .any(|needle| messages.iter().any(|message| needle.is_in(message)))
    };
    let missing = |needles: &[Needle]| !needles.is_empty() && !any(needles);
    if any(&needles.excluded) || missing(&needles.additional) {
        return None;
    }
    if entry.is_constant() {
        return Some(Why::Constant);
    }
    if needles.keys.iter().any(Needle::is_broken) || missing(&needles.secondary) {
        return None;
    }
    messages.iter().enumerate().find_map(|(back, message)| {
        let key = needles.keys.iter().find(|key| key.is_in(message))?;
        Some(Why::Key {
            key: key.text().to_owned(),
            back,
        })
    })
}

/// Searches the lore that fired for the keys of lore that did not, again and again within bounds.
fn add_recursively<'a>(fired: &mut Vec<(&'a Entry, Why)>, mut waiting: Vec<&'a Entry>) {
    let mut searched = 0;
    let mut bytes_left = MAX_RECURSION_BYTES;
    for _ in 0..MAX_RECURSION {
        let mut lore = Vec::new();
        for (entry, _) in &fired[searched..] {
            let text = macros::searchable(entry.content());
            let Some(left) = bytes_left.checked_sub(text.len()) else {
                break;
            };
            bytes_left = left;
            lore.push((entry.label(), Haystack::new(&text)));
        }
        searched = fired.len();
        waiting.retain(|entry| match in_lore(entry, &lore) {
            Some(why) => {
                fired.push((*entry, why));
                false
            }
            None => true,
        });
        if fired.len() == searched {
            return;
        }
    }
}

/// Whether the entry fires by other lore. Secondary, additional and excluded keys are looked for in the same piece of lore.
fn in_lore(entry: &Entry, lore: &[(String, Haystack)]) -> Option<Why> {
    let needles = entry.needles();
    if needles.keys.iter().any(Needle::is_broken) {
        return None;
    }
    lore.iter().find_map(|(from, text)| {
        let any = |needles: &[Needle]| needles.iter().any(|needle| needle.is_in(text));
        let missing = |needles: &[Needle]| !needles.is_empty() && !any(needles);
        if any(&needles.excluded) || missing(&needles.additional) || missing(&needles.secondary) {
            return None;
        }
        let key = needles.keys.iter().find(|key| key.is_in(text))?;
        Some(Why::Lore {
            key: key.text().to_owned(),
            from: from.clone(),
        })
    })
}

/// The end of an overlong message.
fn tail(text: &str) -> &str {
    let mut from = text.len().saturating_sub(MAX_SCANNED_BYTES);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    &text[from..]
}
