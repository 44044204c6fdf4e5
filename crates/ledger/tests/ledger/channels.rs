//! Channels with a limit of their own.

use ledger::{Period, Refusal, Scope, Spender};

use crate::house::{House, ann, at, bob, unlimited, used};

fn channel() -> Scope {
    Scope::Channel {
        guild: 1.into(),
        channel: 20.into(),
    }
}

fn next_door() -> Spender {
    Spender {
        channel: Some(21.into()),
        ..ann()
    }
}

#[tokio::test]
async fn a_channel_without_a_limit_has_no_window() {
    let house = House::unlimited().await;
    house.spend(ann(), 10).await;
    let view = house.ledger.view(&ann()).await.unwrap();
    assert!(view.windows.iter().all(|window| window.scope != channel()));
}

#[tokio::test]
async fn a_limit_counts_what_the_channel_has_used_before_it_was_set() {
    let house = House::unlimited().await;
    house.clock.set(at("2026-05-14T12:00:00Z"));
    house.spend(ann(), 1000).await;
    house.clock.set(at("2026-05-15T12:00:00Z"));
    house.spend(ann(), 40).await;
    house.spend(next_door(), 500).await;
    let running = house.hold(bob(), 30).await.unwrap();
    house.limit(channel(), Period::Day, Some(100)).await;
    let today = house.window(ann(), channel(), Period::Day).await;
    assert_eq!((today.tokens.posted, today.tokens.pending), (40, 30));
    let refusal = house.hold(bob(), 31).await.unwrap_err();
    assert!(
        matches!(&refusal, Refusal::OverLimit { scope, left: 30, .. } if *scope == channel()),
        "{refusal:?}"
    );
    assert!(refusal.to_string().contains("budget of this channel"));
    house.ledger.settle(running, used(10)).await.unwrap();
    house.spend(ann(), 50).await;
    assert!(house.hold(ann(), 1).await.is_err());
    assert!(house.hold(next_door(), 1000).await.is_ok());
    house.assert_sound().await;
}

#[tokio::test]
async fn a_channel_that_used_more_than_its_new_limit_rests_until_the_next_window() {
    let house = House::unlimited().await;
    house.spend(ann(), 80).await;
    house.limit(channel(), Period::Day, Some(50)).await;
    assert!(house.hold(ann(), 1).await.is_err());
    house.clock.set(at("2026-05-16T00:00:00Z"));
    assert!(house.hold(ann(), 51).await.is_err());
    assert!(house.hold(ann(), 50).await.is_ok());
    house.assert_sound().await;
}

#[tokio::test]
async fn a_limit_that_was_taken_away_and_set_again_has_missed_nothing() {
    let house = House::unlimited().await;
    house.limit(channel(), Period::Day, Some(100)).await;
    house.spend(ann(), 60).await;
    house.limit(channel(), Period::Day, None).await;
    house.spend(ann(), 60).await;
    house.limit(channel(), Period::Day, Some(200)).await;
    assert!(house.hold(ann(), 81).await.is_err());
    house.limit(channel(), Period::Day, None).await;
    // The next day has no window until the limit is there again.
    house.clock.set(at("2026-05-16T12:00:00Z"));
    house.spend(ann(), 90).await;
    house.limit(channel(), Period::Day, Some(100)).await;
    assert!(house.hold(ann(), 11).await.is_err());
    assert!(house.hold(ann(), 10).await.is_ok());
    house.assert_sound().await;
}

#[tokio::test]
async fn direct_messages_are_no_channel_of_a_server() {
    let house = House::with(unlimited()).await;
    house.limit(channel(), Period::Day, Some(0)).await;
    let direct = Spender {
        guild: None,
        ..ann()
    };
    assert!(house.hold(direct, 10).await.is_ok());
}
