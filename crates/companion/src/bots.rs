//! How much bots and webhooks are answered. Two programs that answer each other would talk for ever, so they are not
//! answered unless the operator allows it, and then only so often in a channel and hour, and a few times in a row.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use store::id::ChannelId;

/// Answers to bots in a row, with no person's message between them.
const IN_A_ROW: u32 = 4;
/// What `per_hour` counts in.
const HOUR: TimeDelta = TimeDelta::hours(1);
/// So many channels are remembered before those without meaning are dropped.
const REMEMBERED: usize = 1_000;

/// The turns that bots may still have. They live in memory: after a restart they begin anew.
pub struct BotTurns {
    per_hour: u32,
    channels: Mutex<HashMap<ChannelId, Talk>>,
}

#[derive(Default)]
struct Talk {
    /// When bots were answered within the last hour, oldest first.
    answered: VecDeque<DateTime<Utc>>,
    in_a_row: u32,
}

impl Talk {
    fn forget(&mut self, now: DateTime<Utc>) {
        while self.answered.front().is_some_and(|at| *at + HOUR <= now) {
            self.answered.pop_front();
        }
    }
}

impl BotTurns {
    /// So many answers in a channel and hour; with none, bots are never answered.
    pub fn new(per_hour: u32) -> Self {
        Self {
            per_hour,
            channels: Mutex::default(),
        }
    }

    /// Whether bots are answered at all.
    pub fn are_allowed(&self) -> bool {
        self.per_hour > 0
    }

    /// A person wrote something here: bots may be answered again.
    pub fn person_spoke(&self, channel: ChannelId) {
        if let Some(talk) = self.lock().get_mut(&channel) {
            talk.in_a_row = 0;
        }
    }

    /// Counts an answer to a bot, if one may be given.
    pub fn admit(&self, channel: ChannelId, now: DateTime<Utc>) -> bool {
        let mut channels = self.lock();
        if channels.len() >= REMEMBERED {
            channels.retain(|_, talk| {
                talk.forget(now);
                !talk.answered.is_empty() || talk.in_a_row >= IN_A_ROW
            });
        }
        let talk = channels.entry(channel).or_default();
        talk.forget(now);
        let hourly = u32::try_from(talk.answered.len()).unwrap_or(u32::MAX);
        let admitted = hourly < self.per_hour && talk.in_a_row < IN_A_ROW;
        if admitted {
            talk.answered.push_back(now);
            talk.in_a_row += 1;
        }
        admitted
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ChannelId, Talk>> {
        // Nothing panics while it is held.
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    #[test]
    fn bots_are_not_answered_unless_it_is_allowed() {
        let turns = BotTurns::new(0);
        assert!(!turns.are_allowed() && !turns.admit(1.into(), at(0)));
    }

    #[test]
    fn after_four_in_a_row_a_person_must_speak_first() {
        let (turns, channel) = (BotTurns::new(100), 1.into());
        let answered = (0..10).filter(|_| turns.admit(channel, at(0))).count();
        assert_eq!(answered, 4);
        assert!(!turns.admit(channel, at(600)), "time alone does not help");
        assert!(turns.admit(2.into(), at(0)), "another channel has its own");
        turns.person_spoke(channel);
        assert!(turns.admit(channel, at(600)));
    }

    #[test]
    fn an_hour_has_so_many_answers_however_much_people_speak() {
        let (turns, channel) = (BotTurns::new(6), 1.into());
        let admit = |minute| {
            turns.person_spoke(channel);
            turns.admit(channel, at(minute))
        };
        let answered = (0..60).filter(|minute| admit(*minute)).count();
        assert_eq!(answered, 6);
        assert!(admit(60), "the first one is an hour old");
        assert!(admit(61) && !admit(61));
    }
}
