//! Models that take more than they were allowed to.

use ledger::{ModelTerms, Outcome, Period, Refusal, Spender, Unit, Usage};

use crate::house::{House, ann, ask, at, bob, guild, terms, used};

fn other_model() -> ModelTerms {
    let mut other = terms();
    other.key.model = "owl".into();
    other
}

#[tokio::test]
async fn what_is_taken_beyond_the_limit_is_shown_as_overrun_and_the_limit_stands() {
    let house = House::guild_day(100).await;
    let hold = house.hold(ann(), 100).await.unwrap();
    let receipt = house.ledger.settle(hold, used(130)).await.unwrap();
    assert_eq!((receipt.tokens, receipt.breach), (130, true));
    let today = house.window(ann(), guild(), Period::Day).await;
    assert_eq!(
        (
            today.tokens.posted,
            today.tokens.overrun,
            today.tokens.limit
        ),
        (100, 30, Some(100))
    );
    assert_eq!((today.usd.posted, today.usd.overrun), (100, 30));
    house.assert_sound().await;
}

#[tokio::test]
async fn a_breach_that_fits_is_posted_and_nothing_is_overrun() {
    let house = House::guild_day(100).await;
    let hold = house.hold(ann(), 40).await.unwrap();
    assert!(house.ledger.settle(hold, used(60)).await.unwrap().breach);
    let today = house.window(ann(), guild(), Period::Day).await;
    assert_eq!((today.tokens.posted, today.tokens.overrun), (60, 0));
    house.assert_sound().await;
}

#[tokio::test]
async fn an_overrun_is_made_good_by_what_other_calls_give_back() {
    let house = House::guild_day(100).await;
    let (one, other) = (
        house.hold(ann(), 50).await.unwrap(),
        house.hold(bob(), 50).await.unwrap(),
    );
    house.ledger.settle(one, used(70)).await.unwrap();
    let today = house.window(ann(), guild(), Period::Day).await;
    assert_eq!(
        (
            today.tokens.posted,
            today.tokens.pending,
            today.tokens.overrun
        ),
        (50, 50, 20)
    );
    house.ledger.settle(other, used(10)).await.unwrap();
    let today = house.window(ann(), guild(), Period::Day).await;
    assert_eq!(
        (
            today.tokens.posted,
            today.tokens.pending,
            today.tokens.overrun
        ),
        (80, 0, 0)
    );
    house.assert_sound().await;
}

#[tokio::test]
async fn after_a_breach_the_server_rests_until_an_admin_has_seen_it() {
    let house = House::guild_day(1000).await;
    let hold = house.hold(ann(), 100).await.unwrap();
    house.ledger.settle(hold, used(101)).await.unwrap();
    let refusal = house
        .ledger
        .hold(&bob(), &other_model(), ask(1))
        .await
        .unwrap_err();
    assert!(
        matches!(refusal, Refusal::Frozen { scope, .. } if scope == guild()),
        "{refusal:?}"
    );
    assert!(refusal.to_string().contains("/budget set"), "{refusal}");
    let today = house.window(ann(), guild(), Period::Day).await;
    assert_eq!(today.frozen, Some(at("2026-05-15T12:00:00Z")));

    house.limit(guild(), Period::Day, Some(2000)).await;
    let refusal = house.ledger.hold(&bob(), &other_model(), ask(1)).await;
    assert!(
        matches!(refusal, Err(Refusal::Frozen { .. })),
        "{refusal:?}"
    );
    assert!(house.ledger.acknowledge(guild(), 99.into()).await.unwrap());
    assert!(
        house
            .ledger
            .hold(&bob(), &other_model(), ask(1))
            .await
            .is_ok()
    );
    assert!(!house.ledger.acknowledge(guild(), 99.into()).await.unwrap());
    let told = house.ledger.history(guild()).await.unwrap();
    assert_eq!(told[0].what, "acknowledge");
}

#[tokio::test]
async fn a_model_that_broke_its_terms_is_asked_nowhere_until_they_are_corrected() {
    let house = House::guild_day(1000).await;
    let hold = house.hold(ann(), 100).await.unwrap();
    house.ledger.settle(hold, used(101)).await.unwrap();
    let elsewhere = Spender {
        guild: Some(2.into()),
        channel: None,
        member: 12.into(),
    };
    let refusal = house
        .ledger
        .hold(&elsewhere, &terms(), ask(1))
        .await
        .unwrap_err();
    assert!(
        matches!(refusal, Refusal::Quarantined { .. }),
        "{refusal:?}"
    );
    assert!(
        refusal.to_string().contains("caps_certified = false"),
        "{refusal}"
    );
    let corrected = ModelTerms {
        caps_certified: false,
        max_output: 200,
        ..terms()
    };
    assert!(
        house
            .ledger
            .hold(&elsewhere, &corrected, ask(1))
            .await
            .is_ok()
    );

    assert!(house.ledger.lift_quarantine(&terms().key).await.unwrap());
    assert!(
        house
            .ledger
            .hold(&elsewhere, &terms(), ask(1))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_model_that_passes_its_cap_is_quarantined_even_if_the_hold_was_enough() {
    let house = House::guild_day(1000).await;
    let hold = house.hold(ann(), 100).await.unwrap();
    let talkative = Usage {
        input: 5,
        output: 51,
        ..Usage::default()
    };
    let receipt = house
        .ledger
        .settle(hold, Outcome::Complete(talkative))
        .await
        .unwrap();
    assert_eq!((receipt.tokens, receipt.breach), (56, true));
    assert!(matches!(
        house.hold(ann(), 1).await,
        Err(Refusal::Quarantined { .. })
    ));
    assert!(
        house
            .ledger
            .hold(&ann(), &other_model(), ask(1))
            .await
            .is_ok(),
        "the server goes on"
    );
}

#[tokio::test]
async fn an_absurd_usage_posts_the_full_hold_and_is_a_breach() {
    let house = House::guild_day(1000).await;
    let hold = house.hold(ann(), 100).await.unwrap();
    let absurd = Usage {
        input: u64::MAX,
        output: u64::MAX,
        ..Usage::default()
    };
    let receipt = house
        .ledger
        .settle(hold, Outcome::Complete(absurd))
        .await
        .unwrap();
    assert_eq!((receipt.tokens, receipt.breach), (100, true));
    assert!(matches!(
        house.hold(ann(), 1).await,
        Err(Refusal::Frozen { .. })
    ));
}

#[tokio::test]
async fn a_raised_limit_takes_the_overrun_in_before_anything_new() {
    let house = House::guild_day(100).await;
    let hold = house.hold(ann(), 100).await.unwrap();
    house.ledger.settle(hold, used(130)).await.unwrap();
    house.ledger.acknowledge(guild(), 99.into()).await.unwrap();
    for unit in Unit::ALL {
        house
            .ledger
            .set_limit(guild(), Period::Day, unit, Some(140), 99.into())
            .await
            .unwrap();
    }
    let today = house.window(ann(), guild(), Period::Day).await;
    assert_eq!(
        (
            today.tokens.posted,
            today.tokens.overrun,
            today.tokens.left()
        ),
        (130, 0, Some(10))
    );
    assert!(
        house
            .ledger
            .hold(&ann(), &other_model(), ask(11))
            .await
            .is_err()
    );
    assert!(
        house
            .ledger
            .hold(&ann(), &other_model(), ask(10))
            .await
            .is_ok()
    );
    house.assert_sound().await;
}
