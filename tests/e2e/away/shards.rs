//! Several connections to the gateway: each looks after its own servers.

use std::time::Duration;

use chrono::TimeDelta;
use discord_sim::SimConfig;
use discord_sim::actor::{Channel, Guild};
use model_sim::Reply;
use tokio::time::Instant;

use super::{said, times};
use crate::world::World;

const ANSWER: &str = "At your service.";
/// serenity begins one connection every five seconds.
const BOTH: Duration = Duration::from_secs(30);

fn shard(guild: &Guild) -> u64 {
    (guild.id.get() >> 22) % 2
}

/// A world with two shards, and a channel in a server of each.
async fn two() -> (World, [(Guild, Channel); 2]) {
    let discord = SimConfig {
        shards: 2,
        ..World::discord()
    };
    let mut world = World::without_bot(discord, |_| {}).await;
    let other = || loop {
        let guild = world.sim.add_guild("other");
        if shard(&guild) != shard(&world.guild) {
            return guild;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    let guilds = [world.guild.clone(), other()];
    let servers = guilds.map(|guild| {
        let channel = guild.add_channel("talk");
        (guild, channel)
    });
    world.model.always(|_| Reply::text("Hello."));
    world.start().await;
    for (guild, channel) in &servers {
        ask(&world, guild, channel, "Hello.").await;
    }
    (world, servers)
}

/// The owner asks; a shard that is not there yet hears of it when it comes.
async fn ask(world: &World, guild: &Guild, channel: &Channel, answer: &str) {
    let shard = u32::try_from(shard(guild)).unwrap();
    let is_there = |inside: &discord_sim::state::World| {
        let mut sessions = inside.sessions.by_id.values();
        sessions
            .any(|session| session.shard[0] == shard && session.link.is_some())
            .then_some(())
    };
    world
        .sim
        .wait_until("a shard", BOTH, is_there)
        .await
        .unwrap();
    let text = format!("{} hello", world.sim.bot_mention());
    guild.owner.say(channel, &text).unwrap();
    said(world, channel, answer).await;
}

#[tokio::test]
async fn what_two_shards_find_cut_off_is_answered_once_each() {
    let (mut world, servers) = two().await;
    world
        .model
        .always(|_| Reply::text("Too late.").after(Duration::from_secs(30)));
    for (guild, channel) in &servers {
        let text = format!("{} are you there?", world.sim.bot_mention());
        guild.owner.say(channel, &text).unwrap();
    }
    let began = Instant::now();
    while world.model.generations().len() < 4 {
        assert!(began.elapsed() < BOTH, "{}", world.sim.transcript());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    world.stop().await;
    world.model.always(|_| Reply::text(ANSWER));
    world.start().await;
    for (guild, channel) in &servers {
        let found = world
            .sim
            .wait_for_message(channel, |m| m.text().contains(ANSWER), BOTH);
        found.await.unwrap();
        world.model.always(|_| Reply::text("Next."));
        ask(&world, guild, channel, "Next.").await;
        world.model.always(|_| Reply::text(ANSWER));
        assert_eq!(
            times(&world, channel, ANSWER),
            1,
            "{}",
            world.sim.transcript()
        );
    }
}

#[tokio::test]
async fn that_the_bot_was_sent_away_while_it_was_down_is_noticed_on_every_shard() {
    let (mut world, servers) = two().await;
    world.stop().await;
    for (guild, _) in &servers {
        guild.remove_bot();
    }
    world.start().await;
    let store = world.companion().house().store.clone();
    let (mut noticed, began) = (0, Instant::now());
    while noticed < 2 {
        assert!(began.elapsed() < BOTH, "{noticed}");
        let later = world.companion().house().clock.now() + TimeDelta::days(1);
        noticed += store.purge_departed(later).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(noticed, 2);
    assert_eq!(store.known_guilds().await.unwrap(), []);
}
