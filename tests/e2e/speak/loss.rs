//! What is lost while a persona speaks: the webhook, the message, the connection.

use serde_json::json;

use super::*;

#[tokio::test]
async fn a_lost_webhook_is_made_anew_and_the_message_sent_once() {
    let stage = Stage::new().await;
    stage.say(stage.asked(), "before").await.unwrap();
    stage.channel.delete_webhooks();
    stage.say(stage.asked(), "after").await.unwrap();
    assert_eq!(stage.texts(), ["before", "after"]);
    assert_eq!(stage.spoken()[1].author(), "Mia");
    assert_eq!(stage.channel.webhooks().len(), 1);
    assert_eq!(stage.asked_discord("POST /webhooks/*/*"), 3);
}

#[tokio::test]
async fn twenty_who_lose_the_same_webhook_make_one() {
    let stage = Stage::new().await;
    stage.say(stage.asked(), "before").await.unwrap();
    stage.channel.delete_webhooks();
    let spoken = futures_util::future::join_all((0..20).map(|n| {
        let utterance = stage.open(stage.asked());
        async move { utterance.finish(format!("line {n}")).await }
    }))
    .await;
    assert!(spoken.iter().all(Result::is_ok), "{spoken:?}");
    assert_eq!(stage.channel.webhooks().len(), 1);
    assert_eq!(stage.spoken().len(), 21);
}

#[tokio::test]
async fn a_webhook_that_is_lost_a_second_time_gives_way_to_the_bot() {
    let stage = Stage::new().await;
    let unknown = json!({ "code": 10015, "message": "Unknown Webhook" });
    stage.sim.fail_times("POST /webhooks/*/*", 404, unknown, 2);
    stage.say(stage.asked(), "hello").await.unwrap();
    assert_eq!(stage.texts(), ["**Mia**: hello"]);
    assert_eq!(stage.asked_discord("POST /webhooks/*/*"), 2);
}

#[tokio::test]
async fn a_webhook_that_is_lost_in_the_middle_of_a_message_costs_no_word() {
    let stage = Stage::new().await;
    let mut utterance = stage.open(stage.asked());
    utterance.show("half");
    let half = stage.first_message().await;
    stage.channel.delete_webhooks();
    let spoken = utterance.finish("half and whole".to_owned()).await.unwrap();
    let whole: Vec<_> = stage
        .spoken()
        .into_iter()
        .filter(|m| m.text() == "half and whole")
        .collect();
    assert_eq!(ids(&whole), spoken);
    assert_ne!(spoken, ids(&[half]));
}

#[tokio::test]
async fn a_webhook_that_was_moved_leaves_nothing_in_the_other_channel() {
    let stage = Stage::new().await;
    stage.say(stage.asked(), "before").await.unwrap();
    let elsewhere = stage.guild.add_channel("elsewhere");
    for webhook in stage.sim.hub().world().webhooks.values_mut() {
        webhook.channel_id = elsewhere.id;
    }
    stage.say(stage.asked(), "after").await.unwrap();
    assert_eq!(stage.texts(), ["before", "after"]);
    assert!(spoken_in(&elsewhere).is_empty());
}

#[tokio::test]
async fn a_message_that_is_deleted_while_it_is_written_is_posted_anew_once() {
    let stage = Stage::new().await;
    let mut utterance = stage.open(stage.asked());
    utterance.show("half");
    let half = stage.first_message().await;
    stage
        .guild
        .owner
        .delete(&stage.channel, half.message.id)
        .unwrap();
    let spoken = utterance.finish("half and whole".to_owned()).await.unwrap();
    assert_eq!(stage.texts(), ["half and whole"]);
    assert_eq!(ids(&stage.spoken()), spoken);
}

#[tokio::test]
async fn an_abandoned_message_is_gone() {
    let stage = Stage::new().await;
    let mut utterance = stage.open(stage.asked());
    utterance.show("I should not");
    stage.first_message().await;
    utterance.abandon().await;
    assert!(stage.spoken().is_empty());
    stage.open(stage.asked()).abandon().await;
    assert_eq!(stage.asked_discord("DELETE /webhooks/*/*/messages/*"), 1);
}

#[tokio::test]
async fn a_429_is_waited_for_and_the_text_is_exact() {
    let stage = Stage::new().await;
    stage
        .sim
        .rate_limit_next("POST /webhooks/*/*", Duration::from_millis(300));
    stage
        .sim
        .rate_limit_next("PATCH /webhooks/*/*/messages/*", Duration::from_millis(300));
    let mut utterance = stage.open(stage.asked());
    utterance.show("slow");
    stage.first_message().await;
    utterance.finish("slow but sure".to_owned()).await.unwrap();
    assert_eq!(stage.texts(), ["slow but sure"]);
    let statuses = |pattern| -> Vec<u16> {
        stage
            .sim
            .requests_like(pattern)
            .iter()
            .map(|r| r.status)
            .collect()
    };
    assert_eq!(statuses("POST /webhooks/*/*"), [429, 200]);
    assert_eq!(statuses("PATCH /webhooks/*/*/messages/*"), [429, 200]);
}

#[tokio::test]
async fn an_outage_at_the_last_edit_is_outlived() {
    let stage = Stage::new().await;
    let mut utterance = stage.open(stage.asked());
    utterance.show("half");
    stage.first_message().await;
    stage
        .sim
        .fail_times("PATCH /webhooks/*/*/messages/*", 503, json!({}), 2);
    utterance.finish("half and whole".to_owned()).await.unwrap();
    assert_eq!(stage.texts(), ["half and whole"]);
}

#[tokio::test]
async fn what_can_no_longer_be_edited_is_said_anew() {
    let stage = Stage::new().await;
    let mut utterance = stage.open(stage.asked());
    utterance.show("half");
    stage.first_message().await;
    let refused = json!({ "code": 50035, "message": "Invalid Form Body" });
    stage
        .sim
        .fail_next("PATCH /webhooks/*/*/messages/*", 400, refused);
    let spoken = utterance.finish("half and whole".to_owned()).await.unwrap();
    assert_eq!(stage.texts(), ["half and whole"]);
    assert_eq!(ids(&stage.spoken()), spoken);
}

#[tokio::test]
async fn an_error_never_holds_a_webhooks_token() {
    let stage = Stage::new().await;
    stage.say(stage.asked(), "before").await.unwrap();
    let hooks: Vec<_> = stage
        .sim
        .hub()
        .world()
        .webhooks
        .values()
        .filter_map(|w| w.token.clone())
        .collect();
    let down = json!({ "code": 0, "message": "upstream" });
    stage.sim.fail_times("POST /webhooks/*/*", 502, down, 20);
    let error = stage.say(stage.asked(), "after").await.unwrap_err();
    let said = format!("{error} {error:?}");
    assert_eq!(hooks.len(), 1);
    assert!(
        !said.contains(&hooks[0]) && !said.contains(&stage.sim.token()),
        "{said}"
    );
}
