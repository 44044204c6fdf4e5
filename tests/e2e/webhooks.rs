//! What happens to a reply where webhooks are lost or not allowed, and where the bot may not write at all.

use serde_json::json;
use twilight_model::guild::Permissions;

use crate::world::World;

#[tokio::test]
async fn a_deleted_webhook_is_made_anew_and_the_reply_arrives_once() {
    let world = World::new().await;
    world.ask("one").await;
    world.channel.delete_webhooks();
    world.model.say("Still here.");
    let answer = world.ask("two").await;
    assert_eq!(answer.words(), "Still here.");
    assert_eq!(answer.author(), "Orla");
    assert_eq!(world.spoken_in(&world.channel).len(), 2);
    assert_eq!(world.channel.webhooks().len(), 1);
    let unknown = world
        .sim
        .requests_like("POST /webhooks/*/*")
        .iter()
        .filter(|r| r.status == 404)
        .count();
    assert_eq!(unknown, 1);
}

#[tokio::test]
async fn without_manage_webhooks_the_bots_account_speaks_in_the_personas_name() {
    let world = World::new().await;
    world.channel.deny_bot(Permissions::MANAGE_WEBHOOKS);
    world.model.say("By the back door.");
    let answer = world.ask("hello").await;
    assert_eq!(answer.words(), "**Orla**: By the back door.");
    assert_eq!(answer.first().message.author.id, world.sim.bot_id());
    assert_eq!(
        answer
            .first()
            .message
            .reference
            .as_ref()
            .unwrap()
            .message_id,
        Some(answer.to)
    );
}

#[tokio::test]
async fn where_the_bot_may_not_write_nothing_is_asked_and_nothing_spent() {
    let world = World::new().await;
    world.channel.deny_bot(Permissions::SEND_MESSAGES);
    let answer = world.ask("hello").await;
    assert!(answer.messages.is_empty());
    assert!(world.model.generations().is_empty());
    let view = world.budget(&world.ada).await;
    assert!(
        view.replies.is_empty()
            && view
                .windows
                .iter()
                .all(|w| w.usd.posted + w.usd.pending == 0),
        "{view:?}"
    );
}

#[tokio::test]
async fn a_webhook_that_discord_will_not_make_gives_way_to_the_bot() {
    let world = World::new().await;
    let full = json!({ "code": 30007, "message": "Maximum number of webhooks reached (15)" });
    world
        .sim
        .fail_times("POST /channels/*/webhooks", 400, full, 1);
    assert!(world.ask("hello").await.text().starts_with("**Orla**: "));
}
