//! `familiar ledger verify`, `show`, `acknowledge` and `lift`, beside a bot that runs.

use familiar::setup;
use ledger::{Period, Scope};
use model_sim::{Reply, UsageReport};
use tokio::process::Command;

use super::Shell;
use crate::world::World;

/// A model that takes far more than was set aside for it.
fn greedy() -> Reply {
    Reply::text("Yum.").usage(UsageReport::Exact {
        input: 900_000,
        cached_input: 0,
        cache_write: 0,
        output: 10,
        reasoning: 0,
    })
}

#[tokio::test]
async fn a_window_that_differs_from_its_calls_is_named_and_fails() {
    let world = World::new().await;
    world.model.say("Hello.");
    world.ask("hello").await;
    let shell = Shell::beside(&world);
    let good = shell.ledger(&["verify"]).await.good();
    assert!(good.starts_with("Every window"), "{good}");
    // Somebody else's hand in the file, by a program that is not ours.
    let spoil = "import sqlite3, sys\n\
                 file = sqlite3.connect(sys.argv[1], timeout=10)\n\
                 file.execute('update windows set tokens_pending = tokens_pending + 20 where id = 1')\n\
                 file.commit()";
    let database = world.config.instance.data.join("familiar.db");
    let spoilt = Command::new("python3")
        .args(["-c", spoil])
        .arg(database)
        .status();
    assert!(spoilt.await.unwrap().success());
    let bad = shell.ledger(&["verify"]).await.bad();
    assert!(
        bad.contains("20 tokens more set aside than its calls do"),
        "{bad}"
    );
}

#[tokio::test]
async fn what_rests_is_shown_and_opens_again_by_its_name() {
    let world = World::new().await;
    world.model.queue(greedy());
    world.ask("take what you like").await;
    world.model.say("I am back.");
    assert!(world.ask("hello?").await.text().contains("rest"));
    let shell = Shell::beside(&world);
    let guild = Scope::Guild(world.guild.id.get().into()).key();
    let shown = shell.ledger(&["show"]).await.good();
    for part in [
        format!("RESTS  {guild}"),
        format!("familiar ledger acknowledge {guild}"),
        "QUARANTINED  sim-1 at sim".to_owned(),
        format!("{guild} (rests)"),
    ] {
        assert!(shown.contains(&part), "{part} is not in\n{shown}");
    }
    let wrong = shell.ledger(&["acknowledge", "user:5"]).await.bad();
    assert!(wrong.contains(&format!("These rest: {guild}.")), "{wrong}");
    let wrong = shell.ledger(&["acknowledge", "my server"]).await.bad();
    assert!(wrong.contains("names no scope"), "{wrong}");
    let wrong = shell.ledger(&["lift", "sim-2"]).await.bad();
    assert!(wrong.contains("These are: sim-1 at sim."), "{wrong}");

    shell.ledger(&["acknowledge", &guild]).await.good();
    shell.ledger(&["lift", "sim-1"]).await.good();
    assert_eq!(world.ask("and now?").await.words(), "I am back.");
    let shown = shell.ledger(&["show"]).await.good();
    assert!(
        shown.contains("Nothing rests, and no model is quarantined."),
        "{shown}"
    );
    let again = shell.ledger(&["acknowledge", &guild]).await.bad();
    assert!(again.contains("Nothing rests."), "{again}");
    let ledger = &world.companion().house().ledger;
    let history = ledger
        .history(Scope::Guild(world.guild.id.get().into()))
        .await
        .unwrap();
    assert_eq!(history[0].what, "acknowledge");
    assert_eq!(history[0].by.get(), 0);
}

#[tokio::test]
async fn the_view_lists_servers_by_spend_and_direct_messages_together() {
    let world = World::new().await;
    world
        .model
        .always(|_| Reply::text("Fine.").usage(UsageReport::Missing));
    let other = world.sim.add_guild("other");
    let (cy, there) = (other.add_member("cy"), other.add_channel("there"));
    world.ask("hello").await;
    for _ in 0..2 {
        world.ask_in(&cy, &there, "hello").await;
    }
    let private = world.ada.dm_channel().unwrap();
    world.say_in(&world.ada, &private, "hello").await;
    let shown = Shell::beside(&world).ledger(&["show"]).await.good();
    let place = |name: String| {
        shown
            .find(&name)
            .unwrap_or_else(|| panic!("{name} is not in\n{shown}"))
    };
    let (first, second) = (
        place(format!("guild:{}", other.id)),
        place(format!("guild:{}", world.guild.id)),
    );
    assert!(
        place("instance".into()) < first && first < second,
        "{shown}"
    );
    assert!(second < place("direct messages".into()), "{shown}");
    let seen = world.companion().house().ledger.overview().await.unwrap();
    let month = seen.own(Period::Month).unwrap();
    assert!(
        shown.contains(&month.tokens.posted.to_string()),
        "{} is not in\n{shown}",
        month.tokens.posted
    );
}

#[tokio::test]
async fn without_a_database_nothing_is_made_and_the_way_is_said() {
    let world = World::without_bot(World::discord(), |_| {}).await;
    let shell = Shell::beside(&world);
    let said = shell.ledger(&["verify"]).await.bad();
    assert!(said.contains("there is no database at"), "{said}");
    assert!(!world.config.instance.data.join("familiar.db").exists());
}

/// Puts the database back as it was, as somebody does who restores a backup.
fn restore(world: &World, backup: &std::path::Path) {
    let database = setup::database(&world.config);
    for ending in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", database.display()));
    }
    std::fs::copy(backup, database).unwrap();
}

#[tokio::test]
async fn a_restored_backup_is_opened_again_by_the_operator() {
    let mut world = World::new().await;
    world.ask("before the backup").await;
    world.stop().await;
    let backup = world.config.instance.data.join("backup.db");
    std::fs::copy(setup::database(&world.config), &backup).unwrap();
    world.start().await;
    world.ask("after the backup").await;
    world.stop().await;
    restore(&world, &backup);
    world.start().await;
    let asked = world.model.generations().len();
    world.ask("are you there?").await;
    assert_eq!(world.model.generations().len(), asked, "nothing is spent");
    let shell = Shell::beside(&world);
    let shown = shell.ledger(&["show"]).await.good();
    assert!(shown.contains("CLOSED  everything since"), "{shown}");
    let said = shell.ledger(&["acknowledge"]).await.good();
    assert!(said.contains("is open again"), "{said}");
    world.model.say("Here I am.");
    assert_eq!(world.ask("and now?").await.words(), "Here I am.");
    let shown = shell.ledger(&["show"]).await.good();
    assert!(!shown.contains("CLOSED"), "{shown}");
    let again = shell.ledger(&["acknowledge"]).await.bad();
    assert!(again.contains("nothing was changed"), "{again}");
}
