//! Name, face, place and length of what a persona says.

use futures_util::future::join_all;
use serde_json::Value;

use super::*;

/// One pixel.
const FACE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xff\xff\xff\x7f\0\x09\xfb\x03\xfd\x05CE\xca\0\0\0\0IEND\xaeB`\x82";

#[tokio::test]
async fn twenty_who_speak_at_once_make_one_webhook() {
    let stage = Stage::new().await;
    let spoken = join_all((0..20).map(|n| {
        let utterance = stage.open(stage.asked());
        async move { utterance.finish(format!("line {n}")).await }
    }))
    .await;
    assert!(
        spoken
            .iter()
            .all(|s| s.as_ref().is_ok_and(|ids| ids.len() == 1)),
        "{spoken:?}"
    );
    assert_eq!(stage.channel.webhooks().len(), 1);
    assert_eq!(stage.asked_discord("GET /channels/*/webhooks"), 1);
    assert_eq!(stage.asked_discord("POST /channels/*/webhooks"), 1);
    assert_eq!(stage.spoken().len(), 20);
}

#[tokio::test]
async fn another_process_finds_the_webhook_and_makes_none() {
    let stage = Stage::new().await;
    stage.say(stage.asked(), "one").await.unwrap();
    let other = speaker(&stage.sim, &stage.stop);
    other
        .open(stage.asked(), mia())
        .finish("two".to_owned())
        .await
        .unwrap();
    assert_eq!(stage.channel.webhooks().len(), 1);
    assert_eq!(stage.texts(), ["one", "two"]);
}

#[tokio::test]
async fn a_persona_speaks_under_its_own_name_even_one_that_discord_forbids() {
    let stage = Stage::new().await;
    stage.say(stage.asked(), "hi").await.unwrap();
    let clyde = Voice {
        name: "Discord Clyde".to_owned(),
        ..mia()
    };
    stage
        .speaker
        .open(stage.asked(), clyde)
        .finish("ho".to_owned())
        .await
        .unwrap();
    let spoken = stage.spoken();
    assert_eq!(spoken[0].author(), "Mia");
    assert_eq!(spoken[1].author().replace('\u{200A}', ""), "Discord Clyde");
}

#[tokio::test]
async fn a_face_is_uploaded_once_for_all_channels_and_processes() {
    let stage = Stage::new().await;
    let with_face = || Voice {
        avatar: Some(Arc::from(FACE)),
        ..mia()
    };
    let second = stage.guild.add_channel("second");
    stage
        .speaker
        .open(stage.asked(), with_face())
        .finish("a".to_owned())
        .await
        .unwrap();
    stage
        .speaker
        .open(stage.asked_in(&second), with_face())
        .finish("b".to_owned())
        .await
        .unwrap();
    let other = speaker(&stage.sim, &stage.stop);
    other
        .open(stage.asked(), with_face())
        .finish("c".to_owned())
        .await
        .unwrap();

    assert_eq!(stage.asked_discord("POST /applications/*/emojis"), 1);
    let posts = stage.sim.requests_like("POST /webhooks/*/*");
    let addresses: Vec<_> = posts.iter().map(|post| &post.body["avatar_url"]).collect();
    assert_eq!(addresses.len(), 3);
    assert!(
        addresses.iter().all(|a| *a == addresses[0]),
        "{addresses:?}"
    );
    let address = addresses[0].as_str().unwrap();
    assert!(
        address.starts_with("https://cdn.discordapp.com/emojis/"),
        "{address}"
    );
}

/// A picture that does not compress, of more than Discord takes.
fn large_face() -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 320, 320);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let noise = |n: u32| (n.wrapping_mul(0x9E37_79B1).wrapping_mul(n) >> 24) as u8;
    let pixels: Vec<u8> = (0..320 * 320 * 3).map(noise).collect();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&pixels).unwrap();
    writer.finish().unwrap();
    file
}

#[tokio::test]
async fn a_face_that_is_too_large_for_discord_is_made_small() {
    let stage = Stage::new().await;
    let large = large_face();
    assert!(large.len() > 256 * 1024, "{}", large.len());
    let voice = Voice {
        avatar: Some(large.into()),
        ..mia()
    };
    stage
        .speaker
        .open(stage.asked(), voice)
        .finish("a".to_owned())
        .await
        .unwrap();
    let posts = stage.sim.requests_like("POST /webhooks/*/*");
    assert!(posts[0].body["avatar_url"].is_string(), "{:?}", posts[0]);
    let world = stage.sim.hub().world();
    let uploaded = world.emojis.values().next().unwrap();
    assert!(uploaded.image.len() < 256 * 1024);
}

#[tokio::test]
async fn a_face_that_discord_refuses_is_no_reason_to_stay_silent() {
    let stage = Stage::new().await;
    let full = serde_json::json!({ "code": 30008, "message": "Maximum number of emojis reached" });
    stage
        .sim
        .fail_times("POST /applications/*/emojis", 400, full, 1);
    let with_face = || Voice {
        avatar: Some(Arc::from(FACE)),
        ..mia()
    };
    stage
        .speaker
        .open(stage.asked(), with_face())
        .finish("a".to_owned())
        .await
        .unwrap();
    stage
        .speaker
        .open(stage.asked(), with_face())
        .finish("b".to_owned())
        .await
        .unwrap();
    assert_eq!(stage.texts(), ["a", "b"]);
    assert_eq!(stage.asked_discord("POST /applications/*/emojis"), 1);
}

#[tokio::test]
async fn in_a_thread_the_parents_webhook_speaks() {
    let stage = Stage::new().await;
    let thread = stage
        .channel
        .start_thread(&stage.ada, "aside", None)
        .unwrap();
    let to = Destination {
        parent: Some(ChannelId::from(stage.channel.id.get())),
        ..stage.asked_in(&thread)
    };
    let mut utterance = stage.open(to);
    utterance.show("in the");
    stage
        .sim
        .wait_for_message(&thread, StoredMessage::by_bot, SOON)
        .await
        .unwrap();
    let spoken = utterance.finish("in the thread".to_owned()).await.unwrap();
    let there = spoken_in(&thread);
    assert_eq!(ids(&there), spoken);
    assert_eq!(there[0].text(), "in the thread");
    assert_eq!(there[0].author(), "Mia");
    assert!(stage.spoken().is_empty());
    assert_eq!(stage.channel.webhooks().len(), 1);
}

#[tokio::test]
async fn in_a_direct_message_the_bot_speaks_in_the_personas_name() {
    let stage = Stage::new().await;
    let dm = stage.ada.dm_channel().unwrap();
    let to = Destination {
        guild: None,
        ..stage.asked_in(&dm)
    };
    stage.say(to, "just us").await.unwrap();
    let spoken = spoken_in(&dm);
    assert_eq!(spoken.len(), 1);
    assert_eq!(spoken[0].text(), "**Mia**: just us");
    assert_eq!(stage.asked_discord("* /channels/*/webhooks"), 0);
}

#[tokio::test]
async fn a_long_reply_becomes_several_messages_in_order() {
    let stage = Stage::new().await;
    let words: Vec<String> = (0..900).map(|n| format!("w{n}")).collect();
    let spoken = stage.say(stage.asked(), &words.join(" ")).await.unwrap();
    let messages = stage.spoken();
    assert!(messages.len() >= 3, "{}", messages.len());
    assert_eq!(ids(&messages), spoken);
    assert!(messages.iter().all(|m| m.text().chars().count() <= 2_000));
    let said: Vec<String> = messages
        .iter()
        .flat_map(|m| m.text().split_whitespace())
        .map(str::to_owned)
        .collect();
    assert!(said == words, "{} of {} words", said.len(), words.len());
}

#[tokio::test]
async fn a_text_full_of_mentions_mentions_nobody_and_unfolds_no_preview() {
    let stage = Stage::new().await;
    let text = format!(
        "@everyone @here {} https://example.com/x",
        stage.ada.mention()
    );
    let mut utterance = stage.open(stage.asked());
    utterance.show(&text);
    stage.first_message().await;
    utterance.finish(format!("{text} and more")).await.unwrap();
    let dm = stage.ada.dm_channel().unwrap();
    stage
        .say(
            Destination {
                guild: None,
                ..stage.asked_in(&dm)
            },
            &text,
        )
        .await
        .unwrap();

    for message in stage.spoken().iter().chain(&spoken_in(&dm)) {
        assert!(
            !message.message.mention_everyone && message.message.mentions.is_empty(),
            "{message:?}"
        );
    }
    let nobody = |body: &Value| body["allowed_mentions"]["parse"] == serde_json::json!([]);
    for pattern in [
        "POST /webhooks/*/*",
        "PATCH /webhooks/*/*/messages/*",
        "POST /channels/*/messages",
    ] {
        let requests = stage.sim.requests_like(pattern);
        assert!(
            !requests.is_empty() && requests.iter().all(|r| nobody(&r.body)),
            "{pattern}"
        );
        let posts = requests.iter().filter(|r| r.method == "POST");
        assert!(posts.into_iter().all(|r| r.body["flags"] == 4), "{pattern}");
    }
}
