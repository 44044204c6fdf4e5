//! The day that a claim leaves out: of 七月十八号我要去敦煌 a small model notes that she goes to Dunhuang, and no day. It stands in the
//! clause that the claim is made of, so that it is put back.

use std::sync::LazyLock;

use regex::Regex;

use super::sentence::LONGEST_FACT;
use super::words::{Words, stems};

/// So much of a claim stands in the clause of its day.
const SHARE: f64 = 0.7;
static CHINESE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let number = "[0-9一二三四五六七八九十]{1,3}";
    Regex::new(&format!("(?:[今明后每]年)?{number}月{number}[号日]")).ok()
});
static ENGLISH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let month =
        "(?:january|february|march|april|may|june|july|august|september|october|november|december)";
    let ten = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth";
    let day = format!(
        "(?:[0-9]{{1,2}}(?:st|nd|rd|th)?|(?:(?:twenty|thirty)-)?(?:{ten})|tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth)"
    );
    Regex::new(&format!(
        r"(?i)\b(?:the )?{day}(?: of)? {month}\b|\b{month} (?:the )?{day}\b"
    ))
    .ok()
});

/// The fact with the day of the lines that it was read from, where it has none and is made of the clause of the only day in one.
pub(super) fn dated<'a>(
    fact: String,
    name: &str,
    lines: impl IntoIterator<Item = &'a str>,
) -> String {
    let put_back = lines
        .into_iter()
        .find_map(|line| with_day(&fact, name, line));
    put_back
        .filter(|dated| dated.chars().count() <= LONGEST_FACT)
        .unwrap_or(fact)
}

fn with_day(fact: &str, name: &str, line: &str) -> Option<String> {
    let (day, is_chinese) = match only(&CHINESE, line) {
        Some(day) => (day, true),
        None => (only(&ENGLISH, line)?, false),
    };
    if [&*CHINESE, &*ENGLISH]
        .into_iter()
        .flatten()
        .any(|days| days.is_match(fact))
    {
        return None;
    }
    let words = Words::of(fact, name);
    if words.share_in(&stems(&[clause(line, day)])) < SHARE {
        return None;
    }
    if is_chinese {
        let rest = fact.strip_prefix(name)?;
        // "Her sister goes", and not she.
        return (!rest.starts_with('的')).then(|| format!("{name}{day}{rest}"));
    }
    let said = fact.strip_suffix('.').unwrap_or(fact);
    Some(format!("{said} on {day}."))
}

/// The only match in a line.
fn only<'a>(days: &LazyLock<Option<Regex>>, line: &'a str) -> Option<&'a str> {
    let mut found = days.as_ref()?.find_iter(line);
    let day = found.next()?;
    found.next().is_none().then(|| day.as_str())
}

/// The clause in which a day stands, and the next one where it is nothing but the day.
fn clause<'a>(line: &'a str, day: &str) -> &'a str {
    let ends = |text: &str| {
        let at = text.find(['，', ',', '。', '！', '!', '？', '?', '；', ';', '.', '\n']);
        at.unwrap_or(text.len())
    };
    let at = line.find(day).unwrap_or_default();
    let before = &line[..at];
    let begin = before
        .rfind(['，', ',', '。', '！', '!', '？', '?', '；', ';', '.', '\n'])
        .map_or(0, |end| {
            end + before[end..].chars().next().map_or(0, char::len_utf8)
        });
    let behind = at + day.len();
    let mut end = behind + ends(&line[behind..]);
    let is_alone = line[begin..end].trim() == day;
    if is_alone && let Some(comma) = line[end..].chars().next() {
        end += comma.len_utf8();
        end += ends(&line[end..]);
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
        "林晚七月十八号要去敦煌。"
    )]
    #[case::before_a_comma(
        "林晚要考潜水证。",
        "12月6号，我要考潜水证，水那么冷。",
        "林晚12月6号要考潜水证。"
    )]
    #[case::said(
        "林晚七月十八号要去敦煌。",
        "七月十八号我要去敦煌。",
        "林晚七月十八号要去敦煌。"
    )]
    #[case::of_something_else("林晚养猫。", "七月十八号我要去敦煌，家里养猫。", "林晚养猫。")]
    #[case::one_of_two(
        "林晚要去敦煌。",
        "七月十八号我要去敦煌，八月一号回来。",
        "林晚要去敦煌。"
    )]
    #[case::of_another(
        "林晚的妹妹要去敦煌。",
        "七月十八号我妹妹要去敦煌。",
        "林晚的妹妹要去敦煌。"
    )]
    #[case::english(
        "林晚 has a skipper's exam.",
        "I need papers: my skipper's exam is on the ninth of May.",
        "林晚 has a skipper's exam on the ninth of May."
    )]
    #[case::a_number(
        "林晚's science fair comes.",
        "the science fair comes 21 june so theres loads of time",
        "林晚's science fair comes on 21 june."
    )]
    #[case::no_day("林晚 may sing.", "I may sing. 5 of us may.", "林晚 may sing.")]
    fn a_day_is_put_back_where_it_was_said(
        #[case] fact: &str,
        #[case] line: &str,
        #[case] expected: &str,
    ) {
        assert_eq!(dated(fact.to_owned(), "林晚", [line]), expected);
    }
}
