//! Which routes Discord asked us to leave alone, and for how long. What is known to be shut is not asked: every refused
//! request counts toward the 10,000 in ten minutes after which Discord shuts out the whole address.
//! <https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans>

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::refused::Limit;

/// The pause where an answer names none; it doubles with each that follows on the same route.
const UNNAMED: Duration = Duration::from_secs(1);
/// The longest pause that is guessed.
const LONGEST_GUESS: Duration = Duration::from_secs(64);
/// The longest that is believed: a slow mode of six hours, and some more.
const LONGEST_BELIEVED: Duration = Duration::from_secs(24 * 60 * 60);

/// The pauses of all routes, by what names a route.
pub struct Pauses<K>(Mutex<Known<K>>);

struct Known<K> {
    routes: HashMap<K, Pause>,
    everywhere: Option<Instant>,
}

#[derive(Clone, Copy)]
struct Pause {
    until: Instant,
    /// How often in a row no pause was named.
    guesses: u32,
    /// It came from the network before Discord.
    page: bool,
}

impl<K> Default for Pauses<K> {
    fn default() -> Self {
        Self(Mutex::new(Known {
            routes: HashMap::new(),
            everywhere: None,
        }))
    }
}

impl<K: Eq + Hash + Clone> Pauses<K> {
    /// How long this route is still to be left alone.
    pub fn left(&self, route: &K, now: Instant) -> Option<Duration> {
        let known = self.lock();
        let own = known.routes.get(route).map(|pause| pause.until);
        own.max(known.everywhere)
            .and_then(|until| until.checked_duration_since(now))
            .filter(|left| !left.is_zero())
    }

    /// Discord asked for a pause.
    pub fn limited(&self, route: &K, limit: Limit, now: Instant) {
        let mut known = self.lock();
        let guesses = known.routes.get(route).map_or(0, |pause| pause.guesses);
        let pause = limit
            .pause
            .unwrap_or_else(|| (UNNAMED * 2_u32.pow(guesses.min(6))).min(LONGEST_GUESS))
            .min(LONGEST_BELIEVED);
        let until = now + pause;
        // One page may be about one route; a second one on another route is about our address.
        let shut_out = limit.page
            && known
                .routes
                .iter()
                .any(|(other, pause)| other != route && pause.page && pause.until > now);
        if limit.everywhere || shut_out {
            known.everywhere = known.everywhere.max(Some(until));
        }
        let guesses = match limit.pause {
            Some(_) => 0,
            None => guesses + 1,
        };
        let pause = Pause {
            until,
            guesses,
            page: limit.page,
        };
        known.routes.insert(route.clone(), pause);
        // Guesses are counted a while longer than they last.
        known
            .routes
            .retain(|_, pause| pause.until + LONGEST_GUESS > now);
    }

    /// A request went through: what was guessed of its route is forgotten, a pause that still lasts is not.
    pub fn passed(&self, route: &K, now: Instant) {
        let mut known = self.lock();
        if known.routes.get(route).is_some_and(|p| p.until <= now) {
            known.routes.remove(route);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known<K>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(seconds: u64) -> Limit {
        Limit {
            pause: Some(Duration::from_secs(seconds)),
            ..Limit::default()
        }
    }

    #[test]
    fn a_pause_holds_for_its_route_until_it_is_over() {
        let (pauses, now) = (Pauses::default(), Instant::now());
        pauses.limited(&"post", named(600), now);
        assert_eq!(pauses.left(&"post", now), Some(Duration::from_secs(600)));
        assert_eq!(pauses.left(&"edit", now), None);
        assert_eq!(pauses.left(&"post", now + Duration::from_secs(600)), None);
    }

    #[test]
    fn a_global_limit_holds_everywhere() {
        let (pauses, now) = (Pauses::default(), Instant::now());
        let global = Limit {
            everywhere: true,
            ..named(3)
        };
        pauses.limited(&"post", global, now);
        assert_eq!(pauses.left(&"edit", now), Some(Duration::from_secs(3)));
    }

    #[test]
    fn a_web_page_on_two_routes_is_about_our_address() {
        let (pauses, now) = (Pauses::default(), Instant::now());
        let page = Limit {
            page: true,
            ..named(600)
        };
        pauses.limited(&"post", page, now);
        pauses.limited(&"post", page, now);
        assert_eq!(pauses.left(&"react", now), None);
        pauses.limited(&"say", page, now);
        assert_eq!(pauses.left(&"react", now), Some(Duration::from_secs(600)));
    }

    #[test]
    fn an_unnamed_pause_doubles_until_a_request_goes_through() {
        let (pauses, mut now) = (Pauses::default(), Instant::now());
        let mut guessed = vec![];
        for _ in 0..9 {
            pauses.limited(&"post", Limit::default(), now);
            let left = pauses.left(&"post", now).unwrap();
            guessed.push(left.as_secs());
            now += left;
        }
        assert_eq!(guessed, [1, 2, 4, 8, 16, 32, 64, 64, 64]);
        pauses.passed(&"post", now);
        pauses.limited(&"post", Limit::default(), now);
        assert_eq!(pauses.left(&"post", now), Some(UNNAMED));
    }

    #[test]
    fn a_pause_without_end_is_not_believed() {
        let (pauses, now) = (Pauses::default(), Instant::now());
        pauses.limited(&"post", named(u64::MAX / 2), now);
        assert_eq!(pauses.left(&"post", now), Some(LONGEST_BELIEVED));
    }
}
