//! Discord asks for pauses that are longer than a reply can wait: they are remembered, nothing is asked against them, and
//! the channel goes on.

use std::time::Duration;

use discord_sim::rest::fault::{Fault, Lasting};
use discord_sim::rest::reply::{Reply as Answered, Scope};

use super::*;
use crate::tls;

const LONG: Duration = Duration::from_secs(45);

/// A bot that speaks through serenity's own limiter, as it does at Discord.
async fn with_serenitys_limiter() -> World {
    let mut world = World::without_bot(World::discord(), |config| {
        config.discord.http_proxy = None;
    })
    .await;
    let connection = tls::connection(&world.sim).await;
    world.start_over(connection).await;
    world
}

async fn a_long_pause_of_the_webhook(world: &World, pause: Answered) {
    let post = "POST /webhooks/*/*";
    world.sim.order(post, Fault::Answer(pause), Lasting::Always);
    let begun = std::time::Instant::now();
    for n in 0..3 {
        world.model.say("By another door.");
        let answer = world.ask(&format!("question {n}")).await;
        assert_eq!(answer.words(), "**Orla**: By another door.");
    }
    assert_eq!(asked(world, post), 1, "what is limited is not asked again");
    assert!(begun.elapsed() < Duration::from_secs(15));
    assert_eq!(world.model.generations().len(), 3);
}

#[tokio::test]
async fn while_the_webhook_is_limited_for_long_the_bots_account_speaks() {
    let world = World::new().await;
    a_long_pause_of_the_webhook(&world, Answered::limit(LONG, Scope::User)).await;
}

#[tokio::test]
async fn a_pause_that_stands_only_in_a_header_is_obeyed() {
    let world = World::new().await;
    a_long_pause_of_the_webhook(&world, Answered::bare_limit(LONG)).await;
}

#[tokio::test]
async fn with_serenitys_limiter_a_long_pause_is_not_slept_through() {
    let world = with_serenitys_limiter().await;
    a_long_pause_of_the_webhook(&world, Answered::limit(LONG, Scope::Shared)).await;
}

/// Cloudflare shuts the bot out while people go on asking.
async fn a_block(world: &World) {
    world.ask("before").await;
    let before = world.sim.requests().len();
    let paid = world.model.generations().len();
    // The bot's first reply meets it; then it is known.
    world
        .sim
        .block_by_cloudflare("* /**", Duration::from_secs(8));
    let begun = std::time::Instant::now();
    for n in 0..4 {
        let answer = world.ask(&format!("question {n}")).await;
        assert!(answer.messages.is_empty());
    }
    assert!(
        begun.elapsed() < Duration::from_secs(6),
        "the lane was held for {:?}",
        begun.elapsed()
    );
    assert!(
        world.model.generations().len() - paid <= 1,
        "what cannot be shown is not paid for"
    );
    let refused: Vec<_> = world.sim.requests()[before..]
        .iter()
        .filter(|request| request.status == 429)
        .map(|request| (request.method.clone(), request.path.clone()))
        .collect();
    assert!(refused.len() <= 5, "{refused:?}");
    // When it is over, whoever asked first reads a line, the others find a reaction.
    let line = |message: &StoredMessage| message.text().contains("did not take");
    world
        .sim
        .wait_for_message(&world.channel, line, Duration::from_secs(30))
        .await
        .unwrap();
    let lines = world.spoken_in(&world.channel);
    assert_eq!(lines.iter().filter(|m| line(m)).count(), 1);
    world.ask("after").await;
}

#[tokio::test]
async fn a_block_of_cloudflare_costs_few_requests_holds_no_lane_and_is_told_of_afterwards() {
    a_block(&World::new().await).await;
}

#[tokio::test]
async fn with_serenitys_limiter_a_block_of_cloudflare_is_the_same() {
    a_block(&with_serenitys_limiter().await).await;
}

#[tokio::test]
async fn with_serenitys_limiter_a_reply_streams_and_a_lost_webhook_is_made_anew() {
    let world = with_serenitys_limiter().await;
    world.ask("before").await;
    world.channel.delete_webhooks();
    let said = "One two three four five six seven eight.";
    world.model.queue(
        model_sim::Reply::text(said)
            .chunks(model_sim::Chunks::Words)
            .over(Duration::from_secs(3)),
    );
    let answer = world.ask("count").await;
    assert_eq!(answer.words(), said);
    assert!(answer.first().revisions.len() >= 2);
    assert_eq!(answer.author(), "Orla");
}

#[tokio::test]
async fn slow_mode_for_the_bots_own_account_is_waited_out_or_shown() {
    let world = World::new().await;
    world
        .channel
        .deny_bot(twilight_model::guild::Permissions::MANAGE_WEBHOOKS);
    let mut slow = refusal(
        20_016,
        "This action cannot be performed due to slowmode rate limit",
    );
    slow["retry_after"] = 30.0.into();
    let post = "POST /channels/*/messages";
    world.sim.fail_times(post, 429, slow, 9);
    let answer = world.ask("hello").await;
    assert!(answer.messages.is_empty());
    assert_eq!(reactions(&world), ["⏳"]);
    assert_eq!(asked(&world, post), 1);
    // Until it is over nothing more is paid for here.
    let paid = world.model.generations().len();
    world.ask("and now?").await;
    assert_eq!(world.model.generations().len(), paid);
    assert_eq!(reactions(&world), ["⏳"]);
}
