//! What every part of the simulator shares: the world, the recorder, the faults, the clock.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use twilight_model::id::Id;

use crate::clock::SimClock;
use crate::config::SimConfig;
use crate::rest::fault::Faults;
use crate::rest::limit::Limits;
use crate::rest::record::Recorder;
use crate::state::World;

/// One simulated Discord. Cheap to share as `Arc<Hub>`.
#[derive(Debug)]
pub struct Hub {
    /// How it was set up.
    pub config: SimConfig,
    /// What time it is.
    pub clock: Arc<SimClock>,
    /// What the bot has asked so far.
    pub recorder: Recorder,
    /// Which requests are to fail.
    pub faults: Faults,
    /// What the bot has used of its rate limits.
    pub limits: Limits,
    /// Where it listens.
    pub address: SocketAddr,
    world: Mutex<World>,
}

impl Hub {
    /// Puts the parts together.
    #[must_use]
    pub fn new(
        config: SimConfig,
        clock: Arc<SimClock>,
        recorder: Recorder,
        address: SocketAddr,
        world: World,
    ) -> Self {
        Self {
            config,
            clock,
            recorder,
            faults: Faults::default(),
            limits: Limits::default(),
            address,
            world: Mutex::new(world),
        }
    }

    /// The world, locked. Never hold it across an await, nor while calling a method of `Sim`, a `Channel` or a `Person`:
    /// those lock it themselves. A panic of a test's own closure does not poison it.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where the gateway is, as `GET /gateway` tells it.
    #[must_use]
    pub fn gateway_url(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// Where REST is, without a trailing slash.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Whether this id in `/webhooks/{id}/{token}` is the application, which makes the token an interaction's.
    #[must_use]
    pub fn is_application<T>(&self, id: Id<T>) -> bool {
        self.world().bot.application_id.get() == id.get()
    }
}
