//! The time that a clause speaks of. Chinese verbs have none: its words do.

use super::super::is_ideograph;
use super::super::spoken::Token;
use super::super::verbs::{self, Time};

pub(in super::super) fn time(tokens: &[Token], part: &str) -> Time {
    let has = |all: &[&str]| all.iter().any(|word| part.contains(word));
    if !part.chars().any(is_ideograph) {
        return verbs::time(tokens);
    }
    if has(&[
        "本来想",
        "本来要",
        "本来打算",
        "原本打算",
        "原来打算",
        "原本想",
        "本来准备",
        "原计划",
    ]) {
        return Time::OldPlan;
    }
    if has(&[
        "以前",
        "早些年",
        "原先",
        "年前我",
        "年前在",
        "上学那几年",
        "早年",
        "头些年",
        "前些年",
        "以往",
        "来着",
        "曾经",
        "过去",
        "小时候",
        "从前",
        "当年",
        "之前是",
        "之前在",
        "那会儿",
        "那时候",
        "年轻时",
        "年轻的时候",
        "年轻那会",
        "那会",
        "上学时",
        "上学那",
        "读书时",
        "大学时",
        "当兵时",
        "刚毕业时",
        "那几年",
        "那阵子",
        "原来是",
        "原来在",
        "前任",
        "不再",
        "后来不",
    ]) {
        return Time::Over;
    }
    if has(&[
        "打算",
        "计划",
        "准备",
        "想要",
        "将要",
        "要去",
        "明天",
        "明年",
        "下周",
        "下个月",
        "后天",
        "以后要",
        "希望",
        "马上要",
        "想去",
        "想学",
        "想买",
        "想养",
        "想换",
        "想当",
        "想搬",
        "会去",
    ]) {
        return Time::Plan;
    }
    match is_gone_through(part) {
        true => Time::Past,
        false => Time::Open,
    }
}

/// "去过", "待过四年": it was once.
fn is_gone_through(part: &str) -> bool {
    let mut plain = part.to_owned();
    for word in [
        "不过",
        "通过",
        "经过",
        "路过",
        "过年",
        "过节",
        "过生日",
        "过来",
        "过去",
        "难过",
        "过敏",
        "超过",
        "过分",
        "过得",
        "过瘾",
        "过期",
        "过日子",
        "好过",
        "过冬",
        "过程",
        "过夜",
        "错过",
        "过道",
        "过山车",
        "过几",
        "过两",
    ] {
        plain = plain.replace(word, "");
    }
    plain.contains('过') && !plain.starts_with('过')
}

#[rustfmt::skip]
const HABITS: &[&str] = &[
    "every", "each", "always", "usually", "often", "never", "daily", "weekly", "nightly", "yearly", "regularly", "sometimes", "whenever", "mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays", "weekends", "mornings", "evenings", "nights", "most", "per", "all",
    "days", "weekdays",
];
const HABITS_CHINESE: &[&str] = &[
    "每",
    "天天",
    "年年",
    "日日",
    "夜夜",
    "周周",
    "经常",
    "常",
    "总",
    "老是",
    "老被",
    "一直",
    "平时",
    "都",
    "从来",
    "一到",
    "习惯",
    "雷打不动",
    "一天",
    "一周",
    "一年",
];

/// Whether a clause says how often something is, or that it always is.
pub(super) fn is_habit(tokens: &[Token], part: &str) -> bool {
    tokens
        .iter()
        .any(|token| HABITS.contains(&token.text.as_str()))
        || HABITS_CHINESE.iter().any(|word| part.contains(word))
}

/// "Am buying", "is learning".
pub(super) fn is_going_on(tokens: &[Token]) -> bool {
    tokens.windows(2).any(|two| {
        matches!(two[0].text.as_str(), "am" | "is" | "are") && two[1].text.ends_with("ing")
    })
}
