//! Text as a person sees it, for matching: what the eye reads as the same is the same here.
//!
//! People in distress write around filters, and so do people who test them: `k1ll mys3lf`, Cyrillic look-alikes,
//! letters with spaces or invisible characters between them, full-width or "fancy" letters, 自殺 for 自杀.
//! [`see`] folds all of that away in one pass of linear time over a bounded number of characters.
//! Its result is for comparing only; nobody is ever shown it.

mod visible;
mod words;

pub(crate) use visible::{is_invisible, look_alike};

/// The most characters that are read, half of them from each end: twice the longest message of Discord.
pub const MOST_CHARACTERS: usize = 8_000;

/// A text in the two shapes that patterns are matched against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Words in plain lower-case Latin letters, runs of a letter written once ("kil"), each between single spaces;
    /// the end of a sentence is the word `.`, and the text begins and ends with one.
    pub words: String,
    /// Simplified Chinese without spaces or marks between the characters; Latin letters stay; `|` parts clauses.
    pub han: String,
}

/// Reads `text` as a person would.
pub fn see(text: &str) -> Seen {
    let visible = visible::visible(&bounded(text));
    Seen {
        words: words::words(&visible),
        han: visible::han(&visible),
    }
}

/// Writes the doubled letters of a pattern once, as [`see`] does with text, so that patterns can be spelled normally.
/// What follows a backslash stays as it is.
pub(crate) fn single_letters(pattern: &str) -> String {
    let mut folded = String::with_capacity(pattern.len());
    let (mut last, mut escaped) = ('\0', false);
    for c in pattern.chars() {
        if escaped || !c.is_ascii_lowercase() || c != last {
            folded.push(c);
        }
        last = if escaped { '\0' } else { c };
        escaped = c == '\\' && !escaped;
    }
    folded
}

fn bounded(text: &str) -> String {
    let length = text.chars().count();
    if length <= MOST_CHARACTERS {
        return text.to_owned();
    }
    let half = MOST_CHARACTERS / 2;
    text.chars()
        .take(half)
        .chain(['\n'])
        .chain(text.chars().skip(length - half))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> String {
        see(text).words.trim_matches([' ', '.']).to_owned()
    }

    #[test]
    fn disguises_of_one_sentence_look_the_same() {
        let plain = words("I want to kill myself");
        for disguise in [
            "i WANT to KILL myself!!!",
            "I want to k1ll mys3lf",
            "I want to ki11 myse1f",
            "I want to k.i.l.l myself",
            "I want to k i l l  m y s e l f",
            "i w a n t t o k i l l m y s e l f",
            "I want to ki\u{200b}ll my\u{2060}self",
            "I wаnt tо kіll mуself",
            "Ｉ ｗａｎｔ ｔｏ ｋｉｌｌ ｍｙｓｅｌｆ",
            "𝕀 𝕨𝕒𝕟𝕥 𝕥𝕠 𝕜𝕚𝕝𝕝 𝕞𝕪𝕤𝕖𝕝𝕗",
            "ɪ ᴡᴀɴᴛ ᴛᴏ ᴋɪʟʟ ᴍʏꜱᴇʟꜰ",
            "I want to k̶i̶l̶l̶ myself",
            "I want to kiiilll myselfff",
            "I want to **kill** my self",
            "I want to k*ll myself",
            "i want to кill myself",
            "🅘 want to kill myself",
        ] {
            assert_eq!(words(disguise), plain, "{disguise}");
        }
    }

    #[test]
    fn numbers_and_ordinary_words_stay() {
        assert_eq!(words("call 988 or 116 123"), "cal 988 or 116 123");
        assert_eq!(words("only 300 calories"), "only 300 calories");
        assert_eq!(words("I'm fine, don't worry"), "im fine dont wory");
        assert_eq!(words("@mia hello"), "mia helo");
    }

    #[test]
    fn a_sentence_ends_where_it_ends() {
        assert_eq!(see("I won! Die, dragon.").words, " . i won . die dragon . ");
        assert_eq!(see("").words, " . ");
    }

    #[test]
    fn chinese_is_simplified_and_closed_up() {
        assert_eq!(see("我 想 自\u{200b}殺").han, "我想自杀");
        assert_eq!(see("活著，沒意思。").han, "活着|没意思|");
        assert_eq!(see("想-死").han, "想死");
    }

    #[test]
    fn both_ends_of_a_very_long_text_are_read() {
        let text = format!("start here {} end there", "x y ".repeat(20_000));
        let seen = see(&text).words;
        assert!(seen.contains("start here") && seen.contains("end there"));
        assert!(seen.len() < MOST_CHARACTERS * 2);
    }

    #[test]
    fn patterns_fold_as_text_does() {
        assert_eq!(single_letters(r"(?:kill|off)\bbe 11"), r"(?:kil|of)\bbe 11");
    }

    proptest! {
        #[test]
        fn any_text_can_be_seen(text in any::<String>()) {
            let seen = see(&text);
            prop_assert!(seen.words.starts_with(" . ") && seen.words.ends_with(' '));
            prop_assert!(!seen.words.contains("  "));
        }
    }
}
