//! Which language a text of ours should be in: a light guess from the script, no model.

/// The languages that the house's own texts exist in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, and the choice for any other language written in Latin letters.
    English,
    /// Chinese, in simplified characters.
    Chinese,
    /// Mixed or neither: texts that matter are then given in both.
    Unclear,
}

/// A Han character says about as much as three letters, so it weighs three.
const HAN_WEIGHT: usize = 3;

/// Guesses the language of `text` from the share of its scripts.
///
/// Kana or Hangul beside Han is not Chinese, so such a text is [`Language::Unclear`], as is one of
/// digits, emoji or other scripts only.
pub fn of(text: &str) -> Language {
    let (mut latin, mut han, mut other) = (0usize, 0usize, 0usize);
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        match c {
            _ if is_han(c) => han += HAN_WEIGHT,
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{ff21}'..='\u{ff5a}' => latin += 1,
            _ => other += 1,
        }
    }
    let all = latin + han + other;
    match () {
        () if latin * 5 > all * 4 => Language::English,
        () if han * 5 > all * 3 => Language::Chinese,
        () => Language::Unclear,
    }
}

/// Whether `c` is a Han character (unified ideographs, extensions A to H, compatibility forms).
pub(crate) fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' | '〇')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_with_the_larger_share_decides() {
        assert_eq!(of("I had a long day"), Language::English);
        assert_eq!(of("今天好累啊"), Language::Chinese);
        assert_eq!(of("今天deadline好累啊"), Language::Chinese);
        assert_eq!(of("ｆｕｌｌ width"), Language::English);
    }

    #[test]
    fn what_is_neither_is_unclear() {
        for text in [
            "",
            "12:30",
            "🙂",
            "今日はとても疲れました",
            "오늘 피곤해",
            "Привет",
            "想 die today ok",
        ] {
            assert_eq!(of(text), Language::Unclear, "{text}");
        }
    }
}
