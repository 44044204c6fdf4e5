//! Quiet periods: whoever goes on calling while they are too fast is not answered for a while, and longer each time.
//! It is said once; what comes then costs nothing and is not answered. Somebody in danger is answered all the same,
//! since the gate looks for that first.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use store::id::{ChannelId, UserId};

use crate::incoming::Incoming;
use crate::pace::{Paced, TooFast};

/// How long each quiet period is; the last one's length stays.
const MINUTES: [i64; 4] = [1, 5, 15, 60];
/// Whoever is refused again within this time goes on.
const GOES_ON: TimeDelta = TimeDelta::minutes(1);
/// After so long without a quiet period the next one is the shortest again.
const CALM: TimeDelta = TimeDelta::hours(24);
/// So many people or channels are remembered before those without meaning are dropped.
const REMEMBERED: usize = 1_000;

/// What a person is told whose message came too fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// To wait.
    Wait(TooFast),
    /// That their messages are not answered until then.
    Quiet {
        /// How long that is.
        lasts: Duration,
        /// When it ends.
        until: DateTime<Utc>,
    },
    /// Nothing: it was said before.
    Nothing,
}

/// Who is not answered for a while. It lives in memory: after a restart everybody begins anew.
#[derive(Default)]
pub struct Quiet(Mutex<Records>);

#[derive(Default)]
struct Records {
    members: HashMap<UserId, Record>,
    /// When it was last said in a channel that it, or its server, is too fast.
    said: HashMap<ChannelId, DateTime<Utc>>,
}

#[derive(Clone, Copy, Default)]
struct Record {
    /// When they were last told to wait.
    warned: Option<DateTime<Utc>>,
    /// How many quiet periods they have had since they were last calm.
    periods: usize,
    /// When the last one ends.
    until: Option<DateTime<Utc>>,
}

impl Record {
    fn is_quiet(&self, now: DateTime<Utc>) -> bool {
        self.until.is_some_and(|until| now < until)
    }

    fn matters(&self, now: DateTime<Utc>) -> bool {
        self.until.is_some_and(|until| now < until + CALM)
            || self.warned.is_some_and(|warned| now < warned + GOES_ON)
    }
}

impl Quiet {
    /// Whether this person is not answered now.
    pub fn holds(&self, member: UserId, now: DateTime<Utc>) -> bool {
        let records = self.lock();
        records
            .members
            .get(&member)
            .is_some_and(|record| record.is_quiet(now))
    }

    /// A message came too fast: what is its author told?
    pub fn refuse(&self, message: &Incoming, fast: TooFast, now: DateTime<Utc>) -> Told {
        match fast.who {
            Paced::Member => self.refuse_member(message.author.id, fast, now),
            // Nobody in particular is at fault. It is said once in a while, for all to read.
            Paced::Channel | Paced::Guild => self.say_once(message.channel, fast, now),
        }
    }

    fn refuse_member(&self, member: UserId, fast: TooFast, now: DateTime<Utc>) -> Told {
        let mut records = self.lock();
        if records.members.len() >= REMEMBERED {
            records.members.retain(|_, record| record.matters(now));
        }
        let record = records.members.entry(member).or_default();
        if !record.matters(now) {
            *record = Record::default();
        }
        if record.is_quiet(now) {
            return Told::Nothing;
        }
        let goes_on = record.warned.is_some_and(|at| now < at + GOES_ON);
        if !goes_on {
            record.warned = Some(now);
            return Told::Wait(fast);
        }
        let minutes = MINUTES[record.periods.min(MINUTES.len() - 1)];
        let lasts = TimeDelta::minutes(minutes);
        *record = Record {
            warned: None,
            periods: record.periods + 1,
            until: Some(now + lasts),
        };
        Told::Quiet {
            lasts: lasts.to_std().unwrap_or_default(),
            until: now + lasts,
        }
    }

    fn say_once(&self, channel: ChannelId, fast: TooFast, now: DateTime<Utc>) -> Told {
        let mut records = self.lock();
        if records.said.len() >= REMEMBERED {
            records.said.retain(|_, at| now < *at + GOES_ON);
        }
        if records
            .said
            .get(&channel)
            .is_some_and(|at| now < *at + GOES_ON)
        {
            return Told::Nothing;
        }
        records.said.insert(channel, now);
        Told::Wait(fast)
    }

    fn lock(&self) -> MutexGuard<'_, Records> {
        // Nothing panics while it is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incoming::tests::message;

    const FAST: TooFast = TooFast {
        who: Paced::Member,
        wait: Duration::from_secs(5),
    };

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn minutes(told: Told) -> u64 {
        match told {
            Told::Quiet { lasts, .. } => lasts.as_secs() / 60,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn whoever_is_too_fast_once_is_only_told_to_wait() {
        let (quiet, message) = (Quiet::default(), message());
        assert_eq!(quiet.refuse(&message, FAST, at(0)), Told::Wait(FAST));
        assert!(!quiet.holds(message.author.id, at(1)));
        assert_eq!(quiet.refuse(&message, FAST, at(61)), Told::Wait(FAST));
    }

    #[test]
    fn whoever_goes_on_is_quieted_longer_each_time_and_told_once() {
        let (quiet, message) = (Quiet::default(), message());
        let mut now = 0;
        for expected in [1, 5, 15, 60, 60] {
            assert_eq!(quiet.refuse(&message, FAST, at(now)), Told::Wait(FAST));
            let told = quiet.refuse(&message, FAST, at(now + 1));
            assert_eq!(minutes(told), expected);
            let Told::Quiet { until, .. } = told else {
                unreachable!()
            };
            assert!(quiet.holds(message.author.id, until - TimeDelta::seconds(1)));
            assert_eq!(quiet.refuse(&message, FAST, at(now + 2)), Told::Nothing);
            assert!(!quiet.holds(message.author.id, until));
            now = until.timestamp();
        }
    }

    #[test]
    fn after_a_calm_day_the_shortest_period_comes_first_again() {
        let (quiet, message) = (Quiet::default(), message());
        let flood = |now| {
            quiet.refuse(&message, FAST, at(now));
            minutes(quiet.refuse(&message, FAST, at(now)))
        };
        let day = CALM.num_seconds();
        assert_eq!((flood(0), flood(3600)), (1, 5));
        assert_eq!(flood(3600 + 300 + day), 1);
    }

    #[test]
    fn a_busy_channel_is_told_once_a_minute_and_nobody_is_quieted() {
        let (quiet, message) = (Quiet::default(), message());
        let fast = TooFast {
            who: Paced::Channel,
            ..FAST
        };
        assert_eq!(quiet.refuse(&message, fast, at(0)), Told::Wait(fast));
        assert_eq!(quiet.refuse(&message, fast, at(1)), Told::Nothing);
        assert_eq!(quiet.refuse(&message, fast, at(60)), Told::Wait(fast));
        assert!(!quiet.holds(message.author.id, at(60)));
    }
}
