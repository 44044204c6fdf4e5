//! Discord's clock, as its answers tell it: what is compared with the time in a message's id must not depend on ours.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::{DATE, HeaderMap};
use tokio::time::Instant;

/// The newest `Date` of an answer, and when it came.
#[derive(Default)]
pub struct Date(Mutex<Option<(DateTime<Utc>, Instant)>>);

impl Date {
    /// An answer with these headers came.
    pub fn told(&self, headers: &HeaderMap, now: Instant) {
        let told = headers.get(DATE).and_then(|date| date.to_str().ok());
        if let Some(Ok(date)) = told.map(DateTime::parse_from_rfc2822) {
            let mut newest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            *newest = Some((date.to_utc(), now));
        }
    }

    /// What Discord's clock shows at least: an answer's date is of the second in which it was written, and it came later.
    pub fn at(&self, now: Instant) -> Option<DateTime<Utc>> {
        let (date, came) = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        let since = TimeDelta::from_std(now.saturating_duration_since(came)).ok()?;
        date.checked_add_signed(since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_clock_goes_on_from_the_newest_answer_and_what_is_no_date_changes_nothing() {
        let (date, now) = (Date::default(), Instant::now());
        assert_eq!(date.at(now), None);
        for told in ["Sat, 28 Nov 2026 14:40:26 GMT", "tomorrow"] {
            let mut headers = HeaderMap::new();
            headers.insert(DATE, told.parse().unwrap());
            date.told(&headers, now);
        }
        let later = date.at(now + Duration::from_millis(3_500)).unwrap();
        assert_eq!(later.to_rfc3339(), "2026-11-28T14:40:29.500+00:00");
    }
}
