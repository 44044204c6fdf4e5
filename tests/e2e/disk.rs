//! When the disk does not do what it should: full, read-only, failing. No byte goes to the model without a hold on
//! disk, people get one line, and service resumes by itself.
//!
//! Each test runs in a process of its own with a small file system of its own, which the kernel gives to anybody where
//! user namespaces are allowed. Where they are not, the test says that it skips.

use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use familiar::setup;
use ledger::{Ask, Purpose, Spender};
use model_sim::{Chunks, Reply};

use crate::world::{Answer, World};

const STAGE: &str = "FAMILIAR_TEST_STAGE";
/// The size of the small disk in megabytes.
const SIZE: u32 = 24;
/// By then the bot must answer again.
const RESUMES: Duration = Duration::from_secs(5);

/// Runs an ignored test of this file where it may mount a small disk and where too large files are an error, not the end.
fn on_a_small_disk(test: &str) {
    let allowed = Command::new("unshare").args(["-rm", "true"]).output();
    if !allowed.is_ok_and(|tried| tried.status.success()) {
        println!("skipped: this system does not let tests mount a small disk (unshare -rm)");
        return;
    }
    let stage = tempfile::tempdir().unwrap();
    let script = format!(
        "mount -t tmpfs -o size={SIZE}m tmpfs \"${STAGE}\" && trap '' XFSZ && exec \"$0\" \"$@\""
    );
    let output = Command::new("unshare")
        .args(["-rm", "sh", "-c", &script])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env(STAGE, stage.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
    for line in said.lines().filter(|line| line.starts_with("measured:")) {
        println!("{line}");
    }
}

/// A world whose bot has its data on the small disk; `None` outside of it.
async fn world() -> Option<(World, SmallDisk)> {
    let folder = PathBuf::from(std::env::var_os(STAGE)?);
    let world = World::with(|config| config.instance.data = folder.join("data")).await;
    Some((world, SmallDisk(folder)))
}

struct SmallDisk(PathBuf);

impl SmallDisk {
    fn filling(&self) -> PathBuf {
        self.0.join("filling")
    }

    /// Takes all room that there is.
    fn fill(&self) {
        let mut file = File::options()
            .create(true)
            .append(true)
            .open(self.filling())
            .unwrap();
        for piece in [1 << 16, 1 << 12, 1] {
            let bytes = vec![b'x'; piece];
            let error = loop {
                if let Err(error) = file.write_all(&bytes) {
                    break error;
                }
            };
            assert_eq!(error.kind(), ErrorKind::StorageFull);
        }
    }

    fn make_room(&self) {
        std::fs::remove_file(self.filling()).unwrap();
    }
}

fn is_the_line(answer: &Answer) -> bool {
    answer.text().contains("I can't write to my memory")
}

/// What was asked of the model so far.
fn sent(world: &World) -> usize {
    world.model.generations().len()
}

/// Empties the log, so that the next write needs new room, and takes the room.
async fn run_out_of_room(world: &World, disk: &SmallDisk) {
    world.companion().house().store.checkpoint().await.unwrap();
    disk.fill();
}

/// Asks until a real answer comes. Everything before it must be the line, and must not have reached the model.
async fn resumes(world: &World, what: &str) {
    let (begun, before) = (Instant::now(), sent(world));
    world.model.say("Here again.");
    loop {
        let answer = world.ask("are you there?").await;
        if !is_the_line(&answer) {
            assert_eq!(answer.words(), "Here again.");
            break;
        }
        assert_eq!(sent(world), before, "something was sent without a hold");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let took = begun.elapsed();
    println!("measured: answers again {took:.1?} after {what}");
    assert!(took < RESUMES, "{took:?}");
    assert_eq!(sent(world), before + 1);
}

/// No hold is pending, and every window is the sum of its holds.
async fn assert_sound(world: &World) {
    let ledger = &world.companion().house().ledger;
    ledger.close().await;
    assert_eq!(ledger.verify().await.unwrap(), []);
    for window in world.budget(&world.ada).await.windows {
        assert_eq!((window.usd.pending, window.tokens.pending), (0, 0));
    }
}

#[test]
fn on_a_full_disk_nothing_is_sent_people_get_a_line_and_service_resumes_within_five_seconds() {
    on_a_small_disk("disk::full");
}

#[tokio::test]
#[ignore = "run on a small disk by another test"]
async fn full() {
    let Some((world, disk)) = world().await else {
        return;
    };
    world.model.say("Before.");
    assert_eq!(world.ask("before").await.words(), "Before.");
    run_out_of_room(&world, &disk).await;
    let before = sent(&world);
    for n in 0..5 {
        let asked = Instant::now();
        let answer = world.ask(&format!("number {n}")).await;
        assert!(is_the_line(&answer), "{}", answer.text());
        assert!(
            asked.elapsed() < Duration::from_secs(3),
            "{:?}",
            asked.elapsed()
        );
    }
    assert_eq!(sent(&world), before, "something was sent without a hold");
    disk.make_room();
    resumes(&world, "there is room").await;
    // And once more: the ballast is on board again.
    run_out_of_room(&world, &disk).await;
    assert!(is_the_line(&world.ask("again?").await));
    disk.make_room();
    resumes(&world, "there is room for the second time").await;
    assert_sound(&world).await;
}

#[test]
fn a_call_that_runs_when_the_disk_gets_full_is_settled_while_it_is_full() {
    on_a_small_disk("disk::running_when_full");
}

#[tokio::test]
#[ignore = "run on a small disk by another test"]
async fn running_when_full() {
    let Some((world, disk)) = world().await else {
        return;
    };
    let mut closings = world.closings();
    let slow = Reply::text("One two three four five six seven eight.")
        .chunks(Chunks::Words)
        .every(Duration::from_millis(150));
    world.model.queue(slow);
    let question = format!("{} count", world.sim.bot_mention());
    let asked = world.ada.say(&world.channel, &question).unwrap();
    world
        .sim
        .wait_for_message(&world.channel, |m| m.text().contains("One"), RESUMES)
        .await
        .unwrap();
    run_out_of_room(&world, &disk).await;
    assert!(is_the_line(
        &world
            .ask_in(&world.bo, &world.guild.add_channel("other"), "and I?")
            .await
    ));
    let answer = world.answer_to(&mut closings, asked).await;
    assert_eq!(answer.words(), "One two three four five six seven eight.");
    assert_sound(&world).await;
    let cost = world.budget(&world.ada).await.replies.remove(0);
    assert!(cost.input.is_some(), "settled at what it used: {cost:?}");
    disk.make_room();
    resumes(&world, "there is room").await;
}

#[test]
fn what_a_crash_left_open_is_posted_at_a_start_on_a_full_disk() {
    on_a_small_disk("disk::start_when_full");
}

#[tokio::test]
#[ignore = "run on a small disk by another test"]
async fn start_when_full() {
    let Some((mut world, disk)) = world().await else {
        return;
    };
    let house = world.companion().house().clone();
    let spender = Spender {
        guild: Some(world.guild.id.get().into()),
        channel: None,
        member: world.ada.id.get().into(),
    };
    let ask = Ask {
        input_bound: 100,
        cap: 50,
        purpose: Purpose::Reply,
        turn: None,
        persona: None,
    };
    let hold = house
        .ledger
        .hold(&spender, house.model.provider.terms(), ask)
        .await
        .unwrap();
    // A crash runs no destructors, and the system lets go of its locks.
    std::mem::forget(hold);
    house.ledger.let_go();
    world.stop().await;
    drop(house);
    disk.fill();
    world.start().await;
    let windows = world.budget(&world.ada).await.windows;
    assert!(
        windows
            .iter()
            .all(|w| w.tokens.pending == 0 && w.tokens.posted == 150),
        "{windows:?}"
    );
    assert!(is_the_line(&world.ask("hello?").await));
    disk.make_room();
    resumes(&world, "there is room").await;
    assert_sound(&world).await;
}

#[test]
fn a_disk_that_fails_to_write_is_said_and_service_resumes_when_it_works_again() {
    on_a_small_disk("disk::failing");
}

/// Lets every write to a file beyond this size fail, which SQLite reports as an error of the disk.
fn largest_file(bytes: &str) {
    let this = std::process::id().to_string();
    let done = Command::new("prlimit")
        .args(["--pid", &this, &format!("--fsize={bytes}:unlimited")])
        .status();
    assert!(done.unwrap().success());
}

#[tokio::test]
#[ignore = "run on a small disk by another test"]
async fn failing() {
    let Some((world, _disk)) = world().await else {
        return;
    };
    world.ask("before").await;
    let before = sent(&world);
    largest_file("1");
    for _ in 0..3 {
        let answer = world.ask("hello?").await;
        assert!(is_the_line(&answer), "{}", answer.text());
    }
    assert_eq!(sent(&world), before, "something was sent without a hold");
    largest_file("unlimited");
    resumes(&world, "the disk writes again").await;
    assert_sound(&world).await;
}

/// The files of the database, made unchangeable while they are open; only a real disk and a real root can do it.
fn set_read_only(database: &Path, on: bool) -> bool {
    let files = ["", "-wal"].map(|end| format!("{}{end}", database.display()));
    Command::new("chattr")
        .arg(if on { "+i" } else { "-i" })
        .args(files)
        .output()
        .is_ok_and(|done| done.status.success())
}

#[tokio::test]
async fn a_database_that_becomes_read_only_is_said_and_service_resumes_when_it_may_be_written() {
    let world = World::new().await;
    world.ask("before").await;
    let (database, before) = (setup::database(&world.config), sent(&world));
    if !set_read_only(&database, true) {
        set_read_only(&database, false);
        println!("skipped: this system does not let tests make a file unchangeable (chattr +i)");
        return;
    }
    let mut lines = Vec::new();
    for _ in 0..3 {
        lines.push(world.ask("hello?").await);
    }
    assert!(set_read_only(&database, false));
    assert!(
        lines.iter().all(is_the_line),
        "{:?}",
        lines.iter().map(Answer::text).collect::<Vec<_>>()
    );
    assert_eq!(sent(&world), before, "something was sent without a hold");
    resumes(&world, "the file may be written").await;
    assert_sound(&world).await;
}
