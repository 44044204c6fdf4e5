//! The hold: the worst case of one call, set aside before a byte of it is sent.
//!
//! ```compile_fail,E0451
//! // A hold comes from `Ledger::hold` alone: its fields are private, so nobody else can make one.
//! fn forge(hold: ledger::Hold) -> ledger::Hold {
//!     ledger::Hold { cap: 1_000_000, ..hold }
//! }
//! ```
//!
//! ```compile_fail,E0277
//! // Nor can it be doubled: it is not `Clone`, so one hold pays for one call.
//! fn needs_clone<T: Clone>() {}
//! needs_clone::<ledger::Hold>();
//! ```

use std::fmt;
use std::sync::Arc;

use store::id::HoldId;

use crate::loose::{LooseEnd, LooseEnds};
use crate::money::PicoUsd;
use crate::scope::Spender;
use crate::settle::Settlement;
use crate::terms::{ModelKey, ModelTerms};

/// What one call may cost, set aside in every scope that it touches and on disk before it exists.
///
/// Give it to the provider with the request, and then to [`crate::Ledger::settle`]. A hold that is dropped instead is
/// posted in full.
#[must_use = "a hold that is not settled is posted in full"]
pub struct Hold {
    id: HoldId,
    /// The terms in force when it was made.
    terms: Arc<ModelTerms>,
    /// The fingerprint of the terms that were stated, which a quarantine is for.
    fingerprint: String,
    /// The provider's own name of the call, once it is known and can be asked about.
    generation: Option<String>,
    /// What the provider says that it charged for the call.
    charge: Option<PicoUsd>,
    spender: Spender,
    input_bound: u64,
    cap: u32,
    usd: PicoUsd,
    tokens: i64,
    /// Whether a caller of the ledger has it in hand and may have sent something.
    handed_over: bool,
    /// What it came to, once that is known and not yet written.
    owed: Option<Box<Settlement>>,
    /// Where it goes if it is dropped; `None` once it is settled.
    loose: Option<LooseEnds>,
}

impl Hold {
    pub(crate) fn new(
        id: HoldId,
        spender: Spender,
        (terms, fingerprint): (Arc<ModelTerms>, String),
        size: Size,
        loose: LooseEnds,
    ) -> Self {
        let Size {
            input_bound,
            cap,
            usd,
            tokens,
        } = size;
        Self {
            id,
            terms,
            fingerprint,
            generation: None,
            charge: None,
            spender,
            input_bound,
            cap,
            usd,
            tokens,
            handed_over: false,
            owed: None,
            loose: Some(loose),
        }
    }

    /// Its number, unique in this database for ever.
    pub fn id(&self) -> HoldId {
        self.id
    }

    /// The model that it pays for, and no other.
    pub fn model(&self) -> &ModelKey {
        &self.terms.key
    }

    /// The most output tokens that the call may ask for.
    pub fn cap(&self) -> u32 {
        self.cap
    }

    /// The input tokens that it pays for at most.
    pub fn input_bound(&self) -> u64 {
        self.input_bound
    }

    /// The money that is set aside.
    pub fn usd(&self) -> PicoUsd {
        self.usd
    }

    /// The tokens that are set aside.
    pub fn tokens(&self) -> i64 {
        self.tokens
    }

    /// Keeps the provider's own name of the call. If the hold must be posted without a report, the provider is asked about
    /// it later.
    pub fn name_generation(&mut self, generation: &str) {
        self.generation = Some(generation.to_owned());
    }

    /// Keeps what the provider says that it charged. If that is more than the call's tokens cost by the price in force,
    /// it is what is posted.
    pub fn note_charge(&mut self, usd: PicoUsd) {
        self.charge = Some(usd);
    }

    pub(crate) fn size(&self) -> Size {
        Size {
            input_bound: self.input_bound,
            cap: self.cap,
            usd: self.usd,
            tokens: self.tokens,
        }
    }

    pub(crate) fn charge(&self) -> Option<PicoUsd> {
        self.charge
    }

    pub(crate) fn generation(&self) -> Option<&str> {
        self.generation.as_deref()
    }

    pub(crate) fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    pub(crate) fn terms(&self) -> Arc<ModelTerms> {
        Arc::clone(&self.terms)
    }

    pub(crate) fn spender(&self) -> Spender {
        self.spender
    }

    pub(crate) fn hand_over(mut self) -> Self {
        self.handed_over = true;
        self
    }

    /// Says what it came to: if it is dropped now, this is what is written as soon as the database works again.
    pub(crate) fn owing(mut self, settlement: Settlement) -> Self {
        self.owed = Some(Box::new(settlement));
        self
    }

    /// Says that the database knows how this hold ended, so that dropping it means nothing any more.
    pub(crate) fn closed(mut self) {
        self.loose = None;
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let Some(loose) = self.loose.take() else {
            return;
        };
        loose.tie_up(match self.owed.take() {
            Some(settlement) => LooseEnd::Settle(settlement),
            None if self.handed_over => LooseEnd::Post(self.id),
            None => LooseEnd::Void(self.id),
        });
    }
}

impl fmt::Debug for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hold")
            .field("id", &self.id)
            .field("model", self.model())
            .field("usd", &self.usd)
            .field("tokens", &self.tokens)
            .finish_non_exhaustive()
    }
}

/// How large a hold is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) input_bound: u64,
    pub(crate) cap: u32,
    pub(crate) usd: PicoUsd,
    pub(crate) tokens: i64,
}
