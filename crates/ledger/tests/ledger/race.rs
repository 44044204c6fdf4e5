//! Many at once for little.

use std::sync::Arc;

use ledger::{Ledger, Period};
use tokio::sync::Barrier;

use crate::house::{House, ann, ask, guild, terms, used};

/// `tasks` tasks, all at once, each hold 10 until nothing fits; half of what they hold they use.
async fn race(ledgers: &[Ledger], tasks: usize) -> i64 {
    let barrier = Arc::new(Barrier::new(tasks));
    let running: Vec<_> = (0..tasks)
        .map(|n| {
            let (ledger, barrier) = (ledgers[n % ledgers.len()].clone(), Arc::clone(&barrier));
            tokio::spawn(async move {
                barrier.wait().await;
                let mut spent = 0;
                while let Ok(hold) = ledger.hold(&ann(), &terms(), ask(10)).await {
                    let amount = if n % 2 == 0 { 10 } else { 5 };
                    spent += ledger.settle(hold, used(amount)).await.unwrap().tokens;
                }
                spent
            })
        })
        .collect();
    let mut spent = 0;
    for task in running {
        spent += task.await.unwrap();
    }
    spent
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_and_fifty_six_tasks_never_pass_a_small_budget() {
    let house = House::guild_day(1000).await;
    let spent = race(std::slice::from_ref(&house.ledger), 256).await;
    let today = house.window(ann(), guild(), Period::Day).await;
    assert_eq!((today.tokens.posted, today.tokens.pending), (spent, 0));
    assert!((991..=1000).contains(&spent), "{spent} of 1000");
    house.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_ledgers_on_one_file_never_pass_a_small_budget() {
    let house = House::guild_day(1000).await;
    let spent = race(&[house.ledger.clone(), house.neighbour().await], 256).await;
    let today = house.window(ann(), guild(), Period::Day).await;
    assert_eq!((today.tokens.posted, today.tokens.pending), (spent, 0));
    assert!((991..=1000).contains(&spent), "{spent} of 1000");
    house.assert_sound().await;
}
