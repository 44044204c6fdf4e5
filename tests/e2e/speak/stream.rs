//! A reply that grows before people's eyes.

use std::time::Instant;

use super::*;

#[tokio::test]
async fn a_growing_text_is_edited_seldom_and_ends_exactly() {
    let stage = Stage::new().await;
    let mut utterance = stage.open(stage.asked());
    let mut text = String::new();
    let mut tokens = tokio::time::interval(Duration::from_millis(20));
    for n in 0..150 {
        tokens.tick().await;
        text.push_str(&format!("{n} "));
        utterance.show(&text);
    }
    let whole = text.trim_end().to_owned();
    let spoken = utterance.finish(whole.clone()).await.unwrap();
    let message = &stage.spoken()[0];
    assert_eq!(ids(std::slice::from_ref(message)), spoken);
    assert_eq!(message.text(), whole);
    // 3 s: the first text, an edit after 1.2 s and after 2.4 s, and the final one.
    let texts: Vec<_> = message
        .revisions
        .iter()
        .map(|r| r.content.clone())
        .collect();
    assert!((3..=4).contains(&texts.len()), "{texts:?}");
    assert!(
        texts
            .windows(2)
            .all(|pair| pair[1].starts_with(pair[0].trim_end())),
        "{texts:?}"
    );
    let micros: Vec<_> = message.revisions.iter().map(|r| r.at.as_micros()).collect();
    let streaming = &micros[..micros.len() - 1];
    assert!(
        streaming
            .windows(2)
            .all(|pair| pair[1] - pair[0] > 1_000_000),
        "{micros:?}"
    );
}

#[tokio::test]
async fn showing_never_waits_for_discord() {
    let stage = Stage::new().await;
    stage
        .sim
        .delay("POST /webhooks/*/*", Duration::from_millis(500));
    let mut utterance = stage.open(stage.asked());
    let start = Instant::now();
    for n in 0..1_000 {
        utterance.show(&format!("text {n}"));
    }
    assert!(
        start.elapsed() < Duration::from_millis(250),
        "{:?}",
        start.elapsed()
    );
    utterance.finish("text".to_owned()).await.unwrap();
    assert_eq!(stage.texts(), ["text"]);
}

#[tokio::test]
async fn a_reply_that_is_finished_at_once_is_one_request() {
    let stage = Stage::new().await;
    stage.say(stage.asked(), "short").await.unwrap();
    assert_eq!(stage.asked_discord("POST /webhooks/*/*"), 1);
    assert_eq!(stage.asked_discord("PATCH /webhooks/*/*/messages/*"), 0);
}

#[tokio::test]
async fn a_caller_that_does_not_wait_still_gets_its_text_written() {
    let stage = Stage::new().await;
    let mut utterance = stage.open(stage.asked());
    utterance.show("half");
    stage.first_message().await;
    drop(utterance.finish("half and whole".to_owned()));
    stage.stop.cancel();
    stage.speaker.finish().await;
    assert_eq!(stage.texts(), ["half and whole"]);
}

#[tokio::test]
async fn typing_is_shown() {
    let stage = Stage::new().await;
    stage.speaker.typing(stage.asked());
    stage
        .sim
        .wait_for_requests("POST /channels/*/typing", 1, SOON)
        .await
        .unwrap();
    assert_eq!(stage.channel.bot_typed(), 1);
}
