//! What serenity cannot parse is read all the same, and no word of it reaches the log.

use std::process::Stdio;

use chrono::TimeDelta;
use serde_json::json;
use tokio::process::Child;

use super::{garnish, merge, ornament};
use crate::program::{familiar, written};
use crate::world::{SOON, World};

#[tokio::test]
async fn a_message_of_an_ornate_person_is_answered_and_its_edit_is_heard() {
    let world = World::new().await;
    world.sim.alter_events(|name, told| {
        if name.starts_with("MESSAGE_") && told["author"]["bot"] == false {
            merge(&mut told["author"], &ornament());
        }
        true
    });
    let answer = world.ask("my boat is called Marigold").await;
    assert_eq!(answer.author(), "Orla");
    let edited = format!("{} my boat is called Petrel", world.sim.bot_mention());
    world.ada.edit(&world.channel, answer.to, &edited).unwrap();
    world.ask("go on").await;
    let told = figures(&world).await;
    assert!(told.contains("familiar_events_lost_total 0"), "{told}");
    assert!(!told.contains("familiar_events_mended_total 0"), "{told}");
}

#[tokio::test]
async fn an_edit_that_does_not_name_its_author_is_heard() {
    let world = World::new().await;
    let answer = world.ask("my boat is called Marigold").await;
    world.sim.alter_events(|name, told| {
        if name == "MESSAGE_UPDATE" && told["author"]["bot"] == false {
            let fields = told.as_object_mut().unwrap();
            fields.remove("author");
            fields.remove("member");
        }
        true
    });
    let edited = format!("{} my boat is called Petrel", world.sim.bot_mention());
    world.ada.edit(&world.channel, answer.to, &edited).unwrap();
    let heard = async {
        loop {
            world.ask("go on").await;
            if world.last_prompt().contains("Petrel") {
                return;
            }
        }
    };
    tokio::time::timeout(SOON, heard).await.unwrap();
    assert!(!world.last_prompt().contains("Marigold"));
}

#[tokio::test]
async fn whatever_is_odd_about_a_message_it_is_read() {
    let world = World::new().await;
    for (number, odd) in [
        json!({"author": ornament()}),
        json!({"author": {"public_flags": 1_u64 << 40}}),
        json!({"author": {"primary_guild": {"identity_guild_id": "1", "identity_enabled": true, "tag": "A", "badge": "x"}}}),
        json!({"attachments": [{"id": "1", "filename": "big.iso", "size": 1_u64 << 33, "url": "u", "proxy_url": "u"}]}),
        json!({"tts": null, "pinned": null, "embeds": "none"}),
        json!({"mentions": [{"id": world.sim.bot_id().to_string(), "username": "Familiar"}], "sticker_items": 7}),
    ]
    .into_iter()
    .enumerate()
    {
        garnish(&world, odd);
        let text = format!("what about {number}?");
        world.ask(&text).await;
        assert!(world.last_prompt().contains(&text), "{number}");
    }
}

#[tokio::test]
async fn an_ornate_person_uses_commands() {
    let world = World::new().await;
    world.sim.alter_events(|name, told| {
        if name == "INTERACTION_CREATE" {
            merge(&mut told["member"]["user"], &ornament());
        }
        true
    });
    let shown = world
        .command(&world.ada, &world.channel, "persona list", &[])
        .await;
    assert!(
        shown.text().contains("Orla") || !shown.message.embeds.is_empty(),
        "{shown:?}"
    );
}

#[tokio::test]
async fn one_odd_message_does_not_lose_what_else_was_missed() {
    let mut world = World::new().await;
    world.ask("hello").await;
    world.stop().await;
    let call = |text: &str| format!("{} {text}", world.sim.bot_mention());
    world
        .ada
        .say(&world.channel, &call("are you back?"))
        .unwrap();
    world.bo.say(&world.channel, &call("and with me?")).unwrap();
    world.later(TimeDelta::seconds(30));
    let page = ornate_page(&world);
    world
        .sim
        .fail_times("GET /channels/*/messages", 200, page, 1);
    world.start().await;
    for text in ["are you back?", "and with me?"] {
        let seen = tokio::time::timeout(SOON, async {
            while !world.prompts().iter().any(|prompt| prompt.contains(text)) {
                tokio::task::yield_now().await;
            }
        });
        assert!(seen.await.is_ok(), "{text}: {:?}", world.prompts());
    }
}

/// The newest two messages, as the REST API tells them, of ornate people.
fn ornate_page(world: &World) -> serde_json::Value {
    let state = world.sim.hub().world();
    let messages = state.channels[&world.channel.id].messages.values();
    let told = messages.rev().take(2).map(|stored| {
        let mut told = state.message_json(stored);
        merge(&mut told["author"], &ornament());
        told
    });
    told.collect::<Vec<_>>().into()
}

/// The program with everything in its log that can be wished for.
fn talkative(world: &World) -> Child {
    let log = std::fs::File::create(world.config.instance.data.join("log")).unwrap();
    familiar(&written(world))
        .arg("run")
        .env("TEST_TOKEN", world.sim.token())
        .env(
            "RUST_LOG",
            "trace,serenity::gateway::ws=trace,serenity::client=trace",
        )
        .stderr(Stdio::from(log))
        .spawn()
        .unwrap()
}

#[tokio::test]
async fn no_word_of_an_event_that_cannot_be_read_reaches_the_log() {
    let world = World::without_bot(World::discord(), |_| {}).await;
    let mut process = talkative(&world);
    world.sim.wait_ready(SOON).await.unwrap();
    world.sim.wait_for_commands(SOON).await.unwrap();
    world.sim.alter_events(|name, told| {
        match name {
            "MESSAGE_CREATE" => merge(told, &json!({"author": ornament(), "flags": "KANARIA"})),
            "INTERACTION_CREATE" => merge(
                told,
                &json!({"member": "KANARIA", "data": {"name": ["KANARIA"]}}),
            ),
            "CHANNEL_UPDATE" => merge(told, &json!({"name": ["KANARIA"], "id": "KANARIA"})),
            _ => {}
        }
        true
    });
    world.model.say("First.");
    let text = format!("{} KANARIA sings", world.sim.bot_mention());
    world.ada.say(&world.channel, &text).unwrap();
    spoken(&world, "First.").await;
    // Nobody can answer this one; what counts is what is written of it.
    let _ = world.ada.bare_command(&world.channel, "persona list");
    world
        .channel
        .deny_bot(twilight_model::guild::Permissions::ADD_REACTIONS);
    world.model.say("Second.");
    world
        .ada
        .say(
            &world.channel,
            &format!("{} and KANARIA again", world.sim.bot_mention()),
        )
        .unwrap();
    spoken(&world, "Second.").await;
    process.start_kill().unwrap();
    process.wait().await.unwrap();
    let log = std::fs::read_to_string(world.config.instance.data.join("log")).unwrap();
    assert!(log.contains("serenity cannot parse"), "{log}");
    assert!(log.contains("TRACE"), "it is as talkative as can be");
    let lines: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("KANARIA"))
        .collect();
    assert!(lines.is_empty(), "{lines:?}");
    assert!(!log.contains(&world.sim.token()), "nor does the token");
}

async fn spoken(world: &World, text: &str) {
    let fits = |stored: &discord_sim::state::StoredMessage| {
        stored.by_bot() && stored.text().contains(text)
    };
    world
        .sim
        .wait_for_message(&world.channel, fits, SOON)
        .await
        .unwrap();
}

async fn figures(world: &World) -> String {
    let address = world.figures().await;
    let answer = reqwest::get(format!("http://{address}/metrics"))
        .await
        .unwrap();
    answer.text().await.unwrap()
}
