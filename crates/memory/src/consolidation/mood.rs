//! What a sentence does: deny, wish, tell of a change. A fact must do what the words that support it do.

use super::words::{Words, contains_any};

const NEGATIONS: &[&str] = &[
    "not", "no", "never", "don't", "dont", "doesn't", "doesnt", "didn't", "isn't", "isnt",
    "wasn't", "can't", "cannot", "won't", "without", "stopped", "quit", "hate", "hates", "hated",
    "dislike", "dislikes",
];
const NEGATIONS_CHINESE: &[&str] = &["不", "没", "别", "无", "讨厌"];

/// What is wished, planned or supposed is not so.
#[rustfmt::skip]
const WISHES: &[&str] = &[
    "want", "wants", "wanted", "plan", "plans", "planning", "hope", "hopes", "hoping", "wish", "wishes", "if", "might", "maybe", "perhaps", "would",
    "wouldn't", "i'd", "we'd", "dream", "dreams", "dreaming", "going", "gonna", "someday", "thinking", "considering", "imagine", "pretend", "could",
    "kidding", "joking", "jk", "will", "i'll", "intends", "intend", "saving",
];
const WISHES_CHINESE: &[&str] = &[
    "想",
    "打算",
    "计划",
    "如果",
    "要是",
    "也许",
    "可能",
    "希望",
    "准备",
    "假装",
    "开玩笑",
];

#[rustfmt::skip]
const CHANGES: &[&str] = &[
    "moved", "moving", "now", "anymore", "longer", "instead", "changed", "switched", "left", "quit", "stopped", "sold", "new", "became", "actually", "used",
    "since", "broke", "split", "divorced", "married", "started", "finally", "back",
];
const CHANGES_CHINESE: &[&str] = &[
    "搬", "换", "现在", "不再", "改", "新", "辞", "离", "分手", "已经", "终于", "开始", "回",
];

pub(super) fn is_negative(text: &str) -> bool {
    contains_any(text, NEGATIONS_CHINESE)
        || Words::all(text).any(|word| NEGATIONS.contains(&word.as_str()) || word.ends_with("n't"))
}

/// Whether a text speaks of something that is no longer as it was.
pub(super) fn is_a_change(text: &str) -> bool {
    contains_any(text, CHANGES_CHINESE)
        || Words::all(text).any(|word| CHANGES.contains(&word.as_str()))
}

pub(super) fn is_wish(text: &str) -> bool {
    contains_any(text, WISHES_CHINESE)
        || Words::all(text).any(|word| WISHES.contains(&word.as_str()))
}
