//! A reply appears early, grows, and ends exactly as the model wrote it.

use std::time::Duration;

use model_sim::{Chunks, Reply};

use crate::world::{SOON, World};

const STORY: &str = "The storm came in from the west. The lamp went out twice. I relit it twice. \
                     By morning the sea was flat, and nobody had noticed.";

#[tokio::test]
async fn a_reply_is_seen_before_it_is_whole_and_grows_to_the_exact_text() {
    let world = World::new().await;
    world.model.queue(
        Reply::text(STORY)
            .chunks(Chunks::Words)
            .over(Duration::from_secs(3)),
    );
    let answer = world.ask("tell me a story").await;
    assert_eq!(answer.words(), STORY);
    let revisions = &answer.first().revisions;
    assert!(revisions.len() >= 3, "seen in {} steps", revisions.len());
    let first = &revisions[0].content;
    assert!(
        STORY.starts_with(first.trim_end()) && first.len() < STORY.len() / 2,
        "{first}"
    );
    for (earlier, later) in revisions.iter().zip(&revisions[1..]) {
        assert!(
            later.content.starts_with(earlier.content.trim_end()),
            "{revisions:#?}"
        );
    }
}

#[tokio::test]
async fn edits_keep_their_distance_in_a_channel() {
    let world = World::new().await;
    world.model.queue(
        Reply::text(STORY)
            .chunks(Chunks::Words)
            .over(Duration::from_secs(3)),
    );
    let answer = world.ask("tell me a story").await;
    let revisions = &answer.first().revisions;
    // The final edit does not wait; those before it are at least 1.2 s apart.
    let streamed = &revisions[..revisions.len() - 1];
    for (earlier, later) in streamed.iter().zip(&streamed[1..]) {
        let apart = later.at.as_micros() - earlier.at.as_micros();
        assert!(apart >= 1_100_000, "{apart} µs apart");
    }
}

#[tokio::test]
async fn a_slow_reply_in_one_channel_holds_up_no_other() {
    let world = World::new().await;
    let other = world.guild.add_channel("other");
    world
        .model
        .always(|prompt| match format!("{prompt:?}").contains("slowly") {
            true => Reply::text(STORY)
                .chunks(Chunks::Words)
                .over(Duration::from_secs(20)),
            false => Reply::text("Quick."),
        });
    let slow = format!("{} slowly, please", world.sim.bot_mention());
    world.ada.say(&world.channel, &slow).unwrap();
    let begun = |message: &discord_sim::state::StoredMessage| message.by_bot();
    world
        .sim
        .wait_for_message(&world.channel, begun, SOON)
        .await
        .unwrap();
    let quick = world.ask_in(&world.bo, &other, "hello").await;
    assert_eq!(quick.words(), "Quick.");
    let slow = &world.spoken_in(&world.channel)[0];
    assert!(
        slow.text().len() < STORY.len(),
        "the slow reply is still being written"
    );
}

#[tokio::test]
async fn messages_of_one_channel_are_answered_in_their_order() {
    let world = World::new().await;
    world
        .model
        .queue(Reply::text("First.").over(Duration::from_millis(500)));
    world.model.say("Second.");
    let mut closings = world.closings();
    let mention = world.sim.bot_mention();
    let one = world
        .ada
        .say(&world.channel, &format!("{mention} one"))
        .unwrap();
    // The first is being written when the second comes.
    let begun = |message: &discord_sim::state::StoredMessage| message.by_bot();
    world
        .sim
        .wait_for_message(&world.channel, begun, SOON)
        .await
        .unwrap();
    let two = world
        .bo
        .say(&world.channel, &format!("{mention} two"))
        .unwrap();
    assert_eq!(world.answer_to(&mut closings, one).await.words(), "First.");
    assert_eq!(world.answer_to(&mut closings, two).await.words(), "Second.");
    assert!(
        world.last_prompt().contains("First."),
        "the second prompt knows the first reply"
    );
}
