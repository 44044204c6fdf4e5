//! All that is known of a model's manners at one moment: a request is written by it.

use super::field::{Field, Lesson};
use crate::openai::CapField;
use crate::thinking::Expects;

/// A copy of what is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    values: [Option<u32>; Field::ALL.len()],
}

impl Known {
    /// Takes a lesson in. True if it says something new: a bound is only ever lowered, room only made larger, and the way
    /// of thinking is that of the last reply.
    pub(crate) fn take(&mut self, Lesson { field, value }: Lesson) -> bool {
        let at = &mut self.values[field as usize];
        let taken = match (*at, field) {
            (None, _) | (_, Field::Thoughts) => value,
            (Some(known), Field::Room) => known.max(value),
            (Some(known), _) => known.min(value),
        };
        at.replace(taken) != Some(taken)
    }

    /// Nothing is known of a field any more.
    pub(super) fn forget(&mut self, field: Field) {
        self.values[field as usize] = None;
    }

    pub(crate) fn lessons(&self) -> Vec<Lesson> {
        let known = Field::ALL
            .into_iter()
            .filter_map(|field| Some((field, self.get(field)?)));
        known
            .map(|(field, value)| Lesson { field, value })
            .collect()
    }

    /// How many stop sequences may be sent, where the dialect has so many.
    pub(crate) fn stops(&self, most: usize) -> usize {
        let learned = self.get(Field::Stop).and_then(|n| usize::try_from(n).ok());
        learned.map_or(most, |learned| learned.min(most))
    }

    /// Whether a field may be sent.
    pub(crate) fn takes(&self, field: Field) -> bool {
        self.get(field).is_none()
    }

    /// The cap as it may be sent. It is lowered and never dropped: the ledger counts on it.
    pub(crate) fn cap(&self, wanted: u32) -> u32 {
        self.get(Field::Cap).map_or(wanted, |most| wanted.min(most))
    }

    /// The name under which the cap goes out, and the other one if it may still be tried.
    pub(crate) fn cap_field(&self, usual: CapField) -> (CapField, Option<CapField>) {
        let other = usual.other();
        match (self.takes(usual.field()), self.takes(other.field())) {
            (true, true) => (usual, Some(other)),
            (true, false) => (usual, None),
            (false, _) => (other, None),
        }
    }

    /// Tokens that thinking needs besides the reply.
    pub(crate) fn room(&self) -> u32 {
        self.get(Field::Room).unwrap_or(0)
    }

    /// How a reply is to be read.
    pub(crate) fn expects(&self) -> Expects {
        match self.get(Field::Thoughts) {
            Some(0) => Expects::Plain,
            Some(1) => Expects::ClosesOnly,
            _ => Expects::Unknown,
        }
    }

    fn get(&self, field: Field) -> Option<u32> {
        self.values[field as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_lowered_and_room_grows() {
        let mut known = Known::default();
        let lesson = |field, value| Lesson { field, value };
        assert!(known.take(lesson(Field::Stop, 4)));
        assert!(!known.take(lesson(Field::Stop, 5)));
        assert_eq!((known.stops(16), known.stops(2)), (4, 2));
        assert!(known.take(lesson(Field::Stop, 0)));
        assert_eq!(known.stops(16), 0);
        assert!(known.take(lesson(Field::Cap, 8192)));
        assert_eq!((known.cap(400), known.cap(64_000)), (400, 8192));
        assert!(known.take(lesson(Field::Room, 400)));
        assert!(!known.take(lesson(Field::Room, 200)));
        assert_eq!(known.room(), 400);
        for expects in [Expects::ClosesOnly, Expects::Unknown, Expects::Plain] {
            assert!(known.take(Lesson::thoughts(expects)));
            assert!(!known.take(Lesson::thoughts(expects)));
            assert_eq!(known.expects(), expects);
        }
    }

    #[test]
    fn the_cap_changes_its_name_once_and_never_back() {
        let (old, new) = (CapField::MaxTokens, CapField::MaxCompletionTokens);
        let mut known = Known::default();
        assert_eq!(known.cap_field(old), (old, Some(new)));
        known.take(Lesson::not(Field::MaxTokens));
        assert_eq!(known.cap_field(old), (new, None));
        assert_eq!(known.cap_field(new), (new, None));
        let mut known = Known::default();
        known.take(Lesson::not(Field::MaxCompletionTokens));
        assert_eq!(known.cap_field(new), (old, None));
        assert_eq!(known.cap_field(old), (old, None));
    }
}
