//! Forwards, stickers, polls, previews, voice messages, tokens, calls.

use serde_json::{Value, json};

use super::garnish;
use crate::world::World;

fn forward() -> Value {
    json!({
        "content": "", "message_reference": {"type": 1, "channel_id": "5", "message_id": "6"},
        "message_snapshots": [{"message": {
            "type": 0, "content": "The ferry leaves at ZORB", "embeds": [], "mentions": [], "flags": 0,
            "timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": null, "attachments": []
        }}]
    })
}

fn sticker() -> Value {
    json!({"content": "", "sticker_items": [{"id": "749054660769218631", "name": "Wave", "format_type": 1}]})
}

fn poll() -> Value {
    json!({"poll": {
        "question": {"text": "Where to?"}, "expiry": null, "allow_multiselect": false, "layout_type": 1,
        "answers": [{"answer_id": 1, "poll_media": {"text": "Oslo"}}, {"answer_id": 2, "poll_media": {"text": "Porto"}}]
    }})
}

fn invitation() -> Value {
    json!({
        "content": "", "activity": {"type": 3, "party_id": "spotify:175928847299117063"},
        "application": {"id": "175928847299117063", "name": "Spotify", "icon": null, "description": ""}
    })
}

#[tokio::test]
async fn what_comes_along_with_a_call_is_asked_and_remembered() {
    let world = World::new().await;
    let fields = json!({"embeds": [{"type": "rich", "author": {"name": "Weather"}, "fields": [{"name": "Wind", "value": "ZORB", "inline": true}]}]});
    let preview = json!({"embeds": [{"type": "article", "url": "https://v.example", "title": "Volcano ZORB erupts"}]});
    for (along, asked, kept) in [
        (
            json!({"sticker_items": sticker()["sticker_items"]}),
            "[sticker: Wave]",
            true,
        ),
        (poll(), "[poll: Where to? Answers: Oslo / Porto]", true),
        (
            json!({"message_snapshots": forward()["message_snapshots"]}),
            "(forwards: The ferry leaves at ZORB)",
            true,
        ),
        (preview, "[preview: Volcano ZORB erupts]", false),
        (fields, "[preview: Weather – Wind: ZORB]", false),
    ] {
        garnish(&world, along);
        world.ask("look at this").await;
        let prompt = world.last_prompt();
        assert!(
            prompt.ends_with(&format!("look at this\n{asked}\n")),
            "{prompt}"
        );
        garnish(&world, json!({}));
        world.ask("go on").await;
        assert_eq!(world.last_prompt().contains(asked), kept, "{asked}");
    }
}

#[tokio::test]
async fn a_sticker_a_poll_or_a_forward_alone_is_answered_in_a_direct_message() {
    let world = World::new().await;
    let dm = world.ada.dm_channel().unwrap();
    for (alone, asked) in [
        (sticker(), "[sticker: Wave]"),
        (poll(), "[poll: Where to?"),
        (forward(), "(forwards: The ferry leaves at ZORB)"),
        (invitation(), "[invitation: Spotify]"),
    ] {
        let mut alone = alone;
        alone["content"] = json!("");
        garnish(&world, alone);
        let answer = world.say_in(&world.ada, &dm, "x").await;
        assert!(!answer.words().is_empty());
        assert!(
            world.last_prompt().contains(asked),
            "{}",
            world.last_prompt()
        );
    }
    garnish(&world, json!({}));
    world.say_in(&world.ada, &dm, "what did I forward?").await;
    assert!(
        world.last_prompt().contains("leaves at ZORB"),
        "the forward is known later too"
    );
}

#[tokio::test]
async fn a_voice_message_is_said_not_to_be_heard_and_costs_nothing() {
    let world = World::new().await;
    let dm = world.ada.dm_channel().unwrap();
    garnish(
        &world,
        json!({"content": "", "flags": 8192, "attachments": [{
            "id": "1", "filename": "voice-message.ogg", "size": 9000, "url": "https://cdn.example/v.ogg",
            "proxy_url": "https://cdn.example/v.ogg", "content_type": "audio/ogg", "duration_secs": 11.6, "waveform": "AAAA"
        }]}),
    );
    let answer = world.say_in(&world.ada, &dm, "x").await;
    assert!(
        answer.text().contains("I can't hear voice messages yet"),
        "{}",
        answer.text()
    );
    assert!(world.model.generations().is_empty());
    garnish(&world, json!({}));
    world.say_in(&world.ada, &dm, "well?").await;
    let noted = "[voice message, 12 s, which you cannot hear]";
    assert!(
        world.last_prompt().contains(noted),
        "{}",
        world.last_prompt()
    );
}

#[tokio::test]
async fn tokens_are_read_as_people_see_them() {
    let world = World::new().await;
    let elsewhere = world.guild.add_channel("harbour");
    let role = world
        .guild
        .add_role("Crew", twilight_model::guild::Permissions::empty());
    let text = format!(
        "<:pepelaugh:175928847299117063> see <#{}> at <t:1618953630:R>, use </persona list:175928847299117063>, ask <@&{role}>, \
         not <@175928847299117064> \u{202e}ok",
        elsewhere.id
    );
    world.ask(&text).await;
    let read = ":pepelaugh: see #harbour at 20 April 2021 21:20 UTC, use /persona list, ask @Crew, not @someone ok";
    assert!(
        world.last_prompt().contains(read),
        "{}",
        world.last_prompt()
    );
    world.ask("go on").await;
    assert!(
        !world.last_prompt().contains("175928847299"),
        "nor is it remembered raw"
    );
}

#[tokio::test]
async fn a_mention_alone_is_a_greeting_also_with_a_small_window() {
    for window in [8192, 3000] {
        let world = World::with(|config| {
            config.model.as_mut().unwrap().context_window = window;
        })
        .await;
        let answer = world
            .say_in(&world.ada, &world.channel, &world.sim.bot_mention())
            .await;
        assert_eq!(answer.author(), "Orla");
        assert!(
            world.last_prompt().ends_with("(calls you)\n"),
            "{}",
            world.last_prompt()
        );
        let dm = world.ada.dm_channel().unwrap();
        world
            .say_in(&world.ada, &dm, &world.sim.bot_mention())
            .await;
        assert!(
            world.last_prompt().ends_with("(calls you)\n"),
            "{}",
            world.last_prompt()
        );
    }
}

#[tokio::test]
async fn a_name_in_a_quote_in_code_or_of_a_thing_does_not_call() {
    let world = World::new().await;
    let mut closings = world.closings();
    for text in [
        "> Orla, what do you think?\nI said that yesterday",
        ">>> Orla, what do you think?\nsaid I",
        "```\nOrla, run this\n```",
        "`Orla, run this`",
        "<:orla:175928847299117063> hello there",
    ] {
        world.ada.say(&world.channel, text).unwrap();
    }
    let called = "> somebody said this\nOrla, what do you think?";
    let called = world.ada.say(&world.channel, called).unwrap();
    world.answer_to(&mut closings, called).await;
    assert_eq!(
        world.model.generations().len(),
        1,
        "{}",
        world.sim.transcript()
    );
}

#[tokio::test]
async fn in_an_active_channel_everyone_and_roles_are_not_the_persona() {
    let world = World::new().await;
    world.owner("chat mode", &[("mode", "active")]).await;
    let mut closings = world.closings();
    garnish(&world, json!({"mention_everyone": true}));
    world
        .ada
        .say(&world.channel, "@everyone server restart at nine")
        .unwrap();
    garnish(&world, json!({"mention_roles": ["175928847299117063"]}));
    world
        .ada
        .say(&world.channel, "<@&175928847299117063> the ship sails")
        .unwrap();
    garnish(&world, json!({}));
    let talk = world.ada.say(&world.channel, "what a night").unwrap();
    world.answer_to(&mut closings, talk).await;
    assert_eq!(
        world.model.generations().len(),
        1,
        "{}",
        world.sim.transcript()
    );
}
