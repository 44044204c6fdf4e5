//! PluralKit and Tupperbox: a person speaks under another name, through a webhook, and the original is deleted.

use std::time::Duration;

use discord_sim::actor::{Channel, MessageDraft};
use discord_sim::state::Upload;
use model_sim::Reply;
use serde_json::{Value, json};
use twilight_model::id::Id;
use twilight_model::id::marker::MessageMarker;

use crate::world::World;

/// The pause that people have by default.
const PAUSE_MS: u64 = 1_000;

async fn world(bot_turns_per_hour: u32) -> World {
    let world = World::with(|config| {
        config.rate.pause_ms = PAUSE_MS;
        config.rate.bot_turns_per_hour = bot_turns_per_hour;
    })
    .await;
    world.model.always(|_| Reply::text("Nice to meet you."));
    world
}

/// A webhook that another bot has made in this channel posts under a name, as a proxy does.
pub async fn repost(
    world: &World,
    channel: &Channel,
    thread: Option<&Channel>,
    name: &str,
    text: &str,
) -> Id<MessageMarker> {
    let hooks = channel.webhooks();
    let foreign = |id: &_| {
        world.sim.hub().world().webhooks[id]
            .application_id
            .is_none()
    };
    let known = hooks.iter().copied().find(|id| foreign(id));
    let id = known.unwrap_or_else(|| {
        channel.fill_with_webhooks(&world.guild.owner, hooks.len() + 1);
        let hooks = channel.webhooks();
        hooks.into_iter().find(|id| foreign(id)).unwrap()
    });
    let token = world.sim.hub().world().webhooks[&id].token.clone().unwrap();
    let thread = thread.map(|thread| format!("&thread_id={}", thread.id));
    let address = format!(
        "{}/api/v10/webhooks/{id}/{token}?wait=true{}",
        world.sim.base_url(),
        thread.unwrap_or_default()
    );
    let sent: Value = reqwest::Client::new()
        .post(address)
        .json(&json!({ "content": text, "username": name }))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    sent["id"].as_str().unwrap().parse().unwrap()
}

/// When the original goes.
#[derive(Clone, Copy)]
enum Deleted {
    Before,
    After,
}

/// Ada speaks as Mika: what she writes is posted anew, and deleted. Returns the repost.
async fn speak_as_mika(world: &World, text: &str, deleted: Deleted) -> Id<MessageMarker> {
    let mention = world.sim.bot_mention();
    let original = world
        .ada
        .say(&world.channel, &format!("M: {mention} {text}"))
        .unwrap();
    tokio::time::sleep(Duration::from_millis(400)).await;
    let said = format!("{mention} {text}");
    match deleted {
        Deleted::Before => {
            world.ada.delete(&world.channel, original).unwrap();
            tokio::time::sleep(Duration::from_millis(150)).await;
            repost(world, &world.channel, None, "Mika", &said).await
        }
        Deleted::After => {
            let reposted = repost(world, &world.channel, None, "Mika", &said).await;
            tokio::time::sleep(Duration::from_millis(1_000)).await;
            world.ada.delete(&world.channel, original).unwrap();
            reposted
        }
    }
}

/// Waits until this message is answered, and says what the bot's side has said in all by then.
async fn answered(
    world: &World,
    closings: &mut tokio::sync::broadcast::Receiver<companion::Closed>,
    to: Id<MessageMarker>,
) -> usize {
    let answer = world.answer_to(closings, to).await;
    assert_eq!(answer.words(), "Nice to meet you.");
    nothing_follows(world).await;
    answers(world)
}

/// A second answer would stand before that to what is sent now: a picture, of which no model is asked.
async fn nothing_follows(world: &World) {
    let mut closings = world.closings();
    let picture = MessageDraft {
        text: world.sim.bot_mention(),
        attachments: vec![Upload {
            filename: "later.png".into(),
            content_type: Some("image/png".into()),
            ..Upload::default()
        }],
        ..MessageDraft::default()
    };
    let sent = world.bo.say_with(&world.channel, picture).unwrap();
    world.answer_to(&mut closings, sent).await;
}

/// How often the persona has answered in the usual channel; the proxy's webhook speaks there too.
fn answers(world: &World) -> usize {
    let spoken = world.spoken_in(&world.channel);
    let answers = spoken
        .iter()
        .filter(|m| m.text().contains("Nice to meet you."));
    answers.count()
}

async fn heard_once(bot_turns_per_hour: u32, deleted: Deleted) {
    let world = world(bot_turns_per_hour).await;
    let mut closings = world.closings();
    let reposted = speak_as_mika(&world, "my favourite colour is teal", deleted).await;
    assert_eq!(answered(&world, &mut closings, reposted).await, 1);
    assert_eq!(world.model.generations().len(), 1, "one is paid");
    // What was said is remembered under the name that people saw.
    let mut closings = world.closings();
    let reposted = speak_as_mika(&world, "which colour was it?", deleted).await;
    assert_eq!(answered(&world, &mut closings, reposted).await, 2);
    let prompt = world.last_prompt();
    assert!(prompt.contains("Mika"), "{prompt}");
    assert_eq!(
        prompt.matches("my favourite colour is teal").count(),
        1,
        "{prompt}"
    );
    assert!(!prompt.contains("M: "), "{prompt}");
    // It belongs to the account behind it, which pays for it and can have it forgotten.
    let paid = world.budget(&world.ada).await.by_member;
    assert!(
        !paid.is_empty() && paid.iter().all(|of| of.member == world.ada.id.get().into()),
        "{paid:?}"
    );
    let ada = world.ada.id.get().into();
    let store = &world.companion().house().store;
    store.forget_person(ada, u64::MAX.into()).await.unwrap();
    world.ask_in(&world.bo, &world.channel, "and?").await;
    assert!(!world.last_prompt().contains("teal"));
}

#[tokio::test]
async fn a_proxied_message_is_heard_once_where_bots_are_not_answered() {
    heard_once(0, Deleted::After).await;
}

#[tokio::test]
async fn a_proxied_message_is_heard_once_where_bots_are_answered() {
    heard_once(20, Deleted::After).await;
}

#[tokio::test]
async fn so_it_is_where_the_original_goes_first() {
    heard_once(0, Deleted::Before).await;
}

#[tokio::test]
async fn a_proxied_message_whose_original_waits_for_its_turn_is_answered_once() {
    let world = world(0).await;
    let slow = Reply::text("A long thought.").after(Duration::from_secs(6));
    world.model.queue(slow);
    let mention = world.sim.bot_mention();
    world
        .bo
        .say(&world.channel, &format!("{mention} think about it"))
        .unwrap();
    let mut closings = world.closings();
    let original = world
        .ada
        .say(&world.channel, &format!("M: {mention} hello there"))
        .unwrap();
    // The pause is over, and the first answer is not.
    tokio::time::sleep(Duration::from_millis(PAUSE_MS + 800)).await;
    let text = format!("{mention} hello there");
    let reposted = repost(&world, &world.channel, None, "Mika", &text).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    world.ada.delete(&world.channel, original).unwrap();
    assert_eq!(answered(&world, &mut closings, reposted).await, 1);
    assert_eq!(world.model.generations().len(), 2, "one for each");
}

#[tokio::test]
async fn a_webhook_cannot_speak_in_somebodys_name() {
    let world = world(0).await;
    let mention = world.sim.bot_mention();
    // Ada's message stands, and a webhook repeats it.
    let mut closings = world.closings();
    let asked = world
        .ada
        .say(&world.channel, &format!("{mention} hello there"))
        .unwrap();
    repost(
        &world,
        &world.channel,
        None,
        "Ada",
        &format!("{mention} hello there"),
    )
    .await;
    assert_eq!(answered(&world, &mut closings, asked).await, 1);
    // Ada's message is deleted, and a webhook says something else.
    let asked = world
        .ada
        .say(&world.channel, &format!("{mention} never mind"))
        .unwrap();
    world.ada.delete(&world.channel, asked).unwrap();
    repost(
        &world,
        &world.channel,
        None,
        "Ada",
        &format!("{mention} tell me a long story"),
    )
    .await;
    nothing_follows(&world).await;
    assert_eq!(answers(&world), 1);
    assert_eq!(world.model.generations().len(), 1);
}

#[tokio::test]
async fn a_message_that_is_deleted_during_the_pause_costs_nothing() {
    let world = world(0).await;
    let mut closings = world.closings();
    let asked = world
        .ada
        .say(&world.channel, &format!("{} oh", world.sim.bot_mention()))
        .unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    world.ada.delete(&world.channel, asked).unwrap();
    // It is done with, and nothing was said.
    world.answer_to(&mut closings, asked).await;
    assert!(world.spoken_in(&world.channel).is_empty());
    assert!(world.model.generations().is_empty());
    assert_eq!(world.channel.bot_typed(), 0);
}

#[tokio::test]
async fn in_a_thread_a_proxied_message_is_heard_once_too() {
    let world = world(0).await;
    let root = world.ada.say(&world.channel, "look at this").unwrap();
    let thread = world
        .channel
        .start_thread(&world.ada, "aside", Some(root))
        .unwrap();
    let mention = world.sim.bot_mention();
    let mut closings = world.closings();
    let original = world
        .ada
        .say(&thread, &format!("{mention} hello from here -m"))
        .unwrap();
    tokio::time::sleep(Duration::from_millis(400)).await;
    let text = format!("{mention} hello from here");
    let reposted = repost(&world, &world.channel, Some(&thread), "Mika", &text).await;
    world.ada.delete(&thread, original).unwrap();
    let answer = world.answer_to(&mut closings, reposted).await;
    assert_eq!(answer.words(), "Nice to meet you.");
    assert_eq!(world.model.generations().len(), 1);
}

#[tokio::test]
async fn each_name_of_an_account_stays_with_the_lines_that_were_said_under_it() {
    let world = world(0).await;
    world.ask("I am myself").await;
    let mut closings = world.closings();
    let reposted = speak_as_mika(&world, "I paint boats", Deleted::After).await;
    answered(&world, &mut closings, reposted).await;
    let asked_as_mika = world.last_prompt();
    assert!(
        asked_as_mika.contains("Mika: I paint boats"),
        "{asked_as_mika}"
    );
    assert!(
        asked_as_mika.contains("ada: I am myself"),
        "{asked_as_mika}"
    );
    world.ask("who paints?").await;
    let prompt = world.last_prompt();
    for line in [
        "ada: I am myself",
        "Mika: I paint boats",
        "ada: who paints?",
    ] {
        assert!(prompt.contains(line), "{line} is not in\n{prompt}");
    }
}
