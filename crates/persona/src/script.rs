//! Two facts about characters that several rooms need: which scripts are written without spaces between words, and how text
//! is folded so that look-alike spellings compare equal.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Whether words of this character's script are written without spaces between them, or take particles without one (Korean).
/// A key or name in such a script is found inside running text; in all others it has to stand as a word of its own.
pub(crate) fn runs_together(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF          // Thai, Lao
        | 0x1000..=0x109F        // Myanmar
        | 0x1100..=0x11FF        // Hangul letters
        | 0x1780..=0x17FF        // Khmer
        | 0x2E80..=0x2FDF        // radicals
        | 0x3005..=0x3007        // ideographic iteration mark, closing mark, zero
        | 0x3021..=0x3029
        | 0x3041..=0x30FF        // kana
        | 0x3105..=0x318E        // bopomofo, Hangul compatibility letters
        | 0x31A0..=0x31BF
        | 0x31F0..=0x31FF
        | 0x3400..=0x4DBF        // ideographs
        | 0x4E00..=0x9FFF
        | 0xA960..=0xA97F
        | 0xAC00..=0xD7FF        // Hangul syllables
        | 0xF900..=0xFAFF
        | 0xFF66..=0xFFDC        // half-width kana and Hangul
        | 0x20000..=0x3FFFF)
}

/// Whether a word ends between `left` and `right`.
pub(crate) fn parts_words(left: char, right: char) -> bool {
    let in_word = |c: char| c.is_alphanumeric() || c == '_' || is_combining_mark(c);
    !(in_word(left) && in_word(right)) || runs_together(left) || runs_together(right)
}

/// Compatibility-composed text: full-width letters and decomposed accents become the usual ones.
pub(crate) fn composed(text: &str) -> String {
    // Most talk is ASCII, which is composed as it is.
    if text.is_ascii() {
        text.to_owned()
    } else {
        text.nfkc().collect()
    }
}

/// [`composed`], and in lower case.
pub(crate) fn folded(text: &str) -> String {
    composed(text).to_lowercase()
}

/// Folded, without accents, and with one space between words: the form in which typed names are compared.
pub(crate) fn bare(text: &str) -> String {
    let plain: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| {
            if c.is_alphanumeric() {
                c
            } else if matches!(c, '\'' | '’' | '.') {
                '\u{0}'
            } else {
                ' '
            }
        })
        .filter(|c| *c != '\u{0}')
        .collect();
    plain
        .to_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
