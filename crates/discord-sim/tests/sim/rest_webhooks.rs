//! Webhooks over REST.

use serde_json::{Value, json};
use twilight_model::guild::Permissions;

use crate::caller::{Home, id};
use crate::raw_bot::{INTENTS, RawBot};

const PIXEL: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

async fn made(home: &Home) -> (String, String) {
    let webhook = home
        .call(
            "POST",
            &home.in_general("/webhooks"),
            json!({"name": "Persona"}),
        )
        .await
        .ok();
    let token = webhook["token"].as_str().unwrap().to_owned();
    (id(&webhook), token)
}

#[tokio::test]
async fn a_webhook_is_made_listed_and_forgotten() {
    let home = Home::new().await;
    let mut bot = RawBot::login_with(&home.sim, INTENTS | 1 << 5).await;
    let body = json!({"name": "Persona", "avatar": PIXEL});
    let webhook = home
        .call("POST", &home.in_general("/webhooks"), body)
        .await
        .ok();
    assert_eq!(webhook["type"], 1);
    assert_eq!(webhook["application_id"], home.sim.bot_id().to_string());
    assert_eq!(
        bot.event("WEBHOOKS_UPDATE").await["channel_id"],
        home.general.id.to_string()
    );
    let face = format!(
        "{}/avatars/1/{}.png",
        home.sim.base_url(),
        webhook["avatar"].as_str().unwrap()
    );
    let face = home.http.get(face).send().await.unwrap();
    assert_eq!(face.headers()["content-type"], "image/png");
    let here = home.get(&home.in_general("/webhooks")).await.ok();
    let there = home
        .get(&format!("/guilds/{}/webhooks", home.guild.id))
        .await
        .ok();
    assert_eq!(here, there);
    assert_eq!(here[0]["token"], webhook["token"]);
    let path = format!("/webhooks/{}", id(&webhook));
    let renamed = home
        .call("PATCH", &path, json!({"name": "Other", "avatar": null}))
        .await
        .ok();
    assert_eq!(
        (&renamed["name"], &renamed["avatar"]),
        (&json!("Other"), &Value::Null)
    );
    assert_eq!(home.call("DELETE", &path, Value::Null).await.status, 204);
    assert_eq!(home.get(&path).await.refusal(), (404, 10015));
}

#[tokio::test]
async fn names_that_discord_keeps_for_itself_are_refused() {
    let home = Home::new().await;
    for (name, code) in [
        ("", "BASE_TYPE_BAD_LENGTH"),
        (&"x".repeat(81), "BASE_TYPE_BAD_LENGTH"),
        ("My Clyde", "USERNAME_INVALID_CONTAINS"),
        ("DisCord fan", "USERNAME_INVALID_CONTAINS"),
    ] {
        let answer = home
            .call("POST", &home.in_general("/webhooks"), json!({"name": name}))
            .await;
        assert_eq!(answer.refusal(), (400, 50035));
        assert_eq!(answer.field("/name"), code);
    }
    let missing = home
        .call("POST", &home.in_general("/webhooks"), json!({}))
        .await;
    assert_eq!(missing.field("/name"), "BASE_TYPE_REQUIRED");
    let (webhook, token) = made(&home).await;
    let body = json!({"content": "x", "username": "discord"});
    let answer = home
        .call("POST", &format!("/webhooks/{webhook}/{token}"), body)
        .await;
    assert_eq!(answer.field("/username"), "USERNAME_INVALID_CONTAINS");
}

#[tokio::test]
async fn a_channel_has_room_for_fifteen() {
    let home = Home::new().await;
    home.general.fill_with_webhooks(&home.ada, 15);
    let answer = home
        .call("POST", &home.in_general("/webhooks"), json!({"name": "16"}))
        .await;
    assert_eq!(answer.refusal(), (400, 30007));
}

#[tokio::test]
async fn without_the_permission_there_are_no_webhooks_to_see_or_make() {
    let home = Home::new().await;
    home.general.deny_bot(Permissions::MANAGE_WEBHOOKS);
    let made = home
        .call("POST", &home.in_general("/webhooks"), json!({"name": "x"}))
        .await;
    assert_eq!(made.refusal(), (403, 50013));
    assert_eq!(
        home.get(&home.in_general("/webhooks")).await.refusal(),
        (403, 50013)
    );
}

#[tokio::test]
async fn whoever_knows_the_token_speaks_under_any_name() {
    let home = Home::new().await;
    let mut bot = RawBot::login(&home.sim).await;
    let (webhook, token) = made(&home).await;
    let url = home.url(&format!("/webhooks/{webhook}/{token}"));
    let body = json!({"content": "hello", "username": "Vesper", "avatar_url": "https://example.com/v.png"});
    // No bot's token goes with it.
    let silent = home.send(home.http.post(&url).json(&body)).await;
    assert_eq!(silent.status, 204);
    let event = bot.event("MESSAGE_CREATE").await;
    assert_eq!(event["webhook_id"], webhook);
    assert_eq!(event["author"]["username"], "Vesper");
    assert_eq!(event["author"]["id"], webhook);
    assert!(event["member"].is_null());
    let told = home
        .send(home.http.post(format!("{url}?wait=true")).json(&body))
        .await;
    assert_eq!(told.status, 200);
    let message = id(&told.body);
    let path = format!("{url}/messages/{message}");
    let edited = home
        .send(home.http.patch(&path).json(&json!({"content": "changed"})))
        .await
        .ok();
    assert_eq!(edited["content"], "changed");
    assert_eq!(
        home.send(home.http.get(&path)).await.ok()["content"],
        "changed"
    );
    assert_eq!(home.send(home.http.delete(&path)).await.status, 204);
    assert_eq!(
        home.send(home.http.get(&path)).await.refusal(),
        (404, 10008)
    );
    let empty = home.send(home.http.post(&url).json(&json!({}))).await;
    assert_eq!(empty.refusal(), (400, 50006));
}

#[tokio::test]
async fn an_unknown_webhook_and_a_wrong_token_are_told_apart() {
    let home = Home::new().await;
    let (webhook, token) = made(&home).await;
    let body = json!({"content": "x"});
    let wrong = home
        .call("POST", &format!("/webhooks/{webhook}/no"), body.clone())
        .await;
    assert_eq!(wrong.refusal(), (401, 50027));
    home.general.delete_webhooks();
    let gone = home
        .call("POST", &format!("/webhooks/{webhook}/{token}"), body)
        .await;
    assert_eq!(gone.refusal(), (404, 10015));
}

#[tokio::test]
async fn a_webhook_speaks_and_edits_only_what_is_its_own_in_a_thread() {
    let home = Home::new().await;
    let (webhook, token) = made(&home).await;
    let thread = home.general.start_thread(&home.ada, "talk", None).unwrap();
    let path = format!("/webhooks/{webhook}/{token}");
    let body = json!({"content": "inside"});
    let sent = home
        .call(
            "POST",
            &format!("{path}?wait=true&thread_id={}", thread.id),
            body.clone(),
        )
        .await
        .ok();
    assert_eq!(sent["channel_id"], thread.id.to_string());
    let message = format!("{path}/messages/{}", id(&sent));
    assert_eq!(
        home.call("PATCH", &message, body.clone()).await.refusal(),
        (404, 10008)
    );
    let there = format!("{message}?thread_id={}", thread.id);
    assert_eq!(home.call("PATCH", &there, body.clone()).await.status, 200);
    let mine = home.text("the bot's own").await;
    let foreign = home
        .call("PATCH", &format!("{path}/messages/{mine}"), body.clone())
        .await;
    assert_eq!(foreign.refusal(), (404, 10008));
    let other = home.guild.add_channel("other");
    let elsewhere = format!("{path}?thread_id={}", other.id);
    assert_eq!(
        home.call("POST", &elsewhere, body).await.refusal(),
        (404, 10003)
    );
}
