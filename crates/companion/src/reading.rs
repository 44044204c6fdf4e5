//! Reading: what was said is turned into vectors, behind the turn's back. No reply waits for it; until a turn is read, it
//! is found by its words. What a start finds unread is caught up with.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use memory::{Pass, Step};
use tokio::time::{sleep, timeout};

use crate::companion::Shared;

/// How long turns wait whose budget said no, or that the model failed on.
const AGAIN: TimeDelta = TimeDelta::minutes(10);
/// How long a model that fails is left alone: at first, and at most.
const PAUSE: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(600));

/// Reads as long as the companion hears, if memory has a model for it.
pub(crate) fn start(shared: &Arc<Shared>) {
    let Some(model) = shared.house.memory.reads_by() else {
        return;
    };
    tracing::debug!(model, "what is said is read for its meaning too");
    let inside = Arc::clone(shared);
    shared.spawn(async move {
        let until_stopped = inside.closing.clone();
        // A step that has begun is finished, unless the stop has no more time for it.
        let cut = inside.cut.clone();
        cut.run_until_cancelled(read(&inside, &until_stopped)).await;
    });
}

async fn read(shared: &Shared, closing: &tokio_util::sync::CancellationToken) {
    let (mut walk, mut pause) = (Walk::new(shared.house.clock.now()), PAUSE.0);
    while !closing.is_cancelled() {
        let failed = match shared.house.memory.read_on(&mut walk.pass).await {
            Ok(step) => walk.went(step),
            Err(error) => Some(error.to_string()),
        };
        let waited = match failed {
            Some(error) => {
                tracing::warn!(%error, "what was said cannot be read for its meaning; it is found by its words");
                let waited = closing.run_until_cancelled(sleep(pause)).await;
                pause = (pause * 2).min(PAUSE.1);
                waited
            }
            None => {
                pause = PAUSE.0;
                match walk.done {
                    // The next batch.
                    false => closing.run_until_cancelled(tokio::task::yield_now()).await,
                    true => closing.run_until_cancelled(news(shared)).await,
                }
            }
        };
        if waited.is_none() {
            return;
        }
        if walk.done {
            walk.go_on(shared.house.clock.now());
        }
    }
}

/// Waits until somebody has said something, or it is time to look again.
async fn news(shared: &Shared) {
    let wait = AGAIN.to_std().unwrap_or(PAUSE.1);
    // It does not matter which it was.
    let _ = timeout(wait, shared.said.notified()).await;
}

/// A pass through what waits, and whether it left something behind.
struct Walk {
    pass: Pass,
    begun: DateTime<Utc>,
    left: bool,
    done: bool,
}

impl Walk {
    fn new(now: DateTime<Utc>) -> Self {
        Self {
            pass: Pass::default(),
            begun: now,
            left: false,
            done: false,
        }
    }

    /// Takes note of a step, and says what failed in it.
    fn went(&mut self, step: Step) -> Option<String> {
        self.done = step.done;
        self.left |= step.refused > 0 || step.failed.is_some();
        step.failed.map(|failed| failed.to_string())
    }

    /// Begins anew, unless what was left behind has not waited long enough: then only what is new is read.
    fn go_on(&mut self, now: DateTime<Utc>) {
        match self.left && now - self.begun < AGAIN {
            true => self.done = false,
            false => *self = Self::new(now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused() -> Step {
        Step {
            refused: 3,
            ..Step::default()
        }
    }

    fn done() -> Step {
        Step {
            done: true,
            ..Step::default()
        }
    }

    #[test]
    fn what_was_refused_is_tried_again_after_a_while_and_not_at_every_message() {
        let start = DateTime::UNIX_EPOCH;
        let mut walk = Walk::new(start);
        assert_eq!(walk.went(refused()), None);
        walk.went(done());
        walk.go_on(start + TimeDelta::minutes(9));
        assert!(
            walk.left && !walk.done,
            "it goes on behind what was refused"
        );
        walk.went(done());
        walk.go_on(start + TimeDelta::minutes(10));
        assert!(!walk.left, "it begins anew");
        walk.went(done());
        walk.go_on(start + TimeDelta::minutes(10));
        assert!(
            !walk.left && !walk.done,
            "with nothing left, every pass begins anew"
        );
    }
}
