//! How long ago something was said, as a person would put it.

use chrono::{DateTime, Utc};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;
const MONTH: i64 = 30 * DAY;
const YEAR: i64 = 365 * DAY;

/// "just now", "3 hours ago", "yesterday", "2 weeks ago". Rounded down, and blind to time zones: a persona that is off
/// by an hour at midnight is no worse than a person.
pub fn ago(then: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (now - then).num_seconds();
    let (count, unit) = match seconds {
        ..MINUTE => return "just now".to_owned(),
        MINUTE..HOUR => (seconds / MINUTE, "minute"),
        HOUR..DAY => (seconds / HOUR, "hour"),
        DAY..WEEK if seconds < 2 * DAY => return "yesterday".to_owned(),
        DAY..WEEK => (seconds / DAY, "day"),
        WEEK..MONTH => (seconds / WEEK, "week"),
        MONTH..YEAR => (seconds / MONTH, "month"),
        YEAR.. => (seconds / YEAR, "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural} ago")
}

/// The same in Chinese.
#[must_use]
pub fn ago_in_chinese(then: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (now - then).num_seconds();
    match seconds {
        ..MINUTE => "刚才".to_owned(),
        MINUTE..HOUR => format!("{}分钟前", seconds / MINUTE),
        HOUR..DAY => format!("{}小时前", seconds / HOUR),
        DAY..WEEK if seconds < 2 * DAY => "昨天".to_owned(),
        DAY..WEEK => format!("{}天前", seconds / DAY),
        WEEK..MONTH => format!("{}周前", seconds / WEEK),
        MONTH..YEAR => format!("{}个月前", seconds / MONTH),
        YEAR.. => format!("{}年前", seconds / YEAR),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use rstest::rstest;

    #[rstest]
    #[case(-5, "just now")]
    #[case(59, "just now")]
    #[case(60, "1 minute ago")]
    #[case(2 * HOUR + 59, "2 hours ago")]
    #[case(DAY, "yesterday")]
    #[case(2 * DAY, "2 days ago")]
    #[case(WEEK, "1 week ago")]
    #[case(65 * DAY, "2 months ago")]
    #[case(800 * DAY, "2 years ago")]
    fn time_is_told_in_the_largest_unit_that_fits(#[case] seconds: i64, #[case] told: &str) {
        let then = DateTime::UNIX_EPOCH;
        assert_eq!(ago(then, then + TimeDelta::seconds(seconds)), told);
    }

    #[rstest]
    #[case(5, "刚才")]
    #[case(2 * HOUR + 59, "2小时前")]
    #[case(DAY, "昨天")]
    #[case(65 * DAY, "2个月前")]
    fn in_chinese_too(#[case] seconds: i64, #[case] told: &str) {
        let then = DateTime::UNIX_EPOCH;
        assert_eq!(
            ago_in_chinese(then, then + TimeDelta::seconds(seconds)),
            told
        );
    }
}
