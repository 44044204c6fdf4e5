//! What stands between quotation marks is somebody else's word, unless it is a name or a title.

use super::own::{FIRST, tokens};
use super::words::is_ideograph;

/// A quotation of fewer words is a name or a title.
const QUOTED_WORDS: usize = 4;
/// The same for Chinese and Japanese, in characters.
const QUOTED_IDEOGRAPHS: usize = 7;

/// Quotation marks, in pairs.
const QUOTES: &[(char, char)] = &[
    ('"', '"'),
    ('“', '”'),
    ('„', '“'),
    ('«', '»'),
    ('「', '」'),
    ('『', '』'),
    ('`', '`'),
];

/// The text without what stands between quotation marks, unless it is a name or a title.
pub(super) fn without_quotations(text: &str) -> String {
    let mut own = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let close = QUOTES
            .iter()
            .find(|(open, _)| *open == c)
            .map(|(_, close)| *close);
        if let Some((end, close)) = close.and_then(|close| Some((after.find(close)?, close))) {
            let inside = &after[..end];
            own.push(' ');
            if !is_speech(inside) {
                own.push_str(inside);
                own.push(' ');
            }
            rest = &after[end + close.len_utf8()..];
            continue;
        }
        own.push(c);
        rest = after;
    }
    own
}

fn is_speech(quoted: &str) -> bool {
    let words = tokens(quoted);
    words.len() >= QUOTED_WORDS
        || quoted.chars().filter(|c| is_ideograph(*c)).count() >= QUOTED_IDEOGRAPHS
        || quoted.contains('我')
        || words
            .iter()
            .any(|word| FIRST.contains(&word.as_str()) || word == "my")
}
