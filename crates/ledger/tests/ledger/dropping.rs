//! Holds that nobody settles.

use ledger::Outcome;

use crate::house::{House, ann, ask, terms, used};

#[tokio::test]
async fn a_dropped_hold_is_posted_in_full() {
    let house = House::guild_day(100).await;
    drop(house.hold(ann(), 70).await.unwrap());
    house.ledger.close().await;
    assert_eq!(house.guild_today().await, (70, 0));
    house.assert_sound().await;
}

#[tokio::test]
async fn a_hold_whose_caller_went_away_before_it_had_it_is_given_back() {
    let house = House::guild_day(100).await;
    // The job is queued by the first poll, and its answer finds nobody.
    let (spender, terms) = (ann(), terms());
    let mut asking = Box::pin(house.ledger.hold(&spender, &terms, ask(70)));
    let once = std::future::poll_fn(|context| {
        std::task::Poll::Ready(Future::poll(asking.as_mut(), context).is_pending())
    });
    assert!(once.await);
    drop(asking);
    // Behind it in the writer's line; when this is done, so is the other.
    let hold = house.hold(ann(), 10).await.unwrap();
    house
        .ledger
        .settle(hold, Outcome::NothingSent)
        .await
        .unwrap();
    house.ledger.close().await;
    assert_eq!(house.guild_today().await, (0, 0));
    house.assert_sound().await;
}

#[tokio::test]
async fn settling_that_is_given_up_half_way_still_closes_the_hold() {
    let house = House::guild_day(100).await;
    let hold = house.hold(ann(), 70).await.unwrap();
    let mut settling = Box::pin(house.ledger.settle(hold, used(30)));
    let once = std::future::poll_fn(|context| {
        std::task::Poll::Ready(Future::poll(settling.as_mut(), context).is_pending())
    });
    assert!(once.await);
    drop(settling);
    house.ledger.close().await;
    // The job was in line before the hold was dropped, so it is the one that counts.
    assert_eq!(house.guild_today().await, (30, 0));
    house.assert_sound().await;
}

#[tokio::test]
async fn a_hold_that_is_dropped_while_the_database_is_away_is_posted_at_the_next_start() {
    let house = House::guild_day(100).await;
    let hold = house.hold(ann(), 70).await.unwrap();
    house.store.close().await.unwrap();
    drop(hold);
    house.ledger.close().await;
    let next = house.after_a_kill().await;
    assert_eq!(next.recover().await.unwrap().tokens, 70);
    assert_eq!(next.verify().await.unwrap(), []);
}
