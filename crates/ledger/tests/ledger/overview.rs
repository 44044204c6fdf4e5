//! The operator's view says what the windows say, and what rests.

use ledger::{ModelTerms, Overview, Period, Scope, Spender};

use crate::house::{House, ann, guild, terms, used};

fn elsewhere() -> Spender {
    Spender {
        guild: Some(2.into()),
        ..ann()
    }
}

fn direct() -> Spender {
    Spender {
        guild: None,
        ..ann()
    }
}

#[tokio::test]
async fn guilds_stand_by_spend_and_all_sums_make_the_bots_own() {
    let house = House::unlimited().await;
    house.spend(ann(), 100).await;
    house.spend(elsewhere(), 300).await;
    house.spend(direct(), 20).await;
    let open = house.hold(ann(), 40).await.unwrap();
    let seen = house.ledger.overview().await.unwrap();
    let order: Vec<_> = seen.guilds.iter().map(|w| (w.scope, w.period)).collect();
    let (first, second) = (Scope::Guild(2.into()), guild());
    assert_eq!(
        order,
        [
            (first, Period::Day),
            (first, Period::Month),
            (second, Period::Day),
            (second, Period::Month)
        ]
    );
    for period in Period::ALL {
        let own = seen.own(period).unwrap();
        let all = Overview::sum(seen.guilds.iter().chain(&seen.direct), period);
        assert_eq!(all, Overview::sum([own], period));
        assert_eq!((all.posted, all.pending), ((420, 420), (40, 40)));
    }
    house.ledger.settle(open, used(40)).await.unwrap();
}

#[tokio::test]
async fn yesterdays_windows_are_not_in_sight() {
    let house = House::unlimited().await;
    house.spend(ann(), 100).await;
    house.clock.advance(chrono::TimeDelta::days(1));
    let seen = house.ledger.overview().await.unwrap();
    let periods: Vec<_> = seen.guilds.iter().map(|w| w.period).collect();
    assert_eq!(periods, [Period::Month]);
    assert_eq!(seen.own(Period::Day).unwrap().tokens.posted, 0);
}

#[tokio::test]
async fn what_rests_is_named_until_somebody_opens_it_again() {
    let house = House::unlimited().await;
    for _ in 0..2 {
        let hold = house.hold(direct(), 50).await.unwrap();
        house.ledger.settle(hold, used(70)).await.unwrap();
        house.ledger.lift_quarantine(&terms().key).await.unwrap();
        house
            .ledger
            .acknowledge(Scope::User(10.into()), 1.into())
            .await
            .unwrap();
    }
    let hold = house.hold(ann(), 50).await.unwrap();
    house.ledger.settle(hold, used(70)).await.unwrap();
    let seen = house.ledger.overview().await.unwrap();
    let frozen: Vec<_> = seen.frozen.iter().map(|one| one.scope.as_str()).collect();
    assert_eq!(frozen, ["guild:1"]);
    assert!(seen.guilds.iter().all(|window| window.frozen.is_some()));
    assert!(seen.is_quarantined(&terms()));
    let corrected = ModelTerms {
        max_output: 2_000,
        ..terms()
    };
    assert!(!seen.is_quarantined(&corrected));
    house.ledger.lift_quarantine(&terms().key).await.unwrap();
    house.ledger.acknowledge(guild(), 1.into()).await.unwrap();
    let seen = house.ledger.overview().await.unwrap();
    assert!(seen.frozen.is_empty() && seen.quarantined.is_empty());
}
