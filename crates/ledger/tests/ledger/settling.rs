//! What a hold becomes.

use chrono::TimeDelta;
use ledger::{Outcome, Period, PicoUsd, Usage};

use crate::house::{House, ann, at, guild, used};

#[tokio::test]
async fn complete_usage_replaces_the_hold() {
    let house = House::guild_day(100).await;
    let hold = house.hold(ann(), 100).await.unwrap();
    let receipt = house.ledger.settle(hold, used(40)).await.unwrap();
    assert_eq!(
        (receipt.usd, receipt.tokens, receipt.breach),
        (PicoUsd(40), 40, false)
    );
    assert_eq!(house.guild_today().await, (40, 0));
    assert!(house.hold(ann(), 60).await.is_ok());
    house.assert_sound().await;
}

#[tokio::test]
async fn what_is_not_certain_posts_the_full_hold() {
    let impossible = Usage {
        input: 5,
        cached_input: 6,
        output: 1,
        ..Usage::default()
    };
    for outcome in [
        Outcome::Unknown,
        Outcome::Rejected { status: 500 },
        Outcome::Rejected { status: 402 },
        Outcome::Complete(Usage::default()),
        Outcome::Complete(impossible),
    ] {
        let house = House::guild_day(100).await;
        let hold = house.hold(ann(), 100).await.unwrap();
        let receipt = house.ledger.settle(hold, outcome).await.unwrap();
        assert_eq!(
            (receipt.tokens, receipt.breach),
            (100, false),
            "{outcome:?}"
        );
        assert_eq!(house.guild_today().await, (100, 0), "{outcome:?}");
        house.assert_sound().await;
    }
}

#[tokio::test]
async fn what_was_provably_not_billed_voids_the_hold() {
    for outcome in [
        Outcome::NothingSent,
        Outcome::Rejected { status: 401 },
        Outcome::Rejected { status: 429 },
    ] {
        let house = House::guild_day(100).await;
        let hold = house.hold(ann(), 100).await.unwrap();
        let receipt = house.ledger.settle(hold, outcome).await.unwrap();
        assert_eq!(
            (receipt.usd, receipt.tokens),
            (PicoUsd::ZERO, 0),
            "{outcome:?}"
        );
        assert_eq!(house.guild_today().await, (0, 0), "{outcome:?}");
    }
}

#[tokio::test]
async fn settling_after_midnight_settles_the_day_that_held_it() {
    let house = House::guild_day(100).await;
    house.clock.set(at("2026-05-15T23:59:59Z"));
    let hold = house.hold(ann(), 100).await.unwrap();
    house.clock.set(at("2026-05-16T00:00:01Z"));
    house.ledger.settle(hold, used(30)).await.unwrap();
    assert_eq!(house.guild_today().await, (0, 0));
    house.clock.advance(TimeDelta::seconds(-2));
    assert_eq!(house.guild_today().await, (30, 0));
    let month = house.window(ann(), guild(), Period::Month).await;
    assert_eq!((month.tokens.posted, month.tokens.pending), (30, 0));
    house.assert_sound().await;
}

#[tokio::test]
async fn a_hold_that_another_start_has_posted_is_not_posted_twice() {
    let house = House::guild_day(100).await;
    let hold = house.hold(ann(), 100).await.unwrap();
    let neighbour = house.after_a_kill().await;
    assert_eq!(neighbour.recover().await.unwrap().holds, 1);
    let receipt = house.ledger.settle(hold, used(40)).await.unwrap();
    assert_eq!(receipt.tokens, 100);
    assert_eq!(house.guild_today().await, (100, 0));
    house.assert_sound().await;
}
