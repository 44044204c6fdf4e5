//! A thought that was shown before its closing tag told what it was.
//!
//! Thoughts and the tokens of templates are taken out where a reply is read, in `provider`. One case is left: some
//! templates open the thought in the prompt, and of a model that was not known to do so the text in front of the closing
//! tag has been shown by the time that the tag comes. It is taken back here.

use std::sync::LazyLock;

use regex::Regex;

use crate::fence::fences;
use crate::pattern::regex;

static CLOSING: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)</(?:think|thinking|thought|thoughts|reasoning|seed:think|mm:think)\s*>|\[/think\]|◁/think▷",
    )
});

/// What stands around a tag that is spoken of: "end it with `</think>`", "it ends with </think>."
const OPENS: &[char] = &['`', '"', '\'', '“', '‘', '「', '『', '('];
const GOES_ON: &[char] = &[
    '`', '"', '\'', '”', '’', '」', '』', ')', '.', ',', ';', ':', '!', '?',
];

/// The text behind the last closing tag that nothing has opened.
pub(super) fn remove(text: &str) -> &str {
    let code = fences(text);
    let behind = CLOSING
        .find_iter(text)
        .filter(|tag| !code.iter().any(|fence| fence.covers(tag.start())))
        .filter(|tag| !is_spoken_of(&text[..tag.start()], &text[tag.end()..]))
        .last();
    behind.map_or(text, |tag| &text[tag.end()..])
}

fn is_spoken_of(before: &str, after: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or(before);
    let in_span = line.matches('`').count() % 2 == 1;
    let in_sentence = line.ends_with(' ') && after.starts_with(GOES_ON);
    in_span || in_sentence || (before.ends_with(OPENS) && after.starts_with(GOES_ON))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_a_closing_tag_is_taken_back() {
        for (text, spoken) in [
            ("Okay, they greet.\n</think>\n\nHello", "\n\nHello"),
            ("a plan</THINK >Hello", "Hello"),
            ("a `plan` </think> Hello", " Hello"),
            ("a [/THINK] b</seed:think>Hello", "Hello"),
        ] {
            assert_eq!(remove(text), spoken, "{text}");
        }
    }

    #[test]
    fn a_closing_tag_that_is_spoken_of_stays() {
        for text in [
            "End it with `</think>` there.",
            "It ends with </think>, always.",
            "I mean \"</think>\" and “</think>”.",
            "```\n</think>\n```\nends it.",
            "<think> opens it.",
            "I <3 you | me",
        ] {
            assert_eq!(remove(text), text);
        }
    }
}
