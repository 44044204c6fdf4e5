//! So much is written while the bot is away that not all of it is read: what was cut off and the newest are.

use discord_sim::state::Draft;
use discord_sim::state::message::Author;
use model_sim::Reply;
use store::claims::NewClaim;
use store::clock::Clock;

use super::{said, times};
use crate::world::World;

/// More than ten pages hold.
const MANY: usize = 1_200;

/// So many lines that are for nobody.
fn chatter(world: &World, lines: usize) {
    let mut inside = world.sim.hub().world();
    let bo = inside.users[&world.bo.id].clone();
    for line in 0..lines {
        let draft = Draft::text(format!("line {line}"));
        inside
            .post(world.channel.id, Author::account(bo.clone()), draft)
            .unwrap();
    }
}

fn call(world: &World, text: &str) -> store::id::MessageId {
    let text = format!("{} {text}", world.sim.bot_mention());
    let said = world.ada.say(&world.channel, &text).unwrap();
    said.get().into()
}

#[tokio::test]
async fn of_very_many_messages_the_one_that_was_cut_off_and_the_newest_are_answered() {
    let mut world = World::new().await;
    world.ask("hello").await;
    world.stop().await;
    let cut_off = call(&world, "first");
    let store = familiar::setup::open_store(&world.config).await.unwrap();
    let new = NewClaim::of(
        cut_off,
        world.channel.id.get().into(),
        Some(world.guild.id.get().into()),
        world.ada.id.get().into(),
    );
    store.claim(new, 0, world.clock.now()).await.unwrap();
    store.close().await.unwrap();
    chatter(&world, MANY);
    call(&world, "last");
    world.model.always(|prompt| {
        let asked = prompt.last_user().split_whitespace().last();
        Reply::text(format!("To the {}.", asked.unwrap_or_default()))
    });
    world.start().await;
    said(&world, &world.channel, "To the first.").await;
    said(&world, &world.channel, "To the last.").await;
    let read = world.sim.requests_like("GET /channels/*/messages");
    // Ten, and up to three that look for what was edited and deleted meanwhile.
    assert!(read.len() <= 13, "{}", read.len());
    world.ask("now").await;
    for asked in ["first", "last", "now"] {
        let answer = format!("To the {asked}.");
        assert_eq!(times(&world, &world.channel, &answer), 1, "{answer}");
    }
}

#[tokio::test]
async fn of_a_few_pages_all_is_read_although_the_newest_are_read_backward() {
    let mut world = World::new().await;
    world.ask("hello").await;
    world.stop().await;
    for part in ["first", "second", "third"] {
        call(&world, part);
        chatter(&world, 150);
    }
    world.model.always(|prompt| {
        let asked = prompt.last_user().split_whitespace().last();
        Reply::text(format!("To the {}.", asked.unwrap_or_default()))
    });
    world.start().await;
    for part in ["first", "second", "third"] {
        said(&world, &world.channel, &format!("To the {part}.")).await;
    }
    world.ask("now").await;
    assert_eq!(times(&world, &world.channel, "To the "), 4);
}
