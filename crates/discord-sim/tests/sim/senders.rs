//! What people send besides text, what they wear, and what others' webhooks post: as the bot hears it.

use std::time::{Duration, Instant};

use discord_sim::actor::{Guise, MessageDraft, Timing, link_embed, token};
use discord_sim::interactions::Refusal;
use discord_sim::state::outfit::Outfit;
use discord_sim::{Sim, SimConfig};
use serde_json::{Value, json};
use twilight_model::id::Id;

use crate::caller::Home;
use crate::raw_bot::RawBot;

async fn home() -> (Home, RawBot) {
    let home = Home::with(SimConfig {
        control: true,
        ..SimConfig::default()
    })
    .await;
    let bot = RawBot::login(&home.sim).await;
    (home, bot)
}

#[tokio::test]
async fn a_forward_carries_a_copy_without_its_author() {
    let (home, mut bot) = home().await;
    let other = home.guild.add_channel("other");
    let words = home.guild.owner.say(&other, "the first words").unwrap();
    home.ada.forward(&other, words, &home.general).unwrap();
    home.guild
        .owner
        .edit(&other, words, "changed since")
        .unwrap();
    bot.event("MESSAGE_CREATE").await;
    let forward = bot.event("MESSAGE_CREATE").await;
    assert_eq!(forward["content"], "");
    assert_eq!(forward["type"], 0);
    assert_eq!(forward["flags"], 1 << 14);
    assert_eq!(forward["message_reference"]["type"], 1);
    assert_eq!(forward["message_reference"]["channel_id"], json!(other.id));
    assert_eq!(
        forward["message_reference"]["guild_id"],
        json!(home.guild.id)
    );
    assert!(forward.get("referenced_message").is_none());
    let copy = &forward["message_snapshots"][0]["message"];
    assert_eq!(copy["content"], "the first words");
    assert!(copy.get("author").is_none());
}

#[tokio::test]
async fn a_hidden_message_a_poll_and_a_forward_beside_text_are_not_forwarded() {
    let (home, _) = home().await;
    let direct = home.guild.owner.dm_channel().unwrap();
    let secret = home.guild.owner.say(&direct, "secret").unwrap();
    let forward = |message| home.ada.forward(&direct, message, &home.general);
    assert_eq!(forward(secret).unwrap_err(), Refusal::NoMessage);
    let poll = home.ada.send_poll(&home.general, "?", &["a"]).unwrap();
    let refused = home.ada.forward(&home.general, poll, &home.general);
    assert_eq!(refused.unwrap_err(), Refusal::NotForwardable);
}

#[tokio::test]
async fn stickers_polls_voice_messages_and_pastes_come_as_discord_tells_them() {
    let (home, mut bot) = home().await;
    home.ada.send_sticker(&home.general, "Wave").unwrap();
    let sticker = bot.event("MESSAGE_CREATE").await;
    assert_eq!(sticker["content"], "");
    assert_eq!(sticker["sticker_items"][0]["name"], "Wave");
    assert_eq!(sticker["sticker_items"][0]["format_type"], 1);

    home.ada
        .send_poll(&home.general, "Tea?", &["yes", "no"])
        .unwrap();
    let poll = bot.event("MESSAGE_CREATE").await;
    assert_eq!(poll["poll"]["question"]["text"], "Tea?");
    assert_eq!(poll["poll"]["answers"][1]["poll_media"]["text"], "no");
    assert_eq!(poll["poll"]["answers"][1]["answer_id"], 2);
    assert_eq!(poll["poll"]["layout_type"], 1);
    assert!(poll["poll"]["expiry"].is_string());

    home.ada
        .send_voice(&home.general, Duration::from_millis(2_500))
        .unwrap();
    let voice = bot.event("MESSAGE_CREATE").await;
    assert_eq!(voice["flags"], 1 << 13);
    assert_eq!(voice["attachments"][0]["content_type"], "audio/ogg");
    assert_eq!(voice["attachments"][0]["duration_secs"], 2.5);
    assert!(voice["attachments"][0]["waveform"].is_string());
    let both = MessageDraft {
        text: "and text".to_owned(),
        voice: Some(Duration::from_secs(1)),
        ..MessageDraft::default()
    };
    let refused = home.ada.say_with(&home.general, both).unwrap_err();
    assert_eq!(refused, Refusal::NotTogether);

    home.ada
        .paste(&home.general, "read this", &"long ".repeat(1_000))
        .unwrap();
    let paste = bot.event("MESSAGE_CREATE").await;
    assert_eq!(paste["attachments"][0]["filename"], "message.txt");
    assert_eq!(paste["attachments"][0]["size"], 5_000);
    let url = paste["attachments"][0]["url"].as_str().unwrap();
    let text = home.http.get(url).send().await.unwrap().text().await;
    assert!(text.unwrap().starts_with("long long"));

    let url = "https://news.example";
    let link = MessageDraft {
        text: url.to_owned(),
        embeds: vec![link_embed(url, "Volcano erupts", None)],
        ..MessageDraft::default()
    };
    home.ada.say_with(&home.general, link).unwrap();
    let link = bot.event("MESSAGE_CREATE").await;
    assert_eq!(link["embeds"][0]["type"], "link");
    assert_eq!(link["embeds"][0]["title"], "Volcano erupts");
}

#[test]
fn tokens_are_written_as_clients_write_them() {
    assert_eq!(token::channel(Id::new(1)), "<#1>");
    assert_eq!(token::role(Id::new(2)), "<@&2>");
    assert_eq!(
        token::command("persona list", Id::new(3)),
        "</persona list:3>"
    );
    assert_eq!(token::time(1_618_953_630, Some('R')), "<t:1618953630:R>");
    assert_eq!(token::emoji("party", Id::new(4), true), "<a:party:4>");
    assert_eq!(token::guide("browse"), "<id:browse>");
}

#[tokio::test]
async fn what_people_wear_is_told_wherever_they_are_told() {
    let (home, mut bot) = home().await;
    home.ada.take_off();
    home.ada.wear(Outfit::NewDecoration);
    home.ada.wear(Outfit::ServerTag);
    let said = home.ada.say(&home.general, "hello").unwrap();
    let event = bot.event("MESSAGE_CREATE").await;
    let asset = |account: &Value| account["avatar_decoration_data"]["asset"].clone();
    assert_eq!(
        asset(&event["author"]),
        "v2_a_624192b47596d66e5f15a6b0932afbd3"
    );
    assert_eq!(event["author"]["primary_guild"]["tag"], "DISC");
    let path = home.in_general(&format!("/messages/{said}"));
    let read = home.get(&path).await.ok();
    assert_eq!(asset(&read["author"]), asset(&event["author"]));
    home.ada.take_off();
    home.ada.wear(Outfit::Decoration);
    home.guild
        .owner
        .say(&home.general, &home.ada.mention())
        .unwrap();
    let event = bot.event("MESSAGE_CREATE").await;
    assert_eq!(
        asset(&event["mentions"][0]),
        "a_fed43ab12698df65902ba06727e20c0e"
    );
}

#[tokio::test]
async fn every_second_person_may_wear_a_new_decoration_from_the_start() {
    let sim = Sim::start(SimConfig {
        decorations: true,
        ..SimConfig::default()
    })
    .await
    .unwrap();
    let home = sim.add_guild("home");
    let ada = home.add_member("ada");
    let general = home.add_channel("general");
    let mut bot = RawBot::login(&sim).await;
    for (person, worn) in [(&home.owner, false), (&ada, true)] {
        person.say(&general, "hi").unwrap();
        let event = bot.event("MESSAGE_CREATE").await;
        let asset = &event["author"]["avatar_decoration_data"]["asset"];
        assert_eq!(asset.is_string(), worn, "{event}");
    }
}

#[tokio::test]
async fn a_display_name_is_told_with_the_account() {
    let (home, mut bot) = home().await;
    home.ada.set_display_name(Some("Countess"));
    home.ada.say(&home.general, "hi").unwrap();
    let event = bot.event("MESSAGE_CREATE").await;
    assert_eq!(event["author"]["global_name"], "Countess");
    assert_eq!(event["author"]["username"], "ada");
    home.ada.set_display_name(None);
    home.ada.say(&home.general, "hi").unwrap();
    let event = bot.event("MESSAGE_CREATE").await;
    assert_eq!(event["author"]["global_name"], Value::Null);
}

#[tokio::test]
async fn others_webhooks_post_under_names_of_their_own() {
    let (home, mut bot) = home().await;
    let members = home.general.add_webhook(&home.ada, "news").unwrap();
    let other = home.sim.add_bot("Other");
    home.guild.join(&other, &[]);
    let bots = home.general.add_webhook(&other, "proxy").unwrap();

    members.post(Guise::default(), "from a member's").unwrap();
    let event = bot.event("MESSAGE_CREATE").await;
    assert_eq!(event["author"]["username"], "news");
    assert_eq!(event["author"]["bot"], true);
    assert_eq!(event["webhook_id"], json!(members.id));
    assert!(event["application_id"].is_null());

    let posted = bots.post("Lilith", "from a bot's").unwrap();
    let event = bot.event("MESSAGE_CREATE").await;
    assert_eq!(event["author"]["username"], "Lilith");
    assert_eq!(event["application_id"], json!(other.id));
    assert!(event.get("member").is_none_or(Value::is_null));
    bots.edit(posted, "edited").unwrap();
    assert_eq!(bot.event("MESSAGE_UPDATE").await["content"], "edited");
    bots.delete(posted).unwrap();
    bot.event("MESSAGE_DELETE").await;

    let listed = home.get(&home.in_general("/webhooks")).await.ok();
    let token_of = |id: Value| {
        let list = listed.as_array().unwrap();
        let found = list.iter().find(|webhook| webhook["id"] == id).unwrap();
        found["token"].is_string()
    };
    assert!(token_of(json!(members.id)));
    assert!(!token_of(json!(bots.id)));
}

#[tokio::test]
async fn a_proxy_reposts_what_somebody_says_and_deletes_the_original() {
    let (home, mut bot) = home().await;
    let proxy = home.sim.add_proxy("PluralKit");
    home.guild.join(&proxy.bot, &[]);
    let said = home.ada.say(&home.general, "we are here").unwrap();
    let timing = Timing::pluralkit(Duration::from_millis(50));
    assert_eq!(timing.delete, Duration::from_millis(1_050));
    let quick = Timing {
        delete: Duration::from_millis(100),
        ..timing
    };
    let before = Instant::now();
    let reposted = proxy.proxy(&home.general, said, "Lilith", quick).await;
    assert!(before.elapsed() >= Duration::from_millis(100));
    assert_eq!(bot.event("MESSAGE_CREATE").await["content"], "we are here");
    let event = bot.event("MESSAGE_CREATE").await;
    assert_eq!(event["id"], json!(reposted.unwrap()));
    assert_eq!(event["author"]["username"], "Lilith");
    assert_eq!(event["content"], "we are here");
    assert_eq!(event["application_id"], json!(proxy.bot.id));
    assert_eq!(bot.event("MESSAGE_DELETE").await["id"], json!(said));
    assert_eq!(home.general.webhooks().len(), 1);
}

#[tokio::test]
async fn all_of_it_can_be_done_from_outside() {
    let (home, mut bot) = home().await;
    let act = async |path: &str, body: Value| {
        let url = format!("{}/_sim/{path}", home.sim.base_url());
        let answer = home.http.post(url).json(&body).send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, 200, "{text}");
        serde_json::from_str::<Value>(&text).unwrap()
    };
    let said = act(
        "say",
        json!({"user": "ada", "channel": "general", "text": "one"}),
    )
    .await;
    let sent = act(
        "send",
        json!({"user": "ada", "channel": "general", "forward": {"channel": "general", "message": said["id"]}}),
    )
    .await;
    assert_eq!(sent["message_snapshots"][0]["message"]["content"], "one");
    let sent = act(
        "send",
        json!({
            "user": "ada", "channel": "general", "text": "look", "stickers": ["Wave"],
            "poll": {"question": "Tea?", "answers": ["yes"]}, "paste": "long",
            "files": [{"filename": "a.bin", "base64": "AAE="}],
        }),
    )
    .await;
    assert_eq!(sent["attachments"].as_array().unwrap().len(), 2);
    assert_eq!(sent["poll"]["question"]["text"], "Tea?");
    let sent = act(
        "send",
        json!({"user": "ada", "channel": "general", "voice": 3}),
    )
    .await;
    assert_eq!(sent["attachments"][0]["duration_secs"], 3.0);

    act("bots", json!({"name": "PluralKit", "guild": "home"})).await;
    let posted = act(
        "webhooks",
        json!({"by": "PluralKit", "channel": "general", "username": "Lilith", "text": "hi"}),
    )
    .await;
    assert_eq!(posted["author"]["username"], "Lilith");
    act(
        "wear",
        json!({"user": "ada", "outfits": ["new_decoration", "server_tag", "nameplate"]}),
    )
    .await;
    let proxied = act(
        "proxy",
        json!({
            "bot": "PluralKit", "channel": "general", "user": "ada", "text": "proxied",
            "username": "Lilith", "delete_after_ms": 20, "repost_after_ms": 40,
        }),
    )
    .await;
    assert_eq!(proxied["content"], "proxied");
    assert_eq!(home.general.webhooks().len(), 1);
    bot.event("MESSAGE_DELETE").await;
    assert_eq!(
        bot.event("MESSAGE_CREATE").await["author"]["username"],
        "Lilith"
    );
}
