//! What is known of a model's manner of thinking, from one reply to the next.

use super::{Expects, Thoughts};
use crate::manners::{Lesson, Manners};

/// The manner of one model at one endpoint. Clones share what is learned.
#[derive(Clone, Debug, Default)]
pub(crate) struct Habit {
    /// It is not expected to close a thought that it has not opened, unless it was seen to do so.
    plain: bool,
    manners: Manners,
}

impl Habit {
    /// Of a model that is known never to write thoughts into its replies, or of one that is to be learned about.
    pub(crate) fn of(plain: bool, manners: &Manners) -> Habit {
        Habit {
            plain,
            manners: manners.clone(),
        }
    }

    /// A filter for the next reply.
    pub(crate) fn thoughts(&self) -> Thoughts {
        Thoughts::new(self.expects())
    }

    /// Learns from a reply that is over.
    pub(crate) fn learn(&self, thoughts: &Thoughts) {
        let learned = thoughts.learned();
        if let Some(learned) = learned.filter(|learned| *learned != self.expects()) {
            self.manners.learn(Lesson::thoughts(learned));
        }
    }

    fn expects(&self) -> Expects {
        match self.manners.known().expects() {
            Expects::Unknown if self.plain => Expects::Plain,
            learned => learned,
        }
    }
}
