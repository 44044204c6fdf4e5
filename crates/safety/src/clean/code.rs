//! Code fences that are whole and plain, and text without empty stretches.

use std::sync::LazyLock;

use regex::Regex;

use crate::fence::{MARK, fences};
use crate::pattern::regex;

static EMPTY_STRETCH: LazyLock<Regex> = LazyLock::new(|| regex(r"\n[ \t]*(?:\n[ \t]*)+\n"));

/// `ansi` makes Discord paint what would be escape sequences in a terminal.
static ANSI: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)```ansi\n"));

/// Colours off, the last fence closed, at most one empty line in a row outside code, nothing blank at the ends.
pub(super) fn tidy(text: &str) -> String {
    let text = text.trim_start();
    let mut tidy = String::with_capacity(text.len() + MARK.len() + 1);
    let mut from = 0;
    for fence in fences(text) {
        tidy.push_str(&EMPTY_STRETCH.replace_all(&text[from..fence.start], "\n\n"));
        let end = fence.end.unwrap_or(text.len());
        from = end;
        // A fence around nothing is shown as six backticks, and hides where the next one begins.
        if text[fence.body.clone()].trim().is_empty() {
            continue;
        }
        tidy.push_str(&text[fence.start..end]);
        if fence.end.is_none() {
            tidy.push('\n');
            tidy.push_str(MARK);
        }
    }
    tidy.push_str(&EMPTY_STRETCH.replace_all(&text[from..], "\n\n"));
    ANSI.replace_all(tidy.trim(), "```\n").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_fence_is_closed_and_an_empty_one_dropped() {
        assert_eq!(tidy("```py\nprint(1)"), "```py\nprint(1)\n```");
        assert_eq!(tidy("so:\n```py\n"), "so:");
        assert_eq!(tidy("```\nx\n```"), "```\nx\n```");
    }

    #[test]
    fn colours_go_and_code_keeps_its_empty_lines() {
        assert_eq!(tidy("```ANSI\n[2;31mred\n```"), "```\n[2;31mred\n```");
        assert_eq!(
            tidy("a\n\n\n\nb\n```\nx\n\n\n\ny\n```\n\n"),
            "a\n\nb\n```\nx\n\n\n\ny\n```"
        );
    }
}
