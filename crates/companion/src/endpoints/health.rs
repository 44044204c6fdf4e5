//! How one endpoint has fared lately, and whether it may be asked now: plain decisions, the time is an argument.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// Failures in a row after which an endpoint is left alone that has not asked for a pause itself.
const ENOUGH: u32 = 3;
/// The first rest. Each further one in a row is twice as long.
const SHORTEST: TimeDelta = TimeDelta::seconds(5);
/// The longest rest of our own choice.
const LONGEST: TimeDelta = TimeDelta::minutes(5);

/// A longer rest than this is not believed: then one request tries again.
const LONGEST_TOLD: TimeDelta = TimeDelta::hours(1);

/// Whether an endpoint may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// It may.
    Free,
    /// It may, by this one request; the others wait for what comes of it.
    Trial,
    /// One request tries already.
    OnTrial,
    /// Not before then.
    Rests {
        /// When it is tried again.
        until: DateTime<Utc>,
    },
}

/// How one endpoint has fared lately.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Health {
    /// Failures since it last answered properly.
    failures: u32,
    /// Rests of our own choice since then.
    rests: i64,
    /// The rest that it is in, or that nobody has tried it since.
    rest: Option<Rest>,
    on_trial: bool,
}

#[derive(Clone, Copy, Debug)]
struct Rest {
    since: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl Rest {
    /// A clock that was put back does not make a rest longer.
    fn holds(self, now: DateTime<Utc>) -> bool {
        self.since <= now && now < self.until
    }
}

impl Health {
    /// Whether it may be asked now. Whoever gets [`Entry::Trial`] owes a verdict, or [`Health::untried`].
    pub(super) fn enter(&mut self, now: DateTime<Utc>) -> Entry {
        match self.rest {
            None => Entry::Free,
            Some(rest) if rest.holds(now) => Entry::Rests { until: rest.until },
            Some(_) if self.on_trial => Entry::OnTrial,
            Some(_) => {
                self.on_trial = true;
                Entry::Trial
            }
        }
    }

    /// The trial came to no verdict: the next request tries.
    pub(super) fn untried(&mut self) {
        self.on_trial = false;
    }

    /// It has answered properly. Says whether that ends a rest.
    pub(super) fn works(&mut self) -> bool {
        std::mem::take(self).rest.is_some()
    }

    /// A request has failed, `by_trial` or not; the endpoint may have asked for a pause. Returns until when it rests, if
    /// a rest begins.
    pub(super) fn fails(
        &mut self,
        told: Option<Duration>,
        by_trial: bool,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        self.failures = self.failures.saturating_add(1);
        self.on_trial &= !by_trial;
        let rests_until = self.rest.filter(|rest| rest.holds(now));
        let told = told.and_then(|told| TimeDelta::from_std(told).ok());
        let pause = match told.filter(|told| *told > TimeDelta::zero()) {
            // Who asks for two seconds again and again means more.
            Some(told) if by_trial => {
                self.rests += 1;
                told.min(LONGEST_TOLD)
                    .max(growing(SHORTEST, LONGEST, self.rests))
            }
            Some(told) => told.min(LONGEST_TOLD),
            // What went out before the rest began says nothing new.
            None if rests_until.is_some() || (self.on_trial && !by_trial) => return None,
            None if !by_trial && self.failures < ENOUGH => return None,
            None => {
                self.rests += 1;
                growing(SHORTEST, LONGEST, self.rests)
            }
        };
        let until = now + pause;
        if rests_until.is_some_and(|rest| rest.until >= until) {
            return None;
        }
        self.rest = Some(Rest { since: now, until });
        Some(until)
    }
}

/// The pause after so many failures: doubled each time, up to the longest.
pub(crate) fn growing(shortest: TimeDelta, longest: TimeDelta, times: i64) -> TimeDelta {
    let doubled = times.saturating_sub(1).clamp(0, 20);
    shortest
        .checked_mul(1_i32 << doubled)
        .map_or(longest, |pause| pause.min(longest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    fn rests(until: i64) -> Entry {
        Entry::Rests { until: at(until) }
    }

    #[test]
    fn three_failures_in_a_row_begin_a_rest_and_two_do_not() {
        let mut health = Health::default();
        assert_eq!(health.fails(None, false, at(0)), None);
        assert_eq!(health.fails(None, false, at(0)), None);
        assert_eq!(health.enter(at(0)), Entry::Free);
        assert!(!health.works());
        assert_eq!(health.fails(None, false, at(1)), None);
        assert_eq!(health.fails(None, false, at(1)), None);
        assert_eq!(health.fails(None, false, at(1)), Some(at(6)));
        assert_eq!(health.enter(at(5)), rests(6));
    }

    #[test]
    fn a_told_pause_is_kept_from_the_first_failure_on() {
        let mut health = Health::default();
        let told = Some(Duration::from_secs(30));
        assert_eq!(health.fails(told, false, at(0)), Some(at(30)));
        assert_eq!(health.enter(at(29)), rests(30));
        assert_eq!(health.enter(at(30)), Entry::Trial);
        let none = Some(Duration::ZERO);
        assert_eq!(Health::default().fails(none, false, at(0)), None);
    }

    #[test]
    fn a_told_pause_that_does_not_help_grows_and_a_day_is_an_hour() {
        let mut health = Health::default();
        let told = Some(Duration::from_secs(2));
        assert_eq!(health.fails(told, false, at(0)), Some(at(2)));
        let mut now = 2;
        for expected in [5, 10, 20, 40] {
            assert_eq!(health.enter(at(now)), Entry::Trial);
            assert_eq!(health.fails(told, true, at(now)), Some(at(now + expected)));
            now += expected;
        }
        let day = Some(Duration::from_secs(86_000));
        let until = Health::default().fails(day, false, at(0));
        assert_eq!(until, Some(at(3600)));
    }

    #[test]
    fn after_a_rest_one_request_tries_and_its_failure_doubles_the_rest() {
        let mut health = Health::default();
        for _ in 0..3 {
            health.fails(None, false, at(0));
        }
        let mut now = 5;
        for expected in [10, 20, 40, 80, 160, 300, 300] {
            assert_eq!(health.enter(at(now)), Entry::Trial);
            assert_eq!(health.enter(at(now)), Entry::OnTrial);
            assert_eq!(health.fails(None, true, at(now)), Some(at(now + expected)));
            now += expected;
        }
        assert_eq!(health.enter(at(now)), Entry::Trial);
        assert!(health.works(), "the rest is over");
        assert_eq!(health.enter(at(now)), Entry::Free);
        assert_eq!(health.fails(None, false, at(now)), None, "it counts anew");
    }

    #[test]
    fn a_trial_that_came_to_nothing_leaves_the_trial_to_the_next() {
        let mut health = Health::default();
        health.fails(Some(Duration::from_secs(1)), false, at(0));
        assert_eq!(health.enter(at(1)), Entry::Trial);
        health.untried();
        assert_eq!(health.enter(at(1)), Entry::Trial);
    }

    #[test]
    fn what_was_under_way_when_a_rest_began_does_not_lengthen_it() {
        let mut health = Health::default();
        for _ in 0..3 {
            health.fails(None, false, at(0));
        }
        for _ in 0..10 {
            assert_eq!(health.fails(None, false, at(1)), None);
        }
        assert_eq!(health.enter(at(4)), rests(5));
        let (shorter, longer) = (Duration::from_secs(2), Duration::from_secs(60));
        assert_eq!(health.fails(Some(shorter), false, at(1)), None);
        assert_eq!(health.fails(Some(longer), false, at(1)), Some(at(61)));
        // It answers after all, by a request from before.
        assert!(health.works());
        assert_eq!(health.enter(at(4)), Entry::Free);
    }

    #[test]
    fn a_clock_that_is_put_back_does_not_keep_it_at_rest() {
        let mut health = Health::default();
        health.fails(Some(Duration::from_secs(30)), false, at(0));
        assert_eq!(health.enter(at(-3600)), Entry::Trial);
    }
}
