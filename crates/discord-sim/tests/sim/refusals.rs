//! What Discord refuses by rules: blocked words, harmful links, slow mode, old messages, nonces, closed threads.

use std::time::Duration;

use discord_sim::SimConfig;
use discord_sim::actor::Channel;
use discord_sim::interactions::Refusal;
use serde_json::{Value, json};
use twilight_model::guild::Permissions;

use crate::caller::{Home, id};
use crate::scene;

const BLOCKED: (u16, u64) = (400, 200_000);

#[tokio::test]
async fn blocked_words_block_the_bot_its_webhook_and_its_edits_and_people() {
    let home = Home::new().await;
    let path = home.in_general("/webhooks");
    let webhook = home.call("POST", &path, json!({"name": "w"})).await.ok();
    let token = webhook["token"].as_str().unwrap();
    let hook = format!("/webhooks/{}/{token}", id(&webhook));
    let own = home.text("fine").await;
    let path = format!("{hook}?wait=true");
    let hooked = home.call("POST", &path, json!({"content": "fine"})).await;
    let hooked = id(&hooked.ok());
    home.guild.block_words(&["frell*"]);

    let bad = json!({"content": "What the Frelling cat"});
    assert_eq!(home.post(bad.clone()).await.refusal(), BLOCKED);
    let path = home.in_general(&format!("/messages/{own}"));
    assert_eq!(
        home.call("PATCH", &path, bad.clone()).await.refusal(),
        BLOCKED
    );
    assert_eq!(
        home.call("POST", &hook, bad.clone()).await.refusal(),
        BLOCKED
    );
    let path = format!("{hook}/messages/{hooked}");
    assert_eq!(home.call("PATCH", &path, bad).await.refusal(), BLOCKED);
    let path = home.in_general("/threads");
    let thread = json!({"name": "frell", "type": 11});
    let titled = home.call("POST", &path, thread).await;
    assert_eq!(titled.refusal(), (400, 200_001));
    let refused = home.ada.say(&home.general, "frell it").unwrap_err();
    assert!(matches!(refused, Refusal::Blocked(200_000, _)), "{refused}");
    home.guild.owner.say(&home.general, "frell it").unwrap();

    home.guild.unblock_words();
    home.text("frell").await;
}

#[tokio::test]
async fn an_answer_to_a_command_is_blocked_where_all_would_read_it() {
    let mut scene = scene::scene(scene::ping()).await;
    let home = scene.sim.hub().world().guilds.keys().next().copied();
    let home = scene.sim.guild(home.unwrap()).unwrap();
    home.block_words(&["frell"]);
    let (_, invoked) = scene.ping().await;
    let public = json!({"type": 4, "data": {"content": "frell"}});
    let (status, body) = scene.bot.answer(&invoked, public).await;
    assert_eq!((status, &body["code"]), (400, &json!(200_000)));
    let ephemeral = json!({"type": 4, "data": {"content": "frell", "flags": 64}});
    assert_eq!(scene.bot.answer(&invoked, ephemeral).await.0, 204);
    let token = invoked["token"].as_str().unwrap();
    let path = format!("{}/{token}", scene.webhook);
    let (status, body) = scene
        .bot
        .call("POST", &path, json!({"content": "frell"}))
        .await;
    assert_eq!((status, &body["code"]), (400, &json!(200_000)));
}

#[tokio::test]
async fn harmful_links_are_blocked_in_direct_messages_too() {
    let home = Home::new().await;
    home.sim.block_links_to("evil.example");
    let direct = home.ada.dm_channel().unwrap();
    let path = format!("/channels/{}/messages", direct.id);
    let bad = json!({"content": "look: https://www.evil.example/a"});
    assert_eq!(
        home.call("POST", &path, bad).await.refusal(),
        (400, 240_000)
    );
    assert!(home.ada.say(&direct, "http://evil.example").is_err());
    home.call("POST", &path, json!({"content": "https://good.example"}))
        .await
        .ok();
}

#[tokio::test]
async fn slow_mode_holds_people_and_not_bots_unless_that_is_ordered() {
    let home = Home::new().await;
    home.general.set_slow_mode(Duration::from_secs(30)).unwrap();
    home.ada.say(&home.general, "one").unwrap();
    let refused = home.ada.say(&home.general, "two").unwrap_err();
    assert!(matches!(refused, Refusal::SlowMode(_)), "{refused}");
    for _ in 0..2 {
        home.guild.owner.say(&home.general, "mine").unwrap();
        home.text("a bot's").await;
    }
    home.sim.slow_mode_binds_bots(true);
    let refused = home.post(json!({"content": "x"})).await;
    assert_eq!(refused.refusal(), (429, 20016));
    let wait = refused.body["retry_after"].as_f64().unwrap();
    assert!(wait > 29.0 && wait <= 30.0, "{wait}");
    assert_eq!(refused.header("retry-after"), "30");
    assert_eq!(refused.body["global"], false);
    home.sim.advance(Duration::from_secs(30));
    home.text("after").await;
    home.ada.say(&home.general, "two").unwrap();
}

#[tokio::test]
async fn the_fourth_edit_of_messages_older_than_an_hour_has_to_wait() {
    let home = Home::with(SimConfig::default()).await;
    let message = home.text("0").await;
    let path = home.in_general(&format!("/messages/{message}"));
    home.sim.advance(Duration::from_secs(3_601));
    for number in 0..3 {
        let body = json!({"content": number.to_string()});
        home.call("PATCH", &path, body).await.ok();
    }
    let refused = home.call("PATCH", &path, json!({"content": "4"})).await;
    assert_eq!(refused.refusal(), (429, 30046));
    assert!(refused.body["retry_after"].as_f64().unwrap() <= 6.0);
    let young = home.text("young").await;
    let path = home.in_general(&format!("/messages/{young}"));
    home.call("PATCH", &path, json!({"content": "edited"}))
        .await
        .ok();
}

#[tokio::test]
async fn the_nonce_of_a_deleted_message_makes_none_and_returns_none() {
    let home = Home::new().await;
    let body = json!({"content": "once", "nonce": "n1", "enforce_nonce": true});
    let first = home.post(body.clone()).await.ok();
    let again = home.post(body.clone()).await.ok();
    assert_eq!(first["id"], again["id"]);
    let path = home.in_general(&format!("/messages/{}", id(&first)));
    home.call("DELETE", &path, Value::Null).await.ok();
    assert_eq!(home.post(body.clone()).await.refusal(), (404, 10_008));
    assert!(home.general.messages().is_empty());
    home.sim.advance(Duration::from_secs(301));
    home.post(body).await.ok();
}

#[tokio::test]
async fn a_reply_takes_the_permission_to_read_what_was_written() {
    let home = Home::new().await;
    let asked = home.ada.say(&home.general, "?").unwrap();
    home.general.deny_bot(Permissions::READ_MESSAGE_HISTORY);
    let reply = json!({"content": "!", "message_reference": {"message_id": asked}});
    assert_eq!(home.post(reply).await.refusal(), (403, 160_002));
}

async fn in_thread(home: &Home, thread: &Channel, method: &str, rest: &str) -> (u16, u64) {
    let path = format!("/channels/{}/messages{rest}", thread.id);
    let answer = home.call(method, &path, json!({"content": "x"})).await;
    if answer.status < 300 {
        (answer.status, 0)
    } else {
        answer.refusal()
    }
}

#[tokio::test]
async fn a_message_opens_an_archived_thread_and_an_edit_does_not() {
    let home = Home::new().await;
    let thread = home.general.start_thread(&home.ada, "t", None).unwrap();
    let path = format!("/channels/{}/messages", thread.id);
    let own = id(&home.call("POST", &path, json!({"content": "x"})).await.ok());
    thread.archive(&home.guild.owner, true).unwrap();
    let own = format!("/{own}");
    assert_eq!(
        in_thread(&home, &thread, "PATCH", &own).await,
        (400, 50_083)
    );
    assert_eq!(in_thread(&home, &thread, "POST", "").await, (200, 0));
    assert_eq!(in_thread(&home, &thread, "PATCH", &own).await, (200, 0));
}

#[tokio::test]
async fn a_locked_thread_is_shut_for_those_who_do_not_manage_threads() {
    let home = Home::new().await;
    let thread = home.general.start_thread(&home.ada, "t", None).unwrap();
    let path = format!("/channels/{}/messages", thread.id);
    let own = id(&home.call("POST", &path, json!({"content": "x"})).await.ok());
    let own = format!("/{own}");
    home.guild.set_bot_permissions(Permissions::empty());
    thread.lock(&home.guild.owner, true).unwrap();
    assert_eq!(in_thread(&home, &thread, "POST", "").await, (403, 160_005));
    assert_eq!(
        in_thread(&home, &thread, "PATCH", &own).await,
        (403, 160_005)
    );
    assert_eq!(home.ada.say(&thread, "hi").unwrap_err(), Refusal::Shut);
    thread.archive(&home.guild.owner, true).unwrap();
    assert_eq!(in_thread(&home, &thread, "POST", "").await, (400, 50_083));
    home.guild.set_bot_permissions(Permissions::MANAGE_THREADS);
    assert_eq!(in_thread(&home, &thread, "POST", "").await, (200, 0));
}

#[tokio::test]
async fn rules_can_be_set_from_outside() {
    let home = Home::with(SimConfig {
        control: true,
        ..SimConfig::default()
    })
    .await;
    let set = async |path: &str, body: Value| {
        let url = format!("{}/_sim/{path}", home.sim.base_url());
        let answer = home.http.post(url).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
    };
    set("automod", json!({"guild": "home", "words": ["*frell*"]})).await;
    assert_eq!(
        home.post(json!({"content": "frell"})).await.refusal(),
        BLOCKED
    );
    set("automod", json!({"guild": "home"})).await;
    home.text("frell").await;
    set("harmful", json!({"host": "evil.example"})).await;
    let bad = json!({"content": "https://evil.example"});
    assert_eq!(home.post(bad).await.refusal(), (400, 240_000));
    set(
        "slowmode",
        json!({"channel": "general", "seconds": 9, "bots": true}),
    )
    .await;
    assert_eq!(
        home.post(json!({"content": "x"})).await.refusal(),
        (429, 20016)
    );
    let thread = home.general.start_thread(&home.ada, "t", None).unwrap();
    home.guild.set_bot_permissions(Permissions::empty());
    set("lock", json!({"channel": thread.id})).await;
    assert_eq!(in_thread(&home, &thread, "POST", "").await, (403, 160_005));
}
