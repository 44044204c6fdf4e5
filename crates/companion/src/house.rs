//! The house: what every turn and every command shares.

use std::sync::Arc;
use std::time::Duration;

use ledger::Ledger;
use memory::Memory;
use provider::{Provider, Sampling};
use store::Store;
use store::clock::Clock;
use tokio_util::task::TaskTracker;

use crate::cast::Cast;
use crate::compose::Shares;
use crate::counts::Counts;
use crate::endpoints::Endpoints;
use crate::ladder::Reach;
use crate::pace::Rates;
use crate::queue::Bounds;
use crate::slots::Slots;
use crate::standing::Standings;

/// A model that may speak.
#[derive(Clone)]
pub struct Model {
    /// The endpoint.
    pub provider: Arc<dyn Provider>,
    /// The most output tokens that a reply may have.
    pub cap: u32,
    /// How replies are sampled.
    pub talking: Sampled,
    /// How those are sampled that answer with what somebody told: what is against saying again what stands in the prompt
    /// would keep the answer out of them.
    pub retelling: Sampled,
}

/// A temperature, and how a reply is sampled besides.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sampled {
    /// The endpoint's own where absent.
    pub temperature: Option<f32>,
    /// What is absent is the endpoint's own affair.
    pub sampling: Sampling,
}

impl Model {
    /// The prompt's token shares as they fit this model.
    pub(crate) fn shares(&self, house: &House) -> Shares {
        house.manner.shares.fitting(
            self.provider.terms().context_window,
            self.with_room(self.cap),
        )
    }

    /// The cap of a call whose answer may have so many tokens: with room for thinking, where the model was seen to need it.
    pub(crate) fn with_room(&self, cap: u32) -> u32 {
        self.provider.manners().with_room(cap)
    }

    /// What the ladder needs to know of this model.
    pub(crate) fn reach(&self, ledger: &Ledger) -> Reach {
        let terms = ledger.prices().in_force(self.provider.terms());
        Reach {
            cap: self.cap,
            cap_counts: terms.caps_certified || terms.local,
        }
    }
}

/// What the operator decided about replies.
#[derive(Clone, Debug)]
pub struct Manner {
    /// Who runs this bot, in the operator's words; may be empty.
    pub operator: String,
    /// Where messages are sent to be answered, in words for `/about`.
    pub endpoint: String,
    /// The prompt's token shares.
    pub shares: Shares,
    /// How many messages are answered.
    pub rates: Rates,
    /// How many turns may run and wait.
    pub bounds: Bounds,
    /// Answers to bots and webhooks in a channel and hour; with none they are never answered.
    pub bot_turns_per_hour: u32,
    /// How long a message in a server waits before its turn.
    pub pause: Duration,
    /// Turns after which memory is consolidated; 0 is never.
    pub consolidate_every: u32,
    /// Days for which words are kept where a server has not chosen; 0 is for ever.
    pub keep_days: u32,
    /// Bytes of a person's talk that a server keeps at most, the newest of it; 0 is no limit.
    pub keep_bytes: u64,
    /// Whether age-restricted personas may speak in age-restricted channels.
    pub allow_age_restricted: bool,
    /// The time zone of direct messages and of what belongs to no server.
    pub zone: chrono_tz::Tz,
}

impl House {
    /// The models for background work, the preferred one first: the cheaper one, and the main one for when that may not
    /// be asked.
    pub(crate) fn for_background(&self) -> impl Iterator<Item = &Model> {
        self.cheaper.iter().chain([&self.model])
    }
}

/// What every turn and every command shares.
pub struct House {
    /// The database.
    pub store: Store,
    /// Money.
    pub ledger: Ledger,
    /// What is remembered.
    pub memory: Memory,
    /// Who can speak.
    pub cast: Cast,
    /// The model that speaks.
    pub model: Model,
    /// A cheaper one for when the budget runs low.
    pub cheaper: Option<Model>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// What the operator decided.
    pub manner: Manner,
    /// Calls that go on when nobody waits for them any more, until they are settled.
    pub calls: TaskTracker,
    /// What is counted of replies.
    pub counts: Counts,
    /// Which endpoints are left alone for a while.
    pub endpoints: Endpoints,
    /// What goes on at servers of one's own.
    pub slots: Slots,
    /// What stands in the stable part of each place's prompts.
    pub standings: Standings,
}
