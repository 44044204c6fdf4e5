//! A name within a text: where it stands, and another one in its place.

use super::shown::looks;

/// The text with `new` in the place of the first whole `old`; `None` where it does not stand there.
pub(crate) fn instead(text: &str, old: &str, new: &str) -> Option<String> {
    let at = whole(text, old)?;
    Some(format!("{}{new}{}", &text[..at.start], &text[at.end..]))
}

/// Where a name stands in a text in any case, and not as a part of a longer word.
pub(crate) fn whole(text: &str, name: &str) -> Option<std::ops::Range<usize>> {
    if name.is_empty() {
        return None;
    }
    let is_apart = |before: Option<char>, after: Option<char>| {
        let joins = |c: Option<char>, end: Option<char>| {
            // Chinese and Japanese are written without spaces.
            let spaced = |c: char| c.is_alphanumeric() && !crate::consolidation::is_ideograph(c);
            c.is_some_and(spaced) && end.is_some_and(spaced)
        };
        !joins(before, name.chars().next()) && !joins(after, name.chars().last())
    };
    text.char_indices().find_map(|(start, _)| {
        let mut rest = text[start..].chars();
        let mut length = 0;
        for wanted in name.chars() {
            let c = rest.next()?;
            if c != wanted && !c.to_lowercase().eq(wanted.to_lowercase()) {
                return None;
            }
            length += c.len_utf8();
        }
        is_apart(text[..start].chars().last(), rest.next()).then_some(start..start + length)
    })
}

/// A text that begins with a name which looks like this one, beginning with this one: a model may write Latin letters for
/// Cyrillic ones.
pub(crate) fn in_its_letters(text: &str, name: &str) -> String {
    let words = name.split(' ').count();
    let mut ends = text
        .match_indices(' ')
        .map(|(at, _)| at)
        .chain([text.len()]);
    let end = ends.nth(words - 1).unwrap_or(text.len());
    let first = text[..end].trim_end_matches(|c: char| !c.is_alphanumeric());
    let first = first
        .strip_suffix("'s")
        .or(first.strip_suffix("’s"))
        .unwrap_or(first);
    let is_the_same = first.to_lowercase() == name.to_lowercase();
    match !is_the_same && looks(first) == looks(name) {
        true => format!("{name}{}", &text[first.len()..]),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_as_a_whole_word_only() {
        assert_eq!(whole("Alice and al", "Al"), Some(10..12));
        assert_eq!(whole("我认识小明的猫", "小明"), Some(9..15));
        assert_eq!(whole("Ada's cat", "ada"), Some(0..3));
        assert_eq!(whole("Adan", "Ada"), None);
    }
}
