//! Ids as Discord makes them: milliseconds since 2015 in the upper bits, a counter in the lower ones.

use chrono::{DateTime, Utc};
use twilight_model::id::Id;

/// The first second of 2015, where Discord's ids begin, in Unix milliseconds.
pub const DISCORD_EPOCH_MS: i64 = 1_420_070_400_000;
/// How many bits of an id lie below the time.
const TIME_SHIFT: u32 = 22;

/// Makes ids that never repeat and always grow.
#[derive(Debug, Default)]
pub struct Mint {
    last: u64,
}

impl Mint {
    /// The next id at this time (Unix milliseconds).
    #[expect(
        clippy::expect_used,
        reason = "`last + 1` is at least 1, so the id is not zero"
    )]
    pub fn next<T>(&mut self, now_ms: i64) -> Id<T> {
        let ms = u64::try_from(now_ms - DISCORD_EPOCH_MS).unwrap_or(0);
        self.last = (ms << TIME_SHIFT).max(self.last + 1);
        Id::new_checked(self.last).expect("a snowflake is never zero")
    }
}

/// When this id was made.
#[must_use]
pub fn time_of<T>(id: Id<T>) -> Option<DateTime<Utc>> {
    let ms = i64::try_from(id.get() >> TIME_SHIFT).ok()?;
    DateTime::from_timestamp_millis(ms + DISCORD_EPOCH_MS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use twilight_model::id::marker::MessageMarker;

    #[test]
    fn ids_grow_within_one_millisecond_and_when_the_clock_goes_back() {
        let mut mint = Mint::default();
        let now = DISCORD_EPOCH_MS + 1_000;
        let first: Id<MessageMarker> = mint.next(now);
        let second: Id<MessageMarker> = mint.next(now);
        let third: Id<MessageMarker> = mint.next(now - 500);
        assert!(first < second && second < third);
        assert_eq!(time_of(first).map(|at| at.timestamp_millis()), Some(now));
    }
}
