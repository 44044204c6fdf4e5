//! Threads and posts: how they begin, how they are shut, how they end.

use std::time::Duration;

use discord_sim::actor::ChannelSpec;
use serde_json::{Value, json};
use twilight_model::channel::ChannelType;
use twilight_model::guild::Permissions;

use crate::caller::{Home, id};
use crate::raw_bot::RawBot;

#[tokio::test]
async fn a_thread_on_a_message_changes_it_and_begins_with_a_line_that_points_to_it() {
    let home = Home::new().await;
    let mut bot = RawBot::login(&home.sim).await;
    let message = home.ada.say(&home.general, "start here").unwrap();
    let thread = home
        .general
        .start_thread(&home.ada, "aside", Some(message))
        .unwrap();
    assert_eq!(thread.id.get(), message.get());
    assert_eq!(bot.event("THREAD_CREATE").await["newly_created"], true);
    let update = bot.event("MESSAGE_UPDATE").await;
    assert_eq!(update["flags"], 1 << 5);
    assert_eq!(update["thread"]["name"], "aside");
    assert_eq!(update["content"], "start here");
    assert!(update["edited_timestamp"].is_null());
    let starter = bot.event("MESSAGE_CREATE").await;
    assert_eq!(starter["type"], 21);
    assert_eq!(starter["channel_id"], thread.id.to_string());
    assert_eq!(starter["content"], "");
    assert_eq!(
        starter["message_reference"]["message_id"],
        message.to_string()
    );
    assert_eq!(starter["referenced_message"]["content"], "start here");
    // Neither counts as a message of the thread, nor does the channel get a line for so young a message.
    let shown = home.get(&format!("/channels/{}", thread.id)).await.ok();
    assert_eq!(shown["message_count"], 0);
    assert_eq!(home.general.messages().len(), 1);
}

#[tokio::test]
async fn a_thread_without_a_message_or_on_an_old_one_is_told_in_the_channel() {
    let home = Home::new().await;
    let thread = home.general.start_thread(&home.ada, "plans", None).unwrap();
    let line = home.general.messages().pop().unwrap().message;
    assert_eq!((u8::from(line.kind), line.content.as_str()), (18, "plans"));
    let reference = line.reference.unwrap();
    assert_eq!(reference.channel_id, Some(thread.id));
    assert_eq!(reference.message_id, None);
    assert!(thread.messages().is_empty());
    let message = home.ada.say(&home.general, "old").unwrap();
    home.sim.advance(Duration::from_secs(3_600));
    home.general
        .start_thread(&home.ada, "late", Some(message))
        .unwrap();
    let line = home.general.messages().pop().unwrap().message;
    assert_eq!(u8::from(line.kind), 18);
}

#[tokio::test]
async fn a_post_begins_with_a_message_of_its_own_id_and_the_forum_itself_takes_none() {
    let home = Home::new().await;
    let forum = home
        .guild
        .add_channel(ChannelSpec::of(ChannelType::GuildForum, "help"));
    let mut bot = RawBot::login(&home.sim).await;
    let created = bot.event("GUILD_CREATE").await;
    let told = created["channels"].as_array().unwrap();
    assert!(told.iter().any(|channel| channel["type"] == 15));
    assert!(home.ada.say(&forum, "no").is_err());
    let path = format!("/channels/{}", forum.id);
    let answer = home
        .call(
            "POST",
            &format!("{path}/messages"),
            json!({"content": "no"}),
        )
        .await;
    assert_eq!(answer.refusal(), (400, 50008));
    let post = forum.start_post(&home.ada, "how?", "please tell").unwrap();
    let thread = bot.event("THREAD_CREATE").await;
    assert_eq!(
        (&thread["type"], &thread["parent_id"]),
        (&json!(11), &json!(forum.id.to_string()))
    );
    let first = bot.event("MESSAGE_CREATE").await;
    assert_eq!(first["id"], post.id.to_string());
    assert_eq!(
        (&first["type"], &first["content"]),
        (&json!(0), &json!("please tell"))
    );
    home.ada.say(&post, "anybody?").unwrap();
    let shown = home.get(&format!("/channels/{}", post.id)).await.ok();
    assert_eq!(shown["message_count"], 1);
    // The bot's own post takes a message, and answers with it.
    let threads = format!("{path}/threads");
    let bare = home.call("POST", &threads, json!({"name": "rules"})).await;
    assert_eq!(bare.field("/message"), "BASE_TYPE_REQUIRED");
    let body = json!({"name": "rules", "message": {"content": "be kind"}});
    let made = home.call("POST", &threads, body).await.ok();
    assert_eq!(made["message"]["id"], made["id"]);
    assert_eq!(made["owner_id"], home.sim.bot_id().to_string());
}

#[tokio::test]
async fn a_webhook_in_a_forum_names_the_post() {
    let home = Home::new().await;
    let forum = home
        .guild
        .add_channel(ChannelSpec::of(ChannelType::GuildForum, "help"));
    let post = forum.start_post(&home.ada, "how?", "please tell").unwrap();
    let hook = home
        .call(
            "POST",
            &format!("/channels/{}/webhooks", forum.id),
            json!({"name": "Fox"}),
        )
        .await
        .ok();
    let path = format!(
        "/webhooks/{}/{}",
        id(&hook),
        hook["token"].as_str().unwrap()
    );
    let lost = home.call("POST", &path, json!({"content": "hi"})).await;
    assert_eq!(lost.refusal(), (400, 220_001));
    let path = format!("{path}?wait=true&thread_id={}", post.id);
    let said = home
        .call("POST", &path, json!({"content": "hi"}))
        .await
        .ok();
    assert_eq!(said["channel_id"], post.id.to_string());
}

#[tokio::test]
async fn who_archives_and_locks_is_told_by_thread_update_and_opening_reminds_the_bot() {
    let home = Home::new().await;
    home.guild.set_bot_permissions(Permissions::empty());
    let mut bot = RawBot::login(&home.sim).await;
    let thread = home.general.start_thread(&home.ada, "aside", None).unwrap();
    let messages = format!("/channels/{}/messages", thread.id);
    home.call("POST", &messages, json!({"content": "here"}))
        .await
        .ok();
    let bob = home.guild.add_member("bob");
    assert!(thread.archive(&bob, true).is_err());
    assert!(thread.lock(&home.ada, true).is_err());
    thread.archive(&home.ada, true).unwrap();
    let told = bot.event("THREAD_UPDATE").await;
    assert_eq!(told["thread_metadata"]["archived"], true);
    // A new message opens it.
    bob.say(&thread, "still here").unwrap();
    assert_eq!(
        bot.event("THREAD_UPDATE").await["thread_metadata"]["archived"],
        false
    );
    let reminded = bot.event("THREAD_MEMBER_UPDATE").await;
    assert_eq!(reminded["user_id"], home.sim.bot_id().to_string());
    thread.archive(&home.guild.owner, true).unwrap();
    thread.lock(&home.guild.owner, true).unwrap();
    // Locked, nobody opens it but those who manage threads.
    assert!(bob.say(&thread, "and now?").is_err());
    assert!(thread.archive(&home.ada, false).is_err());
    thread.archive(&home.guild.owner, false).unwrap();
}

#[tokio::test]
async fn a_deleted_channel_takes_its_threads_along_without_a_word_about_them() {
    let home = Home::new().await;
    let mut bot = RawBot::login(&home.sim).await;
    let message = home.ada.say(&home.general, "start here").unwrap();
    let thread = home
        .general
        .start_thread(&home.ada, "aside", Some(message))
        .unwrap();
    home.ada.say(&thread, "inside").unwrap();
    let other = home.guild.add_channel("other");
    assert!(home.ada.delete_channel(&home.general).is_err());
    home.guild.owner.delete_channel(&home.general).unwrap();
    home.ada.say(&other, "after").unwrap();
    let mut names = Vec::new();
    loop {
        let payload = bot.next().await.unwrap();
        names.push(payload["t"].as_str().unwrap_or_default().to_owned());
        if payload["d"]["content"] == "after" {
            break;
        }
    }
    assert_eq!(
        names
            .iter()
            .filter(|name| *name == "CHANNEL_DELETE")
            .count(),
        1
    );
    assert!(
        !names
            .iter()
            .any(|name| name == "THREAD_DELETE" || name == "MESSAGE_DELETE")
    );
    assert_eq!(
        home.get(&format!("/channels/{}", thread.id))
            .await
            .refusal(),
        (404, 10003)
    );
}

#[tokio::test]
async fn a_deleted_thread_is_told_by_four_fields() {
    let home = Home::new().await;
    let mut bot = RawBot::login(&home.sim).await;
    let thread = home.general.start_thread(&home.ada, "aside", None).unwrap();
    thread.delete();
    let told = bot.event("THREAD_DELETE").await;
    assert_eq!(
        told,
        json!({
            "id": thread.id.to_string(),
            "guild_id": home.guild.id.to_string(),
            "parent_id": home.general.id.to_string(),
            "type": 11,
        })
    );
    let gone = home
        .call("GET", &format!("/channels/{}", thread.id), Value::Null)
        .await;
    assert_eq!(gone.refusal(), (404, 10003));
}
