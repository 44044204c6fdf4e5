//! A name within a text: where it stands, and another one in its place.

use super::shown::looks;
use crate::consolidation::is_ideograph;

/// A shorter name looks like too many words.
const SHORTEST_DRAWN: usize = 3;
/// The same of one in Chinese.
const SHORTEST_CHINESE: usize = 2;

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
            let spaced = |c: char| c.is_alphanumeric() && !is_ideograph(c);
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

/// A text as the eye reads it, in which a name is found however it is written: `B0b`, `b.o.b`, `b o b`, in Cyrillic letters.
pub(crate) struct Drawn {
    words: Vec<String>,
    /// All of it without spaces, as Chinese is written.
    together: String,
}

impl Drawn {
    pub(crate) fn of(text: &str) -> Self {
        let parts = text.split(|c: char| {
            c.is_whitespace() || matches!(c, ',' | ';' | ':' | '，' | '、' | '；' | '：')
        });
        let words: Vec<String> = parts
            .map(|part| part.replace('’', "'"))
            .map(|part| drawn(part.strip_suffix("'s").unwrap_or(&part)))
            .filter(|word| !word.is_empty())
            .collect();
        Self {
            together: words.concat(),
            words,
        }
    }

    /// Whether this name stands there, be it in other letters.
    pub(crate) fn shows(&self, name: &str) -> bool {
        let wanted = drawn(name);
        if wanted.chars().all(is_ideograph) {
            return wanted.chars().count() >= SHORTEST_CHINESE && self.together.contains(&wanted);
        }
        let parts = name.split_whitespace().count();
        wanted.chars().count() >= SHORTEST_DRAWN
            && (0..self.words.len()).any(|from| begins(&self.words[from..], &wanted, parts))
    }
}

/// Whether the first words make this name, which has so many parts: as many words, or single letters.
fn begins(words: &[String], wanted: &str, parts: usize) -> bool {
    let (mut rest, mut letters_only) = (wanted, true);
    for (count, word) in (1..).zip(words) {
        letters_only &= word.chars().count() == 1;
        match rest.strip_prefix(word.as_str()) {
            Some("") => return count <= parts || letters_only,
            Some(left) if letters_only || count < parts => rest = left,
            _ => return false,
        }
    }
    false
}

/// What a word looks like, with the letters that digits and signs are written for. A number is none.
fn drawn(word: &str) -> String {
    let is_number = word.chars().any(char::is_numeric) && !word.chars().any(char::is_alphabetic);
    if is_number || !word.chars().any(char::is_alphanumeric) {
        return String::new();
    }
    let letters: String = word
        .chars()
        .map(|c| match c {
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            '8' => 'b',
            c => c,
        })
        .collect();
    looks(&letters)
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
    fn a_name_is_found_however_it_is_drawn_and_not_in_other_words() {
        for (text, name) in [
            ("Ada knows that B0b steals", "Bob"),
            ("Ada knows that b.o.b steals", "bob"),
            ("Ada knows that b o b steals", "bob"),
            ("Ada knows that b-0-b's dog steals", "bob"),
            ("Ada knows that bоb steals", "bob"),
            ("Ada knows that ｂｏｂ steals", "bob"),
            ("Ada knows that dorothéa steals", "Dorothea"),
            ("Ada knows that D0roth3a steals", "dorothea"),
            ("Ada knows that Ada L0velace steals", "Ada Lovelace"),
            ("Ada知道小 红偷东西", "小红"),
            ("Ada知道小.红偷东西", "小红"),
        ] {
            assert!(Drawn::of(text).shows(name), "{text}: {name}");
        }
        for (text, name) in [
            ("Ada has 808 goats", "Bob"),
            ("Ada has a bobcat", "Bob"),
            ("Ada works in AI", "Al"),
            ("Ada bo bakes", "Bob"),
            ("Ada has a love lace", "Lovelace"),
            ("Ada住在小村", "小红"),
        ] {
            assert!(!Drawn::of(text).shows(name), "{text}: {name}");
        }
    }

    #[test]
    fn a_name_is_found_as_a_whole_word_only() {
        assert_eq!(whole("Alice and al", "Al"), Some(10..12));
        assert_eq!(whole("我认识小明的猫", "小明"), Some(9..15));
        assert_eq!(whole("Ada's cat", "ada"), Some(0..3));
        assert_eq!(whole("Adan", "Ada"), None);
    }
}
