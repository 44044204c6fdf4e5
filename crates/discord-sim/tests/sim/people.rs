//! The Rust API: what people do and see, waiting, and faults on order.

use std::time::{Duration, Instant};

use discord_sim::actor::{ChannelSpec, MessageDraft};
use discord_sim::interactions::Refusal;
use discord_sim::{Sim, SimConfig};
use serde_json::{Value, json};
use twilight_model::guild::Permissions;

use crate::raw_bot::{RawBot, SOON};

async fn start() -> Sim {
    Sim::start(SimConfig::default()).await.unwrap()
}

#[tokio::test]
async fn a_message_that_is_waited_for_is_found_when_it_comes() {
    let sim = start().await;
    let home = sim.add_guild("home");
    let general = home.add_channel("general");
    let ada = home.add_member("ada");
    let waiting = {
        let (sim, general) = (sim.clone(), general.clone());
        tokio::spawn(async move {
            sim.wait_for_message(&general, |m| m.text() == "two", SOON)
                .await
        })
    };
    ada.say(&general, "one").unwrap();
    let two = ada.say(&general, "two").unwrap();
    assert_eq!(waiting.await.unwrap().unwrap().message.id, two);
    let vain = sim
        .wait_for_message(&general, |m| m.text() == "three", Duration::from_millis(50))
        .await
        .unwrap_err();
    assert!(vain.to_string().contains("#general ada: \"two\""), "{vain}");
}

#[tokio::test]
async fn edits_leave_their_revisions_with_times() {
    let sim = start().await;
    let home = sim.add_guild("home");
    let general = home.add_channel("general");
    let ada = home.add_member("ada");
    let id = ada.say(&general, "first").unwrap();
    sim.advance(Duration::from_secs(2));
    ada.edit(&general, id, "second").unwrap();
    let stored = general.message(id).unwrap();
    let texts: Vec<_> = stored
        .revisions
        .iter()
        .map(|r| r.content.as_str())
        .collect();
    assert_eq!(texts, ["first", "second"]);
    let apart = stored.revisions[1].at.as_secs() - stored.revisions[0].at.as_secs();
    assert!(apart >= 2);
    ada.delete(&general, id).unwrap();
    assert!(general.messages().is_empty());
}

#[tokio::test]
async fn people_are_held_to_their_permissions_and_limits() {
    let sim = start().await;
    let home = sim.add_guild("home");
    let locked = home.add_channel("locked");
    locked.overwrite_role(
        home.id.cast(),
        Permissions::empty(),
        Permissions::SEND_MESSAGES,
    );
    let ada = home.add_member("ada");
    let stranger = sim.add_person("stranger");
    assert_eq!(ada.say(&locked, "hi").unwrap_err(), Refusal::CannotWrite);
    assert_eq!(
        stranger.say(&locked, "hi").unwrap_err(),
        Refusal::CannotWrite
    );
    let written = home.owner.say(&locked, "order!").unwrap();
    assert!(ada.edit(&locked, written, "mine").is_err());
    assert!(ada.delete(&locked, written).is_err());
    let open = home.add_channel("open");
    assert_eq!(
        ada.say(&open, &"x".repeat(6_000)).unwrap_err(),
        Refusal::TooLong(6_000)
    );
    assert_eq!(ada.say(&open, " ").unwrap_err(), Refusal::Empty);
    // Only those who may mention everyone do.
    let id = ada.say(&open, "@everyone hi").unwrap();
    assert!(!open.message(id).unwrap().message.mention_everyone);
    let id = home.owner.say(&open, "@everyone hi").unwrap();
    assert!(open.message(id).unwrap().message.mention_everyone);
}

#[tokio::test]
async fn overwrites_apply_in_discords_order() {
    let sim = start().await;
    let home = sim.add_guild("home");
    let loud = home.add_role("loud", Permissions::empty());
    let muted = home.add_role("muted", Permissions::empty());
    let spec = ChannelSpec {
        name: "stage".to_owned(),
        nsfw: true,
        ..ChannelSpec::default()
    };
    let stage = home.add_channel(spec);
    let send = Permissions::SEND_MESSAGES;
    let may = |person: &discord_sim::actor::Person| {
        sim.hub()
            .world()
            .permissions(person.id, stage.id)
            .contains(send)
    };
    stage.overwrite_role(home.id.cast(), Permissions::empty(), send);
    stage.overwrite_role(muted, Permissions::empty(), send);
    let plain = home.add_member("plain");
    let both = home.add_member_with("both", &[loud, muted]);
    assert!(!may(&plain) && !may(&both));
    // Allowed by one role wins over denied by another.
    stage.overwrite_role(loud, send, Permissions::empty());
    assert!(may(&both) && !may(&plain));
    // A thread takes all this, and the age restriction, from its channel; writing in it is a permission of its own.
    let thread = stage.start_thread(&home.owner, "aside", None).unwrap();
    assert!(sim.hub().world().is_age_restricted(thread.id));
    plain.say(&thread, "in the thread").unwrap();
    // Who does not see the channel may do nothing there.
    stage.overwrite_role(
        home.id.cast(),
        Permissions::empty(),
        Permissions::VIEW_CHANNEL,
    );
    assert!(
        sim.hub()
            .world()
            .permissions(plain.id, thread.id)
            .is_empty()
    );
    assert!(may(&home.owner));
}

#[tokio::test]
async fn requests_fail_wait_and_meet_limits_on_order() {
    let sim = start().await;
    let home = sim.add_guild("home");
    let general = home.add_channel("general");
    let bot = RawBot::login(&sim).await;
    let path = format!("/channels/{}/messages", general.id);
    let hi = json!({"content": "hi"});
    sim.fail_next("POST /channels/*/messages", 500, json!("<html>"));
    assert_eq!(
        bot.call("POST", &path, hi.clone()).await,
        (500, Value::Null)
    );
    assert!(general.messages().is_empty());
    sim.rate_limit_next("POST /channels/*/messages", Duration::from_millis(1_500));
    let (status, body) = bot.call("POST", &path, hi.clone()).await;
    assert_eq!((status, &body["retry_after"]), (429, &json!(1.5)));
    sim.fail_next_after_effect("POST /channels/*/messages", 502, json!("<html>"));
    assert_eq!(bot.call("POST", &path, hi.clone()).await.0, 502);
    assert_eq!(general.messages().len(), 1);
    sim.delay("POST /channels/*/messages", Duration::from_millis(100));
    let began = Instant::now();
    assert_eq!(bot.call("POST", &path, hi).await.0, 200);
    assert!(began.elapsed() >= Duration::from_millis(100));
    let statuses: Vec<_> = sim
        .wait_for_requests("POST /channels/*/messages", 4, SOON)
        .await
        .unwrap()
        .iter()
        .map(|request| request.status)
        .collect();
    assert_eq!(statuses, [500, 429, 502, 200]);
}

#[tokio::test]
async fn a_reply_refers_to_its_message_and_reactions_are_counted() {
    let sim = start().await;
    let home = sim.add_guild("home");
    let general = home.add_channel("general");
    let ada = home.add_member("ada");
    let bob = home.add_member("bob");
    let first = ada.say(&general, "first").unwrap();
    let draft = MessageDraft {
        text: "second".to_owned(),
        reply_to: Some(first),
        ..MessageDraft::default()
    };
    let mut bot = RawBot::login_with(&sim, crate::raw_bot::INTENTS | 1 << 10).await;
    bot.event("GUILD_CREATE").await;
    bob.say_with(&general, draft).unwrap();
    let told = bot.event("MESSAGE_CREATE").await;
    assert_eq!(told["referenced_message"]["content"], "first");
    assert_eq!(told["mentions"][0]["id"], ada.id.to_string());
    assert_eq!(told["mentions"][0]["global_name"], "ada");
    assert_eq!(told["channel_type"], 0);
    assert!(told["member"].get("user").is_none());
    for person in [&ada, &bob, &bob] {
        person.react(&general, first, "👍").unwrap();
    }
    let told = bot.event("MESSAGE_REACTION_ADD").await;
    assert_eq!(told["emoji"]["name"], "👍");
    assert_eq!(
        general.message(first).unwrap().message.reactions[0].count,
        2
    );
}

#[tokio::test]
async fn every_request_is_written_to_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("requests.jsonl");
    let sim = Sim::start(SimConfig {
        record: Some(file.clone()),
        ..SimConfig::default()
    })
    .await
    .unwrap();
    let bot = RawBot::connect(&sim).await;
    bot.call("GET", "/users/@me?x=1", Value::Null).await;
    sim.wait_for_requests("GET /users/@me", 1, SOON)
        .await
        .unwrap();
    let line: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let expected =
        json!({"method": "GET", "path": "/api/v10/users/@me?x=1", "body": null, "status": 200});
    assert_eq!(line, expected);
}

#[tokio::test]
async fn from_outside_people_act_over_http() {
    let sim = Sim::start(SimConfig {
        control: true,
        ..SimConfig::default()
    })
    .await
    .unwrap();
    let home = sim.add_guild("home");
    let general = home.add_channel("general");
    home.add_member("ada");
    let http = reqwest::Client::new();
    let at = |path: &str| format!("{}/_sim{path}", sim.base_url());
    let post = async |path: &str, body: Value| -> (u16, Value) {
        let answer = http.post(at(path)).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    };
    let (status, said) = post(
        "/say",
        json!({"user": "ada", "channel": "general", "text": "hello"}),
    )
    .await;
    assert_eq!((status, &said["content"]), (200, &json!("hello")));
    assert_eq!(general.messages()[0].text(), "hello");
    let (status, error) = post("/say", json!({"user": "eve", "channel": "general"})).await;
    assert_eq!(status, 404, "{error}");
    let (status, error) = post(
        "/command",
        json!({"user": "ada", "channel": "general", "command": "no"}),
    )
    .await;
    assert_eq!(status, 422);
    assert_eq!(error["error"], "there is no command `no` here");
    let found = http
        .get(at("/messages?channel=general&contains=hell"))
        .send();
    let found: Value = found.await.unwrap().json().await.unwrap();
    assert_eq!(found[0]["revisions"][0]["content"], "hello");
    let plain = start().await;
    let absent = http.get(format!("{}/_sim", plain.base_url())).send().await;
    assert_eq!(absent.unwrap().status(), 404);
}
