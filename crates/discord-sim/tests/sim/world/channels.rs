//! Kinds of channels, categories, and channels that the bot comes to see or loses.

use discord_sim::actor::ChannelSpec;
use serde_json::json;
use twilight_model::channel::ChannelType;
use twilight_model::guild::Permissions;

use crate::caller::Home;
use crate::raw_bot::RawBot;

#[tokio::test]
async fn voice_and_stage_channels_have_a_chat_and_categories_have_none() {
    let home = Home::new().await;
    let spec = |kind, name: &str| ChannelSpec::of(kind, name);
    let voice = home
        .guild
        .add_channel(spec(ChannelType::GuildVoice, "lounge"));
    let stage = home
        .guild
        .add_channel(spec(ChannelType::GuildStageVoice, "talks"));
    let category = home
        .guild
        .add_channel(spec(ChannelType::GuildCategory, "rooms"));
    let mut bot = RawBot::login(&home.sim).await;
    for (place, kind) in [(&voice, 2), (&stage, 13)] {
        home.ada.say(place, "hello").unwrap();
        let told = bot.event("MESSAGE_CREATE").await;
        assert_eq!(told["channel_type"], kind);
        let path = format!("/channels/{}", place.id);
        let shown = home.get(&path).await.ok();
        assert_eq!(
            (&shown["type"], &shown["bitrate"]),
            (&json!(kind), &json!(64_000))
        );
        let body = json!({"content": "hi"});
        home.call("POST", &format!("{path}/messages"), body)
            .await
            .ok();
        bot.event("MESSAGE_CREATE").await;
        let threads = format!("{path}/threads");
        let thread = home
            .call("POST", &threads, json!({"name": "x", "type": 11}))
            .await;
        assert_eq!(thread.refusal(), (400, 50024));
    }
    assert!(home.ada.say(&category, "hello").is_err());
}

#[tokio::test]
async fn threads_of_an_announcement_channel_are_of_a_kind_of_their_own() {
    let home = Home::new().await;
    let news = home
        .guild
        .add_channel(ChannelSpec::of(ChannelType::GuildAnnouncement, "news"));
    let message = home.guild.owner.say(&news, "today").unwrap();
    let thread = news
        .start_thread(&home.ada, "about that", Some(message))
        .unwrap();
    let shown = home.get(&format!("/channels/{}", thread.id)).await.ok();
    assert_eq!(shown["type"], 10);
}

#[tokio::test]
async fn a_channel_takes_nothing_from_its_category_but_follows_it_while_they_agree() {
    let home = Home::new().await;
    let category = home
        .guild
        .add_channel(ChannelSpec::of(ChannelType::GuildCategory, "rooms"));
    let inside = |name: &str| ChannelSpec {
        category: Some(category.id),
        ..name.into()
    };
    let synced = home.guild.add_channel(inside("synced"));
    let apart = home.guild.add_channel(inside("apart"));
    apart.deny_bot(Permissions::ADD_REACTIONS);
    let none = Permissions::empty();
    category.overwrite_role(home.guild.id.cast(), none, Permissions::SEND_MESSAGES);
    assert!(home.ada.say(&synced, "hello").is_err());
    home.ada.say(&apart, "hello").unwrap();
    let late = home.guild.add_channel(inside("late"));
    home.ada.say(&late, "hello").unwrap();
    // Without the category they stay, and are in none.
    let mut bot = RawBot::login(&home.sim).await;
    category.delete();
    let mut orphans = 0;
    while orphans < 3 {
        let told = bot.event("CHANNEL_UPDATE").await;
        assert!(told["parent_id"].is_null());
        orphans += 1;
    }
    home.ada.say(&late, "still here").unwrap();
}

#[tokio::test]
async fn the_bot_hears_how_it_loses_a_channel_and_gets_the_threads_when_it_gains_one() {
    let home = Home::new().await;
    let thread = home.general.start_thread(&home.ada, "aside", None).unwrap();
    let mut bot = RawBot::login(&home.sim).await;
    home.general.deny_bot(Permissions::VIEW_CHANNEL);
    let lost = bot.event("CHANNEL_UPDATE").await;
    assert_eq!(lost["permission_overwrites"][0]["deny"], "1024");
    home.ada.say(&thread, "unheard").unwrap();
    home.general.deny_bot(Permissions::empty());
    bot.event("CHANNEL_UPDATE").await;
    let synced = bot.next().await.unwrap();
    assert_eq!(synced["t"], "THREAD_LIST_SYNC");
    assert_eq!(
        synced["d"]["channel_ids"],
        json!([home.general.id.to_string()])
    );
    assert_eq!(synced["d"]["threads"][0]["id"], thread.id.to_string());
}
