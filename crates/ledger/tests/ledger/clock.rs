//! The clock: wherever it stands or jumps, each window is paid once, and every call counts in one day and one month.

use chrono_tz::{America, Europe, Tz};
use ledger::Period;

use crate::house::{House, ann, at, guild};

/// Spends all that fits at each moment, and says how much that was.
async fn spend_all(house: &House, moments: &[&str]) -> Vec<u64> {
    let mut all = Vec::new();
    for moment in moments {
        house.clock.set(at(moment));
        let mut spent = 0;
        while house.hold(ann(), 10).await.map(std::mem::forget).is_ok() {
            spent += 10;
        }
        all.push(spent);
    }
    house.assert_sound().await;
    all
}

async fn in_zone(zone: Tz) -> House {
    let house = House::guild_day(100).await;
    house.clock.set(at("2026-01-05T00:00:00Z"));
    house
        .ledger
        .set_zone(1.into(), zone, 99.into())
        .await
        .unwrap();
    house
}

#[tokio::test]
async fn a_clock_that_jumps_an_hour_forth_and_back_pays_each_day_once() {
    let house = House::guild_day(100).await;
    let spent = spend_all(
        &house,
        &[
            "2026-05-15T23:30:00Z",
            "2026-05-16T00:30:00Z",
            "2026-05-15T23:31:00Z",
            "2026-05-16T00:31:00Z",
            "2026-05-17T00:30:00Z",
        ],
    )
    .await;
    assert_eq!(spent, [100, 100, 0, 0, 100]);
}

#[tokio::test]
async fn an_hour_that_is_repeated_in_autumn_is_part_of_the_same_day() {
    // Berlin shows 02:30 at 00:30 and at 01:30 UTC.
    let house = in_zone(Europe::Berlin).await;
    let spent = spend_all(
        &house,
        &[
            "2026-10-24T21:59:59Z",
            "2026-10-25T00:30:00Z",
            "2026-10-25T01:30:00Z",
            "2026-10-25T22:59:59Z",
            "2026-10-25T23:00:00Z",
        ],
    )
    .await;
    assert_eq!(spent, [100, 100, 0, 0, 100]);
}

#[tokio::test]
async fn an_hour_that_is_skipped_in_spring_takes_no_budget_away() {
    let house = in_zone(America::New_York).await;
    let spent = spend_all(
        &house,
        &[
            "2026-03-08T04:59:59Z",
            "2026-03-08T06:59:59Z",
            "2026-03-08T07:00:00Z",
            "2026-03-09T03:59:59Z",
            "2026-03-09T04:00:00Z",
        ],
    )
    .await;
    assert_eq!(spent, [100, 100, 0, 0, 100]);
}

#[tokio::test]
async fn the_ends_of_a_month_and_of_a_year_are_midnights_of_the_zone() {
    let house = in_zone(Europe::Berlin).await;
    house.limit(guild(), Period::Day, None).await;
    house
        .ledger
        .set_limit(guild(), Period::Day, ledger::Unit::Usd, None, 99.into())
        .await
        .unwrap();
    house.limit(guild(), Period::Month, Some(200)).await;
    let spent = spend_all(
        &house,
        &[
            // March begins in winter time and ends in summer time.
            "2026-02-28T22:59:59Z",
            "2026-02-28T23:00:00Z",
            "2026-03-31T21:59:59Z",
            "2026-03-31T22:00:00Z",
            "2026-12-01T12:00:00Z",
            "2026-12-31T22:59:59Z",
            "2026-12-31T23:00:00Z",
            "2027-01-31T22:59:59Z",
        ],
    )
    .await;
    assert_eq!(spent, [200, 200, 0, 200, 200, 0, 200, 0]);
}

#[tokio::test]
async fn every_call_counts_in_one_day_and_one_month_of_each_of_its_scopes() {
    let house = in_zone(Europe::Berlin).await;
    for moment in [
        "2026-03-28T22:59:59Z",
        "2026-03-28T23:00:00Z",
        "2026-03-29T01:00:00Z",
        "2026-03-31T22:00:00Z",
        "2026-03-31T21:30:00Z",
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:30:00Z",
        "2026-12-31T23:00:00Z",
        "2026-12-31T22:59:59Z",
    ] {
        house.clock.set(at(moment));
        house.spend(ann(), 10).await;
        for period in Period::ALL {
            // Fails where there is none, or more than one.
            let window = house.window(ann(), guild(), period).await;
            assert!(window.starts_at <= at(moment) && at(moment) < window.resets_at);
            assert!(window.tokens.posted >= 10);
        }
    }
    house.assert_sound().await;
}
