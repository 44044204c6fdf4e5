//! Group commit: durable holds by the hundred.

use std::time::Instant;

use ledger::{LedgerConfig, Spender};

use crate::house::{House, ann, ask, terms, unlimited, used};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn durable_holds_are_made_and_settled_by_the_hundred() {
    const TASKS: u32 = 64;
    const EACH: u32 = 20;
    let house = House::guild_day(1_000_000_000).await;
    let begun = Instant::now();
    let running: Vec<_> = (0..TASKS)
        .map(|_| {
            let ledger = house.ledger.clone();
            tokio::spawn(async move {
                for _ in 0..EACH {
                    let hold = ledger.hold(&ann(), &terms(), ask(100)).await.unwrap();
                    ledger.settle(hold, used(50)).await.unwrap();
                }
            })
        })
        .collect();
    for task in running {
        task.await.unwrap();
    }
    let rate = f64::from(TASKS * EACH) / begun.elapsed().as_secs_f64();
    println!("{rate:.0} holds made and settled a second, each on disk");
    assert_eq!(house.guild_today().await, (i64::from(TASKS * EACH) * 50, 0));
    assert!(rate > 100.0, "{rate}");
}

/// Prints a figure: `cargo test --release -p ledger --test ledger -- --ignored --nocapture thousand`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn holds_of_a_thousand_members_who_share_a_budget_that_is_half_used() {
    const MEMBERS: u64 = 1000;
    const TASKS: u64 = 64;
    const EACH: u64 = 50;
    let house = House::with(LedgerConfig {
        member_share_percent: 15,
        ..unlimited()
    })
    .await;
    let member = |number: u64| Spender {
        member: (1000 + number).into(),
        ..ann()
    };
    for number in 0..MEMBERS {
        let amount = if number < TASKS { 200 } else { 100 };
        house.spend(member(number), amount).await;
    }
    // A floor is 150, and the pool is open by less than what is used: those above their floor have every sum taken.
    let limit = i64::try_from(MEMBERS * 250).unwrap();
    house
        .limit(crate::house::guild(), ledger::Period::Day, Some(limit))
        .await;
    let begun = Instant::now();
    let running: Vec<_> = (0..TASKS)
        .map(|task| {
            let ledger = house.ledger.clone();
            let spender = member(task);
            tokio::spawn(async move {
                for _ in 0..EACH {
                    let hold = ledger.hold(&spender, &terms(), ask(2)).await.unwrap();
                    ledger.settle(hold, used(1)).await.unwrap();
                }
            })
        })
        .collect();
    for task in running {
        task.await.unwrap();
    }
    let rate = (TASKS * EACH) as f64 / begun.elapsed().as_secs_f64();
    println!("{rate:.0} holds made and settled a second by members of {MEMBERS} who share");
    house.assert_sound().await;
}
