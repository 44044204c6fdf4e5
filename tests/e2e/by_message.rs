//! A small model at a server of one's own is asked for facts message by message, between the replies.

use std::time::Duration;

use familiar::config::Defaults;
use memory::ScopeId;
use model_sim::{Prompt, Reply};
use store::consolidations::Reading;

use crate::learned::{allow_facts, scope_of};
use crate::world::{SOON, World};

/// What stands at the head of a question for the facts of a message.
const READING: &str = "You keep notes on people";
/// What stands in the question for a summary.
const SUMMARY: &str = "summary of what happened";
const FOR_EVER: Duration = Duration::from_secs(600);

/// A world whose model is a server of one's own; six lines are read at once.
async fn world() -> World {
    let world = World::with(|config| {
        config.memory.consolidate_every = 6;
        let model = config.model.as_mut().unwrap();
        (model.local, model.price) = (true, None);
        model.sampling.defaults = Defaults::None;
    })
    .await;
    allow_facts(&world, &world.ada).await;
    world
}

/// What a question of the model is about.
fn asked(prompt: &Prompt) -> Option<&str> {
    let (_, text) = prompt.messages.last()?;
    prompt.system.starts_with(READING).then_some(text.as_str())
}

/// From now on the model reads so, and chats about the weather.
fn reads(world: &World, read: impl Fn(&str) -> Reply + Send + Sync + 'static) {
    world.model.always(move |prompt| match asked(prompt) {
        Some(text) => read(text),
        None if prompt.system.contains(SUMMARY) => {
            Reply::text(r#"{"summary": "They talked of boats."}"#)
        }
        None => Reply::text("A fresh breeze today."),
    });
}

/// "I own 3 boats" is answered with what it tells, anything else with nothing.
fn of_boats(text: &str) -> Reply {
    let owned = text.strip_prefix("ada: I own ");
    let facts = owned.map(|boats| format!("\"ada owns {boats}.\""));
    Reply::text(format!(r#"{{"facts": [{}]}}"#, facts.unwrap_or_default()))
}

/// The questions that were asked about messages, in order.
fn questions(world: &World) -> Vec<String> {
    let prompts = world.prompts();
    let of_messages = prompts.iter().filter(|prompt| prompt.contains(READING));
    of_messages
        .filter_map(|prompt| prompt.rsplit("ada: ").next().map(str::to_owned))
        .collect()
}

/// Waits until something is so.
async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let waiting = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let waited = tokio::time::timeout(SOON, waiting).await;
    waited.unwrap_or_else(|_| panic!("never came: {what}"));
}

async fn through(world: &World, scope: &ScopeId) -> i64 {
    let store = &world.companion().house().store;
    store.progress(scope, Reading::Facts).await.unwrap().through
}

async fn facts(world: &World, scope: &ScopeId) -> Vec<String> {
    let memory = &world.companion().house().memory;
    let known = memory.known(scope).await.unwrap();
    let mut texts: Vec<String> = known.facts.into_iter().map(|fact| fact.text).collect();
    texts.sort();
    texts
}

#[tokio::test]
async fn each_message_is_a_question_and_what_only_asks_is_none() {
    let world = world().await;
    reads(&world, of_boats);
    world.ask("I own 3 boats").await;
    world.ask("who taught you to keep a light?").await;
    let answer = world.ask("I own 5 rafts").await;
    let scope = scope_of(&world, answer.first().message.id).await;
    until("a reading", async || through(&world, &scope).await == 6).await;
    assert_eq!(
        facts(&world, &scope).await,
        ["ada owns 3 boats.", "ada owns 5 rafts."]
    );
    assert_eq!(questions(&world).len(), 2, "{:?}", questions(&world));
    let prompts = world.prompts();
    let of_messages = prompts.iter().filter(|prompt| prompt.contains(READING));
    for prompt in of_messages {
        assert!(!prompt.contains("who taught you"), "{prompt}");
        assert!(
            prompt.contains("Mia lives by the harbour in Oslo."),
            "{prompt}"
        );
    }
    let ledger = &world.companion().house().ledger;
    assert_eq!(ledger.verify().await.unwrap(), []);
}

const BOATS_AND_KAYAKS: &str = "I own 3 boats. My brother Casimir builds kayaks.";

/// Of boats and kayaks the model notes the boats alone, until it is asked about the rest.
fn of_the_first(text: &str) -> Reply {
    match text.strip_prefix("ada: ") {
        Some(BOATS_AND_KAYAKS) => Reply::text(r#"{"facts": ["ada owns 3 boats."]}"#),
        Some("My brother Casimir builds kayaks.") => {
            Reply::text(r#"{"facts": ["ada's brother Casimir builds kayaks."]}"#)
        }
        _ => Reply::text(r#"{"facts": []}"#),
    }
}

#[tokio::test]
async fn what_an_answer_leaves_out_is_asked_for_once_more() {
    let world = world().await;
    reads(&world, of_the_first);
    world.ask(BOATS_AND_KAYAKS).await;
    world
        .ask("The ferry was late. Nobody minded it much.")
        .await;
    let answer = world.ask("I own 5 rafts").await;
    let scope = scope_of(&world, answer.first().message.id).await;
    until("a reading", async || through(&world, &scope).await == 6).await;
    assert_eq!(
        facts(&world, &scope).await,
        ["ada owns 3 boats.", "ada's brother Casimir builds kayaks."]
    );
    let asked = questions(&world);
    assert_eq!(asked.len(), 4, "{asked:?}");
    assert!(asked[1].starts_with("My brother"), "{asked:?}");
}

#[tokio::test]
async fn a_message_whose_rest_was_not_read_is_read_again() {
    let world = world().await;
    reads(&world, |text| match text.starts_with("ada: My brother") {
        true => of_the_first(text).after(FOR_EVER),
        false => of_the_first(text),
    });
    for text in ["good evening to you", "the ferry was late again"] {
        world.ask(text).await;
    }
    let answer = world.ask(BOATS_AND_KAYAKS).await;
    let scope = scope_of(&world, answer.first().message.id).await;
    let is_asked_for = |asked: &String| asked.starts_with("My brother");
    until("the rest", async || {
        questions(&world).iter().any(is_asked_for)
    })
    .await;
    // A reply goes first.
    world.ask("are you there?").await;
    reads(&world, of_the_first);
    world.ask("and a fine evening it is").await;
    until("a reading", async || through(&world, &scope).await >= 6).await;
    assert_eq!(
        facts(&world, &scope).await,
        ["ada owns 3 boats.", "ada's brother Casimir builds kayaks."]
    );
}

#[tokio::test]
async fn what_was_read_before_a_reply_came_is_kept_and_asked_no_more() {
    let world = world().await;
    reads(&world, |text| match text.contains("5 rafts") {
        true => of_boats(text).after(FOR_EVER),
        false => of_boats(text),
    });
    for text in ["I own 3 boats", "I own 4 oars"] {
        world.ask(text).await;
    }
    let answer = world.ask("I own 5 rafts").await;
    let scope = scope_of(&world, answer.first().message.id).await;
    until("the third question", async || questions(&world).len() == 3).await;
    world.ask("are you there?").await;
    until("a part", async || through(&world, &scope).await == 3).await;
    assert_eq!(
        facts(&world, &scope).await,
        ["ada owns 3 boats.", "ada owns 4 oars."]
    );
    reads(&world, of_boats);
    world.ask("and a fine evening it is").await;
    until("the rest", async || through(&world, &scope).await >= 6).await;
    assert_eq!(
        facts(&world, &scope).await,
        ["ada owns 3 boats.", "ada owns 4 oars.", "ada owns 5 rafts."]
    );
    for read in ["3 boats", "4 oars"] {
        let again = questions(&world).into_iter();
        assert_eq!(again.filter(|text| text.contains(read)).count(), 1);
    }
}

#[tokio::test]
async fn what_is_deleted_while_a_message_before_it_is_read_goes_to_no_model() {
    let world = world().await;
    reads(&world, |text| match text.contains("3 boats") {
        true => of_boats(text).after(Duration::from_millis(1_500)),
        false => of_boats(text),
    });
    let first = world.ask("I own 3 boats").await;
    world.ask("a fresh breeze indeed").await;
    let last = world.ask("I own 5 rafts").await;
    let scope = scope_of(&world, first.first().message.id).await;
    until("the first question", async || questions(&world).len() == 1).await;
    world.ada.delete(&world.channel, last.to).unwrap();
    // The summary is asked for after the facts.
    let is_summed_up = |prompt: &String| prompt.contains(SUMMARY);
    until("the end of it", async || {
        world.prompts().iter().any(is_summed_up)
    })
    .await;
    for text in ["are you there?", "good night"] {
        world.ask(text).await;
    }
    until("a reading", async || through(&world, &scope).await >= 6).await;
    assert_eq!(facts(&world, &scope).await, ["ada owns 3 boats."]);
    let asked = questions(&world);
    assert!(
        asked.iter().all(|text| !text.contains("rafts")),
        "{asked:?}"
    );
}
