//! What was said in one place is known in no other, and by no other persona.

use crate::world::World;

#[tokio::test]
async fn two_servers_two_channels_and_direct_messages_know_nothing_of_each_other() {
    let world = World::new().await;
    world.model.say("Aye.");
    let away = world.sim.add_guild("away");
    away.join(&world.ada, &[]);
    let places = [
        ("heliotrope", world.channel.clone()),
        ("marzipan", world.guild.add_channel("second")),
        ("quicksilver", away.add_channel("there")),
        ("bergamot", world.ada.dm_channel().unwrap()),
    ];
    for (canary, place) in &places {
        world
            .ask_in(
                &world.ada,
                place,
                &format!("the secret code word is {canary}"),
            )
            .await;
    }
    for (own, place) in &places {
        world
            .ask_in(&world.ada, place, "what is the secret code word?")
            .await;
        let prompt = world.last_prompt();
        for (canary, _) in &places {
            assert_eq!(
                prompt.contains(canary),
                canary == own,
                "{canary} where {own} was said: {prompt}"
            );
        }
    }
}

#[tokio::test]
async fn a_persona_does_not_know_what_was_said_to_another() {
    let world = World::new().await;
    world.model.say("Aye.");
    world.ask("the secret code word is heliotrope").await;
    world
        .owner(
            "persona switch",
            &[("persona", "Pogo"), ("scope", "this channel")],
        )
        .await;
    world.ask("what is the secret code word?").await;
    assert!(
        !world.last_prompt().contains("heliotrope"),
        "{}",
        world.last_prompt()
    );
    world
        .owner(
            "persona switch",
            &[("persona", "Orla"), ("scope", "this channel")],
        )
        .await;
    world.ask("what is the secret code word?").await;
    assert!(
        world.last_prompt().contains("heliotrope"),
        "{}",
        world.last_prompt()
    );
}
