//! Slots: a server of one's own makes one generation at a time, and whatever else it is asked stands in a line behind it.
//! Work that nobody waits for begins there only while no reply is made or on its way, and gives way as soon as one comes:
//! the connection is dropped, for such servers (llama.cpp, Ollama) stop where the client hangs up. So no reply waits
//! behind it.
//!
//! A server is known by its address: its models share it, whatever they are called. Only models that are `local` are
//! held to this; hosted ones answer many at once. [`Course`] decides, this file carries it out.

mod course;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use provider::{Embeddings, Provider};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use course::{Course, End, Entry};

/// The servers of one's own, and what goes on there. Clones share it.
#[derive(Clone, Default)]
pub struct Slots(Arc<Inside>);

#[derive(Default)]
struct Inside {
    servers: Mutex<HashMap<Address, Server>>,
    /// Told of whatever somebody may wait for.
    changed: Notify,
    closing: CancellationToken,
}

/// Host and port of a server of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Address(String);

#[derive(Default)]
struct Server {
    course: Course,
    /// Calls the work back that runs behind the replies.
    call: CancellationToken,
}

/// Background work may not begin at this server now: it is not quiet there, or the bot stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Taken(pub(crate) Address);

impl Address {
    /// Where this model is asked, if that is a server of one's own.
    pub(crate) fn of(model: &dyn Provider) -> Option<Self> {
        model.terms().local.then(|| Self(model.server()))
    }

    /// The same of a model that makes vectors.
    pub(crate) fn of_vectors(model: &Embeddings) -> Option<Self> {
        model.terms().local.then(|| Self(model.server()))
    }
}

impl Slots {
    /// A reply is on its way to this server: what runs behind the replies gives way, and nothing begins there until the
    /// value is dropped.
    pub(crate) fn expect(&self, at: Option<Address>) -> Option<Coming> {
        let at = at?;
        self.with(&at, |server| {
            server.course.comes();
            server.call.cancel();
        });
        Some(Coming {
            slots: self.clone(),
            at,
            since: Instant::now(),
            took: None,
        })
    }

    /// Waits until background work may begin at this server: no reply is there or on its way, and none has been for a while.
    pub(crate) async fn quiet(&self, at: &Address) -> Result<(), Taken> {
        loop {
            let changed = self.0.changed.notified();
            tokio::pin!(changed);
            // From here on no change is missed.
            changed.as_mut().enable();
            if self.0.closing.is_cancelled() {
                return Err(Taken(at.clone()));
            }
            match self.with(at, |server| server.course.entry(Instant::now())) {
                Entry::Free => return Ok(()),
                Entry::In(wait) => tokio::select! {
                    () = changed => {}
                    () = sleep(wait) => {}
                },
                Entry::Taken | Entry::Behind => changed.await,
            }
        }
    }

    /// Leave for one call behind the replies, if all is quiet. Waits for another such call, and for no reply.
    pub(crate) async fn begin(&self, at: Option<Address>) -> Result<Behind, Taken> {
        let Some(at) = at else {
            return Ok(Behind(None));
        };
        loop {
            let changed = self.0.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if self.0.closing.is_cancelled() {
                return Err(Taken(at));
            }
            let (entry, call) = self.with(&at, |server| {
                let entry = server.course.begin(Instant::now());
                if entry == Entry::Free {
                    server.call = CancellationToken::new();
                }
                (entry, server.call.clone())
            });
            match entry {
                Entry::Taken | Entry::In(_) => return Err(Taken(at)),
                Entry::Behind => changed.await,
                Entry::Free => {
                    return Ok(Behind(Some(Running {
                        slots: self.clone(),
                        at,
                        call,
                        since: Instant::now(),
                        end: End::Open,
                    })));
                }
            }
        }
    }

    /// How often work had to give way there lately: the more often, the less should be begun at once.
    pub(crate) fn interruptions(&self, model: &dyn Provider) -> u32 {
        let at = Address::of(model);
        at.map_or(0, |at| self.interruptions_at(&at))
    }

    /// The same of a server.
    pub(crate) fn interruptions_at(&self, at: &Address) -> u32 {
        self.with(at, |server| server.course.interruptions())
    }

    /// Whoever waits for quiet waits no longer, and nothing begins any more.
    pub(crate) fn close(&self) {
        self.0.closing.cancel();
        self.0.changed.notify_waiters();
    }

    fn with<T>(&self, at: &Address, change: impl FnOnce(&mut Server) -> T) -> T {
        let mut servers = self.lock();
        match servers.get_mut(at) {
            Some(server) => change(server),
            None => change(servers.entry(at.clone()).or_default()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Address, Server>> {
        // Each change is whole before the lock is let go of.
        self.0
            .servers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Slots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.lock().keys()).finish()
    }
}

/// A reply that is on its way to a server, or made there.
#[must_use = "a reply that is not expected any more has gone"]
pub(crate) struct Coming {
    slots: Slots,
    at: Address,
    since: Instant,
    took: Option<std::time::Duration>,
}

impl Coming {
    /// It was made, which took from its beginning until now.
    pub(crate) fn made(mut self) {
        self.took = Some(self.since.elapsed());
    }
}

impl Drop for Coming {
    fn drop(&mut self) {
        let took = self.took;
        self.slots
            .with(&self.at, |server| server.course.goes(took, Instant::now()));
        self.slots.0.changed.notify_waiters();
    }
}

/// A call behind the replies. At a server that answers many at once nobody calls it back.
#[must_use = "a call that is dropped is over"]
pub(crate) struct Behind(Option<Running>);

struct Running {
    slots: Slots,
    at: Address,
    call: CancellationToken,
    since: Instant,
    end: End,
}

impl Behind {
    /// Comes when a reply does: then the call has to give way.
    pub(crate) async fn called_back(&self) {
        match &self.0 {
            Some(running) => running.call.cancelled().await,
            None => std::future::pending().await,
        }
    }

    /// The call is broken off for a reply, after something was sent or before. Where.
    pub(crate) fn gives_way(mut self, sent: bool) -> Option<Address> {
        let running = self.0.as_mut()?;
        if sent {
            let after = running.since.elapsed();
            running.end = End::GaveWay { after };
        }
        tracing::debug!(server = %running.at.0, sent, "background work gives way to a reply");
        Some(running.at.clone())
    }

    /// The call has ended by itself.
    pub(crate) fn ended(mut self) {
        if let Some(running) = &mut self.0 {
            running.end = End::Whole;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let end = self.end;
        self.slots
            .with(&self.at, |server| server.course.ends(end, Instant::now()));
        self.slots.0.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at() -> Option<Address> {
        Some(Address("localhost:8080".to_owned()))
    }

    /// Whether work may begin now, without any waiting.
    async fn is_quiet(slots: &Slots) -> bool {
        let at = at().unwrap();
        let quiet = slots.quiet(&at);
        tokio::time::timeout(Duration::ZERO, quiet).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn work_waits_for_the_last_of_several_replies_and_a_calm_behind_it() {
        let slots = Slots::default();
        assert!(is_quiet(&slots).await);
        let (one, other) = (slots.expect(at()), slots.expect(at()));
        drop(one);
        assert!(!is_quiet(&slots).await);
        let waiting = slots.clone();
        let quiet = tokio::spawn(async move { waiting.quiet(&at().unwrap()).await });
        tokio::time::sleep(Duration::from_secs(10)).await;
        assert!(!quiet.is_finished());
        other.unwrap().made();
        let gone = Instant::now();
        assert_eq!(quiet.await.unwrap(), Ok(()));
        // The reply took ten seconds, and so long it stays calm.
        assert_eq!(gone.elapsed().as_secs(), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn a_reply_calls_back_what_runs_and_what_was_about_to_begin() {
        let slots = Slots::default();
        let behind = slots.begin(at()).await.unwrap();
        let called = tokio::time::timeout(Duration::from_secs(1), behind.called_back());
        assert!(called.await.is_err());
        let reply = slots.expect(at());
        behind.called_back().await;
        assert_eq!(behind.gives_way(true), at());
        assert_eq!(slots.begin(at()).await.err(), at().map(Taken));
        drop(reply);
        assert_eq!(
            slots.begin(at()).await.err(),
            at().map(Taken),
            "it is not calm yet"
        );
        slots.quiet(&at().unwrap()).await.unwrap();
        assert!(slots.begin(at()).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn of_two_works_one_waits_for_the_other_and_hosted_ones_for_nobody() {
        let slots = Slots::default();
        let first = slots.begin(at()).await.unwrap();
        let waiting = slots.clone();
        let second = tokio::spawn(async move { waiting.begin(at()).await.is_ok() });
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(!second.is_finished());
        let hosted = slots.begin(None).await.unwrap();
        let called = tokio::time::timeout(Duration::from_secs(1), hosted.called_back());
        assert!(called.await.is_err());
        first.ended();
        assert!(second.await.unwrap());
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_for_quiet_does_not_hold_up_a_stop() {
        let slots = Slots::default();
        let _reply = slots.expect(at());
        let waiting = slots.clone();
        let quiet = tokio::spawn(async move { waiting.quiet(&at().unwrap()).await });
        tokio::task::yield_now().await;
        slots.close();
        assert_eq!(quiet.await.unwrap(), Err(Taken(at().unwrap())));
    }
}
