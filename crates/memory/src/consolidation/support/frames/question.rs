//! What is asked.

use super::super::super::words::contains_any;
use super::Frame;

#[rustfmt::skip]
const QUESTION_WORDS: &[&str] = &[
    "what", "where", "who", "whose", "which", "when", "why", "how", "do you", "does", "did you", "are you", "is it", "is that", "is there", "have you", "has anyone",
    "can you", "can i", "could you", "would you", "should i", "should we", "shall i", "shall we", "will you", "am i", "do i", "anyone", "anybody", "any", "you coming", "you play",
];
const QUESTION_ENDS: &[&str] = &["吗", "呢", "吗？", "呢？", "没有", "没"];
const QUESTION_PARTS: &[&str] = &[
    "什么",
    "怎么",
    "哪里",
    "哪儿",
    "哪个",
    "是不是",
    "有没有",
    "要不要",
    "能不能",
    "多少",
    "几岁",
    "几个",
    "几点",
    "谁是",
    "多大",
    "多久",
    "为什么",
    "干嘛",
    "啥",
    "咋",
    "谁的",
    "几码",
    "哪所",
    "哪家",
    "哪的",
    "几号",
    "多重",
    "多高",
    "干啥",
    "哪年",
];

/// What may stand before a question without being a part of it.
const LEADS: &[&str] = &[
    "ooh", "oh", "so", "and", "but", "wait", "hey", "hi", "ok", "okay", "well", "hm", "hmm", "um",
    "uh", "aww", "wow", "lol", "haha", "yo",
];

/// Whether a sentence asks something, also without its mark.
pub(in super::super) fn is_question(frame: &Frame) -> bool {
    let raw = frame.raw.trim_end();
    let statements = [
        "what i",
        "when i",
        "where i",
        "how i",
        "which is",
        "when we",
        "any of my",
        "who knew",
        "which i",
        "when my",
        "any day",
        "any time",
    ];
    let begins = |begin: &str, all: &[&str]| {
        all.iter()
            .any(|part| begin.trim_end() == *part || begin.starts_with(&format!("{part} ")))
    };
    let asked = |begin: &str| begins(begin, QUESTION_WORDS) && !begins(begin, &statements);
    let begin = frame.words.trim_start();
    let bare = begin
        .split_once(' ')
        .filter(|(lead, _)| LEADS.contains(lead))
        .map(|(_, rest)| rest);
    // "Jean do you still sing"
    let is_called = begin.split_once(' ').is_some_and(|(_, rest)| {
        begins(
            rest,
            &[
                "do you", "are you", "have you", "did you", "can you", "will you",
            ],
        )
    });
    raw.ends_with(['?', '？'])
        || is_called
        || asked(begin)
        || bare.is_some_and(asked)
        || QUESTION_ENDS
            .iter()
            .any(|end| raw.trim_end_matches(['。', '!', '！']).ends_with(end))
            && !raw.contains('我')
        || contains_any(raw, QUESTION_PARTS) && !raw.contains('我')
}

/// The same of a sentence of somebody else, which a short answer may answer.
pub(in super::super) fn asks(frame: &Frame) -> bool {
    is_question(frame)
        || contains_any(&frame.raw, QUESTION_PARTS)
        || frame.raw.trim_end().ends_with(['吗', '呢'])
        || frame.has(&["tell me", "right", "or what"])
}
