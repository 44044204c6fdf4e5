//! What a persona tells one person of another is the other's: it goes when they take it back, and what people say themselves
//! stays.

use std::path::Path;
use std::time::Duration;

use chrono::TimeDelta;
use discord_sim::actor::Person;
use memory::Consent;
use store::clock::Clock as _;
use store::consolidations::{Consolidated, Reading};
use store::facts::{NewFact, Origin};
use store::id::ScopeId;
use store::turns::Author;

use crate::commands_memory::press;
use crate::world::{Answer, SOON, World};

const CANARY: &str = "QUILLFEATHER";
const CHINESE: &str = "青鸟";

/// Every byte of the files of a folder, as text.
fn bytes(folder: &Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            all.push_str(&String::from_utf8_lossy(&std::fs::read(path).unwrap()));
        }
    }
    all
}

/// Waits until a word is in none of the files.
async fn until_gone(world: &World, word: &str) {
    let gone = async {
        while bytes(&world.config.instance.data).contains(word) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(SOON, gone)
        .await
        .expect("it is still in a file");
}

/// A persona's answer with these words.
async fn told(world: &World, who: &Person, asks: &str, answer: &str) -> Answer {
    world.model.say(answer);
    let answered = world.ask_in(who, &world.channel, asks).await;
    assert_eq!(answered.words(), answer);
    answered
}

/// Ada has told her code, and Orla has told it to Bo. What Ada said.
async fn retold(word: &str) -> (World, Answer) {
    let world = World::with(|config| config.memory.consolidate_every = 0).await;
    let said = told(
        &world,
        &world.ada,
        &format!("my locker code is {word}"),
        "Safe with me.",
    )
    .await;
    told(
        &world,
        &world.bo,
        "what did Ada tell you?",
        &format!("The secret is {word}, I believe."),
    )
    .await;
    told(
        &world,
        &world.bo,
        "and my ferry to Skagen?",
        "The Skagen ferry sails at dawn.",
    )
    .await;
    (world, said)
}

async fn forget_ada(world: &World) {
    let question = world
        .command(&world.ada, &world.channel, "privacy forget-me", &[])
        .await;
    let gone = press(world, &question, "Forget it").await;
    assert!(gone.text().contains("is gone"), "{}", gone.text());
}

async fn the_next_prompt(world: &World) -> String {
    let asks = format!("what is the secret locker code, {}?", "暗号是什么");
    told(world, &world.bo, &asks, "I could not say.").await;
    world.last_prompt()
}

fn is_of_bo_alone(prompt: &str, word: &str) {
    assert!(!prompt.contains(word), "{prompt}");
    for kept in [
        "what did Ada tell you?",
        "and my ferry to Skagen?",
        "sails at dawn",
    ] {
        assert!(prompt.contains(kept), "{kept}: {prompt}");
    }
}

#[tokio::test]
async fn what_a_persona_told_others_of_a_person_goes_when_that_person_is_forgotten() {
    for word in [CANARY, CHINESE] {
        let (mut world, _) = retold(word).await;
        assert!(bytes(&world.config.instance.data).contains(word));
        forget_ada(&world).await;
        // Nothing is waited for: when the answer is there, the bytes are gone.
        assert!(!bytes(&world.config.instance.data).contains(word), "{word}");
        is_of_bo_alone(&the_next_prompt(&world).await, word);
        world.restart().await;
        assert!(!bytes(&world.config.instance.data).contains(word), "{word}");
        is_of_bo_alone(&the_next_prompt(&world).await, word);
    }
}

#[tokio::test]
async fn what_is_told_on_of_what_was_told_goes_too_when_the_words_have_expired_long_ago() {
    let (world, _) = retold(CANARY).await;
    let set = world.owner("memory keep", &[("days", "7")]).await;
    assert!(set.contains("for 7 days"), "{set}");
    world.later(TimeDelta::days(6));
    let on = format!("It was {CANARY}.");
    told(&world, &world.bo, "say the secret once more?", &on).await;
    told(
        &world,
        &world.bo,
        "and the next ferry?",
        "At noon, by the pier.",
    )
    .await;
    world.later(TimeDelta::days(3));
    let house = world.companion().house();
    familiar::housekeeping::tidy(house).await.unwrap();
    assert!(bytes(&world.config.instance.data).contains(CANARY));
    forget_ada(&world).await;
    assert!(!bytes(&world.config.instance.data).contains(CANARY));
    let prompt = the_next_prompt(&world).await;
    assert!(prompt.contains("At noon, by the pier."), "{prompt}");
    assert!(!prompt.contains(CANARY), "{prompt}");
}

#[tokio::test]
async fn what_was_told_on_goes_when_its_message_is_deleted_or_edited() {
    for deleted in [true, false] {
        let (world, said) = retold(CANARY).await;
        match deleted {
            true => world.ada.delete(&world.channel, said.to).unwrap(),
            false => {
                let text = format!("{} my locker is blue", world.sim.bot_mention());
                world.later(TimeDelta::minutes(1));
                world.ada.edit(&world.channel, said.to, &text).unwrap();
            }
        }
        until_gone(&world, CANARY).await;
        is_of_bo_alone(&the_next_prompt(&world).await, CANARY);
    }
}

#[tokio::test]
async fn whoever_quotes_somebody_has_said_it_themselves() {
    let (world, _) = retold(CANARY).await;
    told(
        &world,
        &world.bo,
        &format!("so {CANARY} opens it?"),
        &format!("Yes, {CANARY}."),
    )
    .await;
    forget_ada(&world).await;
    let prompt = the_next_prompt(&world).await;
    assert!(
        prompt.contains(&format!("so {CANARY} opens it?")),
        "{prompt}"
    );
    assert!(!prompt.contains("I believe"), "{prompt}");
}

#[tokio::test]
async fn what_was_told_of_a_fact_goes_when_the_fact_is_forgotten() {
    let world = World::with(|config| config.memory.consolidate_every = 0).await;
    let first = told(&world, &world.ada, "I have something to tell", "I listen.").await;
    let house = world.companion().house();
    let (ada, now) = (world.ada.id.get().into(), world.clock.now());
    let consent = Consent {
        facts: true,
        sensitive: false,
    };
    house.store.set_consent(ada, consent, now).await.unwrap();
    let orla = first.first().message.id.get().into();
    let scope = ScopeId {
        guild: Some(world.guild.id.get().into()),
        channel: world.channel.id.get().into(),
        persona: house.store.persona_of_message(orla).await.unwrap().unwrap(),
    };
    // As a consolidation leaves it; how facts are read out of talk is tested elsewhere.
    let outcome = Consolidated {
        epoch: 0,
        reading: Reading::Summary,
        through: 2,
        summary: None,
        learned: vec![NewFact {
            about: ada,
            about_name: "ada".into(),
            proxied: false,
            text: format!("ada has a goat called {CANARY}."),
            sources: vec![first.to.get().into()],
            supersedes: None,
            origin: Origin::Extracted,
        }],
        confirmed: vec![],
    };
    assert!(house.store.consolidate(&scope, outcome, now).await.unwrap());
    let goat = format!("Her goat is {CANARY}.");
    told(&world, &world.bo, "what is ada's goat called?", &goat).await;
    let gone = world
        .command(
            &world.ada,
            &world.channel,
            "memory forget",
            &[("fact", "1")],
        )
        .await;
    assert!(gone.text().starts_with("Forgotten"), "{}", gone.text());
    assert!(!bytes(&world.config.instance.data).contains(CANARY));
    let turns = house.store.latest_turns(&scope, 99).await.unwrap();
    let said: Vec<&str> = turns
        .iter()
        .filter(|turn| matches!(turn.author, Author::Person(_)))
        .map(|turn| turn.text.as_str())
        .collect();
    assert_eq!(said.len(), 2, "what people said stays: {said:?}");
}
