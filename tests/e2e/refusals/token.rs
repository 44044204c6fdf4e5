//! The bot's token is no longer valid, or an interaction takes no answer any more.

use std::time::Duration;

use discord_sim::rest::fault::{Fault, Lasting};
use discord_sim::rest::reply::Reply as Answered;

use super::*;
use crate::world::SOON;

#[tokio::test]
async fn a_token_that_is_no_longer_known_ends_the_bot_and_nothing_more_is_paid_for() {
    let mut world = World::new().await;
    world.ask("before").await;
    let unauthorized = Answered::json(401, json!({ "message": "401: Unauthorized", "code": 0 }));
    let order = Fault::Answer(unauthorized);
    world.sim.order("* /**", order, Lasting::Always);
    let before = world.sim.requests().len();
    world.ask("the last one").await;
    let paid = world.model.generations().len();
    for n in 0..3 {
        let answer = world.ask(&format!("question {n}")).await;
        assert!(answer.messages.is_empty());
    }
    assert_eq!(world.model.generations().len(), paid);
    let refused = world.sim.requests().len() - before;
    assert!(refused <= 4, "{refused} requests");
    let ended = tokio::time::timeout(SOON, world.ended()).await.unwrap();
    assert!(
        ended
            .to_string()
            .contains("does not accept the bot's token")
    );
}

#[tokio::test]
async fn one_unauthorized_answer_that_does_not_last_ends_nothing() {
    let mut world = World::new().await;
    let unauthorized = json!({ "message": "401: Unauthorized", "code": 0 });
    world
        .sim
        .fail_times("POST /webhooks/*/*", 401, unauthorized, 1);
    world.ask("hello").await;
    world.model.say("Still here.");
    assert_eq!(world.ask("hello?").await.words(), "Still here.");
    let ended = tokio::time::timeout(Duration::ZERO, world.ended()).await;
    assert!(ended.is_err());
}

#[tokio::test]
async fn an_interaction_that_takes_no_answer_is_not_answered_a_second_time() {
    for (status, code) in [(404, 10_062), (400, 40_060)] {
        let world = World::new().await;
        let callback = "POST /interactions/*/*/callback";
        let before = asked(&world, callback);
        world
            .sim
            .fail_times(callback, status, refusal(code, "no"), 9);
        // A second answer would follow at once: before that to somebody who asks when the first is answered.
        for (n, who) in [&world.ada, &world.bo].into_iter().enumerate() {
            who.command_with(&world.channel, "budget show", &Default::default())
                .unwrap();
            world
                .sim
                .wait_for_requests(callback, before + n + 1, SOON)
                .await
                .unwrap();
        }
        assert_eq!(asked(&world, callback), before + 2, "code {code}");
        assert_eq!(asked(&world, "POST /webhooks/*/*"), 0);
    }
}
