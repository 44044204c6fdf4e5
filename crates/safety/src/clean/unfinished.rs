//! The half of a construct at the end of a reply that is still coming waits until it is whole.
//!
//! This is for the eye. That half a link is no masked link is the work of the other steps, which run after it.

use crate::fence::{MARK, fences};

use super::invites;

/// How far back an unfinished link may begin, in bytes; further back, a bracket is just a bracket.
const LONGEST_LINK: usize = 700;
/// The same for `<@123`, `<think`, `</command:1`.
const LONGEST_TAG: usize = 60;

/// `text` without an unfinished construct at its end.
pub(super) fn hold_back(text: &str) -> &str {
    if let Some(open) = fences(text).pop().filter(|fence| fence.end.is_none()) {
        let first_line = &text[open.start + MARK.len()..];
        return if first_line.contains('\n') {
            text.trim_end_matches('`')
        } else {
            &text[..open.start]
        };
    }
    let text = text.trim_end_matches('\\');
    let ticks = text.len() - text.trim_end_matches('`').len();
    let text = if ticks < MARK.len() {
        text.trim_end_matches('`')
    } else {
        text
    };
    let begins = [tag(text), link(text), invites::unfinished(text)];
    &text[..begins.into_iter().flatten().min().unwrap_or(text.len())]
}

/// Where a `<` begins that no `>` has closed.
fn tag(text: &str) -> Option<usize> {
    let at = text.rfind('<')?;
    let inside = &text[at + 1..];
    let can_be_tag = inside.is_empty()
        || inside.starts_with(['@', '#', '/', ':', '|', '｜'])
        || inside.starts_with(|c: char| c.is_ascii_alphabetic());
    (can_be_tag && inside.len() <= LONGEST_TAG && !inside.contains(['>', '\n'])).then_some(at)
}

/// Where a link begins that is not closed: `[te`, `[text]`, `[text](https://…`.
fn link(text: &str) -> Option<usize> {
    let mut from = text.len().saturating_sub(LONGEST_LINK);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let begin = text[from..]
        .match_indices('[')
        .map(|(at, _)| from + at)
        .find(|&at| is_open_link(&text[at..]))?;
    Some(if text[..begin].ends_with('!') {
        begin - 1
    } else {
        begin
    })
}

/// Whether `text`, which begins with `[`, ends before its link does.
fn is_open_link(text: &str) -> bool {
    let Some(label_end) = closing(text, '[', ']') else {
        return !text.contains("\n\n");
    };
    let rest = &text[label_end + 1..];
    rest.is_empty()
        || (rest.starts_with('(') && closing(rest, '(', ')').is_none() && !rest.contains("\n\n"))
}

/// Where the bracket closes that opens `text`.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_construct_waits() {
        for half in [
            "<",
            "<@12",
            "<@&1",
            "<thi",
            "</pin",
            "<:wave:1",
            "[te",
            "[text]",
            "[text](",
            "[text](https://a.exam",
            "![cat](htt",
            "[a [b](https://b.example) c",
            "discord.g",
            "https://discord.gg/",
            "`",
            "``",
            "```",
            "```py",
        ] {
            assert_eq!(hold_back(&format!("so {half}")), "so ", "{half}");
        }
    }

    #[test]
    fn what_is_whole_is_shown() {
        for text in [
            "I <3 you",
            "2 < 3",
            "a [1] b",
            "x (y",
            "[text](https://a.example)",
            "```py\nprint(1)",
            "a < b and c",
        ] {
            assert_eq!(hold_back(text), text);
        }
        assert_eq!(hold_back("```py\nprint(1)\n``"), "```py\nprint(1)\n");
    }
}
