//! Words and forms that are refused, and replies of which only a part can stand.

use std::time::Duration;

use discord_sim::actor::MessageDraft;
use discord_sim::rest::fault::{Fault, Lasting};
use model_sim::{Chunks, Reply};

use super::*;
use crate::world::SOON;

const LONG: usize = 2_600;

/// Two messages' worth of words.
fn long_reply() -> String {
    let words: Vec<String> = (0..LONG / 5).map(|n| format!("w{n:03}")).collect();
    words.join(" ")
}

#[tokio::test]
async fn what_a_filter_stops_is_not_said_another_way_and_the_person_reads_one_line() {
    for code in [200_000, 240_000, 20_009] {
        let world = World::new().await;
        world.model.say("Something that a filter stops.");
        let stopped = refusal(code, "Message was blocked");
        world.sim.fail_times("POST /webhooks/*/*", 400, stopped, 9);
        let answer = world.ask("hello").await;
        assert!(answer.text().contains("filter"), "{}", answer.text());
        assert_eq!(answer.messages.len(), 1);
        assert_eq!(asked(&world, "POST /webhooks/*/*"), 1);
        // The one line is the only thing that the bot's account says.
        assert_eq!(asked(&world, "POST /channels/*/messages"), 1);
        assert!(reactions(&world).is_empty());
        // It was not said, so it is not remembered.
        world.sim.clear_faults();
        world.ask("again").await;
        assert!(!world.last_prompt().contains("a filter stops"));
    }
}

#[tokio::test]
async fn where_not_even_the_line_is_taken_a_reaction_stands_for_it() {
    let world = World::new().await;
    let stopped = refusal(200_000, "Message was blocked");
    world
        .sim
        .fail_times("POST /webhooks/*/*", 400, stopped.clone(), 9);
    world
        .sim
        .fail_times("POST /channels/*/messages", 400, stopped, 9);
    let answer = world.ask("hello").await;
    assert!(answer.messages.is_empty());
    assert_eq!(reactions(&world).len(), 1);
    assert_eq!(asked(&world, "POST /channels/*/messages"), 1);
}

#[tokio::test]
async fn a_filter_that_stops_an_edit_leaves_what_was_read_and_no_edit_follows() {
    let world = World::new().await;
    world.model.queue(
        Reply::text("One two three four five six seven eight.")
            .chunks(Chunks::Words)
            .over(Duration::from_secs(3)),
    );
    let stopped = refusal(200_000, "Message was blocked");
    let edit = "PATCH /webhooks/*/*/messages/*";
    world.sim.fail_times(edit, 400, stopped, 9);
    let answer = world.ask("count").await;
    assert_eq!(answer.messages.len(), 2, "{}", answer.text());
    assert!(answer.first().text().starts_with("One"));
    assert!(answer.text().contains("filter"));
    assert_eq!(asked(&world, edit), 1);
    world.sim.clear_faults();
    world.ask("and?").await;
    let prompt = world.last_prompt();
    assert!(
        prompt.contains("One") && !prompt.contains("eight"),
        "{prompt}"
    );
}

#[tokio::test]
async fn a_code_that_nobody_knows_is_not_answered_by_speaking_as_the_bot() {
    let world = World::new().await;
    world.model.say("Something new.");
    let new = refusal(260_001, "A refusal of next year");
    world.sim.fail_times("POST /webhooks/*/*", 403, new, 9);
    let answer = world.ask("hello").await;
    assert_eq!(answer.messages.len(), 1);
    assert!(
        !answer.text().contains("Something new"),
        "{}",
        answer.text()
    );
}

#[tokio::test]
async fn the_first_of_two_messages_is_remembered_and_linked_where_the_second_is_refused() {
    let world = World::with(|config| config.model.as_mut().unwrap().cap = 1_000).await;
    let words = long_reply();
    world.model.queue(Reply::text(words.as_str()));
    world.model.queue(Reply::text("And now this."));
    let post = "POST /webhooks/*/*";
    // The first piece passes; the second meets a filter.
    let passes = Fault::Delay(Duration::ZERO);
    world.sim.order(post, passes, Lasting::Times(1));
    let stopped = refusal(200_000, "Message was blocked");
    world.sim.fail_times(post, 400, stopped, 1);
    let answer = world.ask("a long story").await;
    assert_eq!(answer.messages.len(), 2, "{:?}", texts(&answer.messages));
    let first = answer.first();
    assert!(first.text().starts_with("w000") && words.starts_with(first.text()));
    assert!(answer.messages[1].text().contains("filter"));
    // A reply to it finds its persona without a mention, and the persona knows what was read of it.
    let mut closings = world.closings();
    let reply = MessageDraft {
        text: "go on".to_owned(),
        reply_to: Some(first.message.id),
        ..MessageDraft::default()
    };
    let id = world.ada.say_with(&world.channel, reply).unwrap();
    assert_eq!(
        world.answer_to(&mut closings, id).await.words(),
        "And now this."
    );
    let prompt = world.last_prompt();
    assert!(prompt.contains("w000"), "{prompt}");
    assert!(!prompt.contains(words.split(' ').next_back().unwrap()));
}

#[tokio::test]
async fn a_thread_that_is_archived_in_the_middle_of_a_reply_is_opened_by_the_whole_of_it() {
    let world = World::new().await;
    let thread = world
        .channel
        .start_thread(&world.ada, "aside", None)
        .unwrap();
    world.model.queue(
        Reply::text("One two three four five six seven eight.")
            .chunks(Chunks::Words)
            .over(Duration::from_secs(3)),
    );
    let mut closings = world.closings();
    let mention = world.sim.bot_mention();
    let id = world.ada.say(&thread, &format!("{mention} count")).unwrap();
    world
        .sim
        .wait_for_message(&thread, StoredMessage::by_bot, SOON)
        .await
        .unwrap();
    set_thread(&world, &thread, true, false);
    let answer = world.answer_to(&mut closings, id).await;
    assert_eq!(answer.words(), "One two three four five six seven eight.");
    assert_eq!(texts(&world.spoken_in(&thread)), [answer.text()]);
}

/// A moderator archives, locks or opens a thread.
pub(super) fn set_thread(
    world: &World,
    thread: &discord_sim::actor::Channel,
    archived: bool,
    locked: bool,
) {
    let mut state = world.sim.hub().world();
    state
        .update_thread(thread.id, |thread| {
            let state = thread.thread_metadata.as_mut().unwrap();
            (state.archived, state.locked) = (archived, locked);
        })
        .unwrap();
}

#[tokio::test]
async fn a_message_that_discord_lets_nobody_edit_any_more_is_said_anew() {
    let world = World::new().await;
    let said = "One two three four five six seven eight.";
    world.model.queue(
        Reply::text(said)
            .chunks(Chunks::Words)
            .over(Duration::from_secs(3)),
    );
    let old = refusal(
        30_046,
        "Maximum number of edits to messages older than 1 hour reached",
    );
    world
        .sim
        .fail_times("PATCH /webhooks/*/*/messages/*", 429, old, 9);
    let answer = world.ask("count").await;
    assert_eq!(answer.words(), said);
    assert_eq!(world.spoken_in(&world.channel).len(), 1);
    // One edit while it grew, one at its end: nobody insists.
    assert!(asked(&world, "PATCH /webhooks/*/*/messages/*") <= 2);
}

#[tokio::test]
async fn a_reply_without_the_history_is_a_plain_message() {
    let world = World::new().await;
    world
        .channel
        .deny_bot(twilight_model::guild::Permissions::MANAGE_WEBHOOKS);
    let refused = refusal(
        160_002,
        "Cannot reply without permission to read message history",
    );
    world
        .sim
        .fail_times("POST /channels/*/messages", 400, refused, 1);
    let answer = world.ask("hello").await;
    assert_eq!(answer.messages.len(), 1);
    assert!(answer.first().message.reference.is_none());
}
