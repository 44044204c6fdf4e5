//! Threads, reactions, channels, servers and members over REST.

use discord_sim::config::Privileged;
use serde_json::{Value, json};
use twilight_model::guild::Permissions;

use crate::caller::{Home, id};
use crate::raw_bot::RawBot;

#[tokio::test]
async fn a_thread_hangs_on_its_message_and_shares_its_id() {
    let home = Home::new().await;
    let mut bot = RawBot::login(&home.sim).await;
    let message = home.ada.say(&home.general, "start here").unwrap();
    let path = home.in_general(&format!("/messages/{message}/threads"));
    let answer = home.call("POST", &path, json!({"name": "talk"})).await;
    assert_eq!(answer.status, 201);
    let thread = answer.ok();
    assert_eq!(id(&thread), message.to_string());
    assert_eq!(thread["type"], 11);
    assert_eq!(thread["thread_metadata"]["archived"], false);
    assert_eq!(bot.event("THREAD_CREATE").await["newly_created"], true);
    let update = bot.event("MESSAGE_UPDATE").await;
    assert_eq!(update["flags"], 1 << 5);
    assert!(update["edited_timestamp"].is_null());
    let again = home.call("POST", &path, json!({"name": "talk"})).await;
    assert_eq!(again.refusal(), (400, 160_004));
}

#[tokio::test]
async fn an_archived_thread_opens_for_a_new_message_but_not_for_an_edit() {
    let home = Home::new().await;
    let body = json!({"name": "talk", "type": 11});
    let thread = home
        .call("POST", &home.in_general("/threads"), body)
        .await
        .ok();
    let path = format!("/channels/{}", id(&thread));
    let message = home
        .call("POST", &format!("{path}/messages"), json!({"content": "x"}))
        .await
        .ok();
    home.call("PATCH", &path, json!({"archived": true}))
        .await
        .ok();
    let message = format!("{path}/messages/{}", id(&message));
    let edit = home.call("PATCH", &message, json!({"content": "y"})).await;
    assert_eq!(edit.refusal(), (400, 50083));
    let joined = home
        .call("PUT", &format!("{path}/thread-members/@me"), Value::Null)
        .await;
    assert_eq!(joined.refusal(), (400, 50083));
    home.call("POST", &format!("{path}/messages"), json!({"content": "z"}))
        .await
        .ok();
    assert_eq!(
        home.get(&path).await.ok()["thread_metadata"]["archived"],
        false
    );
}

#[tokio::test]
async fn a_locked_thread_stays_shut_for_who_does_not_manage_threads() {
    let home = Home::new().await;
    let body = json!({"name": "talk", "type": 11});
    let thread = home
        .call("POST", &home.in_general("/threads"), body)
        .await
        .ok();
    let path = format!("/channels/{}", id(&thread));
    home.call("PATCH", &path, json!({"archived": true, "locked": true}))
        .await
        .ok();
    home.guild.set_bot_permissions(Permissions::empty());
    let answer = home
        .call("POST", &format!("{path}/messages"), json!({"content": "x"}))
        .await;
    assert_eq!(answer.refusal(), (400, 50083));
    assert_eq!(
        home.call("PATCH", &path, json!({"archived": false}))
            .await
            .refusal(),
        (403, 50013)
    );
}

#[tokio::test]
async fn threads_are_joined_left_and_listed() {
    let home = Home::new().await;
    let mut bot = RawBot::login(&home.sim).await;
    let thread = home.general.start_thread(&home.ada, "talk", None).unwrap();
    let me = format!("/channels/{}/thread-members/@me", thread.id);
    assert_eq!(home.call("PUT", &me, Value::Null).await.status, 204);
    let update = bot.event("THREAD_MEMBERS_UPDATE").await;
    assert_eq!(update["member_count"], 2);
    let active = home
        .get(&format!("/guilds/{}/threads/active", home.guild.id))
        .await
        .ok();
    assert_eq!(active["threads"][0]["id"], thread.id.to_string());
    assert_eq!(active["members"].as_array().unwrap().len(), 1);
    assert_eq!(home.call("DELETE", &me, Value::Null).await.status, 204);
    let path = format!("/channels/{}", thread.id);
    assert_eq!(home.call("DELETE", &path, Value::Null).await.status, 200);
    assert_eq!(
        bot.event("THREAD_DELETE").await["parent_id"],
        home.general.id.to_string()
    );
    assert_eq!(home.get(&path).await.refusal(), (404, 10003));
}

#[tokio::test]
async fn reactions_come_and_go() {
    let home = Home::new().await;
    let mut bot = RawBot::login_with(&home.sim, 1 | 1 << 9 | 1 << 10).await;
    let message = home.ada.say(&home.general, "nice").unwrap();
    let path = home.in_general(&format!("/messages/{message}/reactions"));
    // 👍
    let thumb = format!("{path}/%F0%9F%91%8D");
    assert_eq!(
        home.call("PUT", &format!("{thumb}/@me"), Value::Null)
            .await
            .status,
        204
    );
    let event = bot.event("MESSAGE_REACTION_ADD").await;
    assert_eq!(event["emoji"]["name"], "👍");
    home.ada.react(&home.general, message, "👍").unwrap();
    assert_eq!(home.get(&thumb).await.ok().as_array().unwrap().len(), 2);
    let shown = home
        .get(&home.in_general(&format!("/messages/{message}")))
        .await
        .ok();
    assert_eq!(shown["reactions"][0]["count"], 2);
    assert_eq!(shown["reactions"][0]["me"], true);
    assert_eq!(
        home.call("DELETE", &format!("{thumb}/@me"), Value::Null)
            .await
            .status,
        204
    );
    let hers = format!("{thumb}/{}", home.ada.id);
    assert_eq!(
        home.call("DELETE", &hers, Value::Null).await.refusal(),
        (403, 50013)
    );
    let unknown = home
        .call("PUT", &format!("{path}/thumb/@me"), Value::Null)
        .await;
    assert_eq!(unknown.refusal(), (400, 10014));
    home.guild.set_bot_permissions(Permissions::MANAGE_MESSAGES);
    assert_eq!(home.call("DELETE", &path, Value::Null).await.status, 204);
    assert!(bot.event("MESSAGE_REACTION_REMOVE_ALL").await["message_id"].is_string());
}

#[tokio::test]
async fn a_channel_is_changed_by_who_manages_channels() {
    let home = Home::new().await;
    let path = home.in_general("");
    assert_eq!(
        home.call("PATCH", &path, json!({"name": "x"}))
            .await
            .refusal(),
        (403, 50013)
    );
    home.guild.set_bot_permissions(Permissions::MANAGE_CHANNELS);
    let mut bot = RawBot::login(&home.sim).await;
    let changed = home
        .call("PATCH", &path, json!({"topic": "here", "nsfw": true}))
        .await
        .ok();
    assert_eq!(
        (&changed["topic"], &changed["nsfw"]),
        (&json!("here"), &json!(true))
    );
    assert_eq!(changed["name"], "general");
    assert_eq!(bot.event("CHANNEL_UPDATE").await["topic"], "here");
    home.call("DELETE", &path, Value::Null).await.ok();
    assert_eq!(
        bot.event("CHANNEL_DELETE").await["id"],
        home.general.id.to_string()
    );
}

#[tokio::test]
async fn a_server_is_seen_by_its_bot_only() {
    let home = Home::new().await;
    let path = format!("/guilds/{}", home.guild.id);
    let guild = home.get(&format!("{path}?with_counts=true")).await.ok();
    assert_eq!(guild["name"], "home");
    assert_eq!(guild["approximate_member_count"], 3);
    assert!(guild.get("members").is_none());
    assert_eq!(
        home.get(&format!("{path}/channels")).await.ok()[0]["name"],
        "general"
    );
    assert_eq!(
        home.get(&format!("{path}/roles")).await.ok()[0]["name"],
        "@everyone"
    );
    let mine = home.get("/users/@me/guilds").await.ok();
    assert_eq!(mine.as_array().unwrap().len(), 1);
    let ada = home
        .get(&format!("{path}/members/{}", home.ada.id))
        .await
        .ok();
    assert_eq!(ada["user"]["username"], "ada");
    let stranger = home.sim.add_person("eve");
    let answer = home.get(&format!("{path}/members/{}", stranger.id)).await;
    assert_eq!(answer.refusal(), (404, 10007));
    assert_eq!(
        home.get(&format!("{path}/members/7")).await.refusal(),
        (404, 10013)
    );
    let foreign = home.sim.add_guild_without_bot("away");
    let answer = home.get(&format!("/guilds/{}", foreign.id)).await;
    assert_eq!(answer.refusal(), (404, 10004));
}

#[tokio::test]
async fn listing_members_takes_the_privileged_switch() {
    let home = Home::new().await;
    let path = format!("/guilds/{}/members?limit=10", home.guild.id);
    assert_eq!(home.get(&path).await.ok().as_array().unwrap().len(), 3);
    home.sim.set_privileged(Privileged::NONE);
    assert_eq!(home.get(&path).await.refusal(), (403, 50001));
}
