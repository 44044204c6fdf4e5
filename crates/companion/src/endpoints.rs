//! Endpoints that fail are left alone for a growing while. One that asks for a pause gets it; one that fails several
//! times in a row rests too. While it rests nothing is held and nothing is asked: people get a line that says when, and
//! background work waits. After a rest one request tries, and the others wait for what comes of it.
//!
//! Replies and background work are counted apart: an endpoint that cannot do what is asked of it in the background, say
//! answer in a schema, still answers people. A pause that it asks for itself holds for both, and background work never
//! calls while replies rest.
//!
//! Nothing is switched to another model here. Which model speaks is what the server's people chose, and the ladder's
//! reason to take the cheaper one is money: a persona that changes its voice for a few seconds and back, at a price that
//! nobody asked for, is worse than a line that says when it is back.

mod health;
mod verdict;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use chrono::{DateTime, Utc};
use ledger::ModelKey;
use provider::{ProviderError, Stop};
use store::clock::Clock;
use tokio::sync::Notify;

pub(crate) use health::growing;
use health::{Entry, Health};
use verdict::Verdict;

/// What an endpoint is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Work {
    /// Somebody waits for it.
    Reply,
    /// Nobody does.
    Background,
}

/// An endpoint that is not asked now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Resting {
    /// When it is tried again.
    pub(crate) until: DateTime<Utc>,
}

/// How the endpoints fare, by the model that is asked there. Clones share it.
#[derive(Clone)]
pub struct Endpoints(Arc<Shared>);

struct Shared {
    clock: Arc<dyn Clock>,
    known: Mutex<HashMap<(ModelKey, Work), Health>>,
    /// Told of each verdict on a trial.
    tried: Notify,
}

impl Endpoints {
    /// All are well as far as is known.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Shared {
            clock,
            known: Mutex::default(),
            tried: Notify::new(),
        }))
    }

    /// Leave to ask for a reply. Waits while another request tries whether the endpoint is well again.
    pub(crate) async fn enter(&self, model: &ModelKey) -> Result<Pass, Resting> {
        loop {
            let tried = self.0.tried.notified();
            tokio::pin!(tried);
            // From here on no verdict is missed.
            tried.as_mut().enable();
            let (entry, _) = self.look(model, Work::Reply);
            match entry {
                Entry::Free | Entry::Trial => return Ok(self.pass(model, Work::Reply, entry)),
                Entry::Rests { until } => return Err(Resting { until }),
                Entry::OnTrial => tried.await,
            }
        }
    }

    /// Leave to ask in the background, which is never the one that tries for replies, and waits for nobody.
    pub(crate) fn enter_behind(&self, model: &ModelKey) -> Result<Pass, Resting> {
        let (replies, now) = {
            let now = self.0.clock.now();
            let known = self.known();
            (known.get(&(model.clone(), Work::Reply)).copied(), now)
        };
        // A copy: what is asked here is no trial for replies.
        match replies.unwrap_or_default().enter(now) {
            Entry::Rests { until } => return Err(Resting { until }),
            Entry::OnTrial => return Err(Resting { until: now }),
            // Perhaps nobody wants a reply from it for long.
            Entry::Free | Entry::Trial => {}
        }
        let (entry, now) = self.look(model, Work::Background);
        match entry {
            Entry::Free | Entry::Trial => Ok(self.pass(model, Work::Background, entry)),
            Entry::Rests { until } => Err(Resting { until }),
            Entry::OnTrial => Err(Resting { until: now }),
        }
    }

    fn look(&self, model: &ModelKey, work: Work) -> (Entry, DateTime<Utc>) {
        let now = self.0.clock.now();
        let mut known = self.known();
        let health = known.get_mut(&(model.clone(), work));
        (health.map_or(Entry::Free, |health| health.enter(now)), now)
    }

    fn pass(&self, model: &ModelKey, work: Work, entry: Entry) -> Pass {
        Pass {
            endpoints: self.clone(),
            model: model.clone(),
            work,
            owes_trial: entry == Entry::Trial,
            has_worked: false,
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<(ModelKey, Work), Health>> {
        // Each change is whole before the lock is let go of.
        let known = self.0.known.lock();
        known.unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl fmt::Debug for Endpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Endpoints").field(&*self.known()).finish()
    }
}

/// Leave for one call. What comes of the call is told to it; if nothing is, the next one tries.
#[must_use = "a pass that is dropped leaves the trial to the next"]
pub(crate) struct Pass {
    endpoints: Endpoints,
    model: ModelKey,
    work: Work,
    owes_trial: bool,
    has_worked: bool,
}

impl Pass {
    /// The first words have come: whoever waits for a trial need not wait for the last.
    pub(crate) fn works(&mut self) {
        if self.has_worked {
            return;
        }
        self.has_worked = true;
        self.owes_trial = false;
        let key = (self.model.clone(), self.work);
        let ended = match self.endpoints.known().get_mut(&key) {
            Some(health) => health.works(),
            None => false,
        };
        self.endpoints.0.tried.notify_waiters();
        if ended {
            tracing::info!(model = %self.model, work = ?self.work, "the endpoint answers again");
        }
    }

    /// How a reply has ended.
    pub(crate) fn ended(self, result: &Result<Stop, ProviderError>) {
        let cause = || match result {
            Ok(stop) => format!("the reply ended with {stop:?}"),
            Err(error) => error.to_string(),
        };
        self.judge(Verdict::of(result), cause);
    }

    /// The same of a call that gives no words.
    pub(crate) fn ended_with<T>(self, result: &Result<T, ProviderError>) {
        match result {
            Ok(_) => self.judge(Verdict::Works, String::new),
            Err(error) => self.judge(Verdict::of_error(error), || error.to_string()),
        }
    }

    fn judge(mut self, verdict: Verdict, cause: impl FnOnce() -> String) {
        match verdict {
            Verdict::Works => self.works(),
            Verdict::Fails { told } => self.fails(told, cause),
            Verdict::Open => {}
        }
    }

    fn fails(&mut self, told: Option<Duration>, cause: impl FnOnce() -> String) {
        let now = self.endpoints.0.clock.now();
        let by_trial = std::mem::take(&mut self.owes_trial);
        let begun = {
            let mut known = self.endpoints.known();
            let mut fails = |work, by_trial| {
                let health = known.entry((self.model.clone(), work)).or_default();
                health.fails(told, by_trial, now)
            };
            let begun = fails(self.work, by_trial);
            // A pause that it asks for is meant for whoever asks.
            if told.is_some() && self.work == Work::Background {
                fails(Work::Reply, false);
            }
            begun
        };
        self.endpoints.0.tried.notify_waiters();
        if let Some(until) = begun {
            let seconds = (until - now).num_seconds();
            tracing::warn!(model = %self.model, work = ?self.work, seconds, cause = cause(), "an endpoint that fails is left alone for a while");
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if !self.owes_trial {
            return;
        }
        let key = (self.model.clone(), self.work);
        if let Some(health) = self.endpoints.known().get_mut(&key) {
            health.untried();
        }
        self.endpoints.0.tried.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use provider::Quote;
    use store::clock::{ManualClock, SystemClock};

    use super::*;

    fn model() -> ModelKey {
        ModelKey {
            provider: "sim".into(),
            model: "sim-1".into(),
        }
    }

    fn endpoints() -> (Endpoints, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::new(SystemClock.now()));
        (Endpoints::new(Arc::clone(&clock) as Arc<dyn Clock>), clock)
    }

    fn paused() -> Result<Stop, ProviderError> {
        Err(ProviderError::RateLimited {
            retry_after: Some(Duration::from_secs(30)),
            said: Quote::default(),
        })
    }

    fn broken() -> Result<Stop, ProviderError> {
        Err(ProviderError::CutStream)
    }

    #[tokio::test]
    async fn after_a_rest_the_others_wait_for_the_one_that_tries() {
        let (endpoints, clock) = endpoints();
        endpoints.enter(&model()).await.unwrap().ended(&paused());
        assert!(endpoints.enter(&model()).await.is_err());
        clock.advance(TimeDelta::seconds(31));
        let mut trial = endpoints.enter(&model()).await.unwrap();
        let (key, at) = (model(), endpoints.clone());
        let other = tokio::spawn(async move { at.enter(&key).await.is_ok() });
        tokio::task::yield_now().await;
        assert!(!other.is_finished(), "it waits");
        trial.works();
        assert!(other.await.unwrap(), "the first words are enough");
        trial.ended(&Ok(Stop::End));
    }

    #[tokio::test]
    async fn where_the_trial_fails_the_others_are_told_when() {
        let (endpoints, clock) = endpoints();
        endpoints.enter(&model()).await.unwrap().ended(&paused());
        clock.advance(TimeDelta::seconds(31));
        let trial = endpoints.enter(&model()).await.unwrap();
        let (key, at) = (model(), endpoints.clone());
        let other = tokio::spawn(async move { at.enter(&key).await.map(drop) });
        tokio::task::yield_now().await;
        trial.ended(&broken());
        let until = clock.now() + TimeDelta::seconds(5);
        assert_eq!(other.await.unwrap(), Err(Resting { until }));
    }

    #[tokio::test]
    async fn a_trial_that_is_given_up_leaves_it_to_the_next() {
        let (endpoints, clock) = endpoints();
        endpoints.enter(&model()).await.unwrap().ended(&paused());
        clock.advance(TimeDelta::seconds(31));
        let trial = endpoints.enter(&model()).await.unwrap();
        let (key, at) = (model(), endpoints.clone());
        let other = tokio::spawn(async move { at.enter(&key).await.map(drop) });
        tokio::task::yield_now().await;
        drop(trial);
        assert_eq!(other.await.unwrap(), Ok(()));
    }

    #[tokio::test]
    async fn what_fails_in_the_background_leaves_replies_alone_unless_a_pause_was_told() {
        let (endpoints, _) = endpoints();
        for _ in 0..3 {
            endpoints.enter_behind(&model()).unwrap().ended(&broken());
        }
        assert!(endpoints.enter_behind(&model()).is_err());
        endpoints
            .enter(&model())
            .await
            .unwrap()
            .ended(&Ok(Stop::End));
        assert!(endpoints.enter_behind(&model()).is_err(), "it still rests");

        let (endpoints, clock) = self::endpoints();
        endpoints.enter_behind(&model()).unwrap().ended(&paused());
        let until = clock.now() + TimeDelta::seconds(30);
        let resting = endpoints.enter(&model()).await.map(drop);
        assert_eq!(resting, Err(Resting { until }));
    }

    #[tokio::test]
    async fn background_work_never_calls_while_replies_rest_nor_while_one_tries() {
        let (endpoints, clock) = endpoints();
        endpoints.enter(&model()).await.unwrap().ended(&paused());
        assert!(endpoints.enter_behind(&model()).is_err());
        clock.advance(TimeDelta::seconds(31));
        assert!(endpoints.enter_behind(&model()).is_ok());
        let trial = endpoints.enter(&model()).await.unwrap();
        assert!(endpoints.enter_behind(&model()).is_err());
        trial.ended(&Ok(Stop::End));
        assert!(endpoints.enter_behind(&model()).is_ok());
    }
}
