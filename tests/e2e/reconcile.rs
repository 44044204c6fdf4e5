//! What was edited, deleted and left while the bot did not listen is caught up with after a new session.

use std::time::Duration;

use twilight_model::guild::Permissions;

use crate::world::{SOON, World};

/// A world in which Ada has said three things, and Orla one word to each.
async fn told() -> (World, Vec<crate::world::Answer>) {
    let world = World::with(|config| config.memory.consolidate_every = 0).await;
    let mut answers = vec![];
    for boat in ["Marigold", "Nightingale", "Oriole"] {
        world.model.say("Noted.");
        answers.push(world.ask(&format!("my boat is called {boat}")).await);
    }
    (world, answers)
}

fn tells_of(texts: &[String], boat: &str) -> bool {
    texts.iter().any(|text| text.contains(boat))
}

/// Waits until the bot has compared the usual channel this often.
async fn compared(world: &World, times: usize) {
    let page = format!("GET /channels/{}/messages", world.channel.id);
    let looking = async {
        while world.sim.requests_like(&page).len() < times {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(SOON, looking).await.unwrap();
}

#[tokio::test]
async fn what_was_edited_and_deleted_while_the_bot_was_down_is_caught_up_with() {
    let (mut world, answers) = told().await;
    world.stop().await;
    let text = format!("{} my boat is called Petrel", world.sim.bot_mention());
    world
        .ada
        .edit(&world.channel, answers[0].to, &text)
        .unwrap();
    world.ada.delete(&world.channel, answers[1].to).unwrap();
    world.start().await;
    world
        .remembers("the edit and the deletion", |texts| {
            tells_of(texts, "Petrel")
                && tells_of(texts, "Oriole")
                && !tells_of(texts, "Marigold")
                && !tells_of(texts, "Nightingale")
        })
        .await;
}

#[tokio::test]
async fn where_the_bot_may_not_read_the_history_nothing_is_taken_for_deleted() {
    let (mut world, _) = told().await;
    let before = world.remembered().await;
    world.stop().await;
    world.channel.deny_bot(Permissions::READ_MESSAGE_HISTORY);
    let looked = world
        .sim
        .requests_like(&format!("GET /channels/{}/messages", world.channel.id));
    world.start().await;
    // What is behind the watermark, and the page that is compared.
    compared(&world, looked.len() + 2).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(world.remembered().await, before);
}

#[tokio::test]
async fn a_channel_that_the_bot_may_not_see_any_more_is_not_forgotten() {
    let (mut world, _) = told().await;
    let before = world.remembered().await;
    world.stop().await;
    world.channel.deny_bot(Permissions::VIEW_CHANNEL);
    let looked = world
        .sim
        .requests_like(&format!("GET /channels/{}/messages", world.channel.id));
    world.start().await;
    compared(&world, looked.len() + 2).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(world.remembered().await, before);
}

#[tokio::test]
async fn a_channel_that_was_deleted_while_the_bot_was_down_is_forgotten() {
    let (mut world, _) = told().await;
    world.stop().await;
    world.channel.delete();
    world.start().await;
    world.remembers("nothing", <[String]>::is_empty).await;
}

#[tokio::test]
async fn a_channel_that_is_deleted_is_forgotten_with_its_threads() {
    let (world, _) = told().await;
    let thread = world
        .channel
        .start_thread(&world.ada, "boats", None)
        .unwrap();
    world.model.say("Noted.");
    world
        .ask_in(&world.ada, &thread, "my raft is called Quail")
        .await;
    let in_thread = store::id::ScopeId {
        channel: thread.id.get().into(),
        ..world.orla_here().await
    };
    let store = &world.companion().house().store;
    assert_eq!(store.latest_turns(&in_thread, 9).await.unwrap().len(), 2);
    world.channel.delete();
    world.remembers("nothing", <[String]>::is_empty).await;
    let gone = async {
        while !store.latest_turns(&in_thread, 9).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(SOON, gone).await.unwrap();
}
