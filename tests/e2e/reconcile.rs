//! What was edited, deleted and left while the bot did not listen is caught up with after a new session.

use std::time::Duration;

use discord_sim::actor::Channel;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::MessageMarker;

use crate::world::{Answer, SOON, World};

/// A world in which Ada has said three things, and Orla one word to each.
async fn told() -> (World, Vec<Answer>) {
    tell(World::with(|config| config.memory.consolidate_every = 0).await).await
}

/// The same, after something that was said elsewhere. What is known of the usual channel is compared before that, since
/// it is newer.
async fn told_after_something_elsewhere() -> (World, Elsewhere) {
    let world = World::with(|config| config.memory.consolidate_every = 0).await;
    let channel = world.guild.add_channel("elsewhere");
    let said = world.ask_in(&world.bo, &channel, "as it was").await.to;
    let (world, _) = tell(world).await;
    (world, Elsewhere { channel, said })
}

struct Elsewhere {
    channel: Channel,
    said: Id<MessageMarker>,
}

impl Elsewhere {
    /// To be called while the bot is down, to have something to wait for.
    fn delete(&self, world: &World) {
        world.bo.delete(&self.channel, self.said).unwrap();
    }

    /// Waits until the bot has compared this channel, and so everything before it.
    async fn is_caught_up_with(&self, world: &World) {
        let scope = store::id::ScopeId {
            channel: self.channel.id.get().into(),
            ..world.orla_here().await
        };
        let store = &world.companion().house().store;
        let stands = async || {
            let turns = store.latest_turns(&scope, 9).await.unwrap();
            turns.iter().any(|turn| turn.text.contains("as it was"))
        };
        let gone = async {
            while stands().await {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(SOON, gone).await.unwrap();
    }
}

async fn tell(world: World) -> (World, Vec<Answer>) {
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
    let (mut world, elsewhere) = told_after_something_elsewhere().await;
    let before = world.remembered().await;
    world.stop().await;
    elsewhere.delete(&world);
    world.channel.deny_bot(Permissions::READ_MESSAGE_HISTORY);
    world.start().await;
    elsewhere.is_caught_up_with(&world).await;
    assert_eq!(world.remembered().await, before);
}

#[tokio::test]
async fn a_channel_that_the_bot_may_not_see_any_more_is_not_forgotten() {
    let (mut world, elsewhere) = told_after_something_elsewhere().await;
    let before = world.remembered().await;
    world.stop().await;
    elsewhere.delete(&world);
    world.channel.deny_bot(Permissions::VIEW_CHANNEL);
    world.start().await;
    elsewhere.is_caught_up_with(&world).await;
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
