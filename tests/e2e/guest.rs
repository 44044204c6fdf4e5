//! A person brings the bot along to a server that it does not live in, or to a group.

use discord_sim::actor::Channel;
use discord_sim::state::ChannelState;
use discord_sim::state::channel::new_channel;
use twilight_model::channel::ChannelType;

use crate::world::World;

/// A server without the bot, and Ada in it with the bot installed for herself.
fn away(world: &World) -> Channel {
    let away = world.sim.add_guild_without_bot("away");
    away.join(&world.ada, &[]);
    world.ada.install();
    away.add_channel("there")
}

#[tokio::test]
async fn commands_answer_where_a_person_brings_the_bot_along() {
    let world = World::new().await;
    let there = away(&world);
    let about = world.command(&world.ada, &there, "about", &[]).await;
    assert!(
        about.text().contains("Orla is an AI companion"),
        "{}",
        about.text()
    );
    let switched = world
        .command(&world.ada, &there, "persona switch", &[("persona", "Pogo")])
        .await;
    assert!(
        switched
            .text()
            .contains("**Pogo** speaks from now on for you"),
        "{}",
        switched.text()
    );
    let list = world.command(&world.ada, &there, "persona list", &[]).await;
    assert!(
        list.text()
            .contains("**Pogo** speaks to you here (chosen for you)"),
        "{}",
        list.text()
    );
    let budget = world.command(&world.ada, &there, "budget show", &[]).await;
    assert!(!budget.text().contains("This server"), "{}", budget.text());
}

#[tokio::test]
async fn a_guest_changes_nothing_for_the_server_it_is_brought_to() {
    let world = World::new().await;
    let there = away(&world);
    let set = world
        .command(&world.ada, &there, "budget set", &[("amount", "5")])
        .await;
    assert!(
        set.text()
            .contains("only in a server that I have been added to"),
        "{}",
        set.text()
    );
    let greet = world
        .command(&world.ada, &there, "persona greet", &[])
        .await;
    assert!(greet.text().contains("not a member"), "{}", greet.text());
    assert!(world.spoken_in(&there).is_empty());
    assert!(
        world
            .ada
            .command(&there, "chat mode", &[("mode", "active")])
            .is_err()
    );
}

/// A group of Ada and Bo; a bot cannot be in one, but Ada has it installed for herself.
fn group(world: &World) -> Channel {
    world.ada.install();
    let mut inside = world.sim.hub().world();
    let mut group = new_channel(inside.next_id(), ChannelType::Group);
    let people = [world.ada.id, world.bo.id].map(|id| inside.users[&id].clone());
    group.recipients = Some(people.to_vec());
    let id = group.id;
    inside.channels.insert(id, ChannelState::new(group));
    drop(inside);
    world.sim.channel(id)
}

#[tokio::test]
async fn in_a_group_commands_answer_and_no_persona_comes_along() {
    let world = World::new().await;
    let group = group(&world);
    let list = world.command(&world.ada, &group, "persona list", &[]).await;
    assert!(
        list.text().contains("**Orla** speaks to you here"),
        "{}",
        list.text()
    );
    let memory = world.command(&world.ada, &group, "memory show", &[]).await;
    assert!(
        memory.text().contains("remembers nothing"),
        "{}",
        memory.text()
    );
    let greet = world
        .command(&world.ada, &group, "persona greet", &[])
        .await;
    assert!(
        greet.text().contains("not a member") && greet.is_ephemeral(),
        "{}",
        greet.text()
    );
    // Bo has not installed it, so his client offers him none of its commands.
    assert!(world.bo.commands(&group).is_empty());
    assert!(world.spoken_in(&group).is_empty());
}
