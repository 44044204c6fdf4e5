//! Memory outlasts a long conversation and a run that was cut off, and the prompt stays small.

use discord_sim::state::StoredMessage;
use memory::{Author, NewTurn, TurnKind};
use model_sim::Reply;
use store::claims::NewClaim;
use store::id::ScopeId;

use crate::world::{SOON, World};

#[tokio::test]
async fn what_was_said_long_ago_comes_back_and_the_prompt_stays_small() {
    let world = World::new().await;
    let first = world.ask("my goat is called Balthazar").await;
    let house = world.companion().house();
    let (orla, said) = (first.first().message.id.get().into(), first.to.get().into());
    let scope = ScopeId {
        guild: Some(world.guild.id.get().into()),
        channel: world.channel.id.get().into(),
        persona: house.store.persona_of_message(orla).await.unwrap().unwrap(),
    };
    for n in 0..60_u64 {
        let turn = NewTurn {
            scope,
            author: Author::Person(world.ada.id.get().into()),
            author_name: "ada".into(),
            kind: TurnKind::Chat,
            text: format!(
                "remark {n}: the tide tables of this harbour are long, dull and full of numbers, and I read them all"
            ),
            messages: vec![(first.to.get() + 1_000 + n).into()],
            at: store::clock::Clock::now(&*world.clock),
            reply_to: Some(said),
            answers: None,
            proxied: false,
        };
        house.memory.remember_turn(turn).await.unwrap();
    }
    world.ask("do you remember the name of my goat?").await;
    let prompt = world.last_prompt();
    assert!(prompt.contains("Balthazar"), "{prompt}");
    assert!(
        !prompt.contains("remark 3:"),
        "the whole history is not sent"
    );
    assert!(
        memory::tokens(&prompt) <= 3_300,
        "{} tokens",
        memory::tokens(&prompt)
    );
}

#[tokio::test]
async fn a_message_that_a_killed_run_had_claimed_is_answered_by_the_next_one_once() {
    let mut world = World::new().await;
    world.ask("hello").await;
    world.stop().await;
    let text = format!("{} did you hear that?", world.sim.bot_mention());
    let message = world.ada.say(&world.channel, &text).unwrap();
    // As a run leaves it that claimed the message and was killed.
    let store = familiar::setup::open_store(&world.config).await.unwrap();
    let (guild, channel) = (world.guild.id.get().into(), world.channel.id.get().into());
    let now = store::clock::Clock::now(&*world.clock);
    let author = world.ada.id.get().into();
    store
        .claim(
            NewClaim::of(message.get().into(), channel, Some(guild), author),
            0,
            now,
        )
        .await
        .unwrap();
    store.close().await.unwrap();
    world.model.always(|_| Reply::text("Loud and clear."));
    world.start().await;
    let said = |message: &StoredMessage| message.text().contains("Loud and clear.");
    world
        .sim
        .wait_for_message(&world.channel, said, SOON)
        .await
        .unwrap();
    world.ask("good").await;
    let spoken = world.spoken_in(&world.channel);
    let answers = spoken.iter().filter(|message| said(message)).count();
    assert_eq!(answers, 2, "that message and the next, once each");
}
