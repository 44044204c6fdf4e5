//! An overloaded hour: every second answer says that the endpoint is busy, at the default budgets of the example's
//! configuration, with a hosted model that has a price.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use familiar::config::Config;
use ledger::{PicoUsd, Price};
use model_sim::{Fault, Profile, Reply};
use rstest::rstest;
use store::clock::Clock as _;

use super::{REPLY, reads, settled, usual};
use crate::world::World;

/// Messages of the hour.
const MESSAGES: usize = 30;
/// Minutes between two of them.
const PAUSE: i64 = 2;

/// A model as dear and as wide as Claude Sonnet: one hold is an eighth of a server's day.
fn hosted(config: &mut Config) {
    let example = Config::parse(include_str!("../../../familiar.example.toml")).unwrap();
    config.budget = example.budget;
    config.memory = example.memory;
    let model = config.model.as_mut().unwrap();
    model.context_window = 200_000;
    model.max_output = 8192;
    model.caps_certified = false;
    model.price = Some(Price::plain(PicoUsd::dollars(3), PicoUsd::dollars(15)));
}

/// So that no midnight falls into the hour.
fn until_morning(now: DateTime<Utc>) -> TimeDelta {
    let tomorrow = now.date_naive() + TimeDelta::days(1);
    tomorrow.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(6) - now
}

/// Answers of replies and of background work, and how many of each were none.
#[derive(Default)]
struct Hour {
    replies: AtomicUsize,
    busy: AtomicUsize,
    readings: AtomicUsize,
    busy_readings: AtomicUsize,
}

impl Hour {
    /// Every second one, the first of them included.
    fn answer(&self, background: bool) -> bool {
        let (all, busy) = match background {
            true => (&self.readings, &self.busy_readings),
            false => (&self.replies, &self.busy),
        };
        let overloaded = all.fetch_add(1, Ordering::Relaxed).is_multiple_of(2);
        busy.fetch_add(usize::from(overloaded), Ordering::Relaxed);
        !overloaded
    }
}

#[rstest]
#[case::anthropics_529(Profile::Anthropic)]
#[case::openais_503(Profile::Strict)]
#[case::geminis_503(Profile::Gemini)]
#[case::llama_cpps_503(Profile::LlamaCpp)]
#[tokio::test]
async fn in_an_overloaded_hour_replies_come_when_the_endpoint_does_and_only_they_are_paid(
    #[case] profile: Profile,
) {
    let world = World::at(profile, hosted).await;
    world.later(until_morning(world.clock.now()));
    let hour = Arc::new(Hour::default());
    let of_script = Arc::clone(&hour);
    world
        .model
        .always(move |prompt| match of_script.answer(reads(prompt)) {
            true => usual(prompt),
            false => Reply::fault(Fault::Overloaded),
        });
    let mut replies = 0;
    for number in 0..MESSAGES {
        let answer = world.ask(&format!("remark {number}")).await;
        assert!(!answer.text().is_empty(), "message {number} has no line");
        replies += usize::from(answer.words() == REPLY);
        world.later(TimeDelta::minutes(PAUSE));
    }
    let of = |count: &AtomicUsize| count.load(Ordering::Relaxed);
    assert_eq!(
        replies,
        of(&hour.replies) - of(&hour.busy),
        "a reply for each answer"
    );
    assert!(replies >= MESSAGES / 3, "{replies} replies in {MESSAGES}");
    assert!(
        of(&hour.busy_readings) > 0,
        "background work has met it too"
    );

    let (posted, billed) = settled(&world, replies).await;
    assert_eq!(posted, billed, "what failed costs nothing");
    let day = PicoUsd::dollars(1).0;
    assert!(posted.usd < day / 2, "{posted:?} of {day}");

    world.later(TimeDelta::minutes(10));
    world.model.always(usual);
    assert_eq!(world.ask("better?").await.words(), REPLY, "the day is open");
}
