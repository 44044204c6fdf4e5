//! `familiar ledger export` sums to the windows, while the bot talks.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::SecondsFormat;
use ledger::{Spender, WindowView};
use model_sim::{Fault, Reply, UsageReport};
use serde_json::Value;
use store::clock::Clock;

use super::Shell;
use crate::world::World;

/// Posted and pending, in money and tokens, by scope, period and start.
type Sums = BTreeMap<(String, String, String), [i64; 4]>;

const AMOUNTS: [&str; 4] = [
    "posted_picousd",
    "pending_picousd",
    "posted_tokens",
    "pending_tokens",
];

fn of_csv(text: &str) -> Sums {
    let mut sums = Sums::new();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    for row in reader.deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        let key = |name: &str| row[name].clone();
        let sum = sums
            .entry((key("scope"), key("period"), key("window_start")))
            .or_default();
        for (sum, name) in sum.iter_mut().zip(AMOUNTS) {
            *sum += row[name].parse::<i64>().unwrap();
        }
    }
    sums
}

fn of_jsonl(text: &str) -> Sums {
    let mut sums = Sums::new();
    for line in text.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let key = |name: &str| row[name].as_str().unwrap().to_owned();
        let sum = sums
            .entry((key("scope"), key("period"), key("window_start")))
            .or_default();
        for (sum, name) in sum.iter_mut().zip(AMOUNTS) {
            *sum += row[name].as_i64().unwrap();
        }
    }
    sums
}

/// What the ledger itself says of every window in which these people spend.
async fn of_ledger(world: &World) -> Sums {
    let mut sums = Sums::new();
    let guild = Some(world.guild.id.get().into());
    for (guild, who) in [(guild, &world.ada), (guild, &world.bo), (None, &world.ada)] {
        let spender = Spender {
            guild,
            channel: None,
            member: who.id.get().into(),
        };
        let ledger = &world.companion().house().ledger;
        for window in ledger.view(&spender).await.unwrap().windows {
            let WindowView { usd, tokens, .. } = window;
            let start = window
                .starts_at
                .to_rfc3339_opts(SecondsFormat::Millis, true);
            let filled = [
                usd.posted + usd.overrun,
                usd.pending,
                tokens.posted + tokens.overrun,
                tokens.pending,
            ];
            sums.insert(
                (window.scope.key(), window.period.to_string(), start),
                filled,
            );
        }
    }
    sums
}

/// Reported, unreported, refused, and in private.
async fn conversations(world: &World) {
    world.model.say("One.");
    world.ask("a word that nobody may read: marzipan").await;
    world
        .model
        .queue(Reply::text("Two.").usage(UsageReport::Missing));
    world
        .ask_in(&world.bo, &world.channel, "whose usage is missing")
        .await;
    world.model.queue(Reply::fault(Fault::Authentication));
    world.ask("that the endpoint refuses").await;
    world.model.say("Three.");
    let private = world.ada.dm_channel().unwrap();
    world.say_in(&world.ada, &private, "between us").await;
}

#[tokio::test]
async fn both_forms_sum_to_the_windows_and_hold_no_word_of_a_message() {
    let world = World::new().await;
    conversations(&world).await;
    let shell = Shell::beside(&world);
    let out = world.config.instance.data.join("calls.jsonl");
    let named = out.to_str().unwrap();
    let csv = shell.ledger(&["export"]).await.good();
    let written = shell
        .ledger(&["export", "--format", "jsonl", "--out", named])
        .await
        .good();
    assert!(written.contains(named), "{written}");
    let jsonl = std::fs::read_to_string(&out).unwrap();
    let seen = of_ledger(&world).await;
    assert_eq!(of_csv(&csv), seen);
    assert_eq!(of_jsonl(&jsonl), seen);
    assert!(seen.values().any(|sum| sum[0] > 0));
    // Four calls, of which three count in a server's six windows and one in the four of a direct message.
    assert_eq!(csv.lines().count(), 1 + 3 * 6 + 4);
    for word in ["marzipan", "Three.", "nobody", "api_key", "Bearer"] {
        assert!(!csv.contains(word) && !jsonl.contains(word), "{word}");
    }
    let again = shell.ledger(&["export", "--out", named]).await.bad();
    assert!(again.contains("name another file"), "{again}");
    assert_eq!(std::fs::read_to_string(&out).unwrap(), jsonl);
}

#[tokio::test]
async fn a_running_reply_keeps_its_hold_while_the_operator_looks() {
    let world = World::new().await;
    world
        .model
        .queue(Reply::text("At last.").after(Duration::from_secs(3)));
    let mut closings = world.closings();
    let asked = world
        .ada
        .say(
            &world.channel,
            &format!("{} hello", world.sim.bot_mention()),
        )
        .unwrap();
    while world.model.generations().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let shell = Shell::beside(&world);
    let seen = of_ledger(&world).await;
    assert!(seen.values().any(|sum| sum[1] > 0), "{seen:?}");
    let mut exported = of_csv(&shell.ledger(&["export"]).await.good());
    exported.retain(|_, sum| *sum != [0; 4]);
    let mut held = seen;
    held.retain(|_, sum| *sum != [0; 4]);
    assert_eq!(exported, held);
    shell.ledger(&["verify"]).await.good();
    let shown = shell.ledger(&["show"]).await.good();
    assert!(shown.contains("set aside"), "{shown}");
    assert_eq!(
        world.answer_to(&mut closings, asked).await.words(),
        "At last."
    );
    // It was settled by what the model reported, and not posted in full by somebody else.
    let view = world.budget(&world.ada).await;
    assert!(view.replies[0].input.is_some(), "{:?}", view.replies);
}

#[tokio::test]
async fn days_are_asked_for_by_date_and_an_empty_export_has_its_header() {
    let world = World::new().await;
    world.model.say("Hello.");
    world.ask("hello").await;
    let shell = Shell::beside(&world);
    let today = world.clock.now().date_naive();
    let day = |date: chrono::NaiveDate| date.to_string();
    let (today, tomorrow) = (day(today), day(today.succ_opt().unwrap()));
    let lines = async |line: &[&str]| shell.ledger(line).await.good().lines().count();
    assert_eq!(
        lines(&["export", "--from", &today, "--to", &today]).await,
        7
    );
    assert_eq!(lines(&["export", "--from", &tomorrow]).await, 1);
    let header = |text: String| text.lines().next().unwrap().to_owned();
    let (full, empty) = (
        shell.ledger(&["export"]).await.good(),
        shell.ledger(&["export", "--from", &tomorrow]).await.good(),
    );
    assert_eq!(header(full), header(empty));
    let jsonl = ["export", "--format", "jsonl", "--from", &tomorrow];
    assert_eq!(lines(&jsonl).await, 0);
    let backwards = ["export", "--from", &tomorrow, "--to", &today];
    let said = shell.ledger(&backwards).await.bad();
    assert!(said.contains("lies before"), "{said}");
}
