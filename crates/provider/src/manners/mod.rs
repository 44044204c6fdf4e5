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
mod trial;
mod wording;
#[cfg(test)]
mod wordings;

pub use field::{Field, Lesson};

pub(crate) use known::Known;
pub(crate) use refusal::{bounds_the_cap, is_of_the_cap, read};
pub(crate) use sent::Sent;
#[cfg(test)]
pub(crate) use wording::called;
pub(crate) use wording::spoken;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ledger::ModelTerms;
use trial::Trials;

/// What is known of how one model at one endpoint wants to be asked. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Manners {
    inside: Arc<Mutex<Inside>>,
    /// The highest cap that a call may have, with room for thinking.
    most: u32,
}

#[derive(Debug, Default)]
struct Inside {
    known: Known,
    /// Lessons that nobody has written down yet.
    fresh: Vec<Lesson>,
    trials: Trials,
}

impl Manners {
    /// Of a model of which nothing is known yet. A prompt has at least half of its context window.
    pub(crate) fn of(terms: &ModelTerms) -> Manners {
        Manners {
            inside: Arc::default(),
            most: terms.max_output.min(terms.context_window / 2),
        }
    }

    /// The cap that a call needs for an answer of this length: with room for thinking, where the model was seen to need it.
    #[must_use]
    pub fn with_room(&self, cap: u32) -> u32 {
        cap.saturating_add(self.known().room())
            .min(self.most)
            .max(cap)
    }

    /// The model used up this cap with thinking, with so much room in it already: doubles the room, as far as that goes.
    /// None if there is no more.
    pub(crate) fn make_room(&self, cap: u32, room: u32) -> Option<Lesson> {
        if cap >= self.most {
            return None;
        }
        // Calls that ran out at the same time had the same room, and are one lesson.
        let value = match room {
            0 => cap,
            room => room.saturating_mul(2),
        };
        let lesson = Lesson {
            field: Field::Room,
            value: value.min(self.most),
        };
        self.learn(lesson);
        Some(lesson)
    }

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
        let mut guard = self.lock();
        let inside = &mut *guard;
        if lesson.field != Field::Thoughts {
            inside.trials.stop(&mut inside.known);
        }
        let new = inside.known.take(lesson);
        if new {
            inside.fresh.push(lesson);
        }
        new
    }

    /// A request was refused in words that name no field of it: what to leave out of the next. None if nothing is left to
    /// be tried.
    pub(crate) fn try_without(&self, sent: &Sent) -> Option<Lesson> {
        let mut guard = self.lock();
        let Inside { known, trials, .. } = &mut *guard;
        trials.next(known, sent)
    }

    /// A request was taken. Says what was learned from that.
    pub(crate) fn taken(&self, sent: &Sent) -> Option<Lesson> {
        let mut inside = self.lock();
        let lesson = inside.trials.taken(sent)?;
        inside.fresh.push(lesson);
        Some(lesson)
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
    fn room_for_thinking_doubles_until_there_is_no_more() {
        let terms = ModelTerms {
            key: ledger::ModelKey {
                provider: "p".into(),
                model: "m".into(),
            },
            context_window: 8192,
            max_output: 1024,
            caps_certified: true,
            local: true,
            errors_may_be_billed: false,
            price: None,
        };
        let manners = Manners::of(&terms);
        let mut caps = vec![];
        loop {
            let (cap, room) = (manners.with_room(200), manners.known().room());
            caps.push(cap);
            let lesson = manners.make_room(cap, room);
            // A call that went out beside it teaches nothing more.
            assert_eq!(manners.make_room(cap, room), lesson);
            if lesson.is_none() {
                break;
            }
        }
        assert_eq!(caps, [200, 400, 600, 1000, 1024]);
        assert_eq!(
            manners.with_room(700),
            1024,
            "a longer answer has what is left"
        );
    }

    #[test]
    fn what_is_remembered_or_on_trial_is_not_written_down() {
        let manners = Manners::default();
        manners.remember([Lesson::not(Field::Usage)]);
        let sent = Sent {
            schema: true,
            ..Sent::default()
        };
        let trial = manners.try_without(&sent);
        assert_eq!(trial, Some(Lesson::not(Field::Schema)));
        assert_eq!(manners.fresh(), []);
        assert_eq!(manners.lessons().len(), 2);
        assert_eq!(manners.taken(&Sent::default()), trial);
        assert_eq!(manners.fresh(), [Lesson::not(Field::Schema)]);
    }
}
