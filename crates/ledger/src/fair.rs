//! Fair shares: how a guild's window is divided among those who are active, as plain arithmetic.
//!
//! Of every limited window of a guild, 60 % is divided into equal floors, one for each member who was active in the last
//! seven days; nobody else can take them. The other 40 % are a pool that opens bit by bit while the window runs, for
//! those who want more than their floor; and nobody may take more than the guild's member percent of the whole (15 %
//! where nothing is set), or an equal part where that is more. So a server of two is divided in halves.
//!
//! What belongs to no active member has come out of the pool too: background work, and what somebody used who is not
//! active any more. Otherwise it would eat floors.
//!
//! No shares are taken where somebody is alone, or where the guild's member percent is 100: first come, first served.

use chrono::{DateTime, Utc};

use crate::calendar::Span;

/// How much of a window is floors, in percent.
const FLOORS: i128 = 60;

/// What one member may take of one window, in one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shares {
    /// The most that one member may take.
    pub(crate) cap: i64,
    /// What nobody else can take from them.
    pub(crate) floor: i64,
    /// What is there for everybody by the end of the window.
    pub(crate) pool: i64,
}

/// A call that goes beyond a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Beyond {
    /// What the next call may cost by the share.
    pub(crate) left: i64,
    /// When this call would fit, if nobody else took from the pool.
    pub(crate) opens_at: DateTime<Utc>,
}

impl Shares {
    /// The shares of a limit among this many members, of whom one may take at most `percent`.
    pub(crate) fn of(limit: i64, percent: u8, members: i64) -> Self {
        let (whole, members) = (i128::from(limit), i128::from(members.max(1)));
        let cap = (whole * i128::from(percent.min(100)) / 100).max(whole / members);
        let floors = whole * FLOORS / 100;
        Self {
            cap: small(cap),
            floor: small((floors / members).min(cap)),
            pool: small(whole - floors),
        }
    }

    /// The shares with a cap that was set for this member alone.
    pub(crate) fn with_cap(self, cap: i64) -> Self {
        Self {
            cap,
            floor: self.floor.min(cap),
            ..self
        }
    }

    /// What of the pool is open at this moment of the window.
    pub(crate) fn opened(&self, span: Span, now: DateTime<Utc>) -> i64 {
        let whole = (span.end - span.start).num_milliseconds().max(1);
        let gone = (now - span.start).num_milliseconds().clamp(0, whole);
        small(i128::from(self.pool) * i128::from(gone) / i128::from(whole))
    }

    /// What a member who has taken `own` may take now, when `pooled` was taken of the pool by all others.
    pub(crate) fn open_to(&self, own: i64, pooled: i64, span: Span, now: DateTime<Utc>) -> i64 {
        let in_pool = self.opened(span, now) - pooled - (own - self.floor).max(0);
        ((self.floor - own).max(0) + in_pool.max(0))
            .min(self.cap - own)
            .max(0)
    }

    /// Whether a member who has taken `own` may take `needed` more, when `pooled` was taken of the pool by all others.
    pub(crate) fn admit(
        &self,
        own: i64,
        needed: i64,
        pooled: i64,
        span: Span,
        now: DateTime<Utc>,
    ) -> Result<(), Beyond> {
        let left = self.open_to(own, pooled, span, now);
        if needed <= left {
            return Ok(());
        }
        let opens_at = if own.saturating_add(needed) > self.cap {
            span.end
        } else {
            let wanted = pooled.saturating_add((own + needed - self.floor).max(0));
            self.opens(wanted, span)
        };
        Err(Beyond { left, opens_at })
    }

    /// When this much of the pool is open; the window's end where it never will be.
    fn opens(&self, wanted: i64, span: Span) -> DateTime<Utc> {
        if wanted > self.pool || self.pool == 0 {
            return span.end;
        }
        let whole = i128::from((span.end - span.start).num_milliseconds());
        let pool = i128::from(self.pool);
        let gone = (whole * i128::from(wanted) + pool - 1) / pool;
        span.start + chrono::TimeDelta::milliseconds(small(gone))
    }
}

/// Parts of an `i64` fit into one.
fn small(part: i128) -> i64 {
    i64::try_from(part).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day() -> Span {
        Span {
            start: "2026-05-15T00:00:00Z".parse().unwrap(),
            end: "2026-05-16T00:00:00Z".parse().unwrap(),
        }
    }

    fn at(time: &str) -> DateTime<Utc> {
        format!("2026-05-15T{time}Z").parse().unwrap()
    }

    #[test]
    fn ten_members_have_a_floor_of_six_percent_and_a_cap_of_fifteen() {
        let shares = Shares::of(1000, 15, 10);
        assert_eq!((shares.cap, shares.floor, shares.pool), (150, 60, 400));
    }

    #[test]
    fn two_members_have_half_each_and_a_lone_one_has_all() {
        let two = Shares::of(1000, 15, 2);
        assert_eq!((two.cap, two.floor), (500, 300));
        assert_eq!(Shares::of(1000, 15, 1).cap, 1000);
    }

    #[test]
    fn a_floor_is_open_from_the_first_moment_and_the_pool_opens_with_the_day() {
        let shares = Shares::of(1000, 15, 10);
        let open = |own, pooled, time| shares.open_to(own, pooled, day(), at(time));
        assert_eq!(open(0, 0, "00:00:00"), 60);
        assert_eq!(open(60, 0, "00:00:00"), 0);
        assert_eq!(open(60, 0, "06:00:00"), 90);
        assert_eq!(open(60, 80, "06:00:00"), 20);
        assert_eq!(open(60, 400, "06:00:00"), 0);
        assert_eq!(open(150, 0, "18:00:00"), 0);
        // Nobody else can take a floor, however much others took.
        assert_eq!(open(0, 400, "23:59:59"), 60);
    }

    #[test]
    fn a_refusal_says_when_more_opens() {
        let shares = Shares::of(1000, 15, 10);
        let beyond = |own, needed, pooled| {
            shares
                .admit(own, needed, pooled, day(), at("00:00:00"))
                .unwrap_err()
        };
        assert_eq!(beyond(60, 50, 0).opens_at, at("03:00:00"));
        assert_eq!(beyond(60, 50, 350).opens_at, day().end);
        assert_eq!(beyond(60, 91, 0).opens_at, day().end);
        let Beyond { opens_at, .. } = beyond(50, 50, 50);
        assert_eq!(shares.admit(50, 50, 50, day(), opens_at), Ok(()));
    }

    proptest! {
        #[test]
        fn what_is_refused_fits_when_it_is_said_to_open(
            limit in 1i64..1_000_000, members in 2i64..40, own in 0i64..200_000, needed in 1i64..200_000,
            pooled in 0i64..500_000, second in 0i64..86_400,
        ) {
            let shares = Shares::of(limit, 15, members);
            let now = day().start + chrono::TimeDelta::seconds(second);
            if let Err(Beyond { left, opens_at }) = shares.admit(own, needed, pooled, day(), now) {
                prop_assert!(left < needed);
                prop_assert!(opens_at > now);
                if opens_at < day().end {
                    prop_assert_eq!(shares.admit(own, needed, pooled, day(), opens_at), Ok(()));
                    let before = opens_at - chrono::TimeDelta::milliseconds(2);
                    prop_assert!(shares.admit(own, needed, pooled, day(), before).is_err());
                }
            }
        }

        #[test]
        fn floors_and_pool_are_never_more_than_the_whole(limit in 0i64..i64::MAX / 4, members in 1i64..10_000) {
            let shares = Shares::of(limit, 15, members);
            prop_assert!(i128::from(shares.floor) * i128::from(members) + i128::from(shares.pool) <= i128::from(limit));
        }
    }
}
