//! Manners: what an endpoint was learned not to take, and how requests are written since.
//!
//! ```text
//! Body ─► Sent ─► an error answer ─► refusal::read ─► Lesson ─► Manners ─► the next Body
//! ```
//!
//! Endpoints of one dialect differ in what they take, by model and by month, and no list of them stays true. So each
//! request is written as most take it; where an answer refuses one of the fields that were sent, this is remembered, and
//! whoever asked asks again under a new hold ([`crate::ProviderError::FieldRefused`]).

mod field;
mod known;
mod refusal;
mod sent;
mod wording;

pub use field::{Field, Lesson};

pub(crate) use known::Known;
pub(crate) use refusal::read;
pub(crate) use sent::Sent;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is known of how one model at one endpoint wants to be asked. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Manners {
    inside: Arc<Mutex<Inside>>,
}

#[derive(Debug, Default)]
struct Inside {
    known: Known,
    /// Lessons that nobody has written down yet.
    fresh: Vec<Lesson>,
}

impl Manners {
    /// Takes these lessons for all that is known, as after a restart.
    pub fn remember(&self, lessons: impl IntoIterator<Item = Lesson>) {
        let mut inside = self.lock();
        *inside = Inside::default();
        for lesson in lessons {
            inside.known.take(lesson);
        }
    }

    /// Forgets everything: the next request goes out as to a stranger.
    pub fn forget(&self) {
        self.remember([]);
    }

    /// Everything that is known.
    #[must_use]
    pub fn lessons(&self) -> Vec<Lesson> {
        self.lock().known.lessons()
    }

    /// What was learned since this was last asked, to be written down.
    #[must_use]
    pub fn fresh(&self) -> Vec<Lesson> {
        std::mem::take(&mut self.lock().fresh)
    }

    pub(crate) fn known(&self) -> Known {
        self.lock().known
    }

    /// Takes a lesson in. True if it is new.
    pub(crate) fn learn(&self, lesson: Lesson) -> bool {
        let mut inside = self.lock();
        let new = inside.known.take(lesson);
        if new {
            inside.fresh.push(lesson);
        }
        new
    }

    /// The same of a guess, which holds for this process only.
    pub(crate) fn suppose(&self, lesson: Lesson) -> bool {
        self.lock().known.take(lesson)
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lesson_is_fresh_once_and_shared_by_clones() {
        let manners = Manners::default();
        let clone = manners.clone();
        let lesson = Lesson::not(Field::Stop);
        assert!(clone.learn(lesson));
        assert!(!manners.learn(lesson));
        assert_eq!(manners.fresh(), [lesson]);
        assert_eq!(clone.fresh(), []);
        assert_eq!(clone.lessons(), [lesson]);
        manners.forget();
        assert_eq!(clone.lessons(), []);
    }

    #[test]
    fn what_is_remembered_or_supposed_is_not_written_down_again() {
        let manners = Manners::default();
        manners.remember([Lesson::not(Field::Usage)]);
        manners.suppose(Lesson::not(Field::Schema));
        assert_eq!(manners.fresh(), []);
        assert_eq!(manners.lessons().len(), 2);
    }
}
