//! Long talk becomes a summary and facts; they are in the prompt days later, and gone when their words are.

use std::time::Duration;

use chrono::TimeDelta;
use ledger::{Scope, WindowView};
use memory::{Known, ScopeId};
use model_sim::{Fault, Reply};

use crate::learned::{allow_facts, scope_of};
use crate::world::{Answer, SOON, World};

/// What stands at the head of a consolidation's prompt.
const READING: &str = "You keep the notes";

/// A world whose model reads Ada's first message right, and chats about the weather otherwise.
async fn reading_world() -> World {
    let world = World::with(|config| config.memory.consolidate_every = 6).await;
    world.model.always(|prompt| match prompt.system.contains(READING) {
        true => Reply::text(
            r#"Here you are: {"summary": "Ada told Orla about her goat Balthazar and the harbour.",
               "facts": [{"about": "ada", "fact": "Ada has a goat called Balthazar.", "sources": ["1"], "replaces": null}]}"#,
        ),
        false => Reply::text("A fresh breeze today."),
    });
    world
}

async fn scope(world: &World, answer: &Answer) -> ScopeId {
    scope_of(world, answer.first().message.id).await
}

/// Waits until something is known here.
async fn known(world: &World, scope: &ScopeId) -> Known {
    let house = world.companion().house();
    let read = async {
        loop {
            let known = house.memory.known(scope).await.unwrap();
            if !known.summary.is_empty() {
                return known;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(SOON, read).await.unwrap()
}

/// The newest prompt of a reply.
fn last_reply_prompt(world: &World) -> String {
    let replies = world.prompts().into_iter().rev();
    replies
        .into_iter()
        .find(|prompt| !prompt.contains(READING))
        .unwrap()
}

#[tokio::test]
async fn what_was_told_on_the_first_day_is_in_the_prompt_on_the_third() {
    let mut world = reading_world().await;
    allow_facts(&world, &world.ada).await;
    let first = world.ask("I have a goat called Balthazar").await;
    let scope = scope(&world, &first).await;
    for text in ["and I live by the harbour", "it is windy here"] {
        world.ask(text).await;
    }
    let known_then = known(&world, &scope).await;
    assert_eq!(known_then.facts[0].text, "Ada has a goat called Balthazar.");
    assert_eq!(known_then.facts[0].sources, [first.to.get().into()]);

    world.restart().await;
    world.later(TimeDelta::days(1));
    for n in 0..8 {
        world.ask(&format!("day two, remark {n}: the tide tables are long, dull and full of numbers, and I read them all to my neighbour")).await;
    }
    world.restart().await;
    world.later(TimeDelta::days(1));
    world.ask("what do you know about me?").await;
    let prompt = last_reply_prompt(&world);
    assert!(
        prompt.contains("- Ada has a goat called Balthazar."),
        "{prompt}"
    );
    assert!(prompt.contains("Ada told Orla about her goat"), "{prompt}");
    assert!(
        memory::tokens(&prompt) <= 3_300,
        "{} tokens",
        memory::tokens(&prompt)
    );
}

#[tokio::test]
async fn a_turn_of_which_a_fact_tells_that_was_brought_up_makes_room_for_others() {
    let world = reading_world().await;
    allow_facts(&world, &world.ada).await;
    let first = world.ask("I have a goat called Balthazar").await;
    let scope = scope(&world, &first).await;
    world.ask("the goat shed needs a new door").await;
    world.ask("it is windy here").await;
    let fact = known(&world, &scope).await.facts[0].id;
    // Until Ada is not among those who talk: facts about these are in the prompt whatever the message is.
    let tides = "the tide tables are long and dull and full of numbers, ".repeat(12);
    for n in 0..12 {
        world
            .ask_in(&world.bo, &world.channel, &format!("remark {n}: {tides}"))
            .await;
    }
    world.later(TimeDelta::days(1));
    let question = "who was it that has a goat?";
    world.ask_in(&world.bo, &world.channel, question).await;
    let prompt = last_reply_prompt(&world);
    assert!(
        prompt.contains(" ago: Ada has a goat called Balthazar.")
            && !prompt.contains("- Ada has a goat"),
        "{prompt}"
    );
    assert!(!prompt.contains("I have a goat called"), "{prompt}");
    assert!(
        prompt.contains("ada: the goat shed needs a new door"),
        "{prompt}"
    );

    let memory = &world.companion().house().memory;
    assert_eq!(memory.forget_fact(&scope, fact).await.unwrap(), 1);
    world.ask_in(&world.bo, &world.channel, question).await;
    let prompt = last_reply_prompt(&world);
    assert!(
        prompt.contains("ada: I have a goat called Balthazar"),
        "{prompt}"
    );
}

#[tokio::test]
async fn a_message_that_is_deleted_on_discord_takes_its_facts_with_it() {
    let world = reading_world().await;
    allow_facts(&world, &world.ada).await;
    let first = world.ask("I have a goat called Balthazar").await;
    let scope = scope(&world, &first).await;
    world.ask("it is windy here").await;
    world.ask("and cold").await;
    known(&world, &scope).await;
    world.ada.delete(&world.channel, first.to).unwrap();
    let house = world.companion().house();
    let gone = async {
        loop {
            let known = house.memory.known(&scope).await.unwrap();
            if known.summary.is_empty() && known.facts.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(SOON, gone).await.unwrap();
}

#[tokio::test]
async fn without_consent_there_is_a_summary_and_no_fact() {
    let world = reading_world().await;
    let first = world.ask("I have a goat called Balthazar").await;
    let scope = scope(&world, &first).await;
    world.ask("it is windy here").await;
    world.ask("and cold").await;
    assert_eq!(known(&world, &scope).await.facts, []);
    let asked = world.prompts().into_iter();
    let read: Vec<String> = asked.filter(|prompt| prompt.contains(READING)).collect();
    assert!(
        read.len() == 1 && !read[0].contains("Facts are wanted"),
        "{read:?}"
    );
}

#[tokio::test]
async fn a_reading_is_paid_for_in_the_ledger() {
    let world = reading_world().await;
    let first = world.ask("I have a goat called Balthazar").await;
    let scope = scope(&world, &first).await;
    world.ask("it is windy here").await;
    world.ask("and cold").await;
    known(&world, &scope).await;
    let view = world.budget(&world.ada).await;
    let replies: i64 = view.replies.iter().map(|reply| reply.tokens).sum();
    let server = |window: &&WindowView| matches!(window.scope, Scope::Guild(_));
    let posted = view.windows.iter().find(server).unwrap().tokens.posted;
    assert!(
        posted > replies,
        "{posted} tokens, {replies} of them for replies"
    );
    let ledger = &world.companion().house().ledger;
    assert_eq!(ledger.verify().await.unwrap(), []);
}

#[tokio::test]
async fn a_model_that_takes_no_schema_is_asked_in_words_and_only_once_with_one() {
    let world = World::with(|config| config.memory.consolidate_every = 6).await;
    world.model.always(|prompt| {
        if !prompt.body["response_format"].is_null() {
            let body = r#"{"error":{"message":"This response_format type is unavailable now","type":"invalid_request_error"}}"#;
            return Reply::fault(Fault::Status {
                status: 400,
                content_type: "application/json",
                body: body.into(),
            });
        }
        match prompt.system.contains(READING) {
            true => Reply::text(
                r#"{"summary": "Ada told Orla about her goat Balthazar.", "facts": []}"#,
            ),
            false => Reply::text("A fresh breeze today."),
        }
    });
    let first = world.ask("I have a goat called Balthazar").await;
    let scope = scope(&world, &first).await;
    world.ask("it is windy here").await;
    world.ask("and cold").await;
    known(&world, &scope).await;
    for text in ["Balthazar is a fine goat", "and Ada told you so", "well"] {
        world.ask(text).await;
    }
    let readings = async {
        loop {
            let asked = world.model.generations().into_iter();
            let asked: Vec<_> = asked
                .filter(|asked| asked.body.to_string().contains(READING))
                .map(|asked| asked.body["response_format"].is_null())
                .collect();
            if asked.len() >= 3 {
                return asked;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let in_words = tokio::time::timeout(SOON, readings).await.unwrap();
    assert_eq!(in_words, [false, true, true]);
    let ledger = &world.companion().house().ledger;
    assert_eq!(ledger.verify().await.unwrap(), []);
}

/// What stands at the head of the question for facts.
const FACTS: &str = "Facts are wanted about";

/// How often each question was asked: for facts, and for the summary.
fn asked_for(world: &World) -> (usize, usize) {
    let read = world.prompts().into_iter();
    let read: Vec<String> = read.filter(|prompt| prompt.contains(READING)).collect();
    let facts = read.iter().filter(|prompt| prompt.contains(FACTS)).count();
    (facts, read.len() - facts)
}

#[tokio::test]
async fn facts_and_summary_are_two_calls_and_each_is_made_once() {
    let world = reading_world().await;
    allow_facts(&world, &world.ada).await;
    let first = world.ask("I have a goat called Balthazar").await;
    let scope = scope(&world, &first).await;
    world.ask("it is windy here").await;
    world.ask("and cold").await;
    assert_eq!(known(&world, &scope).await.facts.len(), 1);
    assert_eq!(asked_for(&world), (1, 1));
    let reading = world.prompts().into_iter();
    let of_facts = reading.into_iter().find(|prompt| prompt.contains(FACTS));
    let of_facts = of_facts.unwrap();
    assert!(of_facts.contains("I have a goat"), "{of_facts}");
    assert!(!of_facts.contains("A fresh breeze"), "{of_facts}");
}

#[tokio::test]
async fn facts_that_cannot_be_read_keep_no_summary_back_and_are_asked_for_alone() {
    let world = World::with(|config| config.memory.consolidate_every = 6).await;
    world
        .model
        .always(|prompt| match prompt.system.contains(READING) {
            true if prompt.system.contains(FACTS) => Reply::text("I would rather not."),
            true => Reply::text(r#"{"summary": "Ada told Orla about her goat Balthazar."}"#),
            false => Reply::text("A fresh breeze today."),
        });
    allow_facts(&world, &world.ada).await;
    let first = world.ask("I have a goat called Balthazar").await;
    let scope = scope(&world, &first).await;
    world.ask("it is windy here").await;
    world.ask("and cold").await;
    assert_eq!(known(&world, &scope).await.facts, []);
    assert_eq!(asked_for(&world), (1, 1));
    // After the pause the facts are asked for again, and the summary is not.
    world.later(TimeDelta::seconds(61));
    world.ask("still windy").await;
    let again = async {
        while asked_for(&world).0 < 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(SOON, again).await.unwrap();
    assert_eq!(asked_for(&world), (2, 1));
    let ledger = &world.companion().house().ledger;
    assert_eq!(ledger.verify().await.unwrap(), []);
}
