//! The calendar of a budget: which stretch of time a day or a month is, in a time zone.
//!
//! A window is `[start, end)` in UTC, from one local midnight to the next. Where a clock change skips midnight, the
//! day starts at the first moment that exists; where it repeats midnight, at the first of both. So days tile time
//! without gap or overlap, at 23, 24 or 25 hours.

use chrono::{DateTime, Datelike, Days, Duration, LocalResult, Months, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;

use crate::scope::Period;

/// A stretch of time; the end is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its first moment.
    pub start: DateTime<Utc>,
    /// The first moment after it.
    pub end: DateTime<Utc>,
}

/// The day or month that this moment belongs to in this time zone.
pub fn span(period: Period, zone: Tz, now: DateTime<Utc>) -> Span {
    let today = now.with_timezone(&zone).date_naive();
    let mut date = match period {
        Period::Day => today,
        Period::Month => today.with_day(1).unwrap_or(today),
    };
    // A clock that goes back over midnight shows yesterday's date again after today has begun.
    // Today has begun, and stays; so the date is only a first guess.
    loop {
        let next = after(period, date);
        let span = Span {
            start: midnight(zone, date),
            end: midnight(zone, next),
        };
        if now < span.end || next == date {
            return span;
        }
        date = next;
    }
}

fn after(period: Period, date: NaiveDate) -> NaiveDate {
    let next = match period {
        Period::Day => date.checked_add_days(Days::new(1)),
        Period::Month => date.checked_add_months(Months::new(1)),
    };
    next.unwrap_or(date)
}

/// The first moment of a date in a zone.
fn midnight(zone: Tz, date: NaiveDate) -> DateTime<Utc> {
    let mut local = date.and_time(chrono::NaiveTime::MIN);
    // The longest gap so far is a whole date, skipped at the date line; two days are room enough.
    for _ in 0..2 * 24 * 60 {
        match zone.from_local_datetime(&local) {
            LocalResult::Single(moment) => return moment.to_utc(),
            LocalResult::Ambiguous(one, other) => return one.min(other).to_utc(),
            LocalResult::None => local += Duration::minutes(1),
        }
    }
    Utc.from_utc_datetime(&local)
}

#[cfg(test)]
mod tests {
    use chrono_tz::{America, Asia, Europe, Pacific};

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn day(zone: Tz, now: &str) -> (String, i64) {
        let span = span(Period::Day, zone, at(now));
        (
            span.start.to_rfc3339(),
            (span.end - span.start).num_minutes(),
        )
    }

    #[test]
    fn a_day_is_23_hours_when_summer_time_begins_and_25_when_it_ends() {
        let spring = day(Europe::Berlin, "2026-03-29T12:00:00Z");
        assert_eq!(spring, ("2026-03-28T23:00:00+00:00".into(), 23 * 60));
        let autumn = day(Europe::Berlin, "2026-10-25T12:00:00Z");
        assert_eq!(autumn, ("2026-10-24T22:00:00+00:00".into(), 25 * 60));
    }

    #[test]
    fn a_day_whose_midnight_does_not_exist_starts_at_its_first_moment() {
        // Beirut goes from 00:00 to 01:00 on 29 March 2026.
        let skipped = day(Asia::Beirut, "2026-03-29T12:00:00Z");
        assert_eq!(skipped, ("2026-03-28T22:00:00+00:00".into(), 23 * 60));
    }

    #[test]
    fn a_day_whose_midnight_happens_twice_starts_at_the_first() {
        // Havana goes back from 01:00 to 00:00 on 1 November 2026.
        let first = day(America::Havana, "2026-11-01T04:30:00Z");
        let second = day(America::Havana, "2026-11-01T05:30:00Z");
        assert_eq!(first, ("2026-11-01T04:00:00+00:00".into(), 25 * 60));
        assert_eq!(first, second);
    }

    #[test]
    fn a_clock_that_goes_back_over_midnight_does_not_reopen_yesterday() {
        // St John's went from 00:01 back to 23:01 of the day before on 7 November 2010.
        let before = day(America::St_Johns, "2010-11-07T02:30:30Z");
        let repeated = day(America::St_Johns, "2010-11-07T03:00:00Z");
        assert_eq!(before.0, "2010-11-07T02:30:00+00:00");
        assert_eq!(before, repeated);
    }

    #[test]
    fn a_date_that_a_country_skipped_leaves_no_hole() {
        // Samoa had no 30 December 2011.
        let eve = span(Period::Day, Pacific::Apia, at("2011-12-30T09:59:59Z"));
        let after = span(Period::Day, Pacific::Apia, at("2011-12-30T10:00:00Z"));
        assert_eq!(eve.end, after.start);
        assert_eq!(after.start, at("2011-12-30T10:00:00Z"));
    }

    #[test]
    fn months_begin_at_local_midnight_of_the_first() {
        let december = span(Period::Month, Europe::Berlin, at("2026-12-31T22:59:59Z"));
        let january = span(Period::Month, Europe::Berlin, at("2026-12-31T23:00:00Z"));
        assert_eq!(december.start, at("2026-11-30T23:00:00Z"));
        assert_eq!(december.end, january.start);
        assert_eq!(january.end, at("2027-01-31T23:00:00Z"));
    }

    #[test]
    fn windows_tile_time_in_every_zone_of_the_world() {
        for zone in chrono_tz::TZ_VARIANTS {
            for period in Period::ALL {
                let mut now = at("2026-01-15T11:00:00Z");
                while now < at("2027-02-15T00:00:00Z") {
                    let this = span(period, zone, now);
                    assert!(this.start <= now && now < this.end, "{zone} {now} {this:?}");
                    let next = span(period, zone, this.end);
                    assert_eq!(next.start, this.end, "{zone} {now}");
                    let longest = match period {
                        Period::Day => store::windows::LONGEST_DAY,
                        Period::Month => store::windows::LONGEST_MONTH,
                    };
                    assert!(this.end - this.start < longest);
                    now = this.end;
                }
            }
        }
    }
}
