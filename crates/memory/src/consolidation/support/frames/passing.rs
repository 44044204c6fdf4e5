//! What is true of a day only.

use super::Frame;

#[rustfmt::skip]
const OF_A_DAY: &[&str] = &[
    "today", "tonight", "this morning", "this afternoon", "this evening", "last night", "yesterday", "just now", "earlier on",
    "今天", "今晚", "今早", "今儿", "刚才", "刚刚", "昨天", "昨晚", "昨儿", "这会儿", "此刻",
];

/// What begins on a day, or ends for good.
#[rustfmt::skip]
const FOR_GOOD: &[&str] = &[
    "as of today", "from today", "since yesterday", "since today", "as of yesterday", "quit", "passed", "turned", "finished", "died", "graduated", "retired", "born",
    "今天起", "从今天", "昨天起", "从昨天", "戒", "考过", "考上", "退休", "去世", "出生",
];

/// Whether a clause tells of one day.
pub(in super::super) fn is_of_a_day(clause: &Frame) -> bool {
    !clause.has(FOR_GOOD) && clause.has(OF_A_DAY)
        || clause.begins(&["刚从", "刚下", "下午", "中午", "晌午", "早上出门"])
}
