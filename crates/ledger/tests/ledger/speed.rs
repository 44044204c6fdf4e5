//! Group commit: durable holds by the hundred.

use std::time::Instant;

use crate::house::{House, ann, ask, terms, used};

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
