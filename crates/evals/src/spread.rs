//! How measured times spread.

use std::fmt;
use std::time::Duration;

/// The middle, the tail and the worst of some times.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// Half were no longer than this.
    pub p50: Duration,
    /// 95 of 100 were no longer than this.
    pub p95: Duration,
    /// None was longer.
    pub max: Duration,
}

impl Spread {
    /// Of these times, in any order.
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        // The nearest rank: the smallest time that so many percent do not exceed.
        let rank = |percent: usize| (times.len() * percent).div_ceil(100).saturating_sub(1);
        let at = |percent| times.get(rank(percent)).copied().unwrap_or_default();
        Self {
            p50: at(50),
            p95: at(95),
            max: at(100),
        }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [p50, p95, max] = [self.p50, self.p95, self.max].map(|time| time.as_secs_f64());
        write!(f, "{p50:>6.3} {p95:>6.3} {max:>6.3}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let spread = Spread::of((1..=100).rev().map(Duration::from_millis).collect());
        let expected = [50, 95, 100].map(Duration::from_millis);
        assert_eq!([spread.p50, spread.p95, spread.max], expected);
        assert_eq!(
            Spread::of(vec![Duration::from_secs(3)]).p50,
            Duration::from_secs(3)
        );
    }
}
