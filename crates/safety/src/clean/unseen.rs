//! Characters that hide or mislead: terminal sequences, controls, bidi overrides, zero-width spam, heaped-up marks.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::char::is_combining_mark;

use crate::normalize::is_invisible;
use crate::pattern::regex;

/// Marks on one letter: real scripts stack up to four, "zalgo" stacks dozens.
const MOST_MARKS: usize = 5;

static TERMINAL: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:\x1b\[|\x{9b})[0-?]*[ -/]*[@-~]?|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?|\x1b[@-~]?",
    )
});

/// Removes what cannot be seen but acts.
pub(super) fn remove(text: &str) -> String {
    let text = TERMINAL.replace_all(text, "");
    let mut seen = String::with_capacity(text.len());
    let mut marks = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let before = seen.chars().next_back();
        let next = chars.peek().copied();
        let shown = match c {
            '\r' if next == Some('\n') => None,
            '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' => Some('\n'),
            '\u{b}' | '\u{c}' => None,
            _ if is_invisible(c) && !joins(before, c, next) => None,
            _ => Some(c),
        };
        let Some(shown) = shown else { continue };
        marks = if !shown.is_ascii() && is_combining_mark(shown) && !is_invisible(shown) {
            marks + 1
        } else {
            0
        };
        if marks <= MOST_MARKS {
            seen.push(shown);
        }
    }
    seen
}

/// Whether an invisible character is at work: it builds an emoji, or shapes a word of a script that needs joiners.
fn joins(before: Option<char>, c: char, next: Option<char>) -> bool {
    let (Some(before), next) = (before, next.unwrap_or(' ')) else {
        return false;
    };
    match c {
        '\u{200d}' => {
            (is_emoji(before) && is_emoji(next)) || (is_shaped(before) && is_shaped(next))
        }
        '\u{200c}' => is_shaped(before) && is_shaped(next),
        '\u{fe0e}' | '\u{fe0f}' => {
            is_emoji(before) || before.is_ascii_digit() || before == '#' || before == '*'
        }
        // The flags of England, Scotland and Wales are a black flag and five tags and an end.
        '\u{e0020}'..='\u{e007f}' => {
            before == '\u{1f3f4}' || matches!(before, '\u{e0020}'..='\u{e007e}')
        }
        _ => false,
    }
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{2bff}'
        | '\u{fe0f}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}')
        && c != '\u{2800}'
}

/// Arabic and the scripts of India and their neighbours.
fn is_shaped(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{77f}' | '\u{8a0}'..='\u{dff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17b3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_sequences_and_controls_go() {
        assert_eq!(
            remove("\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7}ok\u{0}\u{8}"),
            "red ok"
        );
        assert_eq!(remove("half \u{1b}[3"), "half ");
        assert_eq!(remove("a\r\nb\rc\u{2028}d\te"), "a\nb\nc\nd\te");
    }

    #[test]
    fn overrides_and_zero_width_spam_go() {
        assert_eq!(
            remove("\u{202e}gpj.exe\u{202c} a\u{200b}\u{200b}b\u{feff}\u{2066}c\u{e0041}\u{fe01}"),
            "gpj.exe abc"
        );
        assert_eq!(
            remove("z\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}"),
            "z\u{301}\u{302}\u{303}\u{304}\u{305}"
        );
    }

    #[test]
    fn emoji_and_scripts_that_need_joiners_stay_whole() {
        for text in ["👩‍👩‍👧 ❤️ 1️⃣ 🏳️‍🌈 🏴󠁧󠁢󠁳󠁣󠁴󠁿", "می‌خواهم", "क्‍ष"]
        {
            assert_eq!(remove(text), text);
        }
    }
}
