//! What a hold becomes.

use chrono::TimeDelta;
use ledger::{ModelTerms, Outcome, Period, PicoUsd, Price, Usage};

use crate::house::{House, ann, ask, at, guild, terms, used};

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
        Outcome::Rejected { status: 200 },
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
async fn an_answer_that_says_that_the_model_did_not_run_voids_the_hold() {
    for outcome in [
        Outcome::NothingSent,
        Outcome::NotRun,
        Outcome::Rejected { status: 302 },
        Outcome::Rejected { status: 401 },
        Outcome::Rejected { status: 402 },
        Outcome::Rejected { status: 429 },
        Outcome::Rejected { status: 503 },
        Outcome::Rejected { status: 529 },
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
async fn an_error_before_a_token_posts_the_part_of_the_prompt() {
    let house = House::guild_day(100).await;
    let hold = house.hold(ann(), 100).await.unwrap();
    let broken = Outcome::Rejected { status: 502 };
    let receipt = house.ledger.settle(hold, broken).await.unwrap();
    assert_eq!(
        (receipt.usd, receipt.tokens, receipt.breach),
        (PicoUsd(50), 50, false)
    );
    assert_eq!(house.guild_today().await, (50, 0));
    assert!(house.hold(ann(), 50).await.is_ok(), "the rest came back");
    house.assert_sound().await;
}

#[tokio::test]
async fn an_error_at_a_price_that_has_risen_posts_no_more_than_was_held() {
    let house = House::guild_day(100).await;
    let hold = house.hold(ann(), 100).await.unwrap();
    let dear = Price::plain(PicoUsd(9_000_000), PicoUsd(9_000_000));
    house.publish(dear).await;
    let broken = Outcome::Rejected { status: 500 };
    let receipt = house.ledger.settle(hold, broken).await.unwrap();
    assert_eq!(
        (receipt.usd, receipt.tokens, receipt.breach),
        (PicoUsd(100), 50, false)
    );
    house.assert_sound().await;
}

#[tokio::test]
async fn where_errors_may_be_billed_they_post_the_full_hold() {
    let cautious = ModelTerms {
        errors_may_be_billed: true,
        ..terms()
    };
    for (outcome, expected) in [
        (Outcome::NothingSent, 0),
        (Outcome::Rejected { status: 429 }, 0),
        (Outcome::Rejected { status: 302 }, 100),
        (Outcome::Rejected { status: 402 }, 100),
        (Outcome::Rejected { status: 500 }, 100),
        (Outcome::Rejected { status: 529 }, 100),
        (Outcome::NotRun, 100),
        (Outcome::Unknown, 100),
    ] {
        let house = House::guild_day(100).await;
        let hold = house.ledger.hold(&ann(), &cautious, ask(100)).await;
        let receipt = house.ledger.settle(hold.unwrap(), outcome).await.unwrap();
        assert_eq!(receipt.tokens, expected, "{outcome:?}");
        assert_eq!(house.guild_today().await, (expected, 0), "{outcome:?}");
        house.assert_sound().await;
    }
}

#[tokio::test]
async fn an_error_that_came_with_a_charge_posts_the_full_hold() {
    let house = House::guild_day(100).await;
    let mut hold = house.hold(ann(), 100).await.unwrap();
    hold.note_charge(PicoUsd(3));
    let receipt = house.ledger.settle(hold, Outcome::NotRun).await.unwrap();
    assert_eq!((receipt.tokens, receipt.breach), (100, false));
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
