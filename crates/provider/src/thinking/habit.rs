//! What is known of a model's manner of thinking, from one reply to the next.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Expects, Thoughts};

/// The manner of one model at one endpoint. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Habit {
    expects: Arc<Mutex<Expects>>,
}

impl Habit {
    /// Of a model that is known never to write thoughts into its replies, or of an unknown one.
    pub(crate) fn of(plain: bool) -> Habit {
        let expects = if plain {
            Expects::Plain
        } else {
            Expects::Unknown
        };
        Habit {
            expects: Arc::new(Mutex::new(expects)),
        }
    }

    /// A filter for the next reply.
    pub(crate) fn thoughts(&self) -> Thoughts {
        Thoughts::new(*self.expects.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Learns from a reply that is over.
    pub(crate) fn learn(&self, thoughts: &Thoughts) {
        if let Some(learned) = thoughts.learned() {
            *self.expects.lock().unwrap_or_else(PoisonError::into_inner) = learned;
        }
    }
}
