//! What time it is in the simulated Discord: the machine's time plus whatever a test has skipped.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use twilight_model::util::Timestamp;

/// The simulator's clock. It runs like the machine's, and [`SimClock::advance`] moves it on, so that a test of a
/// 15-minute limit takes no 15 minutes.
#[derive(Debug, Default)]
pub struct SimClock {
    skipped_ms: AtomicI64,
}

impl SimClock {
    /// The time in the simulated world.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the simulator reads the machine's clock; it depends on no crate that has one"
    )]
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        Utc::now() + TimeDelta::milliseconds(self.skipped_ms.load(Ordering::Relaxed))
    }

    /// [`SimClock::now`] in milliseconds since the Unix epoch.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.now().timestamp_millis()
    }

    /// [`SimClock::now`] as twilight writes times.
    #[must_use]
    pub fn timestamp(&self) -> Timestamp {
        timestamp(self.now())
    }

    /// Skips time: everything that expires within `by` has expired afterwards.
    pub fn advance(&self, by: Duration) {
        let ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.skipped_ms.fetch_add(ms, Ordering::Relaxed);
    }
}

/// A chrono time as twilight writes it.
#[expect(
    clippy::expect_used,
    reason = "every time between the years 0 and 9999 is a twilight timestamp"
)]
#[must_use]
pub fn timestamp(at: DateTime<Utc>) -> Timestamp {
    Timestamp::from_micros(at.timestamp_micros()).expect("a simulated time lies in this age")
}
