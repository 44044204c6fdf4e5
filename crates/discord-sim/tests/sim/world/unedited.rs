//! MESSAGE_UPDATE without an edit.

use std::time::Duration;

use discord_sim::actor::{MessageDraft, PollDraft};
use discord_sim::{Sim, SimConfig};
use serde_json::{Value, json};
use twilight_model::guild::Permissions;

use crate::caller::Home;
use crate::raw_bot::{RawBot, SOON};

const LINK: &str = "look: https://example.org/page";

/// A server whose previews wait until they are called for.
async fn home() -> Home {
    Home::with(SimConfig {
        rate_limits: false,
        preview_delay: None,
        ..SimConfig::default()
    })
    .await
}

async fn pinner(home: &Home) -> RawBot {
    home.guild.set_bot_permissions(Permissions::PIN_MESSAGES);
    RawBot::login(&home.sim).await
}

#[tokio::test]
async fn a_link_gets_its_preview_a_moment_later_although_nobody_edited() {
    let sim = Sim::start(SimConfig::default()).await.unwrap();
    let guild = sim.add_guild("home");
    let general = guild.add_channel("general");
    let ada = guild.add_member("ada");
    let mut bot = RawBot::login(&sim).await;
    let id = ada.say(&general, LINK).unwrap();
    let created = bot.event("MESSAGE_CREATE").await;
    assert_eq!(created["embeds"], json!([]));
    let mut updated = bot.event("MESSAGE_UPDATE").await;
    assert_eq!(updated["embeds"][0]["type"], "link");
    assert_eq!(updated["embeds"][0]["url"], "https://example.org/page");
    assert!(updated["edited_timestamp"].is_null());
    // All else is as it was, the author's membership too.
    updated["embeds"] = json!([]);
    assert_eq!(updated, created);
    assert_eq!(general.message(id).unwrap().revisions.len(), 1);
}

#[tokio::test]
async fn no_preview_comes_where_it_is_switched_off_or_not_allowed_or_not_asked_for() {
    let home = home().await;
    let everyone = Permissions::VIEW_CHANNEL | Permissions::SEND_MESSAGES;
    let bracketed = home
        .ada
        .say(&home.general, "<https://example.org>")
        .unwrap();
    let body = json!({"content": LINK, "flags": 1 << 2});
    let suppressed = home.post(body).await.ok();
    home.guild.set_everyone_permissions(everyone);
    let forbidden = home.ada.say(&home.general, LINK).unwrap();
    let suppressed = suppressed["id"].as_str().unwrap().parse().unwrap();
    for id in [bracketed, suppressed, forbidden] {
        home.general.show_previews(id).unwrap();
        assert!(home.general.message(id).unwrap().message.embeds.is_empty());
    }
}

#[tokio::test]
async fn a_preview_after_an_edit_brings_the_time_of_the_edit_cut_to_milliseconds() {
    let home = home().await;
    let mut bot = RawBot::login(&home.sim).await;
    let id = home.ada.say(&home.general, LINK).unwrap();
    home.general.show_previews(id).unwrap();
    bot.event("MESSAGE_UPDATE").await;
    home.ada
        .edit(&home.general, id, "rather https://example.com")
        .unwrap();
    let edited = bot.event("MESSAGE_UPDATE").await;
    assert_eq!(edited["embeds"], json!([]));
    assert!(edited["edited_timestamp"].is_string());
    home.general.show_previews(id).unwrap();
    let shown = bot.event("MESSAGE_UPDATE").await;
    assert_eq!(shown["embeds"][0]["url"], "https://example.com");
    assert_eq!(shown["content"], edited["content"]);
    let time = shown["edited_timestamp"].as_str().unwrap();
    assert!(time.contains("000+") || !time.contains('.'), "{time}");
    let texts = home.general.message(id).unwrap().revisions;
    assert_eq!(texts.len(), 2);
}

#[tokio::test]
async fn a_pin_changes_the_message_and_the_channel_and_leaves_a_line() {
    let home = home().await;
    let mut bot = pinner(&home).await;
    let id = home.ada.say(&home.general, "keep this").unwrap();
    assert!(home.ada.pin(&home.general, id).is_err());
    home.guild.owner.pin(&home.general, id).unwrap();
    let updated = bot.event("MESSAGE_UPDATE").await;
    assert_eq!(
        (&updated["pinned"], &updated["content"]),
        (&json!(true), &json!("keep this"))
    );
    assert!(updated["edited_timestamp"].is_null());
    let pins = bot.event("CHANNEL_PINS_UPDATE").await;
    assert_eq!(pins["channel_id"], home.general.id.to_string());
    assert!(pins["last_pin_timestamp"].is_string());
    let line = bot.event("MESSAGE_CREATE").await;
    assert_eq!((&line["type"], &line["content"]), (&json!(6), &json!("")));
    assert_eq!(line["author"]["id"], home.guild.owner.id.to_string());
    assert_eq!(line["message_reference"]["message_id"], id.to_string());
    // Once pinned, it stays so without a further word.
    home.guild.owner.pin(&home.general, id).unwrap();
    assert_eq!(home.general.messages().len(), 2);
    home.guild.owner.unpin(&home.general, id).unwrap();
    assert_eq!(bot.event("MESSAGE_UPDATE").await["pinned"], false);
    assert!(bot.event("CHANNEL_PINS_UPDATE").await["last_pin_timestamp"].is_null());
}

#[tokio::test]
async fn the_bot_pins_by_the_new_path_and_by_the_old_one_with_the_permission_for_it() {
    let home = home().await;
    let first = home.ada.say(&home.general, "first").unwrap();
    let second = home.ada.say(&home.general, "second").unwrap();
    let new = home.in_general(&format!("/messages/pins/{first}"));
    let old = home.in_general(&format!("/pins/{second}"));
    home.guild.set_bot_permissions(Permissions::MANAGE_MESSAGES);
    assert_eq!(
        home.call("PUT", &new, Value::Null).await.refusal(),
        (403, 50013)
    );
    home.guild.set_bot_permissions(Permissions::PIN_MESSAGES);
    assert_eq!(home.call("PUT", &new, Value::Null).await.status, 204);
    assert_eq!(home.call("PUT", &old, Value::Null).await.status, 204);
    let listed = home
        .get(&home.in_general("/messages/pins?limit=1"))
        .await
        .ok();
    assert_eq!(listed["has_more"], true);
    assert_eq!(listed["items"][0]["message"]["content"], "second");
    assert!(listed["items"][0]["pinned_at"].is_string());
    let listed = home.get(&home.in_general("/pins")).await.ok();
    assert_eq!(listed[1]["content"], "first");
    // A deleted message is pinned no more.
    home.ada.delete(&home.general, second).unwrap();
    assert_eq!(home.call("DELETE", &new, Value::Null).await.status, 204);
    assert_eq!(home.get(&home.in_general("/pins")).await.ok(), json!([]));
    let line = home.general.messages().pop().unwrap().message.id;
    let line = home.in_general(&format!("/messages/pins/{line}"));
    assert_eq!(
        home.call("PUT", &line, Value::Null).await.refusal(),
        (403, 50021)
    );
}

#[tokio::test]
async fn switching_previews_off_is_no_edit() {
    let home = home().await;
    home.guild.set_bot_permissions(Permissions::MANAGE_MESSAGES);
    let id = home.ada.say(&home.general, LINK).unwrap();
    home.general.show_previews(id).unwrap();
    let path = home.in_general(&format!("/messages/{id}"));
    let after = home
        .call("PATCH", &path, json!({"flags": 1 << 2}))
        .await
        .ok();
    assert_eq!(after["embeds"], json!([]));
    assert!(after["edited_timestamp"].is_null());
}

#[tokio::test]
async fn previews_of_a_deleted_message_come_to_nothing() {
    let sim = Sim::start(SimConfig::default()).await.unwrap();
    let guild = sim.add_guild("home");
    let general = guild.add_channel("general");
    let ada = guild.add_member("ada");
    let id = ada.say(&general, LINK).unwrap();
    ada.delete(&general, id).unwrap();
    let other = ada.say(&general, LINK).unwrap();
    // The later one has its preview, so the turn of the earlier one is over.
    let fits = |m: &discord_sim::state::StoredMessage| {
        m.message.id == other && !m.message.embeds.is_empty()
    };
    sim.wait_for_message(&general, fits, SOON).await.unwrap();
    assert!(general.message(id).is_none());
    sim.set_preview_delay(Some(Duration::ZERO));
    let third = ada.say(&general, LINK).unwrap();
    let fits = |m: &discord_sim::state::StoredMessage| {
        m.message.id == third && !m.message.embeds.is_empty()
    };
    sim.wait_for_message(&general, fits, SOON).await.unwrap();
}

#[tokio::test]
async fn a_poll_that_ends_is_told_without_an_edit_and_by_a_line_with_its_result() {
    let home = home().await;
    let mut bot = RawBot::login(&home.sim).await;
    let draft = MessageDraft {
        poll: Some(PollDraft {
            question: "tea?".to_owned(),
            answers: vec!["yes".to_owned(), "no".to_owned()],
        }),
        ..MessageDraft::default()
    };
    let id = home.ada.say_with(&home.general, draft).unwrap();
    bot.event("MESSAGE_CREATE").await;
    assert!(home.guild.owner.end_poll(&home.general, id).is_err());
    home.ada.end_poll(&home.general, id).unwrap();
    let updated = bot.event("MESSAGE_UPDATE").await;
    assert_eq!(updated["poll"]["results"]["is_finalized"], true);
    assert!(updated["edited_timestamp"].is_null());
    let line = bot.event("MESSAGE_CREATE").await;
    assert_eq!(line["type"], 46);
    assert_eq!(line["author"]["id"], home.ada.id.to_string());
    assert_eq!(line["mentions"][0]["id"], home.ada.id.to_string());
    assert_eq!(line["message_reference"]["message_id"], id.to_string());
    assert_eq!(line["embeds"][0]["type"], "poll_result");
    assert_eq!(line["embeds"][0]["fields"][0]["value"], "tea?");
    // It has ended, and the bot ends none that is not its own.
    assert!(home.general.let_poll_end(id).is_err());
    let path = home.in_general(&format!("/polls/{id}/expire"));
    let refused = home.call("POST", &path, Value::Null).await;
    assert_eq!(refused.refusal(), (403, 50005));
}
