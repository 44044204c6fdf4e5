//! What the gateway does to a bot: the same event twice, a replay, lost connections, gaps.

use crate::world::{SOON, World};

/// How often the persona said this.
fn times_said(world: &World, words: &str) -> usize {
    let said = world.spoken_in(&world.channel);
    said.iter()
        .filter(|message| message.text().contains(words))
        .count()
}

#[tokio::test]
async fn an_event_that_comes_twice_is_answered_once() {
    let world = World::new().await;
    world.model.say("Once is enough.");
    world.sim.duplicate_next_event();
    world.ask("hello").await;
    // What would have been answered a second time has been, by the time the next message is.
    world.model.say("The next.");
    world.ask("and now?").await;
    assert_eq!(times_said(&world, "Once is enough."), 1);
    assert_eq!(world.model.generations().len(), 2);
}

#[tokio::test]
async fn a_message_that_is_replayed_after_a_restart_is_answered_once() {
    let mut world = World::new().await;
    world.model.say("Heard you.");
    let answer = world.ask("hello").await;
    world.restart().await;
    world.sim.replay(&world.channel, answer.to).unwrap();
    world.model.say("The next.");
    world.ask("and now?").await;
    assert_eq!(times_said(&world, "Heard you."), 1);
    assert_eq!(world.model.generations().len(), 2);
}

#[tokio::test]
async fn what_was_said_during_a_lost_connection_is_answered_once_after_the_resume() {
    let world = World::new().await;
    world.model.say("I was away for a moment.");
    world.sim.mute_gateway(true);
    let mut closings = world.closings();
    let text = format!("{} are you there?", world.sim.bot_mention());
    let message = world.ada.say(&world.channel, &text).unwrap();
    world.sim.mute_gateway(false);
    world.sim.drop_connections(None);
    let answer = world.answer_to(&mut closings, message).await;
    assert_eq!(answer.words(), "I was away for a moment.");
    world.ask("good").await;
    let answered = times_said(&world, "I was away for a moment.");
    assert_eq!(
        answered, 2,
        "the missed message and the next one, once each"
    );
    assert_eq!(world.model.generations().len(), 2);
}

#[tokio::test]
async fn a_requested_reconnect_loses_nothing() {
    let world = World::new().await;
    world.sim.send_reconnect();
    let answer = world.ask("still there?").await;
    assert!(!answer.messages.is_empty());
}

#[tokio::test]
async fn what_was_said_before_an_invalid_session_is_fetched_and_answered_once() {
    let world = World::new().await;
    // The first answer tells the bot how far it has read in this channel.
    world.ask("hello").await;
    world.model.say("Found it.");
    world.sim.mute_gateway(true);
    let mut closings = world.closings();
    let text = format!("{} did you miss this?", world.sim.bot_mention());
    let missed = world.ada.say(&world.channel, &text).unwrap();
    world.sim.invalidate_sessions(false);
    world.sim.mute_gateway(false);
    world.sim.drop_connections(Some(4009));
    let answer = world.answer_to(&mut closings, missed).await;
    assert_eq!(answer.words(), "Found it.");
    world.sim.wait_ready(SOON).await.unwrap();
    world.model.say("The next.");
    world.ask("and now?").await;
    assert_eq!(times_said(&world, "Found it."), 1);
}

#[tokio::test]
async fn an_old_message_is_not_answered_hours_later() {
    let mut world = World::new().await;
    world.ask("hello").await;
    world.stop().await;
    let text = format!("{} anybody?", world.sim.bot_mention());
    world.ada.say(&world.channel, &text).unwrap();
    world.later(chrono::TimeDelta::hours(3));
    world.start().await;
    world.model.say("Good morning.");
    world.ask("good morning").await;
    assert_eq!(world.model.generations().len(), 2, "{:?}", world.prompts());
}

#[tokio::test]
async fn what_was_said_while_the_bot_was_down_is_answered_when_it_is_back() {
    let mut world = World::new().await;
    world.ask("hello").await;
    world.stop().await;
    let text = format!("{} anybody?", world.sim.bot_mention());
    world.ada.say(&world.channel, &text).unwrap();
    world
        .model
        .always(|_| model_sim::Reply::text("Back again."));
    world.start().await;
    let said = |message: &discord_sim::state::StoredMessage| message.text().contains("Back again.");
    world
        .sim
        .wait_for_message(&world.channel, said, SOON)
        .await
        .unwrap();
}
