//! Two processes on one database file. The other one is this test's own binary, started again.

use std::io::{BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;

use ledger::Ledger;
use store::Store;
use store::clock::ManualClock;

use crate::house::{House, START, ann, ask, at, bob, terms, unlimited, used};

const DATABASE: &str = "LEDGER_TEST_DATABASE";

/// Another process, which holds 30 for Bob and says so; told to, it settles at 20.
struct Neighbour(Child, Lines<BufReader<ChildStdout>>);

impl Neighbour {
    fn start(house: &House) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "neighbours::the_other_process", "--ignored"])
            .arg("--nocapture")
            .env(DATABASE, house.folder.path().join("house.db"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(
            lines.any(|line| line.unwrap().ends_with("HOLDS")),
            "the other process has ended"
        );
        Self(child, lines)
    }

    /// As the system or its operator does it: nothing is cleaned up.
    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    fn settle(mut self) {
        self.0.stdin.take().unwrap().write_all(b"settle").unwrap();
        let said: Vec<String> = self.1.by_ref().map(Result::unwrap).collect();
        assert!(self.0.wait().unwrap().success(), "{said:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started by the other tests as a process of its own"]
async fn the_other_process() {
    let Some(path) = std::env::var_os(DATABASE) else {
        return;
    };
    let clock = Arc::new(ManualClock::new(at(START)));
    let store = Store::open(path).await.unwrap();
    let ledger = Ledger::open(store.clone(), clock, unlimited())
        .await
        .unwrap();
    ledger.recover().await.unwrap();
    let hold = ledger.hold(&bob(), &terms(), ask(30)).await.unwrap();
    println!("HOLDS");
    let mut told = String::new();
    std::io::stdin().read_to_string(&mut told).unwrap();
    ledger.settle(hold, used(20)).await.unwrap();
    ledger.close().await;
    store.close().await.unwrap();
}

#[tokio::test]
async fn the_holds_of_a_process_that_lives_are_left_alone_and_those_of_a_killed_one_are_posted() {
    let house = House::unlimited().await;
    let own = house.hold(ann(), 10).await.unwrap();
    let (living, dying) = (Neighbour::start(&house), Neighbour::start(&house));
    assert_eq!(house.guild_today().await, (0, 70));
    assert_eq!(house.ledger.recover().await.unwrap().holds, 0);
    dying.kill();
    let recovered = house.ledger.recover().await.unwrap();
    assert_eq!((recovered.holds, recovered.tokens), (1, 30));
    assert_eq!(house.guild_today().await, (30, 40));
    living.settle();
    house.ledger.settle(own, used(5)).await.unwrap();
    assert_eq!(house.guild_today().await, (55, 0));
    house.assert_sound().await;
}

#[tokio::test]
async fn a_start_beside_a_process_that_lives_does_not_post_its_holds() {
    let house = House::unlimited().await;
    let hold = house.hold(ann(), 10).await.unwrap();
    // It recovers when it starts.
    Neighbour::start(&house).settle();
    assert_eq!(house.guild_today().await, (20, 10));
    house.ledger.settle(hold, used(5)).await.unwrap();
    assert_eq!(house.guild_today().await, (25, 0));
    house.assert_sound().await;
}

#[tokio::test]
async fn the_lock_files_of_dead_runs_are_taken_away() {
    let house = House::unlimited().await;
    Neighbour::start(&house).kill();
    Neighbour::start(&house).settle();
    house.ledger.recover().await.unwrap();
    let next = house.neighbour().await;
    let files = std::fs::read_dir(house.store.runs_folder())
        .unwrap()
        .count();
    assert_eq!(files, 2, "one each for the two that live");
    drop(next);
}
