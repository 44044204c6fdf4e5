//! Prices, certified caps and calls that are asked about later, as the operator sees them at the command line.

use std::path::Path;

use chrono::TimeDelta;
use familiar::upkeep;
use ledger::Period;
use model_sim::{Fault, Reply, UsageReport};
use serde_json::json;

use crate::program::{familiar, written};
use crate::world::World;

/// Runs a command of the program. Whether it succeeded, and everything that it printed.
async fn shell(file: &Path, line: &[&str]) -> (bool, String) {
    let output = familiar(file).args(line).output().await.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let all = text(&output.stdout) + &text(&output.stderr);
    (output.status.success(), all)
}

/// A world whose configuration does not vouch for caps, and its file.
async fn uncertified() -> (World, std::path::PathBuf) {
    let world = World::without_bot(World::discord(), |config| {
        config.model.as_mut().unwrap().caps_certified = false;
    })
    .await;
    let file = written(&world);
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        text.replace("caps_certified = true", "caps_certified = false"),
    )
    .unwrap();
    (world, file)
}

/// Counts, as it is asked to.
fn counting() -> Reply {
    let numbers: Vec<String> = (1..=500).map(|n| n.to_string()).collect();
    Reply::text(numbers.join(", "))
}

/// Tokens that are posted in full for a reply whose usage is not told.
async fn held_for_one(world: &World) -> i64 {
    let untold = Reply::text("Dear.").usage(UsageReport::Missing);
    world.model.queue(untold);
    world.ask("hello").await;
    world.budget(&world.ada).await.replies[0].tokens
}

#[tokio::test]
async fn a_model_that_honours_its_cap_is_certified_and_held_at_the_cap_from_then_on() {
    let (mut world, file) = uncertified().await;
    world.model.always(|_| counting());
    let (_, before) = shell(&file, &["check"]).await;
    assert!(
        before.contains("caps are not certified") && before.contains("--certify sim-1"),
        "{before}"
    );
    let (good, said) = shell(&file, &["check", "--certify", "sim-1"]).await;
    assert!(good, "{said}");
    for cap in [1, 7, 16, 64] {
        assert!(
            said.contains(&format!("ok     cap {cap}: {cap} output tokens")),
            "{said}"
        );
    }
    assert!(said.contains("is certified") && said.contains("The probes cost $0.000"));
    assert_eq!(world.model.generations().len(), 4);
    assert!(
        world
            .model
            .generations()
            .iter()
            .all(|r| r.body["stream"] == true)
    );
    let (_, after) = shell(&file, &["check"]).await;
    assert!(after.contains("caps are certified by probes of"), "{after}");
    let (sound, verified) = shell(&file, &["ledger", "verify"]).await;
    assert!(sound, "{verified}");
    // The bot holds at the cap of 400 and not at the maximum of 1000.
    world.start().await;
    let certified = held_for_one(&world).await;
    let ledger = &world.companion().house().ledger;
    let key = &world.companion().house().model.provider.terms().key;
    assert!(ledger.uncertify(key).await.unwrap());
    let uncertified = held_for_one(&world).await;
    assert!(
        uncertified > certified + 500,
        "{certified} and {uncertified}"
    );
}

#[tokio::test]
async fn a_model_that_passes_its_cap_or_hides_its_usage_is_named_with_the_reason() {
    let (world, file) = uncertified().await;
    for (reply, reason) in [
        (counting().ignoring_the_cap(), "cap 1: it used"),
        (
            counting().usage(UsageReport::Missing),
            "cap 1: the reply came without a usable usage report",
        ),
        (
            counting().with(Fault::CutAfter(300)),
            "cap 1: The connection to the model broke",
        ),
    ] {
        world.model.queue(reply);
        let (good, said) = shell(&file, &["check", "--certify", "sim-1"]).await;
        assert!(!good && said.contains(reason), "{said}");
        assert!(said.contains("is not certified"), "{said}");
    }
    let (good, said) = shell(&file, &["check", "--certify", "sim-2"]).await;
    assert!(!good && said.contains("there is sim-1"), "{said}");
    let (_, check) = shell(&file, &["check"]).await;
    assert!(check.contains("caps are not certified"), "{check}");
}

#[tokio::test]
async fn a_certified_model_that_fails_a_later_probe_loses_its_certification() {
    let (world, file) = uncertified().await;
    world.model.always(|_| counting());
    assert!(shell(&file, &["check", "--certify", "sim-1"]).await.0);
    world.model.queue(counting().ignoring_the_cap());
    let (good, said) = shell(&file, &["check", "--certify", "sim-1"]).await;
    assert!(!good && said.contains("is not certified"), "{said}");
    let (_, again) = shell(&file, &["check", "--certify", "sim-1"]).await;
    assert!(
        again.contains("used more than it was allowed to"),
        "a breach of what was certified quarantines it: {again}"
    );
}

#[tokio::test]
async fn a_published_drop_counts_once_the_operator_accepts_it() {
    let world = World::without_bot(World::discord(), |_| {}).await;
    let file = written(&world);
    world.model.serve_models(&["sim-1"]);
    let publish = |input: &str, output: &str| {
        let pricing = json!({"prompt": input, "completion": output});
        world.model.publish_price("sim-1", pricing);
    };
    let (_, none) = shell(&file, &["prices", "show"]).await;
    assert!(
        none.contains("stated     input $1.00, output $2.00 (in the configuration)")
            && none.contains("published  none"),
        "{none}"
    );
    publish("0.0000005", "0.000004");
    let (_, mixed) = shell(&file, &["prices", "show"]).await;
    assert!(
        mixed.contains("in force   input $1.00, output $4.00"),
        "{mixed}"
    );
    assert!(mixed.contains("familiar prices accept sim-1"), "{mixed}");
    let (good, accepted) = shell(&file, &["prices", "accept", "sim-1"]).await;
    assert!(
        good && accepted.contains("before  input $1.00, output $4.00")
            && accepted.contains("now     input $0.50, output $4.00"),
        "{accepted}"
    );
    let (_, after) = shell(&file, &["prices", "show"]).await;
    assert!(
        after.contains("in force   input $0.50, output $4.00")
            && after.contains("accepted   input $0.50, output $4.00 instead of"),
        "{after}"
    );
    let (good, again) = shell(&file, &["prices", "accept", "sim-1"]).await;
    assert!(good && again.contains("Nothing to accept"), "{again}");
    let (good, other) = shell(&file, &["prices", "accept", "sim-9"]).await;
    assert!(!good && other.contains("there is sim-1"), "{other}");
}

#[tokio::test]
async fn a_running_bot_reads_published_prices_and_a_rise_counts_for_its_next_reply() {
    let world = World::new().await;
    world.model.serve_models(&["sim-1"]);
    world.model.say("Hello there.");
    world.ask("hello").await;
    let cost = async || world.budget(&world.ada).await.replies[0].usd.get();
    let before = cost().await;
    let pricing = json!({"prompt": "0.00001", "completion": "0.00002"});
    world.model.publish_price("sim-1", pricing);
    let house = world.companion().house();
    let models = upkeep::models(house);
    upkeep::refresh(&house.ledger, &models, upkeep::AT_START).await;
    world.ask("hello").await;
    let after = cost().await;
    assert!(after > before * 9, "{before} and {after}");
}

#[tokio::test]
async fn a_reply_that_broke_off_is_posted_in_full_and_lowered_when_the_provider_tells_its_cost() {
    let world = World::with(|config| config.model.as_mut().unwrap().generation_lookup = true).await;
    world.model.be_openrouter();
    world
        .model
        .queue(Reply::text("Once upon a time.").usage(UsageReport::Missing));
    world.ask("a story, please").await;
    let posted = async || {
        let view = world.budget(&world.ada).await;
        let day = view.windows.iter().find(|w| w.period == Period::Day);
        (day.unwrap().tokens.posted, view.replies[0].clone())
    };
    let (full, reply) = posted().await;
    assert!(reply.input.is_none() && full > 1000, "{reply:?}");
    let house = world.companion().house();
    assert_eq!(
        upkeep::ask_about_calls(house).await.unwrap(),
        0,
        "too early"
    );
    world.later(TimeDelta::seconds(15));
    assert_eq!(upkeep::ask_about_calls(house).await.unwrap(), 1);
    let (lowered, reply) = posted().await;
    assert!(
        reply.input.is_some() && lowered < full / 2,
        "{full}, {lowered}, {reply:?}"
    );
    assert_eq!(house.ledger.verify().await.unwrap(), []);
    assert_eq!(upkeep::ask_about_calls(house).await.unwrap(), 0);
}

#[tokio::test]
async fn an_endpoint_that_never_answers_holds_nobody_up_and_what_was_published_before_counts() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap();
    let world = World::with(|config| {
        config.model.as_mut().unwrap().base_url = format!("http://{address}/v1");
    })
    .await;
    let house = world.companion().house();
    let (models, terms) = (upkeep::models(house), house.model.provider.terms());
    let before = house.ledger.prices().price(terms);
    let begun = std::time::Instant::now();
    let wait = std::time::Duration::from_millis(200);
    upkeep::refresh(&house.ledger, &models, wait).await;
    assert!(begun.elapsed() < wait * 5, "{:?}", begun.elapsed());
    assert_eq!(house.ledger.prices().price(terms), before);
    drop(silent);
}
