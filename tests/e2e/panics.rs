//! A turn that panics, on purpose, at a step: what it held is free, its message is told so, and the channel goes on.

use std::cell::Cell;
use std::sync::Once;

use model_sim::{Chunks, Reply};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, SubscriberExt as _};

use crate::world::World;

thread_local! {
    /// The step at which this test's thread panics, once. Everything of a test runs on its thread.
    static TRAP: Cell<Option<&'static str>> = const { Cell::new(None) };
}

/// Looks at every step of every test, for good: a subscriber that comes and goes with one test may miss a step, since
/// tracing remembers which places nobody listens to.
static LISTENING: Once = Once::new();

/// Panics where a trap is set.
struct Traps;

impl<S: Subscriber> Layer<S> for Traps {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut step = Step::default();
        event.record(&mut step);
        let closes = TRAP.get().is_some_and(|set| set == step.0);
        if closes {
            TRAP.set(None);
        }
        assert!(!closes, "on purpose, at {}", step.0);
    }
}

#[derive(Default)]
struct Step(String);

impl Visit for Step {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "step" {
            value.clone_into(&mut self.0);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

/// What is said to a message whose turn panics at this step.
async fn said_after_a_panic_at(step: &'static str) -> String {
    LISTENING.call_once(|| {
        let steps = Targets::new().with_target("familiar::step", LevelFilter::TRACE);
        let subscriber = tracing_subscriber::registry().with(Traps.with_filter(steps));
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
    TRAP.set(Some(step));
    let world = World::new().await;
    world.model.always(|_| {
        Reply::text("These words come one after another.")
            .chunks(Chunks::Words)
            .every(std::time::Duration::from_millis(20))
    });
    let first = world.ask("hello").await;
    // The lane, the line and whatever else it held are free.
    let second = world.ask("are you there?").await;
    let text = second.text();
    assert!(text.contains("one after another"), "{text}");
    let house = world.companion().house();
    let open = house
        .store
        .unanswered_since(chrono::DateTime::UNIX_EPOCH)
        .await;
    assert_eq!(open.unwrap(), []);
    let overview = house.ledger.overview().await.unwrap();
    for window in &overview.instance {
        assert_eq!((window.usd.pending, window.tokens.pending), (0, 0));
    }
    assert!(house.ledger.verify().await.unwrap().is_empty());
    // Nothing stands half-written.
    let spoken = world.spoken_in(&world.channel);
    assert_eq!(spoken.len(), 2, "{}", world.sim.transcript());
    first.text()
}

#[tokio::test]
async fn a_panic_after_the_claim_is_told_and_holds_nobody_up() {
    let said = said_after_a_panic_at("claimed").await;
    assert!(said.contains("Something broke in me"), "{said}");
}

#[tokio::test]
async fn a_panic_behind_the_hold_is_told_and_the_hold_is_posted() {
    let said = said_after_a_panic_at("held").await;
    assert!(said.contains("Something broke in me"), "{said}");
}

#[tokio::test]
async fn a_panic_in_the_middle_of_the_words_takes_them_back_and_is_told() {
    let said = said_after_a_panic_at("heard out").await;
    assert!(said.contains("Something broke in me"), "{said}");
}

#[tokio::test]
async fn a_panic_behind_the_last_word_leaves_the_answer_as_it_stands() {
    let said = said_after_a_panic_at("spoken").await;
    assert!(said.contains("one after another"), "{said}");
}
