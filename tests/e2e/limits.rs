//! Discord asks for pauses: the reply still arrives, once and whole. With a proxy that keeps the limits, and with
//! serenity's own limiter, as the bot runs at Discord.

use std::time::Duration;

use discord_sim::SimConfig;
use model_sim::{Chunks, Reply};

use crate::tls;
use crate::world::World;

const PAUSE: Duration = Duration::from_millis(400);

/// A reply that is posted, edited on the way and made exact, with a 429 at each.
async fn a_reply_through_pauses(world: &World) {
    let said = "The fog came in from the west and stayed for breakfast, and nobody minded much.";
    world.model.queue(
        Reply::text(said)
            .chunks(Chunks::Words)
            .over(Duration::from_secs(2)),
    );
    world.sim.rate_limit_next("POST /webhooks/*/*", PAUSE);
    world
        .sim
        .rate_limit_next("PATCH /webhooks/*/*/messages/*", PAUSE);
    let answer = world.ask("what happened?").await;
    assert_eq!(answer.words(), said);
    assert_eq!(world.spoken_in(&world.channel).len(), 1);
    for pattern in ["POST /webhooks/*/*", "PATCH /webhooks/*/*/messages/*"] {
        let statuses: Vec<u16> = world
            .sim
            .requests_like(pattern)
            .iter()
            .map(|request| request.status)
            .collect();
        assert!(
            statuses.len() >= 2 && statuses[0] == 429 && statuses[1..].iter().all(|s| *s == 200),
            "{statuses:?}"
        );
    }
}

#[tokio::test]
async fn a_429_at_posting_and_at_editing_delays_the_reply_and_loses_nothing() {
    a_reply_through_pauses(&World::new().await).await;
}

#[tokio::test]
async fn serenitys_own_limiter_keeps_discords_limits_and_the_reply_arrives() {
    let discord = SimConfig {
        rate_limits: true,
        ..World::discord()
    };
    let mut world = World::without_bot(discord, |config| {
        config.discord.http_proxy = None;
    })
    .await;
    let connection = tls::connection(&world.sim).await;
    world.start_over(connection).await;
    a_reply_through_pauses(&world).await;
    for n in 0..8 {
        let answer = world.ask(&format!("question {n}")).await;
        assert_eq!(answer.messages.len(), 1);
    }
    let limited = world
        .sim
        .requests()
        .iter()
        .filter(|request| request.status == 429)
        .count();
    assert_eq!(limited, 2, "only the pauses that were ordered");
}
