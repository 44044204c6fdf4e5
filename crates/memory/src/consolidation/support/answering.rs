//! The question of somebody else that a line answers, and how.

use std::collections::HashSet;

use super::frames::{self, Frame};
use super::spoken::{self, Token};
use super::{chinese, clause};
use crate::names::whole;

/// A question that a line answers.
pub(super) struct Asked {
    pub(super) units: Vec<String>,
    /// Names and numbers in it: who does not say yes has not said them.
    pub(super) exact: HashSet<String>,
    /// Others of the person's own whom it is about.
    pub(super) others: Vec<String>,
    /// Whether it is about a third.
    pub(super) of_a_third: bool,
    pub(super) says: Answer,
}

/// How a line begins that answers a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    Otherwise,
}

#[rustfmt::skip]
const YES: &[&str] = &["yes", "yep", "yeah", "yea", "yup", "ya", "sure", "of course", "definitely", "absolutely", "indeed", "i do", "i am", "i have", "i did", "aye", "totally", "always have", "correct", "right", "mhm", "uh huh", "exactly", "guilty"];
#[rustfmt::skip]
const NO: &[&str] = &["no", "nope", "nah", "nahh", "never", "not", "nay", "negative", "i do not", "i am not", "i have not", "i did not"];
const YES_CHINESE: &[&str] = &[
    "是的",
    "是啊",
    "是呀",
    "对啊",
    "对呀",
    "对的",
    "对，",
    "嗯",
    "有啊",
    "有的",
    "有呀",
    "会啊",
    "会的",
    "当然",
    "没错",
    "养了",
    "是，",
    "有，",
    "有一条",
    "有一只",
    "有两条",
    "有两只",
    "有三条",
    "有三只",
    "会，",
    "喜欢啊",
    "喜欢，",
    "可不",
];
const NO_CHINESE: &[&str] = &[
    "不是",
    "没有",
    "没，",
    "不，",
    "不会",
    "不喜欢",
    "没呢",
    "从来没",
    "从不",
    "不太",
    "没养",
    "还没",
];

/// What a question that is not answered with yes or no asks for.
const OPEN_CHINESE: &[&str] = &["咋", "什么", "怎么", "哪", "几", "谁", "啥", "多少"];

/// The question in somebody's line that the next one answers; `None` where it asks nothing, or asks somebody else.
pub(super) fn asked(before: &str, answer: &str, names: &[&str]) -> Option<Asked> {
    let sentences = clause::sentences(before);
    let asks = |sentence: &&String| frames::asks(&Frame::of(sentence));
    let questions: Vec<&String> = sentences.iter().filter(asks).collect();
    let question: String = questions
        .iter()
        .map(|question| format!("{question} "))
        .collect();
    if questions.is_empty() || names.iter().any(|name| whole(&question, name).is_some()) {
        return None;
    }
    let tokens = spoken::tokens(&question);
    let has = |words: &[&str]| {
        tokens
            .iter()
            .any(|token| words.contains(&token.text.as_str()))
    };
    let mut units = clause::units(&tokens, &question);
    if has(&["or"]) || question.contains("还是") {
        // Which of two it is only the answer says.
        units.truncate(1);
    }
    let exact = |(at, token): (usize, &Token)| {
        (at > 0 && token.capital || token.text.chars().any(char::is_numeric))
            .then(|| clause::unit(&token.text))
    };
    // Chinese numbers are units of digits, and no tokens. Who is asked what they do on a day takes the day for granted.
    let is_open = OPEN_CHINESE.iter().any(|word| question.contains(word));
    let is_number = |unit: &&String| !is_open && unit.chars().any(char::is_numeric);
    let numbers = units.iter().filter(is_number);
    let exact: HashSet<String> = (tokens.iter().enumerate().filter_map(exact))
        .chain(numbers.cloned())
        .collect();
    let begin = clause::written_out(answer);
    let begins = |all: &[&str]| {
        all.iter()
            .any(|word| begin.starts_with(&format!(" {word} ")))
    };
    let begins_so = |all: &[&str]| {
        all.iter().any(|word| {
            answer.trim().starts_with(word) || answer.trim() == word.trim_end_matches('，')
        })
    };
    // 有三条没养活
    let first = answer.split(['，', '。', '！']).next().unwrap_or_default();
    let denies = first.starts_with('有') && chinese::denies(first);
    let says = match () {
        () if begins(NO) || begins_so(NO_CHINESE) => Answer::No,
        () if begins(YES) || begins_so(YES_CHINESE) && !denies => Answer::Yes,
        () => Answer::Otherwise,
    };
    Some(Asked {
        exact,
        others: tokens
            .windows(2)
            .filter(|two| {
                clause::is_other(&two[1].text) && matches!(two[0].text.as_str(), "your" | "the")
            })
            .map(|two| clause::unit(&two[1].text))
            .collect(),
        of_a_third: has(&["he", "she", "they", "his"]) && !has(&["you", "your"])
            || question.contains(['他', '她']) && !question.contains('你'),
        units,
        says,
    })
}
