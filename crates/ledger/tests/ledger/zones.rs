//! Days in the guild's own time zone, and what happens when it changes.

use chrono::TimeDelta;
use chrono_tz::{America, Asia, Europe, Pacific, Tz};
use ledger::{Period, Refusal};

use crate::house::{House, ann, at, guild, used};

async fn set_zone(house: &House, zone: Tz) {
    house
        .ledger
        .set_zone(1.into(), zone, 99.into())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_guilds_day_ends_at_its_own_midnight() {
    let house = House::guild_day(100).await;
    set_zone(&house, Asia::Shanghai).await;
    house.clock.set(at("2026-05-16T15:59:59Z"));
    house.spend(ann(), 100).await;
    assert!(house.hold(ann(), 1).await.is_err());
    house.clock.set(at("2026-05-16T16:00:00Z"));
    house.spend(ann(), 100).await;
}

#[tokio::test]
async fn both_clock_changes_of_a_year_give_one_budget_each() {
    for (before, first, last, after) in [
        // 29 March 2026 has 23 hours in Berlin, 25 October has 25.
        (
            "2026-03-28T22:59:59Z",
            "2026-03-28T23:00:00Z",
            "2026-03-29T21:59:59Z",
            "2026-03-29T22:00:00Z",
        ),
        (
            "2026-10-24T21:59:59Z",
            "2026-10-24T22:00:00Z",
            "2026-10-25T22:59:59Z",
            "2026-10-25T23:00:00Z",
        ),
    ] {
        let house = House::guild_day(100).await;
        house.clock.set(at("2026-01-01T00:00:00Z"));
        set_zone(&house, Europe::Berlin).await;
        house.clock.set(at(before));
        house.spend(ann(), 100).await;
        house.clock.set(at(first));
        house.spend(ann(), 60).await;
        house.clock.set(at(last));
        assert!(house.hold(ann(), 41).await.is_err());
        house.spend(ann(), 40).await;
        assert!(house.hold(ann(), 1).await.is_err());
        house.clock.set(at(after));
        house.spend(ann(), 100).await;
        house.assert_sound().await;
    }
}

#[tokio::test]
async fn a_changed_zone_keeps_what_was_spent_today() {
    let house = House::guild_day(100).await;
    house.spend(ann(), 70).await;
    // In Tokyo it is the same day, since 15:00 UTC of yesterday.
    set_zone(&house, Asia::Tokyo).await;
    assert!(house.hold(ann(), 31).await.is_err());
    house.spend(ann(), 30).await;
    house.assert_sound().await;
    // The old day ends at 24:00 UTC and the new one at 15:00 UTC; the later one is worth waiting for.
    let refusal = house.hold(ann(), 1).await.unwrap_err();
    assert!(
        matches!(refusal, Refusal::OverLimit { resets_at, .. } if resets_at == at("2026-05-16T00:00:00Z"))
    );
}

#[tokio::test]
async fn a_zone_in_which_tomorrow_has_begun_gives_no_second_budget_today() {
    let house = House::guild_day(100).await;
    house.clock.set(at("2026-05-15T11:59:59Z"));
    house.spend(ann(), 100).await;
    // Noon in UTC is 00:00 of the next day in Auckland.
    house.clock.set(at("2026-05-15T12:00:00Z"));
    set_zone(&house, Pacific::Auckland).await;
    assert!(house.hold(ann(), 1).await.is_err());
    house.clock.set(at("2026-05-15T23:59:59Z"));
    assert!(house.hold(ann(), 1).await.is_err());
    house.clock.set(at("2026-05-16T00:00:00Z"));
    assert!(house.hold(ann(), 100).await.is_ok());
}

#[tokio::test]
async fn a_running_call_is_settled_in_the_old_day_and_in_the_new_one() {
    let house = House::guild_day(100).await;
    let hold = house.hold(ann(), 80).await.unwrap();
    set_zone(&house, Europe::Berlin).await;
    house.ledger.settle(hold, used(10)).await.unwrap();
    house.assert_sound().await;
    let view = house.ledger.view(&ann()).await.unwrap();
    let days: Vec<_> = view
        .windows
        .iter()
        .filter(|w| w.scope == guild() && w.period == Period::Day)
        .map(|w| (w.tokens.posted, w.tokens.pending))
        .collect();
    assert_eq!(days, [(10, 0), (10, 0)]);
}

#[tokio::test]
async fn no_play_with_zones_lets_two_budgets_pass_within_a_day() {
    let house = House::guild_day(100).await;
    let zones = [
        Tz::UTC,
        Pacific::Kiritimati,
        America::Los_Angeles,
        Asia::Kolkata,
        Pacific::Pago_Pago,
        Europe::Berlin,
    ];
    let mut spent: Vec<chrono::DateTime<chrono::Utc>> = Vec::new();
    for hour in 0..24 * 20 {
        // A generator with a fixed seed: which zone is as good as any other.
        set_zone(&house, zones[(hour * 7 + hour / 5) % zones.len()]).await;
        while house.hold(ann(), 10).await.map(std::mem::forget).is_ok() {
            spent.push(at("2026-05-15T12:00:00Z") + TimeDelta::hours(i64::try_from(hour).unwrap()));
        }
        house.clock.advance(TimeDelta::hours(1));
    }
    house.assert_sound().await;
    // A budget is ten holds. Around one midnight two budgets may pass; a third one is a day away.
    for pair in spent.windows(21) {
        assert!(
            pair[20] - pair[0] >= TimeDelta::hours(23),
            "{} to {}",
            pair[0],
            pair[20]
        );
    }
    assert!(spent.len() >= 150, "{} holds in twenty days", spent.len());
}
