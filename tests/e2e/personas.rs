//! Who speaks: for me, in this channel, in this server; what is nearer wins, and the bot says where it comes from.

use discord_sim::actor::{Channel, Person};

use crate::world::World;

async fn switch(
    world: &World,
    who: &Person,
    channel: &Channel,
    persona: &str,
    scope: &str,
) -> String {
    let options = [("persona", persona), ("scope", scope)];
    world
        .command(who, channel, "persona switch", &options)
        .await
        .text()
        .to_owned()
}

async fn speaks(world: &World, who: &Person, channel: &Channel) -> String {
    world.ask_in(who, channel, "who is it?").await.author()
}

async fn list(world: &World, who: &Person, channel: &Channel) -> String {
    world
        .command(who, channel, "persona list", &[])
        .await
        .text()
        .to_owned()
}

#[tokio::test]
async fn what_is_nearer_wins_and_the_list_says_where_it_comes_from() {
    let world = World::new().await;
    let (owner, ada, bo) = (&world.guild.owner, &world.ada, &world.bo);
    let other = world.guild.add_channel("other");
    for name in ["Pogo", "Vesper", "Idris"] {
        world.owner("persona adopt", &[("persona", name)]).await;
    }
    assert!(
        list(&world, ada, &world.channel)
            .await
            .contains("nobody has been chosen")
    );

    switch(&world, owner, &world.channel, "Idris", "this server").await;
    assert_eq!(speaks(&world, ada, &other).await, "Idris");
    assert!(
        list(&world, ada, &other)
            .await
            .contains("**Idris** speaks to you here (chosen in this server)")
    );

    switch(&world, owner, &world.channel, "Vesper", "this channel").await;
    assert_eq!(speaks(&world, ada, &world.channel).await, "Vesper");
    assert_eq!(speaks(&world, ada, &other).await, "Idris");

    switch(&world, ada, &world.channel, "Pogo", "for me").await;
    assert_eq!(speaks(&world, ada, &world.channel).await, "Pogo");
    assert_eq!(speaks(&world, bo, &world.channel).await, "Vesper");
    assert!(
        list(&world, ada, &world.channel)
            .await
            .contains("**Pogo** speaks to you here (chosen for you)")
    );
}

#[tokio::test]
async fn a_choice_that_is_taken_back_lets_the_next_one_speak() {
    let world = World::new().await;
    let owner = &world.guild.owner;
    switch(&world, owner, &world.channel, "Idris", "this server").await;
    switch(&world, owner, &world.channel, "Vesper", "this channel").await;
    let text = switch(&world, owner, &world.channel, "inherit", "this channel").await;
    assert!(
        text.contains("taken back")
            && text.contains("**Idris**")
            && text.contains("in this server"),
        "{text}"
    );
    let text = switch(&world, owner, &world.channel, "inherit", "this channel").await;
    assert!(text.contains("Nobody had been chosen"), "{text}");
    assert_eq!(speaks(&world, &world.ada, &world.channel).await, "Idris");
}

#[tokio::test]
async fn who_chooses_for_others_but_has_an_own_choice_is_told_so() {
    let world = World::new().await;
    let owner = &world.guild.owner;
    switch(&world, owner, &world.channel, "Pogo", "for me").await;
    let text = switch(&world, owner, &world.channel, "Vesper", "this server").await;
    assert!(
        text.contains("To you, though, **Pogo** goes on speaking (chosen for you)"),
        "{text}"
    );
    assert_eq!(speaks(&world, owner, &world.channel).await, "Pogo");
    assert_eq!(speaks(&world, &world.ada, &world.channel).await, "Vesper");
}

#[tokio::test]
async fn a_thread_inherits_from_its_channel() {
    let world = World::new().await;
    switch(
        &world,
        &world.guild.owner,
        &world.channel,
        "Vesper",
        "this channel",
    )
    .await;
    let thread = world
        .channel
        .start_thread(&world.ada, "aside", None)
        .unwrap();
    assert_eq!(speaks(&world, &world.ada, &thread).await, "Vesper");
    let text = list(&world, &world.ada, &thread).await;
    assert!(
        text.contains(&format!("in <#{}>", world.channel.id)),
        "{text}"
    );
    switch(&world, &world.guild.owner, &thread, "Pogo", "this channel").await;
    assert_eq!(speaks(&world, &world.ada, &thread).await, "Pogo");
    assert_eq!(speaks(&world, &world.ada, &world.channel).await, "Vesper");
}

#[tokio::test]
async fn a_choice_for_me_holds_in_this_server_and_not_in_another() {
    let world = World::new().await;
    switch(&world, &world.guild.owner, &world.channel, "Pogo", "for me").await;
    let away = world.sim.add_guild("away");
    away.join(&world.guild.owner, &[]);
    let there = away.add_channel("there");
    assert_eq!(speaks(&world, &world.guild.owner, &there).await, "Orla");
}

#[tokio::test]
async fn in_direct_messages_everybody_chooses_for_themselves() {
    let world = World::new().await;
    let dm = world.ada.dm_channel().unwrap();
    let text = world
        .command(&world.ada, &dm, "persona switch", &[("persona", "Pogo")])
        .await;
    assert!(
        text.text().contains("**Pogo** speaks from now on for you"),
        "{}",
        text.text()
    );
    let answer = world.say_in(&world.ada, &dm, "hello").await;
    assert!(answer.text().starts_with("**Pogo**: "), "{}", answer.text());
    let his = world.bo.dm_channel().unwrap();
    assert!(
        world
            .say_in(&world.bo, &his, "hello")
            .await
            .text()
            .starts_with("**Orla**: ")
    );
}
