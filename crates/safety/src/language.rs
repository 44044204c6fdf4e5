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

/// Letters, by weight, from which on a text tells its language: "ok" and "lol" are said in every one.
const TELLING: usize = 12;

/// Guesses the language in which somebody writes from their last texts, the newest first: that of the newest which is long
/// enough to tell, or else that of all of them together.
pub fn lately<'a>(newest_first: impl IntoIterator<Item = &'a str>) -> Language {
    let mut short = String::new();
    for text in newest_first {
        if weigh(text).all() >= TELLING {
            return of(text);
        }
        short.push_str(text);
    }
    of(&short)
}

/// Guesses the language of `text` from the share of its scripts.
///
/// Kana or Hangul beside Han is not Chinese, so such a text is [`Language::Unclear`], as is one of
/// digits, emoji or other scripts only.
pub fn of(text: &str) -> Language {
    let scripts = weigh(text);
    let all = scripts.all();
    match () {
        () if scripts.latin * 5 > all * 4 => Language::English,
        () if scripts.han * 5 > all * 3 => Language::Chinese,
        () => Language::Unclear,
    }
}

/// How much of a text is in which script, in letters.
#[derive(Default)]
struct Scripts {
    latin: usize,
    han: usize,
    other: usize,
}

impl Scripts {
    fn all(&self) -> usize {
        self.latin + self.han + self.other
    }
}

fn weigh(text: &str) -> Scripts {
    let mut scripts = Scripts::default();
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        match c {
            _ if is_han(c) => scripts.han += HAN_WEIGHT,
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{ff21}'..='\u{ff5a}' => {
                scripts.latin += 1;
            }
            _ => scripts.other += 1,
        }
    }
    scripts
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
    fn a_word_that_every_language_has_is_read_with_what_was_written_before() {
        assert_eq!(lately(["ok", "我今天去了码头"]), Language::Chinese);
        assert_eq!(
            lately(["I was at the harbour", "我今天去了码头"]),
            Language::English
        );
        assert_eq!(lately(["ok", "嗯", "好吧"]), Language::Chinese);
        assert_eq!(lately(["lol"]), Language::English);
        assert_eq!(lately([]), Language::Unclear);
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
