//! How many messages are answered: GCRA a member, a channel and a guild. Money is never limited this way.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use store::clock::Clock;
use store::id::{ChannelId, GuildId, UserId};

use crate::incoming::Incoming;

/// How often those who have long been quiet are forgotten.
const TIDY_EVERY: Duration = Duration::from_secs(3600);

/// Messages a minute that are answered; as many may come at once.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Of one person.
    pub member_per_minute: NonZeroU32,
    /// In one channel.
    pub channel_per_minute: NonZeroU32,
    /// In one server.
    pub guild_per_minute: NonZeroU32,
}

/// Whose pace was too fast, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooFast {
    /// Who or what is limited.
    pub who: Paced,
    /// How long to wait.
    pub wait: Duration,
}

/// What a pace belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paced {
    /// One person.
    Member,
    /// One channel.
    Channel,
    /// One server.
    Guild,
}

type Limiter<K> = RateLimiter<K, DashMapStateStore<K>, Passing, NoOpMiddleware<Duration>>;

/// The paces of everybody.
pub struct Pace {
    members: Limiter<UserId>,
    channels: Limiter<ChannelId>,
    guilds: Limiter<GuildId>,
    passing: Passing,
    /// Seconds that had passed when the paces were last tidied.
    tidied: AtomicU64,
}

impl Pace {
    /// Paces from the configured rates, by the house's clock.
    pub fn new(rates: Rates, clock: Arc<dyn Clock>) -> Self {
        let passing = Passing::new(clock);
        Self {
            members: limiter(rates.member_per_minute, &passing),
            channels: limiter(rates.channel_per_minute, &passing),
            guilds: limiter(rates.guild_per_minute, &passing),
            passing,
            tidied: AtomicU64::new(0),
        }
    }

    /// Counts this message, or says who must wait. The narrowest pace is asked first, so that one flooding member
    /// does not use up the channel's.
    pub fn admit(&self, message: &Incoming) -> Result<(), TooFast> {
        self.tidy();
        self.check(&self.members, &message.author.id, Paced::Member)?;
        self.check(&self.channels, &message.channel, Paced::Channel)?;
        match &message.guild {
            Some(guild) => self.check(&self.guilds, guild, Paced::Guild),
            None => Ok(()),
        }
    }

    fn check<K: Hash + Eq + Clone>(
        &self,
        limiter: &Limiter<K>,
        key: &K,
        who: Paced,
    ) -> Result<(), TooFast> {
        limiter.check_key(key).map_err(|not_until| TooFast {
            who,
            wait: not_until.wait_time_from(self.passing.now()),
        })
    }

    /// Forgets, now and then, those who have long been quiet.
    fn tidy(&self) {
        let now = self.passing.now().as_secs();
        let last = self.tidied.load(Ordering::Relaxed);
        if now.saturating_sub(last) < TIDY_EVERY.as_secs() {
            return;
        }
        self.tidied.store(now, Ordering::Relaxed);
        self.members.retain_recent();
        self.channels.retain_recent();
        self.guilds.retain_recent();
    }
}

fn limiter<K: Hash + Eq + Clone>(per_minute: NonZeroU32, passing: &Passing) -> Limiter<K> {
    RateLimiter::new(
        Quota::per_minute(per_minute),
        DashMapStateStore::default(),
        passing.clone(),
    )
}

/// The time that has passed by the house's clock. A clock that is set back makes nobody wait longer: that step counts
/// as no time.
#[derive(Clone)]
struct Passing(Arc<Hands>);

struct Hands {
    clock: Arc<dyn Clock>,
    /// The clock's last reading, and what had passed by then.
    last: Mutex<(DateTime<Utc>, Duration)>,
}

impl Passing {
    fn new(clock: Arc<dyn Clock>) -> Self {
        let last = Mutex::new((clock.now(), Duration::ZERO));
        Self(Arc::new(Hands { clock, last }))
    }
}

impl GovernorClock for Passing {
    type Instant = Duration;

    fn now(&self) -> Duration {
        let now = self.0.clock.now();
        // Nothing panics while it is held.
        let mut last = self.0.last.lock().unwrap_or_else(PoisonError::into_inner);
        let (before, passed) = *last;
        let passed = passed + (now - before).to_std().unwrap_or_default();
        *last = (now, passed);
        passed
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use store::clock::ManualClock;

    use super::*;
    use crate::incoming::tests::message;

    fn pace(per_minute: u32) -> (Pace, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::new(DateTime::UNIX_EPOCH));
        let rate = NonZeroU32::new(per_minute).unwrap();
        let rates = Rates {
            member_per_minute: rate,
            channel_per_minute: rate.saturating_add(1),
            guild_per_minute: rate.saturating_add(2),
        };
        (Pace::new(rates, Arc::clone(&clock) as _), clock)
    }

    #[test]
    fn a_member_may_write_at_their_pace_and_no_faster() {
        let (pace, clock) = pace(2);
        let message = message();
        assert_eq!(pace.admit(&message), Ok(()));
        assert_eq!(pace.admit(&message), Ok(()));
        let wait = Duration::from_secs(30);
        let who = Paced::Member;
        assert_eq!(pace.admit(&message), Err(TooFast { who, wait }));
        clock.advance(TimeDelta::seconds(30));
        assert_eq!(pace.admit(&message), Ok(()));
    }

    #[test]
    fn a_clock_that_is_set_back_makes_nobody_wait_longer() {
        let (pace, clock) = pace(1);
        let message = message();
        assert_eq!(pace.admit(&message), Ok(()));
        clock.advance(TimeDelta::hours(-1));
        assert!(pace.admit(&message).is_err());
        clock.advance(TimeDelta::seconds(60));
        assert_eq!(pace.admit(&message), Ok(()));
    }

    #[test]
    fn one_flooding_member_leaves_the_channels_pace_to_the_others() {
        let (pace, _) = pace(2);
        let flooder = message();
        for _ in 0..50 {
            let _ = pace.admit(&flooder);
        }
        let mut other = message();
        other.author.id = 99.into();
        assert_eq!(pace.admit(&other), Ok(()));
        let who = Paced::Channel;
        assert_eq!(pace.admit(&other).map_err(|fast| fast.who), Err(who));
    }
}
