//! Somebody calls the bot for the first time in a channel while it is away.

use discord_sim::actor::Channel;
use model_sim::Reply;
use twilight_model::guild::Permissions;

use super::{said, times};
use crate::world::World;

const HERE: &str = "I am here.";

fn call(world: &World, channel: &Channel) {
    let text = format!("{} anybody?", world.sim.bot_mention());
    world.ada.say(channel, &text).unwrap();
}

fn read(world: &World, channel: &Channel) -> usize {
    let requests = world
        .sim
        .requests_like(&format!("GET /channels/{}/messages", channel.id));
    requests.len()
}

#[tokio::test]
async fn is_answered_wherever_the_bot_sees_it() {
    let mut world = World::new().await;
    let quiet = world.guild.add_channel("quiet");
    let unseen = world.guild.add_channel("unseen");
    unseen.deny_bot(Permissions::VIEW_CHANNEL);
    world.stop().await;
    let new = world.guild.add_channel("new");
    let thread = quiet.start_thread(&world.ada, "aside", None).unwrap();
    for channel in [&quiet, &new, &thread, &unseen] {
        call(&world, channel);
    }
    world.model.always(|_| Reply::text(HERE));
    world.start().await;
    for channel in [&quiet, &new, &thread] {
        said(&world, channel, HERE).await;
    }
    world.ask("and here?").await;
    for channel in [&quiet, &new, &thread] {
        assert_eq!(times(&world, channel, HERE), 1);
        assert_eq!(read(&world, channel), 1);
    }
    assert_eq!(read(&world, &unseen), 0);
    assert!(world.spoken_in(&unseen).is_empty());
}

#[tokio::test]
async fn what_was_listened_to_is_not_looked_at_again() {
    let mut world = World::new().await;
    world.model.always(|_| Reply::text(HERE));
    let busy = world.guild.add_channel("busy");
    for n in 0..3 {
        world.bo.say(&busy, &format!("line {n}")).unwrap();
    }
    // A minute later something else is said: all that is older counts as heard.
    world.sim.advance(std::time::Duration::from_secs(60));
    world.ask("hello").await;
    world.restart().await;
    world.ask("and now?").await;
    assert_eq!(read(&world, &busy), 0);
    assert_eq!(world.model.generations().len(), 2);
}

#[tokio::test]
async fn before_the_bot_was_ever_there_is_not_answered() {
    let mut world = World::without_bot(World::discord(), |_| {}).await;
    world.model.always(|_| Reply::text(HERE));
    call(&world, &world.channel);
    let later = world.sim.add_guild_without_bot("later");
    let lobby = later.add_channel("lobby");
    world.start().await;
    world.ask("hello").await;
    assert_eq!(
        world.model.generations().len(),
        1,
        "{}",
        world.sim.transcript()
    );
    // Nor where it comes while it is away.
    world.stop().await;
    let text = format!("{} anybody?", world.sim.bot_mention());
    later.owner.say(&lobby, &text).unwrap();
    later.invite_bot(Permissions::all());
    world.start().await;
    world.ask("hello").await;
    world.ask_in(&later.owner, &lobby, "hello").await;
    assert_eq!(
        world.model.generations().len(),
        3,
        "{}",
        world.sim.transcript()
    );
}
