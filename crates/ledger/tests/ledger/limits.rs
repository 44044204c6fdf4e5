//! Limits that admins set.

use ledger::{LedgerConfig, LedgerError, Limit, Limits, Period, Unit};

use crate::house::{House, ann, at, bob, guild, unlimited, used};

#[tokio::test]
async fn a_lowered_limit_holds_at_once_and_nothing_more_fits() {
    let house = House::guild_day(100).await;
    house.spend(ann(), 40).await;
    let running = house.hold(ann(), 40).await.unwrap();
    house.limit(guild(), Period::Day, Some(50)).await;
    let today = house.window(ann(), guild(), Period::Day).await;
    assert_eq!(
        (today.tokens.limit, today.tokens.left()),
        (Some(50), Some(0))
    );
    assert!(house.hold(bob(), 1).await.is_err());
    // 45 spent of 50: what the call gives back reopens the window up to the new limit, not up to the old.
    house.ledger.settle(running, used(5)).await.unwrap();
    assert!(house.hold(bob(), 6).await.is_err());
    assert!(house.hold(bob(), 5).await.is_ok());
    house.assert_sound().await;
}

#[tokio::test]
async fn the_next_window_takes_the_limit_that_was_set() {
    let house = House::guild_day(100).await;
    house.spend(ann(), 80).await;
    house.limit(guild(), Period::Day, Some(50)).await;
    house.clock.set(at("2026-05-16T00:00:00Z"));
    assert!(house.hold(ann(), 51).await.is_err());
    assert!(house.hold(ann(), 50).await.is_ok());
}

#[tokio::test]
async fn a_raised_limit_holds_at_once() {
    let house = House::guild_day(100).await;
    house
        .ledger
        .set_limit(guild(), Period::Day, Unit::Usd, None, 99.into())
        .await
        .unwrap();
    house.spend(ann(), 100).await;
    house.limit(guild(), Period::Day, Some(120)).await;
    assert!(house.hold(ann(), 21).await.is_err());
    assert!(house.hold(ann(), 20).await.is_ok());
}

#[tokio::test]
async fn a_limit_that_was_taken_away_gives_way_to_the_default() {
    let house = House::guild_day(100).await;
    let (scope, by) = (guild(), 99.into());
    for unit in Unit::ALL {
        house
            .ledger
            .set_limit(scope, Period::Day, unit, None, by)
            .await
            .unwrap();
    }
    assert!(house.hold(ann(), 1000).await.is_ok());
    house.clock.set(at("2026-05-17T00:00:00Z"));
    for unit in Unit::ALL {
        house
            .ledger
            .reset_limit(scope, Period::Day, unit, by)
            .await
            .unwrap();
    }
    assert!(house.hold(ann(), 101).await.is_err());
    assert!(house.hold(ann(), 100).await.is_ok());
}

#[tokio::test]
async fn a_changed_configuration_holds_for_the_window_that_is_open() {
    let house = House::guild_day(100).await;
    house.spend(ann(), 100).await;
    let day = Limit {
        usd: None,
        tokens: Some(130),
    };
    let config = LedgerConfig {
        guild: Limits {
            day,
            month: Limit::default(),
        },
        ..unlimited()
    };
    let next = ledger::Ledger::open(house.store.clone(), house.clock.clone(), config)
        .await
        .unwrap();
    let hold = |amount| {
        let next = next.clone();
        async move {
            next.hold(&ann(), &crate::house::terms(), crate::house::ask(amount))
                .await
        }
    };
    assert!(hold(31).await.is_err());
    assert!(hold(30).await.is_ok());
}

#[tokio::test]
async fn a_limit_that_cannot_be_kept_is_refused() {
    let house = House::unlimited().await;
    for amount in [-1, i64::MAX] {
        let refused = house
            .ledger
            .set_limit(guild(), Period::Day, Unit::Tokens, Some(amount), 99.into())
            .await;
        assert!(
            matches!(refused, Err(LedgerError::BadLimit { .. })),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn every_change_is_kept_with_who_when_and_from_what_to_what() {
    let house = House::guild_day(100).await;
    house.limit(guild(), Period::Day, Some(50)).await;
    house.limit(guild(), Period::Day, None).await;
    house
        .ledger
        .set_zone(1.into(), chrono_tz::Europe::Berlin, 98.into())
        .await
        .unwrap();
    let changes = house.ledger.history(guild()).await.unwrap();
    let told: Vec<_> = changes
        .iter()
        .map(|c| {
            (
                c.by.get(),
                c.what.as_str(),
                c.before.as_deref(),
                c.after.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (98, "zone", Some("UTC"), Some("Europe/Berlin")),
            (99, "limit", Some("50"), None),
            (99, "limit", Some("100"), Some("50")),
        ]
    );
    assert!(
        changes
            .iter()
            .all(|change| change.at == at("2026-05-15T12:00:00Z"))
    );
}
