//! Settling while the database cannot be written.

use std::sync::Arc;
use std::time::Duration;

use ledger::{Hold, Ledger, LedgerError, Outcome, Refusal};
use store::clock::ManualClock;
use store::{Store, StoreError};
use tokio::sync::oneshot;

use crate::house::{House, START, ann, ask, at, terms, used};

/// A ledger whose database another connection has locked until this is dropped.
struct Locked {
    ledger: Ledger,
    _until: oneshot::Sender<()>,
}

/// Locks the house's database for a ledger that has 100 of its 300 set aside already, and hardly waits.
async fn locked(house: &House) -> (Hold, Locked) {
    let path = house.folder.path().join("house.db");
    let store = Store::open_waiting(path, Duration::from_millis(20))
        .await
        .unwrap();
    let clock = Arc::new(ManualClock::new(at(START)));
    let ledger = Ledger::open(store, clock, house.config.clone())
        .await
        .unwrap();
    let hold = ledger.hold(&ann(), &terms(), ask(100)).await.unwrap();
    let (is_locked, locked) = oneshot::channel();
    let (until, released) = oneshot::channel();
    let other = house.store.clone();
    tokio::spawn(async move {
        other
            .write::<(), StoreError, _>(|conn| {
                Box::pin(async move {
                    let _ = (conn, is_locked.send(()));
                    let _ = released.await;
                    Ok(())
                })
            })
            .await
    });
    locked.await.unwrap();
    (
        hold,
        Locked {
            ledger,
            _until: until,
        },
    )
}

async fn settle_in_vain(locked: &Locked, hold: Hold, outcome: Outcome) {
    let error = locked.ledger.settle(hold, outcome).await.unwrap_err();
    assert!(
        matches!(error, LedgerError::Store(StoreError::Locked)),
        "{error}"
    );
}

/// Lets go of the database and waits until nothing is pending.
async fn settled_later(house: &House, locked: Locked) -> Ledger {
    let Locked { ledger, _until } = locked;
    drop(_until);
    let soon = tokio::time::timeout(Duration::from_secs(5), async {
        while house.guild_today().await.1 > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    assert!(soon.await.is_ok(), "it stays pending");
    house.assert_sound().await;
    ledger
}

#[tokio::test]
async fn what_could_not_be_settled_is_settled_later_at_what_it_came_to() {
    let house = House::guild_day(300).await;
    let (hold, locked) = locked(&house).await;
    settle_in_vain(&locked, hold, used(40)).await;
    settled_later(&house, locked).await;
    assert_eq!(house.guild_today().await, (40, 0));
}

#[tokio::test]
async fn what_was_never_sent_is_given_back_later() {
    let house = House::guild_day(300).await;
    let (hold, locked) = locked(&house).await;
    settle_in_vain(&locked, hold, Outcome::NothingSent).await;
    settled_later(&house, locked).await;
    assert_eq!(house.guild_today().await, (0, 0));
}

#[tokio::test]
async fn a_breach_that_could_not_be_written_is_posted_whole_and_closes_the_scope_later() {
    let house = House::guild_day(300).await;
    let (hold, locked) = locked(&house).await;
    settle_in_vain(&locked, hold, used(150)).await;
    let ledger = settled_later(&house, locked).await;
    assert_eq!(house.guild_today().await, (150, 0));
    let refused = ledger.hold(&ann(), &terms(), ask(10)).await;
    assert!(matches!(
        refused,
        Err(Refusal::Frozen { .. } | Refusal::Quarantined { .. })
    ));
}

#[tokio::test]
async fn a_database_that_stays_busy_refuses_the_hold_and_sets_nothing_aside() {
    let house = House::guild_day(300).await;
    let (hold, locked) = locked(&house).await;
    let refused = locked.ledger.hold(&ann(), &terms(), ask(50)).await;
    assert!(matches!(refused, Err(Refusal::Store(StoreError::Locked))));
    drop(hold);
    settled_later(&house, locked).await;
    assert_eq!(house.guild_today().await, (100, 0));
}
