//! What goes on at one server, and whether work behind the replies may begin there now: plain decisions, the time is an
//! argument.
//!
//! The calm behind a reply is as long as the reply took: where an endpoint is slow, more is lost by a call that has to be
//! broken off, and people take their time too. What was broken off is begun again after a pause that doubles as long as
//! work keeps being interrupted, so that a channel that never rests costs a bounded number of tokens; each call that came
//! to its end halves the next pause, and whoever begins is told to begin less the more often it was interrupted, so that
//! some of it fits into the gaps.

use std::time::Duration;

use tokio::time::Instant;

/// The calm behind a reply, however fast or slow it was.
const CALM: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));
/// The pause behind an interruption: at least, and at most.
const PAUSE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(3600));
/// Interruptions that are counted; from there on the pause is at its longest anyway.
const MOST: u32 = 16;

/// Whether work behind the replies may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// It may.
    Free,
    /// It may then, if nothing comes.
    In(Duration),
    /// A reply is there, or on its way.
    Taken,
    /// Other work behind the replies runs.
    Behind,
}

/// How a call behind the replies has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// By itself.
    Whole,
    /// It was broken off for a reply.
    GaveWay {
        /// So long after it began.
        after: Duration,
    },
    /// Nothing was asked, or nobody waited for the end.
    Open,
}

/// What goes on at one server.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Course {
    /// Replies that are made, or on their way.
    replies: u32,
    /// Since when there are none; nothing before the first.
    calm_since: Option<Instant>,
    /// How long the last reply took.
    took: Duration,
    /// Whether a call behind the replies runs.
    is_behind: bool,
    /// Interruptions, less the calls that came to their end since.
    interruptions: u32,
    /// The end of the pause behind the last interruption.
    not_before: Option<Instant>,
}

impl Course {
    /// A reply is on its way.
    pub(super) fn comes(&mut self) {
        self.replies = self.replies.saturating_add(1);
    }

    /// It has gone; `took` is how long it was made, if it was.
    pub(super) fn goes(&mut self, took: Option<Duration>, now: Instant) {
        self.replies = self.replies.saturating_sub(1);
        self.took = took.unwrap_or(self.took);
        if self.replies == 0 {
            self.calm_since = Some(now);
        }
    }

    /// Whether work behind the replies may begin.
    pub(super) fn entry(&self, now: Instant) -> Entry {
        if self.replies > 0 {
            return Entry::Taken;
        }
        let calm = self.took.clamp(CALM.0, CALM.1);
        let calm_from = self.calm_since.map(|since| since + calm);
        let wait = calm_from.max(self.not_before);
        let wait = wait.map_or(Duration::ZERO, |then| then.saturating_duration_since(now));
        match wait.is_zero() {
            true if self.is_behind => Entry::Behind,
            true => Entry::Free,
            false => Entry::In(wait),
        }
    }

    /// A call behind the replies begins, if it may.
    pub(super) fn begin(&mut self, now: Instant) -> Entry {
        let entry = self.entry(now);
        self.is_behind |= entry == Entry::Free;
        entry
    }

    /// It has ended.
    pub(super) fn ends(&mut self, how: End, now: Instant) {
        self.is_behind = false;
        match how {
            End::Whole => self.interruptions = self.interruptions.saturating_sub(1),
            End::GaveWay { after } => {
                let doubled = 1_u32 << self.interruptions.min(MOST);
                let pause = after.max(PAUSE.0).saturating_mul(doubled).min(PAUSE.1);
                self.interruptions = (self.interruptions + 1).min(MOST);
                self.not_before = Some(now + pause);
            }
            End::Open => {}
        }
    }

    /// How often work was interrupted lately.
    pub(super) fn interruptions(&self) -> u32 {
        self.interruptions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn the_calm_is_as_long_as_the_reply_took_within_bounds() {
        let start = Instant::now();
        for (took, calm) in [(0, 1), (7, 7), (200, 30)] {
            let mut course = Course::default();
            assert_eq!(course.entry(start), Entry::Free);
            course.comes();
            assert_eq!(course.entry(start), Entry::Taken);
            course.goes(Some(seconds(took)), start);
            assert_eq!(course.entry(start), Entry::In(seconds(calm)));
            assert_eq!(course.entry(start + seconds(calm)), Entry::Free);
        }
    }

    #[test]
    fn one_that_was_not_made_changes_no_calm() {
        let (mut course, start) = (Course::default(), Instant::now());
        course.comes();
        course.goes(Some(seconds(9)), start);
        course.comes();
        course.goes(None, start);
        assert_eq!(course.entry(start), Entry::In(seconds(9)));
    }

    #[test]
    fn nothing_begins_beside_a_reply_nor_two_at_once() {
        let (mut course, now) = (Course::default(), Instant::now());
        course.comes();
        assert_eq!(course.begin(now), Entry::Taken);
        course.goes(None, now);
        assert_eq!(course.begin(now), Entry::In(seconds(1)));
        let now = now + seconds(1);
        assert_eq!(course.begin(now), Entry::Free);
        assert_eq!(course.begin(now), Entry::Behind);
        course.ends(End::Open, now);
        assert_eq!(course.begin(now), Entry::Free);
    }

    #[test]
    fn a_channel_that_never_rests_interrupts_a_few_times_an_hour_at_most() {
        let (mut course, start) = (Course::default(), Instant::now());
        let (mut now, mut times) = (start, 0);
        // Each time it begins as soon as it may, and is broken off after ten seconds.
        while now < start + seconds(24 * 3600) {
            let wait = match course.entry(now) {
                Entry::In(wait) => wait,
                _ => Duration::ZERO,
            };
            now += wait;
            course.begin(now);
            now += seconds(10);
            course.ends(End::GaveWay { after: seconds(10) }, now);
            times += 1;
        }
        assert!((24..=34).contains(&times), "{times} in a day");
    }

    #[test]
    fn calls_that_come_to_their_end_take_back_what_interruptions_have_added() {
        let (mut course, now) = (Course::default(), Instant::now());
        for pause in [4, 8, 16] {
            course.begin(now);
            course.ends(End::GaveWay { after: seconds(4) }, now);
            assert_eq!(course.entry(now), Entry::In(seconds(pause)));
        }
        assert_eq!(course.interruptions(), 3);
        for left in [2, 1, 0, 0] {
            course.begin(now);
            course.ends(End::Whole, now);
            assert_eq!(course.interruptions(), left);
        }
    }
}
