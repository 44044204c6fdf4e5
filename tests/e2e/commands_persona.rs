//! `/persona`: adopt, switch, list, show, greet.

use discord_sim::interactions::Refusal;
use twilight_model::guild::Permissions;

use crate::world::World;

#[tokio::test]
async fn an_adopted_persona_lives_in_the_server_and_everybody_sees_it() {
    let world = World::new().await;
    let answer = world
        .command(
            &world.guild.owner,
            &world.channel,
            "persona adopt",
            &[("persona", "vesper")],
        )
        .await;
    assert!(
        answer.text().starts_with("**Vesper** lives here now."),
        "{}",
        answer.text()
    );
    assert!(!answer.is_ephemeral());
    let list = world
        .command(&world.ada, &world.channel, "persona list", &[])
        .await;
    let living = list.text().split("**Could move in**").next().unwrap();
    assert!(
        living.contains("**Vesper**") && !living.contains("**Pogo**"),
        "{}",
        list.text()
    );
    assert!(list.is_ephemeral());
    let again = world
        .command(
            &world.guild.owner,
            &world.channel,
            "persona adopt",
            &[("persona", "Vesper")],
        )
        .await;
    assert!(
        again.text().contains("lives here already") && again.is_ephemeral(),
        "{}",
        again.text()
    );
}

#[tokio::test]
async fn only_who_manages_the_server_lets_a_persona_move_in() {
    let world = World::new().await;
    let refused = world
        .command(
            &world.ada,
            &world.channel,
            "persona adopt",
            &[("persona", "Vesper")],
        )
        .await;
    assert!(
        refused.text().contains("Manage Server") || refused.text().contains("Manage Guild"),
        "{}",
        refused.text()
    );
    assert!(refused.is_ephemeral());
    let switch = world
        .command(
            &world.ada,
            &world.channel,
            "persona switch",
            &[("persona", "Vesper")],
        )
        .await;
    assert!(
        switch.text().contains("does not live here yet"),
        "{}",
        switch.text()
    );
    let list = world
        .command(&world.ada, &world.channel, "persona list", &[])
        .await;
    assert!(!list.text().contains("**Living here**"), "{}", list.text());
}

#[tokio::test]
async fn a_name_is_completed_while_it_is_typed() {
    let world = World::new().await;
    let names =
        |choices: Vec<twilight_model::application::command::CommandOptionChoice>| -> Vec<String> {
            choices.into_iter().map(|choice| choice.name).collect()
        };
    let offered = world
        .guild
        .owner
        .autocomplete(&world.channel, "persona adopt", "persona", "po")
        .await
        .unwrap();
    assert_eq!(names(offered).first().map(String::as_str), Some("Pogo"));
    world.owner("persona adopt", &[("persona", "Pogo")]).await;
    let offered = world
        .guild
        .owner
        .autocomplete(&world.channel, "persona adopt", "persona", "")
        .await
        .unwrap();
    let offered = names(offered);
    assert!(
        offered.contains(&"Vesper".to_owned()) && !offered.contains(&"Pogo".to_owned()),
        "{offered:?}"
    );
    let offered = world
        .ada
        .autocomplete(&world.channel, "persona switch", "persona", "inh")
        .await
        .unwrap();
    assert!(
        names(offered)
            .iter()
            .any(|name| name.starts_with("inherit"))
    );
}

#[tokio::test]
async fn an_unknown_name_is_answered_with_those_that_there_are() {
    let world = World::new().await;
    let answer = world
        .command(
            &world.guild.owner,
            &world.channel,
            "persona switch",
            &[("persona", "Gandalf")],
        )
        .await;
    assert!(
        answer.text().contains("“Gandalf”") && answer.text().contains("Pogo"),
        "{}",
        answer.text()
    );
    assert!(answer.is_ephemeral());
}

#[tokio::test]
async fn a_portrait_shows_who_it_is_with_its_face() {
    let world = World::new().await;
    let answer = world
        .command(
            &world.ada,
            &world.channel,
            "persona show",
            &[("persona", "Pogo")],
        )
        .await;
    let embed = &answer.message.embeds[0];
    assert_eq!(embed.title.as_deref(), Some("Pogo"));
    assert!(
        embed
            .fields
            .iter()
            .any(|field| field.value.contains("Version 1")),
        "{embed:?}"
    );
    assert!(embed.thumbnail.is_some());
    assert_eq!(answer.message.attachments.len(), 1);
    assert!(answer.is_ephemeral());
}

#[tokio::test]
async fn a_greeting_is_the_cards_own_and_costs_nothing() {
    let world = World::new().await;
    let answer = world
        .command(&world.ada, &world.channel, "persona greet", &[])
        .await;
    assert!(
        answer.text().contains("**Orla** said hello"),
        "{}",
        answer.text()
    );
    assert!(answer.is_ephemeral());
    let greeting = &world.spoken_in(&world.channel)[0];
    assert_eq!(greeting.author(), "Orla");
    assert!(
        greeting.text().contains("One ada sighted"),
        "{}",
        greeting.text()
    );
    assert!(world.model.generations().is_empty());
    // The persona knows that it said so.
    world.ask("thank you").await;
    assert!(
        world.last_prompt().contains("One ada sighted"),
        "{}",
        world.last_prompt()
    );
    let missing = world
        .command(
            &world.ada,
            &world.channel,
            "persona greet",
            &[("which", "99")],
        )
        .await;
    assert!(
        missing.is_ephemeral() && !missing.text().contains("said hello"),
        "{}",
        missing.text()
    );
}

#[tokio::test]
async fn a_persona_is_chosen_for_others_only_by_who_manages_them() {
    let world = World::new().await;
    let moderator_role = world
        .guild
        .add_role("moderator", Permissions::MANAGE_CHANNELS);
    let moderator = world.guild.add_member_with("mo", &[moderator_role]);
    world.owner("persona adopt", &[("persona", "Pogo")]).await;
    let pogo_for = |scope: &'static str| [("persona", "Pogo"), ("scope", scope)];
    for scope in ["this channel", "this server"] {
        let refused = world
            .command(
                &world.ada,
                &world.channel,
                "persona switch",
                &pogo_for(scope),
            )
            .await;
        assert!(
            refused.text().starts_with("You need the permission"),
            "{}",
            refused.text()
        );
    }
    let refused = world
        .command(
            &moderator,
            &world.channel,
            "persona switch",
            &pogo_for("this server"),
        )
        .await;
    assert!(
        refused.text().starts_with("You need the permission"),
        "{}",
        refused.text()
    );
    let done = world
        .command(
            &moderator,
            &world.channel,
            "persona switch",
            &pogo_for("this channel"),
        )
        .await;
    assert!(done.text().contains("in this channel"), "{}", done.text());
    assert_eq!(world.ask("hello").await.author(), "Pogo");
}

#[tokio::test]
async fn whoever_may_not_use_commands_is_stopped_by_discord() {
    let world = World::new().await;
    let refused = world
        .ada
        .command(&world.channel, "chat mode", &[("mode", "active")]);
    assert!(
        matches!(refused, Err(Refusal::NotAllowed(_))),
        "{refused:?}"
    );
}
