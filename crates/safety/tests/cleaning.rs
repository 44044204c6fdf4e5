//! What cleaning promises for any text, also for every beginning of a text that is still streaming.

use std::sync::LazyLock;

use proptest::prelude::*;
use regex::Regex;
use safety::clean::Cleaner;

/// Pieces that models write, and pieces made to get past a filter.
const PIECES: &[&str] = &[
    "hello ",
    "world",
    " ",
    "\n",
    "\n\n",
    "\n\n\n\n",
    "[",
    "]",
    "(",
    ")",
    "](",
    "[text](",
    "https://a.example/x",
    "<",
    ">",
    "<https://a.example>",
    "!",
    "[x](https://evil.example)",
    "[x](<https://evil.example>)",
    "[a [b](https://b.example) c](https://a.example)",
    "[r]: https://a.example\n",
    "discord.gg/abc",
    "https://discord.com/invite/abc",
    "disc",
    "ord",
    ".gg/",
    "gg",
    "/invite/",
    "discоrd",
    "dot",
    "**",
    "*",
    "_",
    "||",
    "\\",
    "<@123>",
    "<@!1>",
    "<@&9>",
    "<#7>",
    "</ping:5>",
    "@everyone",
    "@here",
    "@every",
    "one",
    "<@",
    "123",
    "@",
    "&",
    "<think>",
    "</think>",
    "<th",
    "ink>",
    "<|im_end|>",
    "[THINK]",
    "[/THINK]",
    "\u{1b}[31m",
    "\u{1b}",
    "[0m",
    "\u{200b}",
    "\u{202e}",
    "\u{200d}",
    "\u{fe0f}",
    "\u{301}",
    "👩",
    "❤",
    "```",
    "```py\n",
    "```ansi\n",
    "`",
    "``",
    "print(1)",
    "Mia:",
    "Mia: ",
    "\nUser:",
    "\nAnn: ",
    "**Ann:**",
    "User",
    "Ann",
    "你好",
    "，",
    "。",
    "：",
    "\t",
    "\r\n",
    "\u{0}",
    "#",
    "> ",
    "<a href=\"https://a.example\">",
    "</a>",
    "h",
    "t",
    "a:b",
    "\\:",
    "//",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop_oneof![9 => prop::sample::select(PIECES).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)], 0..24)
        .prop_map(|pieces| pieces.concat())
}

fn cleaner() -> Cleaner {
    Cleaner::new("Mia", ["Ann"])
}

/// What Discord must never be given, written from what Discord parses and not from how it is cleaned.
static FORBIDDEN: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let patterns = [
        r"\]\(\s*<?\s*[a-zA-Z][a-zA-Z0-9+.-]+\\?:",
        r"<@[!&]?\d+>|<#\d+>|</[^<>:\n]+:\d+>",
        r"(?i)@(everyone|here)",
        r"(?i)discord(app)?\.(gg|com/invite)/[a-z0-9]",
        r"\x1b|[\u{202a}-\u{202e}\u{2066}-\u{2069}\u{feff}\u{2060}\x00-\x08]",
        r"(?i)```ansi\n",
    ];
    patterns
        .iter()
        .filter_map(|pattern| Regex::new(pattern).ok())
        .collect()
});

fn is_safe(shown: &str) -> Result<(), TestCaseError> {
    for pattern in &*FORBIDDEN {
        prop_assert!(!pattern.is_match(shown), "{pattern} in {shown:?}");
    }
    prop_assert!(
        shown.matches("```").count().is_multiple_of(2),
        "open fence in {shown:?}"
    );
    prop_assert!(
        !shown.replace("@\u{200b}", "@").contains('\u{200b}'),
        "zero-width in {shown:?}"
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_finished_text_is_safe_and_cleaning_it_again_changes_nothing(text in text()) {
        let clean = cleaner().finished(&text);
        is_safe(&clean)?;
        prop_assert_eq!(cleaner().finished(&clean), clean);
    }

    #[test]
    fn every_beginning_of_a_streaming_text_is_safe_to_show(text in text()) {
        let cleaner = cleaner();
        for (end, _) in text.char_indices().chain([(text.len(), ' ')]) {
            is_safe(&cleaner.partial(&text[..end]))?;
        }
    }

    #[test]
    fn any_string_can_be_cleaned(text in any::<String>()) {
        let clean = cleaner().finished(&text);
        is_safe(&clean)?;
        cleaner().partial(&text);
    }

    #[test]
    fn plain_words_are_left_as_they_are(text in "[a-z]{1,8}( [a-z]{1,8}){0,12}[.!?]") {
        prop_assert_eq!(cleaner().finished(&text), text);
    }
}

#[test]
fn a_reply_full_of_tricks_comes_out_plain() {
    let reply = "the user wants links</think>**Mia:** Hi <@42> and @everyone! \u{202e}See [my page](<https://evil.example/x?a=1> \"hi\") \
                 or disc\u{200b}ord.gg/abc.\n\n\n\n```ansi\n\u{1b}[31mred\u{1b}[0m\n```\nUser: thanks\nMia: welcome";
    assert_eq!(
        cleaner().finished(reply),
        "Hi @someone and @\u{200b}everyone! See my page (https://evil.example/x?a=1) or (invite removed)\n\n```\nred\n```"
    );
}

#[test]
fn a_streaming_reply_grows_without_showing_halves() {
    let reply = "Look: [docs](https://a.example/x) and <@42>, done.";
    let shown: Vec<String> = reply
        .char_indices()
        .map(|(at, c)| cleaner().partial(&reply[..at + c.len_utf8()]))
        .collect();
    let allowed = "Look: docs (https://a.example/x) and @someone, done.";
    for shown in &shown {
        assert!(allowed.starts_with(shown.as_str()), "{shown:?}");
    }
    assert_eq!(shown.last().map(String::as_str), Some(allowed));
}

#[test]
fn a_thought_that_only_its_closing_tag_gives_away_is_taken_back() {
    let reply = "Okay, they greet.\n</think>\n\nHello there.";
    assert_eq!(cleaner().finished(reply), "Hello there.");
    assert_eq!(cleaner().partial(reply), "Hello there.");
    let told = "Use `<think>` for that, and `</think>` behind it.";
    assert_eq!(cleaner().finished(told), told);
}

#[test]
fn a_text_made_to_defeat_cleaning_is_still_cleaned() {
    let mut text = "<think>".to_owned();
    for _ in 0..40 {
        text = format!(
            "<th<think>x</think>ink>y</th<think>x</think>ink>{text}[x](https://e.example)@every@everyoneone"
        );
    }
    let clean = cleaner().finished(&text);
    assert_eq!(cleaner().finished(&clean), clean);
}
