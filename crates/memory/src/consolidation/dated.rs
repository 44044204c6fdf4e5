//! The day that a note leaves out: of 七月十八号我要去敦煌 a small model notes that its person goes to Dunhuang, and no day. Where the
//! clause that the note is made of plans something for a day, the day is put back. In English small models keep it.

use std::sync::LazyLock;

use regex::Regex;

use super::sentence::LONGEST_FACT;
use super::words::{Words, stems};

/// So much of a note stands in the clause of its day.
const SHARE: f64 = 0.7;
/// What one does on a day to come.
const PLANS: [char; 3] = ['要', '将', '会'];
/// What before a day makes it another time, the end of a year's number too.
const OTHER_TIMES: [char; 7] = ['从', '自', '到', '至', '年', '去', '前'];
/// Where a clause ends.
const ENDS: &[char] = &[
    '，', ',', '。', '！', '!', '？', '?', '；', ';', '：', ':', '\n',
];
/// A day, with what makes it another time.
static DAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let number = "[0-9一二三四五六七八九十]{1,3}";
    Regex::new(&format!(
        "(?:从|自|到|至|年|[去前]年)?(?:[今明后]年|每年)?{number}月{number}[号日](?:[起前后以之为开]|那天以)?"
    ))
    .ok()
});

/// The note with the day of the lines that it was read from; `None` where none is put back.
pub(super) fn dated<'a>(
    fact: &str,
    name: &str,
    lines: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let mut lines = lines.into_iter();
    let dated = lines.find_map(|line| with_day(fact, name, line));
    dated.filter(|dated| dated.chars().count() <= LONGEST_FACT)
}

fn with_day(fact: &str, name: &str, line: &str) -> Option<String> {
    let days = DAY.as_ref()?;
    let mut found = days.find_iter(line);
    let (day, other) = (found.next()?, found.next());
    let is_plain = !day.as_str().starts_with(OTHER_TIMES) && day.as_str().ends_with(['号', '日']);
    if !is_plain || other.is_some() || days.is_match(fact) {
        return None;
    }
    // "Her sister goes", and not she; "has a cat", and on no day.
    let rest = fact.strip_prefix(name)?;
    let clause = clause(line, day.range());
    let plans = rest.starts_with(PLANS) && clause.contains(PLANS);
    let is_of_it = Words::of(fact, name).share_in(&stems(&[clause])) >= SHARE;
    (plans && is_of_it).then(|| format!("{name}{}{rest}", day.as_str()))
}

/// The clause in which a day stands, and the next one where it is nothing but the day.
fn clause(line: &str, day: std::ops::Range<usize>) -> &str {
    let mut before = line[..day.start].char_indices().rev();
    let begin = before.find(|(_, c)| ENDS.contains(c));
    let begin = begin.map_or(0, |(at, c)| at + c.len_utf8());
    let end_from = |from: usize| line[from..].find(ENDS).map_or(line.len(), |at| from + at);
    let mut end = end_from(day.end);
    let is_alone = line[begin..end].trim() == &line[day];
    if is_alone && let Some(comma) = line[end..].chars().next() {
        end = end_from(end + comma.len_utf8());
    }
    &line[begin..end]
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::left_out(
        "林晚要去敦煌。",
        "七月十八号我要去敦煌，头一回一个人坐那么久的火车。",
        Some("林晚七月十八号要去敦煌。")
    )]
    #[case::before_a_comma(
        "林晚要考潜水证。",
        "12月6号，我要考潜水证，水那么冷。",
        Some("林晚12月6号要考潜水证。")
    )]
    #[case::next_year(
        "林晚要去敦煌。",
        "我明年七月十八号要去敦煌。",
        Some("林晚明年七月十八号要去敦煌。")
    )]
    #[case::said("林晚七月十八号要去敦煌。", "七月十八号我要去敦煌。", None)]
    #[case::of_something_else("林晚要养猫。", "七月十八号我要去敦煌，回来要养猫。", None)]
    #[case::one_of_two("林晚要去敦煌。", "七月十八号我要去敦煌，八月一号回来。", None)]
    #[case::of_another("林晚的妹妹要去敦煌。", "七月十八号我妹妹要去敦煌。", None)]
    #[case::since("林晚要在面包店上班。", "从五月九号起我要在面包店上班。", None)]
    #[case::until("林晚要在面包店上班。", "我要在面包店上班到五月九号。", None)]
    #[case::before("林晚要交论文。", "五月九号之前我要交论文。", None)]
    #[case::an_old_year("林晚去了敦煌。", "去年七月十八号我去了敦煌。", None)]
    #[case::a_year("林晚要去敦煌。", "2031年7月18号我要去敦煌。", None)]
    #[case::no_plan("林晚养了一只猫。", "七月十八号我养了一只猫。", None)]
    fn a_day_is_put_back_where_it_was_planned(
        #[case] fact: &str,
        #[case] line: &str,
        #[case] expected: Option<&str>,
    ) {
        assert_eq!(dated(fact, "林晚", [line]).as_deref(), expected);
    }
}
