//! Calls that were posted without a report and are asked about later.

use chrono::TimeDelta;
use ledger::{Billed, Lookup, Outcome, Period, PicoUsd, Reconciled, Refusal, Scope, Usage};

use crate::house::{House, ann, at, bob, guild, terms};

/// A call of this many tokens at most, whose usage nobody reported, but whose name is known.
async fn lost(house: &House, amount: u64) {
    let mut hold = house.hold(ann(), amount).await.unwrap();
    hold.name_generation("gen-1");
    house.ledger.settle(hold, Outcome::Unknown).await.unwrap();
}

async fn due(house: &House) -> Vec<Lookup> {
    house.ledger.due_lookups(10).await.unwrap()
}

async fn the_one(house: &House) -> Lookup {
    house.clock.advance(TimeDelta::seconds(15));
    due(house).await.remove(0)
}

fn billed(input: u64, output: u64) -> Billed {
    let usage = Usage {
        input,
        output,
        ..Usage::default()
    };
    Billed { usage, usd: None }
}

async fn reconcile(house: &House, lookup: &Lookup, billed: Billed) -> Reconciled {
    house
        .ledger
        .reconcile(lookup, &terms(), billed)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_call_that_was_posted_in_full_is_lowered_in_every_window_to_what_it_used() {
    let house = House::guild_day(100).await;
    let channel = Scope::Channel {
        guild: 1.into(),
        channel: 20.into(),
    };
    for period in Period::ALL {
        house.limit(channel, period, Some(1000)).await;
    }
    lost(&house, 80).await;
    assert_eq!(due(&house).await, [], "not at once");
    let lookup = the_one(&house).await;
    assert_eq!(
        (lookup.generation(), lookup.model()),
        ("gen-1", terms().key)
    );
    let done = reconcile(&house, &lookup, billed(20, 10)).await;
    let lowered = Reconciled::Lowered {
        usd: PicoUsd(30),
        tokens: 30,
    };
    assert_eq!(done, lowered);
    for scope in ann().scopes() {
        for period in Period::ALL {
            let window = house.window(ann(), scope, period).await;
            assert_eq!((window.tokens.posted, window.usd.posted), (30, 30));
        }
    }
    assert!(house.hold(ann(), 70).await.is_ok());
    house.assert_sound().await;
    assert_eq!(due(&house).await, []);
    assert_eq!(
        reconcile(&house, &lookup, billed(1, 1)).await,
        Reconciled::Closed,
        "once is enough"
    );
    house.assert_sound().await;
}

#[tokio::test]
async fn what_the_provider_charged_counts_where_it_is_more_than_its_tokens_cost() {
    let house = House::unlimited().await;
    lost(&house, 80).await;
    let lookup = the_one(&house).await;
    let dear = Billed {
        usd: Some(PicoUsd(55)),
        ..billed(20, 10)
    };
    let lowered = Reconciled::Lowered {
        usd: PicoUsd(55),
        tokens: 30,
    };
    assert_eq!(reconcile(&house, &lookup, dear).await, lowered);
    house.assert_sound().await;
}

#[tokio::test]
async fn more_than_was_held_is_a_breach_and_never_raises_what_is_posted() {
    for more in [
        billed(41, 40),
        Billed {
            usd: Some(PicoUsd(81)),
            ..billed(1, 1)
        },
    ] {
        let house = House::guild_day(100).await;
        lost(&house, 80).await;
        let lookup = the_one(&house).await;
        assert_eq!(reconcile(&house, &lookup, more).await, Reconciled::Breach);
        assert_eq!(house.guild_today().await, (80, 0));
        assert!(matches!(
            house.hold(bob(), 1).await,
            Err(Refusal::Frozen { .. })
        ));
        house.ledger.acknowledge(guild(), 99.into()).await.unwrap();
        assert!(matches!(
            house.hold(bob(), 1).await,
            Err(Refusal::Quarantined { .. })
        ));
        assert_eq!(due(&house).await, []);
        house.assert_sound().await;
    }
}

#[tokio::test]
async fn a_report_that_cannot_be_true_changes_nothing_and_is_asked_for_again() {
    let house = House::guild_day(100).await;
    lost(&house, 80).await;
    let lookup = the_one(&house).await;
    let empty = billed(0, 0);
    assert_eq!(
        reconcile(&house, &lookup, empty).await,
        Reconciled::NotBelieved
    );
    assert_eq!(house.guild_today().await, (80, 0));
    assert_eq!(due(&house).await, []);
    house.clock.advance(TimeDelta::minutes(1));
    assert_eq!(due(&house).await.len(), 1);
}

#[tokio::test]
async fn a_call_is_asked_about_six_times_at_growing_distance_and_then_no_more() {
    let house = House::unlimited().await;
    lost(&house, 80).await;
    let mut waited = Vec::new();
    let mut again = true;
    while again {
        let mut wait = TimeDelta::zero();
        while due(&house).await.is_empty() {
            house.clock.advance(TimeDelta::seconds(15));
            wait += TimeDelta::seconds(15);
        }
        waited.push(wait.num_seconds());
        let lookup = due(&house).await.remove(0);
        again = house.ledger.put_off(&lookup).await.unwrap();
    }
    assert_eq!(waited, [15, 60, 300, 1800, 10_800, 43_200]);
    house.clock.advance(TimeDelta::days(30));
    assert_eq!(due(&house).await, []);
}

#[tokio::test]
async fn room_that_comes_back_brings_a_lowered_limit_down() {
    let house = House::guild_day(100).await;
    lost(&house, 60).await;
    house.limit(guild(), Period::Day, Some(50)).await;
    let before = house.window(ann(), guild(), Period::Day).await;
    assert_eq!((before.tokens.posted, before.tokens.left()), (60, Some(0)));
    let lookup = the_one(&house).await;
    reconcile(&house, &lookup, billed(10, 5)).await;
    let after = house.window(ann(), guild(), Period::Day).await;
    assert_eq!(
        (after.tokens.posted, after.tokens.limit, after.tokens.left()),
        (15, Some(50), Some(35))
    );
    house.assert_sound().await;
}

#[tokio::test]
async fn room_that_comes_back_makes_good_an_overrun_first() {
    let house = House::guild_day(100).await;
    lost(&house, 60).await;
    let greedy = house.hold(bob(), 40).await.unwrap();
    house
        .ledger
        .settle(greedy, crate::house::used(70))
        .await
        .unwrap();
    let before = house.window(ann(), guild(), Period::Day).await;
    assert_eq!((before.tokens.posted, before.tokens.overrun), (100, 30));
    let lookup = the_one(&house).await;
    reconcile(&house, &lookup, billed(20, 20)).await;
    let after = house.window(ann(), guild(), Period::Day).await;
    assert_eq!((after.tokens.posted, after.tokens.overrun), (100, 10));
    house.assert_sound().await;
}

#[tokio::test]
async fn after_midnight_and_a_changed_time_zone_the_windows_that_held_it_are_lowered() {
    let house = House::guild_day(1000).await;
    house.clock.set(at("2026-05-15T23:59:50Z"));
    lost(&house, 80).await;
    house
        .ledger
        .set_zone(1.into(), chrono_tz::Tz::Asia__Tokyo, 99.into())
        .await
        .unwrap();
    let lookup = the_one(&house).await;
    reconcile(&house, &lookup, billed(20, 10)).await;
    house.assert_sound().await;
    let month = house
        .window(ann(), Scope::Instance, Period::Month)
        .await
        .tokens;
    assert_eq!((month.posted, month.pending), (30, 0));
}

#[tokio::test]
async fn a_call_without_a_name_stays_posted_in_full_and_a_settled_one_is_not_asked_about() {
    let house = House::unlimited().await;
    let nameless = house.hold(ann(), 80).await.unwrap();
    house
        .ledger
        .settle(nameless, Outcome::Unknown)
        .await
        .unwrap();
    let mut settled = house.hold(ann(), 80).await.unwrap();
    settled.name_generation("gen-2");
    house
        .ledger
        .settle(settled, crate::house::used(10))
        .await
        .unwrap();
    house.clock.advance(TimeDelta::days(1));
    assert_eq!(due(&house).await, []);
}

/// A call of this many tokens at most, half of them in, whose provider failed before a token.
async fn broken(house: &House, amount: u64) {
    let mut hold = house.hold(ann(), amount).await.unwrap();
    hold.name_generation("gen-3");
    let error = Outcome::Rejected { status: 502 };
    let receipt = house.ledger.settle(hold, error).await.unwrap();
    assert_eq!(receipt.tokens, amount as i64 / 2);
}

#[tokio::test]
async fn an_error_is_posted_at_what_the_provider_says_of_it_be_it_less_or_more() {
    let less = Reconciled::Lowered {
        usd: PicoUsd(10),
        tokens: 10,
    };
    let more = Reconciled::Raised {
        usd: PicoUsd(70),
        tokens: 70,
    };
    for (report, expected, posted) in [(billed(9, 1), less, 10), (billed(40, 30), more, 70)] {
        let house = House::guild_day(100).await;
        broken(&house, 80).await;
        let lookup = the_one(&house).await;
        assert_eq!(reconcile(&house, &lookup, report).await, expected);
        assert_eq!(house.guild_today().await, (posted, 0));
        assert_eq!(
            reconcile(&house, &lookup, billed(1, 1)).await,
            Reconciled::Closed
        );
        house.assert_sound().await;
    }
}

#[tokio::test]
async fn an_error_that_turns_out_to_have_cost_more_never_passes_a_limit() {
    let house = House::guild_day(100).await;
    broken(&house, 80).await;
    house.spend(bob(), 50).await;
    let open = house.hold(bob(), 10).await.unwrap();
    let lookup = the_one(&house).await;
    let raised = Reconciled::Raised {
        usd: PicoUsd(70),
        tokens: 70,
    };
    assert_eq!(reconcile(&house, &lookup, billed(40, 30)).await, raised);
    let after = house.window(ann(), guild(), Period::Day).await;
    for gauge in [after.tokens, after.usd] {
        assert_eq!((gauge.posted, gauge.pending, gauge.overrun), (90, 10, 30));
    }
    house.assert_sound().await;
    house
        .ledger
        .settle(open, Outcome::NothingSent)
        .await
        .unwrap();
    house.assert_sound().await;
}
