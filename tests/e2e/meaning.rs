//! Memory by meaning: an endpoint reads what is said, behind the turn's back and through the ledger.

use std::time::Duration;

use chrono::TimeDelta;
use familiar::config::{Config, EmbeddingModel, Embeddings};
use familiar::models::{Pin, looks_whole};
use ledger::{Period, PicoUsd, Scope, Unit};
use model_sim::ModelSim;

use crate::world::{SOON, World};

/// Words that share nothing with the question but what they mean.
const TOLD: &str = "the billy is named Balthazar";
const ASKED: &str = "goat?";

/// An embedding model to which these words mean the same.
async fn reader() -> ModelSim {
    let reader = ModelSim::start().await;
    reader.alike(&["billy", "goat"]);
    reader
}

/// A world whose memory is read by this endpoint. The window is too short for what was said before the last line.
async fn read_by(reader: &ModelSim) -> World {
    read_by_with(reader, |_| {}).await
}

/// The same with another configuration.
async fn read_by_with(reader: &ModelSim, change: impl FnOnce(&mut Config)) -> World {
    let url = reader.openai_url();
    World::with(|config| {
        config.prompt.recent = 0;
        config.memory.consolidate_every = 0;
        config.memory.embeddings = Embeddings::Endpoint;
        config.embedding_model = Some(EmbeddingModel {
            provider: "sim".into(),
            model: "sim-embed".into(),
            base_url: url,
            api_key_env: None,
            api_key_file: None,
            dimensions: Some(512),
            errors_may_be_billed: false,
            local: false,
            price: Some(ledger::Price::plain(PicoUsd::dollars(1), PicoUsd::ZERO)),
        });
        change(config);
    })
    .await
}

/// The texts that were read so far.
fn read(reader: &ModelSim) -> Vec<String> {
    let requests = reader.generations();
    let inputs = requests.iter().flat_map(|request| {
        let inputs = request.body["input"].as_array().cloned();
        inputs.unwrap_or_default()
    });
    inputs
        .filter_map(|text| text.as_str().map(str::to_owned))
        .collect()
}

/// Waits until something is so.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let waited = tokio::time::timeout(SOON, waiting).await;
    assert!(waited.is_ok(), "never came: {what}");
}

/// Nothing that was said waits for its vector.
async fn all_read(world: &World) {
    let store = &world.companion().house().store;
    until("vectors of all turns", async || {
        let unread = store.unread(store::id::TurnId(0), 1).await.unwrap();
        unread.is_empty()
    })
    .await;
}

/// What this purpose has cost in the server this month, in tokens.
async fn spent(world: &World, purpose: &str) -> i64 {
    let budget = world.budget(&world.ada).await;
    let mut all = budget.by_purpose.iter();
    all.find(|one| one.purpose == purpose)
        .map_or(0, |one| one.month.tokens)
}

#[tokio::test]
async fn what_was_said_in_other_words_is_recalled_and_the_ledger_knows_what_that_cost() {
    let reader = reader().await;
    let mut world = read_by(&reader).await;
    world.model.say("Lovely.");
    world.ask(TOLD).await;
    world.ask("it rains in the harbour").await;
    all_read(&world).await;
    world.ask(ASKED).await;
    let prompt = world.last_prompt();
    assert!(prompt.contains("Balthazar"), "{prompt}");
    assert!(spent(&world, "embedding").await > 0);
    assert!(spent(&world, "recall").await > 0);
    // What is read already is not read again after a restart, and what was missed is caught up with.
    all_read(&world).await;
    world.restart().await;
    world.ask("and the weather?").await;
    all_read(&world).await;
    let mut turns = read(&reader);
    turns.retain(|text| text.contains(TOLD) && text.starts_with("ada: "));
    assert_eq!(turns.len(), 1, "{turns:?}");
    let open = world.budget(&world.ada).await;
    assert!(open.windows.iter().all(|window| window.usd.pending == 0));
}

#[tokio::test]
async fn a_budget_that_refuses_vectors_stops_no_reply_and_they_are_made_later() {
    let reader = reader().await;
    // Background work rests as soon as anything of the server's limit is used.
    let world = read_by_with(&reader, |config| {
        config.budget.background_stops_below = 100;
        config.budget.instance_day.usd = None;
        config.budget.instance_month.usd = None;
        config.budget.guild_month = familiar::config::Limit::default();
    })
    .await;
    world.model.say("Lovely.");
    for _ in 0..2 {
        let answer = world.ask(TOLD).await;
        assert!(answer.text().contains("Lovely."), "{}", answer.text());
    }
    world.ask(ASKED).await;
    let prompt = world.last_prompt();
    assert!(
        !prompt.contains("Balthazar"),
        "words alone do not find it: {prompt}"
    );
    let turns = |texts: Vec<String>| texts.iter().any(|text| text.starts_with("ada: "));
    assert!(
        !turns(read(&reader)),
        "no turn is read while the budget is low"
    );
    let guild = Scope::Guild(world.guild.id.get().into());
    let ledger = &world.companion().house().ledger;
    ledger
        .set_limit(guild, Period::Day, Unit::Usd, None, 1.into())
        .await
        .unwrap();
    world.later(TimeDelta::minutes(11));
    world.ask("hello again").await;
    all_read(&world).await;
    assert!(turns(read(&reader)));
}

#[tokio::test]
async fn an_endpoint_that_is_away_costs_the_meaning_and_no_reply() {
    let reader = reader().await;
    let world = read_by(&reader).await;
    drop(reader);
    world.model.say("Lovely.");
    let answer = world.ask(TOLD).await;
    assert!(answer.text().contains("Lovely."), "{}", answer.text());
}

/// With the real model: `FAMILIAR_MINILM` names a data folder into which `familiar models fetch` has fetched it. In a
/// release build.
#[tokio::test]
async fn the_real_model_brings_back_what_was_said_in_other_words() {
    let Some(data) = std::env::var_os("FAMILIAR_MINILM").map(std::path::PathBuf::from) else {
        eprintln!("skipped: FAMILIAR_MINILM names no data folder with the model");
        return;
    };
    if cfg!(debug_assertions) {
        // Unoptimized, it takes longer over a question than an answer waits for it.
        eprintln!("skipped: run it with --release");
        return;
    }
    let pin = Pin::mini_lm();
    let from = familiar::models::folder(&data, &pin);
    assert!(looks_whole(&from, &pin), "{} is not whole", from.display());
    let world = World::with(|config| {
        config.prompt.recent = 0;
        config.memory.consolidate_every = 0;
        config.memory.embeddings = Embeddings::Local;
        let to = familiar::models::folder(&config.instance.data, &pin);
        std::fs::create_dir_all(&to).unwrap();
        for file in &pin.files {
            std::fs::copy(from.join(&file.name), to.join(&file.name)).unwrap();
        }
    })
    .await;
    world.model.say("Lovely.");
    world.ask("my kitten sleeps on the sofa all day").await;
    world.ask("the ferry was late again").await;
    all_read(&world).await;
    world.ask("do I own a pet?").await;
    let prompt = world.last_prompt();
    assert!(prompt.contains("kitten"), "{prompt}");
}
