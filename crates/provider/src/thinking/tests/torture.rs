//! Texts that nobody would write.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::super::markers::{TAGS, TOKENS};
use super::*;

fn expectation() -> impl Strategy<Value = Expects> {
    prop_oneof![
        Just(Expects::Unknown),
        Just(Expects::Plain),
        Just(Expects::ClosesOnly)
    ]
}

/// Marks, words and everything that means something to the filter, in any order.
fn soup() -> impl Strategy<Value = String> {
    let tokens: Vec<String> = TOKENS
        .iter()
        .map(|(token, _)| (*token).to_owned())
        .collect();
    let tags: Vec<String> = TAGS
        .iter()
        .flat_map(|(tag, _)| [format!("<{tag}>"), format!("</{tag}>")])
        .collect();
    let words = [
        "a",
        " ",
        "\n",
        "`",
        "```",
        "<",
        "[",
        "|",
        "\"",
        "user\n",
        "assistant",
        "final",
        "analysis",
        "### Response:",
        "Here is my response:",
        ". ",
        "你",
        "<thi",
        "</",
        "<s>",
        "</s>",
    ]
    .map(str::to_owned)
    .to_vec();
    let part = prop_oneof![
        prop::sample::select(tokens),
        prop::sample::select(tags),
        prop::sample::select(words.clone()),
        prop::sample::select(words),
    ];
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

/// Blocks in blocks, all closed.
fn nested() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![Just("secret".to_owned()), Just("secret\n".to_owned())];
    leaf.prop_recursive(4, 16, 3, |inner| {
        let pair = prop::sample::select(vec![
            ("<think>", "</think>"),
            ("[THINK]", "[/THINK]"),
            ("◁think▷", "◁/think▷"),
        ]);
        (pair, prop::collection::vec(inner, 1..3)).prop_map(|((open, close), inside)| {
            format!("{open}secret{}{close}secret", inside.concat())
        })
    })
}

/// Is `part` what is left of `whole` when characters are taken out?
fn is_left_of(part: &str, whole: &str) -> bool {
    let mut rest = whole.chars();
    part.chars().all(|c| rest.any(|other| other == c))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_is_made_up_and_no_cut_matters(
        text in prop_oneof![soup(), any::<String>()],
        expects in expectation(),
        cut_off: bool,
        size in 1usize..9,
    ) {
        let close = if cut_off { Close::Cut } else { Close::Plain };
        let whole = read(expects, [text.as_str()], close).whole;
        prop_assert!(is_left_of(&whole, &text), "{:?} of {:?}", whole, text);
        let pieces = read(expects, cut(&text, size), close);
        prop_assert_eq!(&pieces.whole, &whole);
        prop_assert!(whole.starts_with(&pieces.pieces));
    }

    #[test]
    fn bytes_of_any_kind_do_no_harm(bytes: Vec<u8>, expects in expectation()) {
        let text = String::from_utf8_lossy(&bytes);
        let whole = read(expects, cut(&text, 1), Close::Plain).whole;
        prop_assert!(whole.len() <= text.len());
    }

    #[test]
    fn no_nesting_shows_a_thought(
        inside in nested(),
        pair in prop::sample::select(vec![("<think>", "</think>"), ("<mm:think>", "</mm:think>")]),
        expects in expectation(),
        size in 1usize..9,
    ) {
        let (open, close) = pair;
        let text = format!("{open}a{inside}b{close}\n\nHello.");
        let read = read(expects, cut(&text, size), Close::Plain);
        prop_assert_eq!(read.whole, "Hello.");
    }

    #[test]
    fn words_pass_unchanged(text in "[a-zA-Z0-9 .,!?'\n你好，。*_~>-]{0,200}", size in 1usize..9) {
        prop_assume!(!["final", "thought", "analysis", "commentary", "assistant", "user", "model"]
            .iter()
            .any(|word| text.trim_start().starts_with(word)));
        for expects in [Expects::Unknown, Expects::Plain] {
            prop_assert_eq!(&read(expects, cut(&text, size), Close::Plain).whole, &text);
        }
    }
}

#[test]
fn a_megabyte_of_anything_is_read_in_one_go() {
    const SIZE: usize = 1 << 20;
    for part in ["<", "[", "<[", "a\n"] {
        let text = part.repeat(SIZE / part.len());
        takes_no_time(&text, SIZE);
        takes_no_time(&text, 64);
    }
}

#[test]
fn small_pieces_of_anything_are_read_in_one_go() {
    for part in [
        "< ",
        "a<think>",
        "`<think>",
        "</s> ",
        "\n",
        " ",
        "`",
        "<think>",
        "</think>",
        "a</think>",
        "</s>",
        "<s>",
        "`<b",
        "<|",
        "<|channel|>",
        "[INST]",
        "assistant",
        "<think a",
        "◁",
        "<|end|>",
        "</s>\n",
    ] {
        takes_no_time(&part.repeat((1 << 16) / part.len()), 3);
    }
}

/// Linear time is a second or two here; to read it all again for each piece or mark would take minutes.
#[track_caller]
fn takes_no_time(text: &str, size: usize) {
    for expects in [Expects::Unknown, Expects::Plain, Expects::ClosesOnly] {
        let began = Instant::now();
        read(expects, cut(text, size), Close::Plain);
        let took = began.elapsed();
        let part: String = text.chars().take(12).collect();
        assert!(
            took < Duration::from_secs(20),
            "{part:?}, {expects:?}, {size}: {took:?}"
        );
    }
}
