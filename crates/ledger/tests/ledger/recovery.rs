//! Starts after a crash.

use std::time::{Duration, Instant};

use ledger::PicoUsd;

use crate::house::{House, ann, bob};

#[tokio::test]
async fn holds_that_a_crash_left_open_are_posted_in_full_at_the_next_start() {
    let house = House::guild_day(100).await;
    // A crash runs no destructors.
    std::mem::forget(house.hold(ann(), 30).await.unwrap());
    std::mem::forget(house.hold(bob(), 20).await.unwrap());
    let next = house.after_a_kill().await;
    let recovered = next.recover().await.unwrap();
    assert_eq!(
        (recovered.holds, recovered.tokens, recovered.usd),
        (2, 50, PicoUsd(50))
    );
    assert_eq!(house.guild_today().await, (50, 0));
    assert_eq!(next.recover().await.unwrap().holds, 0);
    house.assert_sound().await;
}

#[tokio::test]
async fn a_start_leaves_its_own_holds_alone() {
    let house = House::guild_day(100).await;
    let _running = house.hold(ann(), 30).await.unwrap();
    assert_eq!(house.ledger.recover().await.unwrap().holds, 0);
    assert_eq!(house.guild_today().await, (0, 30));
}

#[tokio::test]
async fn recovery_of_ten_thousand_holds_takes_less_than_two_seconds() {
    let house = House::unlimited().await;
    let holds: Vec<_> = (0..100)
        .map(|_| {
            let ledger = house.ledger.clone();
            tokio::spawn(async move {
                for member in 0..100 {
                    let spender = ledger::Spender {
                        guild: Some((member % 7).into()),
                        channel: None,
                        member: member.into(),
                    };
                    let ask = crate::house::ask(10);
                    std::mem::forget(
                        ledger
                            .hold(&spender, &crate::house::terms(), ask)
                            .await
                            .unwrap(),
                    );
                }
            })
        })
        .collect();
    for task in holds {
        task.await.unwrap();
    }
    let next = house.after_a_kill().await;
    let begun = Instant::now();
    let recovered = next.recover().await.unwrap();
    let took = begun.elapsed();
    println!("recovered {} holds in {took:?}", recovered.holds);
    assert_eq!((recovered.holds, recovered.tokens), (10_000, 100_000));
    assert!(took < Duration::from_secs(2), "{took:?}");
    house.assert_sound().await;
}
