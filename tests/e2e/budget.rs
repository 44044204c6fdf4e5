//! The budget holds: requests shrink, then personas rest; nothing is ever spent beyond a limit.

use chrono::{Days, NaiveTime};
use futures_util::future::join_all;
use ledger::{Period, PicoUsd, Price, Scope, Unit};
use model_sim::{Reply, UsageReport};
use store::clock::Clock;

use crate::world::World;

/// Sets the server's limit of tokens for a day.
async fn limit(world: &World, tokens: i64) {
    let (ledger, scope) = (
        &world.companion().house().ledger,
        Scope::Guild(world.guild.id.get().into()),
    );
    let by = world.guild.owner.id.get().into();
    ledger
        .set_limit(scope, Period::Day, Unit::Tokens, Some(tokens), by)
        .await
        .unwrap();
}

/// The server's posted tokens of the day, and what is set aside.
async fn spent(world: &World) -> (i64, i64) {
    let view = world.budget(&world.ada).await;
    let of_guild =
        |w: &&ledger::WindowView| matches!(w.scope, Scope::Guild(_)) && w.period == Period::Day;
    let window = view.windows.iter().find(of_guild).unwrap();
    (window.tokens.posted, window.tokens.pending)
}

/// A reply whose usage is not reported costs the whole hold, so this is what a first reply in a new channel sets aside.
async fn full_hold(world: &World) -> i64 {
    world
        .model
        .queue(Reply::text("Dear.").usage(UsageReport::Missing));
    world.ask("what do I cost?").await;
    spent(world).await.0
}

fn cap_of_last(world: &World) -> u64 {
    let asked = world.model.generations();
    let body = &asked.last().unwrap().body;
    body["max_completion_tokens"]
        .as_u64()
        .or(body["max_tokens"].as_u64())
        .unwrap()
}

#[tokio::test]
async fn a_used_up_budget_is_said_with_its_reset_time_and_no_model_is_asked() {
    let world = World::new().await;
    world
        .owner("budget set", &[("amount", "10"), ("unit", "tokens")])
        .await;
    let answer = world.ask("hello").await;
    let midnight = world
        .clock
        .now()
        .date_naive()
        .checked_add_days(Days::new(1))
        .unwrap()
        .and_time(NaiveTime::MIN);
    let expected = format!(
        "*Orla is resting.* The budget here is used up until <t:{}:f>",
        midnight.and_utc().timestamp()
    );
    assert!(answer.text().starts_with(&expected), "{}", answer.text());
    assert_eq!(answer.author(), "Orla");
    assert!(world.model.generations().is_empty());
    assert_eq!(spent(&world).await, (0, 0));
    world
        .owner("budget set", &[("amount", "none"), ("unit", "tokens")])
        .await;
    world.model.say("Awake again.");
    assert_eq!(world.ask("and now?").await.words(), "Awake again.");
}

#[tokio::test]
async fn a_request_shrinks_before_a_persona_rests() {
    let world = World::new().await;
    let hold = full_hold(&world).await;
    assert_eq!(cap_of_last(&world), 400);
    let (second, third) = (
        world.guild.add_channel("second"),
        world.guild.add_channel("third"),
    );
    // Too little for the whole cap, enough for half of it.
    limit(&world, 2 * hold - 100).await;
    world
        .model
        .queue(Reply::text("Short.").usage(UsageReport::Missing));
    assert_eq!(
        world
            .ask_in(&world.ada, &second, "what do I cost?")
            .await
            .words(),
        "Short."
    );
    assert_eq!(cap_of_last(&world), 200);
    let (posted, pending) = spent(&world).await;
    assert_eq!((posted, pending), (2 * hold - 200, 0));
    assert!(
        world
            .ask_in(&world.ada, &third, "what do I cost?")
            .await
            .text()
            .contains("is resting")
    );
    assert_eq!(world.model.generations().len(), 2);
}

#[tokio::test]
async fn messages_at_once_never_pass_the_limit() {
    let world = World::new().await;
    let hold = full_hold(&world).await;
    let most = hold * 5 + hold / 2;
    limit(&world, most).await;
    world
        .model
        .always(|_| Reply::text("Fine.").usage(UsageReport::Missing));
    let channels: Vec<_> = (0..16)
        .map(|n| world.guild.add_channel(format!("c{n}").as_str()))
        .collect();
    let answers = join_all(
        channels
            .iter()
            .map(|channel| world.ask_in(&world.ada, channel, "what do I cost?")),
    )
    .await;
    let resting = answers
        .iter()
        .filter(|answer| answer.text().contains("is resting"))
        .count();
    let spoken = answers
        .iter()
        .filter(|answer| answer.words() == "Fine.")
        .count();
    let (posted, pending) = spent(&world).await;
    assert!(posted <= most && pending == 0, "{posted} of {most}");
    assert_eq!(spoken + resting, 16);
    assert!(
        spoken >= 4 && resting >= 8,
        "{spoken} spoke, {resting} rested"
    );
    assert_eq!(world.model.generations().len(), 1 + spoken);
}

#[tokio::test]
async fn a_reply_without_reported_usage_costs_all_that_was_set_aside_and_the_budget_says_so() {
    let world = World::new().await;
    let hold = full_hold(&world).await;
    let text = world
        .command(&world.ada, &world.channel, "budget show", &[])
        .await;
    assert!(
        text.text().contains("all that was set aside"),
        "{}",
        text.text()
    );
    world.model.queue(Reply::text("Cheap."));
    world.ask("again").await;
    assert!(
        spent(&world).await.0 < 2 * hold,
        "a reported reply costs what it used"
    );
}

#[tokio::test]
async fn a_model_without_a_price_is_not_asked_and_the_line_says_who_can_set_one() {
    let world = World::with(|config| config.model.as_mut().unwrap().price = None).await;
    let text = world.ask("hello").await.text();
    assert!(
        text.contains("Whoever runs this bot") && !text.contains("[model.price]"),
        "{text}"
    );
    assert!(world.model.generations().is_empty());
}

#[tokio::test]
async fn the_cheaper_model_speaks_when_the_first_does_not_fit() {
    let world = World::with(|config| {
        let mut cheaper = config.model.clone().unwrap();
        cheaper.model = "sim-mini".into();
        cheaper.price = Some(Price::plain(PicoUsd::dollars(1), PicoUsd::dollars(2)));
        config.model.as_mut().unwrap().price =
            Some(Price::plain(PicoUsd::dollars(1000), PicoUsd::dollars(2000)));
        config.cheaper_model = Some(cheaper);
        config.budget.guild_day.usd = Some(PicoUsd::dollars(1));
    })
    .await;
    world.model.say("Frugal.");
    assert_eq!(world.ask("hello").await.words(), "Frugal.");
    assert_eq!(
        world.model.generations().last().unwrap().body["model"],
        "sim-mini"
    );
}
