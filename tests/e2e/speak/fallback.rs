//! Where a persona cannot have a webhook, the bot speaks in its name; where the bot may not speak, it says why.

use discord_sim::actor::Person;
use serde_json::json;
use twilight_model::guild::Permissions;

use super::*;

#[tokio::test]
async fn without_the_permission_for_webhooks_the_bot_speaks_and_does_not_ask_again() {
    let stage = Stage::new().await;
    stage.channel.deny_bot(Permissions::MANAGE_WEBHOOKS);
    let to = stage.asked();
    let first = stage.say(to, "hello").await.unwrap();
    stage.say(stage.asked(), "again").await.unwrap();
    assert_eq!(stage.texts(), ["**Mia**: hello", "**Mia**: again"]);
    let spoken = stage.spoken();
    assert_eq!(ids(&spoken[..1]), first);
    let reply = spoken[0]
        .message
        .reference
        .as_ref()
        .and_then(|r| r.message_id);
    assert_eq!(reply.map(|id| id.get()), Some(to.reply_to.get()));
    assert_eq!(stage.asked_discord("GET /channels/*/webhooks"), 1);
    assert_eq!(stage.asked_discord("POST /channels/*/webhooks"), 0);
}

#[tokio::test]
async fn in_a_channel_full_of_other_webhooks_the_bot_speaks() {
    let stage = Stage::new().await;
    let somebody: &Person = &stage.guild.owner;
    stage.channel.fill_with_webhooks(somebody, 15);
    stage.say(stage.asked(), "hello").await.unwrap();
    assert_eq!(stage.texts(), ["**Mia**: hello"]);
}

#[tokio::test]
async fn the_bots_name_line_fits_into_the_limit_too() {
    let stage = Stage::new().await;
    stage.channel.deny_bot(Permissions::MANAGE_WEBHOOKS);
    let text = "word ".repeat(399);
    let spoken = stage.say(stage.asked(), &text).await.unwrap();
    let messages = stage.spoken();
    assert_eq!(ids(&messages), spoken);
    assert!(messages.iter().all(|m| m.text().chars().count() <= 2_000));
    let words: usize = messages
        .iter()
        .map(|m| m.text().matches("word").count())
        .sum();
    assert_eq!(words, 399);
}

#[tokio::test]
async fn an_outage_of_webhooks_is_not_remembered() {
    let stage = Stage::new().await;
    stage
        .sim
        .fail_times("GET /channels/*/webhooks", 503, json!({}), 2);
    stage.say(stage.asked(), "as the bot").await.unwrap();
    stage.say(stage.asked(), "as Mia").await.unwrap();
    assert_eq!(stage.texts().last().map(String::as_str), Some("as Mia"));
}

#[tokio::test]
async fn a_webhook_that_refuses_the_message_gives_way_to_the_bot() {
    let stage = Stage::new().await;
    let bad = json!({ "code": 50035, "message": "Invalid Form Body" });
    stage.sim.fail_next("POST /webhooks/*/*", 400, bad);
    stage.say(stage.asked(), "hello").await.unwrap();
    assert_eq!(stage.texts(), ["**Mia**: hello"]);
}

#[tokio::test]
async fn where_the_bot_may_not_write_the_error_says_what_to_do() {
    let stage = Stage::new().await;
    stage
        .channel
        .deny_bot(Permissions::MANAGE_WEBHOOKS | Permissions::SEND_MESSAGES);
    let mut utterance = stage.open(stage.asked());
    utterance.show("hel");
    let error = utterance.finish("hello".to_owned()).await.unwrap_err();
    assert!(
        matches!(error.why, SpeakError::MissingPermission { .. }),
        "{error:?}"
    );
    assert!(error.to_string().contains("admin"), "{error}");
    assert!(stage.spoken().is_empty());
}

#[tokio::test]
async fn in_a_channel_that_is_gone_the_error_says_so() {
    let stage = Stage::new().await;
    let to = stage.asked();
    stage.channel.delete();
    let error = stage.say(to, "hello").await.unwrap_err();
    assert!(matches!(error.why, SpeakError::ChannelGone), "{error:?}");
}

#[tokio::test]
async fn the_same_turn_sent_twice_by_the_bot_is_one_message() {
    let stage = Stage::new().await;
    stage.channel.deny_bot(Permissions::MANAGE_WEBHOOKS);
    let to = stage.asked();
    let mut half = stage.open(to);
    half.show("half of");
    stage.first_message().await;
    // A process that is killed takes nothing back. The bot starts anew and answers the message that it had begun to answer.
    let again = speaker(&stage.sim, &stage.stop);
    let spoken = again
        .open(to, mia())
        .finish("half of it".to_owned())
        .await
        .unwrap();
    assert_eq!(stage.texts(), ["**Mia**: half of it"]);
    assert_eq!(ids(&stage.spoken()), spoken);
    drop(half);
}

#[tokio::test]
async fn a_notice_is_the_bots_reply_and_repeating_it_is_harmless() {
    let stage = Stage::new().await;
    let to = stage.asked();
    let first = stage
        .speaker
        .notice(to, "I rest until tomorrow.".to_owned())
        .await
        .unwrap();
    let second = stage
        .speaker
        .notice(to, "I rest until tomorrow.".to_owned())
        .await
        .unwrap();
    let other = stage
        .speaker
        .notice(to, "Something else.".to_owned())
        .await
        .unwrap();
    assert_eq!(first, second);
    assert_ne!(first, other);
    let spoken = stage.spoken();
    assert_eq!(stage.texts(), ["I rest until tomorrow.", "Something else."]);
    assert_eq!(spoken[0].message.author.id, stage.sim.bot_id());
    assert!(spoken[0].message.mentions.is_empty());
    let reply = spoken[0]
        .message
        .reference
        .as_ref()
        .and_then(|r| r.message_id);
    assert_eq!(reply.map(|id| id.get()), Some(to.reply_to.get()));
}
