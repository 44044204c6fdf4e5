//! Trials: a request was refused in words that name none of its fields. Then they are left out one after the other, each
//! alone, until the request is taken; what was left out then is the lesson. It costs nothing, since what is refused is not
//! billed, and it ends, since each field is tried once.

use super::field::{Field, Lesson};
use super::known::Known;
use super::sent::Sent;

/// What is left out first: the least needed, and what most endpoints refuse.
const ORDER: [Field; 10] = [
    Field::Samplers,
    Field::Schema,
    Field::Stop,
    Field::TopP,
    Field::FrequencyPenalty,
    Field::PresencePenalty,
    Field::Temperature,
    Field::Usage,
    Field::Cache,
    Field::System,
];

/// The trials that a model is in.
#[derive(Debug, Default)]
pub(super) struct Trials {
    /// Left out now.
    on: Option<Field>,
    /// Left out before, to no avail.
    tried: Vec<Field>,
    /// Nothing helped: no more trials before a request was taken.
    vain: bool,
}

impl Trials {
    /// A request with these fields was refused without a reason: what to leave out of the next.
    pub(super) fn next(&mut self, known: &mut Known, sent: &Sent) -> Option<Lesson> {
        if self.on.is_some_and(|on| sent.has(on)) {
            // It went out before the trial began, which goes on.
            return self.on.map(Lesson::not);
        }
        self.stop(known);
        if self.vain {
            return None;
        }
        let untried = |field: &Field| sent.has(*field) && !self.tried.contains(field);
        let Some(field) = ORDER.into_iter().find(untried) else {
            self.vain = !self.tried.is_empty();
            self.tried.clear();
            return None;
        };
        self.tried.push(field);
        self.on = Some(field);
        known.take(Lesson::not(field));
        Some(Lesson::not(field))
    }

    /// What is on trial goes out again: it was not the reason.
    pub(super) fn stop(&mut self, known: &mut Known) {
        if let Some(on) = self.on.take() {
            known.forget(on);
        }
    }

    /// A request with these fields was taken. Says what was learned by it.
    pub(super) fn taken(&mut self, sent: &Sent) -> Option<Lesson> {
        if self.on.is_some_and(|on| sent.has(on)) {
            return None;
        }
        self.tried.clear();
        self.vain = false;
        self.on.take().map(Lesson::not)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling::{Samplers, Sampling};

    const WARM: Samplers = Samplers::everything(Some(0.8), Sampling::NONE);
    const SENT: Sent = Sent {
        stops: 2,
        samplers: WARM,
        cap: 400,
        room: 0,
        cap_name: None,
        usage: true,
        schema: false,
        system: true,
        cache: false,
    };

    /// What goes out by what is known.
    fn sent(known: &Known) -> Sent {
        Sent {
            stops: if known.takes(Field::Stop) { 2 } else { 0 },
            samplers: match known.takes(Field::Temperature) {
                true => WARM,
                false => Samplers::default(),
            },
            usage: known.takes(Field::Usage),
            system: known.takes(Field::System),
            ..SENT
        }
    }

    /// The next request is refused without a reason.
    fn refused(trials: &mut Trials, known: &mut Known) -> Option<Lesson> {
        let sent = sent(known);
        trials.next(known, &sent)
    }

    #[test]
    fn each_field_is_left_out_alone_until_the_request_is_taken() {
        let (mut trials, mut known) = (Trials::default(), Known::default());
        for field in [Field::Stop, Field::Temperature, Field::Usage] {
            let lesson = refused(&mut trials, &mut known);
            assert_eq!(lesson, Some(Lesson::not(field)));
            assert_eq!(known.lessons(), [Lesson::not(field)]);
        }
        assert_eq!(trials.taken(&sent(&known)), Some(Lesson::not(Field::Usage)));
        assert_eq!(trials.taken(&sent(&known)), None);
        assert_eq!(known.lessons(), [Lesson::not(Field::Usage)]);
    }

    #[test]
    fn what_only_some_servers_have_is_left_out_first_and_at_once() {
        let (mut trials, mut known) = (Trials::default(), Known::default());
        let sampling = Sampling {
            repeat_penalty: Some(1.1),
            dry_multiplier: Some(0.8),
            ..Sampling::NONE
        };
        let sent = Sent {
            samplers: Samplers::everything(Some(0.8), sampling),
            ..SENT
        };
        let lesson = Some(Lesson::not(Field::Samplers));
        assert_eq!(trials.next(&mut known, &sent), lesson);
        assert_eq!(trials.taken(&SENT), lesson);
    }

    #[test]
    fn what_never_helps_is_tried_once_and_everything_goes_out_again() {
        let (mut trials, mut known) = (Trials::default(), Known::default());
        for _ in 0..4 {
            assert!(refused(&mut trials, &mut known).is_some());
        }
        for _ in 0..3 {
            assert_eq!(refused(&mut trials, &mut known), None);
            assert_eq!(known.lessons(), []);
        }
        // It takes requests again, so that a refusal says something again.
        assert_eq!(trials.taken(&sent(&known)), None);
        assert!(refused(&mut trials, &mut known).is_some());
    }

    #[test]
    fn a_request_from_before_a_trial_neither_ends_nor_decides_it() {
        let (mut trials, mut known) = (Trials::default(), Known::default());
        let before = sent(&known);
        let lesson = trials.next(&mut known, &before);
        assert_eq!(trials.next(&mut known, &before), lesson);
        assert_eq!(trials.taken(&before), None);
        assert_eq!(trials.taken(&sent(&known)), lesson);
    }
}
