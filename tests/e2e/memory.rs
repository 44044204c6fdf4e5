//! Conversations go on: after a restart, after an edit, after a deletion.

use std::time::Duration;

use discord_sim::actor::MessageDraft;
use discord_sim::state::Upload;
use store::id::ScopeId;

use crate::world::{SOON, World};

/// Waits until what is remembered of Orla's talk in the usual channel is as it should be.
async fn remembered(world: &World, what: &str, fits: impl Fn(&[String]) -> bool) {
    let house = world.companion().house();
    let (orla, _) = house
        .cast
        .speaking(companion::cast::Seat {
            guild: Some(world.guild.id.get().into()),
            channel: world.channel.id.get().into(),
            parent: None,
            user: world.ada.id.get().into(),
        })
        .await
        .unwrap()
        .unwrap();
    let scope = ScopeId {
        guild: Some(world.guild.id.get().into()),
        channel: world.channel.id.get().into(),
        persona: orla.id,
    };
    let looking = async {
        loop {
            let page = house.memory.show(&scope, None, 0).await.unwrap();
            let texts: Vec<String> = page.rows.into_iter().map(|turn| turn.text).collect();
            if fits(&texts) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(
        tokio::time::timeout(SOON, looking).await.is_ok(),
        "memory never was as expected: {what}"
    );
}

#[tokio::test]
async fn a_conversation_goes_on_after_a_restart() {
    let mut world = World::new().await;
    world.model.say("A fine name for a boat.");
    world.ask("my boat is called Marigold").await;
    world.restart().await;
    world.ask("what was my boat called?").await;
    let prompt = world.last_prompt();
    assert!(
        prompt.contains("<user> ada: my boat is called Marigold"),
        "{prompt}"
    );
    assert!(
        prompt.contains("<assistant> A fine name for a boat."),
        "{prompt}"
    );
    assert!(
        !prompt.contains("AI companion, not a person, and can be wrong"),
        "the house's own lines are not remembered"
    );
}

#[tokio::test]
async fn an_edited_message_is_remembered_as_it_now_reads() {
    let world = World::new().await;
    world.model.say("Noted.");
    let answer = world.ask("my boat is called Marigold").await;
    world
        .ada
        .edit(
            &world.channel,
            answer.to,
            &format!("{} my boat is called Petrel", world.sim.bot_mention()),
        )
        .unwrap();
    remembered(&world, "the edit", |texts| {
        texts.iter().any(|text| text.contains("Petrel"))
    })
    .await;
    world.ask("what is it called?").await;
    let prompt = world.last_prompt();
    assert!(
        prompt.contains("ada: my boat is called Petrel") && !prompt.contains("Marigold"),
        "{prompt}"
    );
}

#[tokio::test]
async fn an_edit_of_a_message_with_a_file_keeps_the_note_of_the_file() {
    let world = World::new().await;
    world.model.say("Noted.");
    let mut closings = world.closings();
    let draft = |text: &str| format!("{} {text}", world.sim.bot_mention());
    let map = Upload {
        slot: 0,
        filename: "chart.pdf".into(),
        content_type: Some("application/pdf".into()),
        description: None,
        bytes: vec![1, 2, 3],
    };
    let message = MessageDraft {
        text: draft("this is where Marigold lies"),
        attachments: vec![map],
        ..MessageDraft::default()
    };
    let asked = world.ada.say_with(&world.channel, message).unwrap();
    world.answer_to(&mut closings, asked).await;
    let note = "[sent a file: chart.pdf]";
    remembered(&world, "the file", |texts| {
        texts.contains(&format!("this is where Marigold lies\n{note}"))
    })
    .await;
    world
        .ada
        .edit(&world.channel, asked, &draft("this is where Petrel lies"))
        .unwrap();
    remembered(&world, "the edit, and the file still", |texts| {
        texts.contains(&format!("this is where Petrel lies\n{note}"))
    })
    .await;
}

#[tokio::test]
async fn a_deleted_message_is_forgotten_and_so_is_a_deleted_answer() {
    let world = World::new().await;
    world.model.say("Marigold, aye.");
    let answer = world.ask("my boat is called Marigold").await;
    world.ada.delete(&world.channel, answer.to).unwrap();
    world
        .guild
        .owner
        .delete(&world.channel, answer.first().message.id)
        .unwrap();
    remembered(&world, "the deletion", |texts| texts.is_empty()).await;
    world.model.say("What boat?");
    world.ask("what is it called?").await;
    assert!(
        !world.last_prompt().contains("Marigold"),
        "{}",
        world.last_prompt()
    );
}
