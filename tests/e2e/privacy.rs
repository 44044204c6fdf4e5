//! What people may do with what is kept of them: see, search, correct, pin, forget, pause, take along, erase.

use std::path::Path;

use chrono::TimeDelta;
use discord_sim::state::StoredMessage;
use memory::{Author, NewTurn, TurnKind};
use store::clock::Clock as _;

use crate::commands_memory::press;
use crate::learned::{Learned, scope_of};
use crate::world::{Answer, World};

const CANARY: &str = "heliotropium";

/// Ada has told Orla of her goat, and Orla knows it.
async fn told() -> (World, Answer) {
    let world = World::with(|config| config.memory.consolidate_every = 0).await;
    world.model.say("Noted.");
    let first = world.ask(&format!("my goat is called {CANARY}")).await;
    know(&world, &first, &format!("Ada has a goat called {CANARY}.")).await;
    (world, first)
}

async fn know(world: &World, source: &Answer, text: &str) {
    let learned = Learned {
        about: &world.ada,
        name: "ada",
        text,
        source: Some(source.to),
        summary: Some(&format!("Ada told of {CANARY}.")),
    };
    let scope = scope_of(world, source.first().message.id).await;
    learned.keep(world, &scope).await;
}

async fn ada(world: &World, line: &str, options: &[(&str, &str)]) -> StoredMessage {
    world
        .command(&world.ada, &world.channel, line, options)
        .await
}

#[tokio::test]
async fn what_is_known_is_shown_with_its_source_and_only_to_its_person() {
    let (world, first) = told().await;
    let shown = ada(&world, "memory show", &[]).await;
    assert!(shown.is_ephemeral());
    assert!(
        shown
            .text()
            .contains(&format!("Ada has a goat called {CANARY}.")),
        "{}",
        shown.text()
    );
    assert!(
        shown.text().contains(&first.to.to_string()),
        "a link to the message: {}",
        shown.text()
    );
    let others = world
        .command(&world.bo, &world.channel, "memory show", &[])
        .await;
    assert!(!others.text().contains(CANARY), "{}", others.text());
}

#[tokio::test]
async fn a_fact_can_be_corrected_pinned_and_forgotten() {
    let (world, _) = told().await;
    let fact = [("fact", "1"), ("text", "Ada has two goats.")];
    let corrected = ada(&world, "memory correct", &fact).await;
    assert!(
        corrected.text().contains("“Ada has two goats.” stands"),
        "{}",
        corrected.text()
    );
    let shown = ada(&world, "memory show", &[]).await;
    let old = format!("~~Ada has a goat called {CANARY}.~~ (no longer: [<t:");
    assert!(shown.text().contains(&old), "{}", shown.text());
    let pinned = ada(&world, "memory pin", &[("fact", "2")]).await;
    assert!(pinned.text().contains("📌"), "{}", pinned.text());
    world.ask("hello").await;
    assert!(
        world.last_prompt().contains("- Ada has two goats."),
        "pinned: {}",
        world.last_prompt()
    );
    let gone = ada(&world, "memory forget", &[("fact", "2")]).await;
    assert!(
        gone.text().starts_with("Forgotten: “Ada has two goats.”"),
        "{}",
        gone.text()
    );
    world.ask("hello").await;
    assert!(!world.last_prompt().contains("two goats"));
    let wrong = ada(&world, "memory pin", &[("fact", "2")]).await;
    assert!(wrong.text().contains("no such thing"), "{}", wrong.text());
}

#[tokio::test]
async fn nobody_can_touch_what_is_known_of_others() {
    let (world, _) = told().await;
    for (line, options) in [
        (
            "memory correct",
            vec![("fact", "1"), ("text", "Ada has nothing.")],
        ),
        ("memory pin", vec![("fact", "1")]),
        ("memory forget", vec![("fact", "1")]),
    ] {
        let answer = world
            .command(&world.bo, &world.channel, line, &options)
            .await;
        assert!(
            answer.text().contains("no such thing"),
            "{line}: {}",
            answer.text()
        );
    }
}

#[tokio::test]
async fn search_finds_own_words_only() {
    let (world, _) = told().await;
    world
        .ask_in(&world.bo, &world.channel, "my goat is called Ludmilla")
        .await;
    let found = ada(&world, "memory search", &[("text", "goat")]).await;
    assert!(
        found.text().contains(CANARY) && !found.text().contains("Ludmilla"),
        "{}",
        found.text()
    );
    let nothing = ada(&world, "memory search", &[("text", "submarine")]).await;
    assert!(
        nothing.text().contains("finds nothing"),
        "{}",
        nothing.text()
    );
}

#[tokio::test]
async fn a_pause_keeps_nothing_until_it_ends() {
    let (world, _) = told().await;
    let paused = ada(&world, "memory pause", &[]).await;
    assert!(
        paused.text().contains("not kept from now on"),
        "{}",
        paused.text()
    );
    world.ask("my secret is plum").await;
    let shown = ada(&world, "memory show", &[("kind", "what I said")]).await;
    assert!(!shown.text().contains("plum"), "{}", shown.text());
    world.ask("what did I say?").await;
    assert!(
        !world.last_prompt().contains("plum"),
        "{}",
        world.last_prompt()
    );
    ada(&world, "memory pause", &[("paused", "False")]).await;
    world.ask("my flower is dahlia").await;
    let shown = ada(&world, "memory show", &[("kind", "what I said")]).await;
    assert!(shown.text().contains("dahlia"), "{}", shown.text());
}

#[tokio::test]
async fn taking_consent_back_forgets_the_facts() {
    let (world, _) = told().await;
    let answer = ada(&world, "memory consent", &[("facts", "False")]).await;
    assert!(answer.text().contains("one fact"), "{}", answer.text());
    world.ask("hello").await;
    assert!(!world.last_prompt().contains("- Ada has a goat"));
    let again = ada(&world, "memory consent", &[("facts", "True")]).await;
    assert!(again.text().contains("may keep facts"), "{}", again.text());
}

#[tokio::test]
async fn pages_of_the_longest_things_fit_a_message() {
    let (world, first) = told().await;
    world.model.say(&"A long answer. ".repeat(100));
    for n in 0..12 {
        let long = "goats ".repeat(300);
        world.ask(&format!("number {n} of my {long}")).await;
        let fact = format!("Ada has {n} {}", "goats and ".repeat(23));
        know(&world, &first, fact.trim()).await;
    }
    for kind in ["what it knows of me", "what I said"] {
        let shown = ada(&world, "memory show", &[("kind", kind)]).await;
        assert!(
            shown.text().contains("page 1 of"),
            "{kind}: {}",
            shown.text()
        );
        let lines = shown.text().lines().filter(|line| line.starts_with('•'));
        assert!(lines.count() >= 6, "{}", shown.text());
    }
    let found = ada(&world, "memory search", &[("text", "goats")]).await;
    assert!(
        found.text().contains("What you said to"),
        "{}",
        found.text()
    );
}

#[tokio::test]
async fn an_export_holds_all_that_is_kept_of_a_person_and_nothing_of_others() {
    let (world, _) = told().await;
    world
        .ask_in(&world.bo, &world.channel, "my goat is called Ludmilla")
        .await;
    let answer = ada(&world, "privacy export", &[]).await;
    assert!(answer.is_ephemeral());
    assert_eq!(
        answer.message.attachments[0].filename,
        "familiar-export.json"
    );
    let copy = copy_of_ada(&world).await;
    assert_eq!(answer.message.attachments[0].size, copy.len() as u64);
    let copy: serde_json::Value = serde_json::from_str(&copy).unwrap();
    assert_eq!(copy["is_the_last_page"], true);
    let place = &copy["places"][0];
    assert_eq!(place["persona"], "Orla");
    assert!(place["said"][0]["text"].as_str().unwrap().contains(CANARY));
    assert!(place["facts"][0]["fact"].as_str().unwrap().contains(CANARY));
    assert_eq!(place["answers"][0]["text"], "Noted.");
    assert!(
        place["summary"][0]["text"]
            .as_str()
            .unwrap()
            .contains(CANARY)
    );
    let call = &copy["calls"][0];
    assert_eq!(
        (call["purpose"].as_str(), call["state"].as_str()),
        (Some("reply"), Some("settled"))
    );
    assert!(
        call["tokens"].as_i64().unwrap() > 0 && call["usd"].is_string() && call["at"].is_string()
    );
    assert_eq!(copy["consent"][0]["facts"], true);
    assert!(copy["told_that_it_is_an_ai"][0]["day"].is_string());
    assert_eq!(copy["messages_taken_in"].as_array().unwrap().len(), 1);
    assert!(!copy.to_string().contains("Ludmilla"));
}

/// The only page of Ada's copy.
#[tokio::test]
async fn an_export_of_more_than_a_file_may_hold_comes_whole_in_several() {
    const LONG: usize = 4_000;
    let (world, first) = told().await;
    let scope = scope_of(&world, first.first().message.id).await;
    let (house, now) = (world.companion().house(), world.clock.now());
    for number in 1..2_800_u64 {
        let turn = NewTurn {
            scope,
            author: Author::Person(world.ada.id.get().into()),
            author_name: "ada".into(),
            kind: TurnKind::Chat,
            text: format!("{number} {}", "x".repeat(LONG)),
            messages: vec![number.into()],
            at: now,
            reply_to: None,
            answers: None,
            proxied: false,
        };
        house.memory.remember_heard(turn, None).await.unwrap();
    }
    let used = world.ada.bare_command(&world.channel, "privacy export");
    let pages = used.unwrap().messages(2).await.unwrap();
    let names = pages
        .iter()
        .map(|page| &*page.message.attachments[0].filename);
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["familiar-export.json", "familiar-export-2.json"]
    );
    let sizes = pages.iter().map(|page| page.message.attachments[0].size);
    assert!(sizes.sum::<u64>() > 2_800 * LONG as u64);
}

async fn copy_of_ada(world: &World) -> String {
    let (ready, mut pages) = tokio::sync::mpsc::channel(2);
    let memory = &world.companion().house().memory;
    let ada = world.ada.id.get().into();
    memory
        .copy_of_person(ada, world.clock.now(), 9 << 20, ready)
        .await
        .unwrap();
    pages.recv().await.unwrap()
}

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

#[tokio::test]
async fn whoever_is_forgotten_leaves_no_byte_behind() {
    let (world, _) = told().await;
    let direct = world.ada.dm_channel().unwrap();
    world
        .say_in(&world.ada, &direct, &format!("between us: {CANARY}"))
        .await;
    let folder = world.config.instance.data.clone();
    assert!(bytes(&folder).contains(CANARY), "it is there before");
    let question = ada(&world, "privacy forget-me", &[]).await;
    assert!(
        question.text().contains("cannot be undone"),
        "{}",
        question.text()
    );
    let kept = press(&world, &question, "Keep it").await;
    assert!(
        kept.text().contains("Nothing was forgotten"),
        "{}",
        kept.text()
    );
    let question = ada(&world, "privacy forget-me", &[]).await;
    let gone = press(&world, &question, "Forget it").await;
    assert!(gone.text().contains("4 messages"), "{}", gone.text());
    // Nothing is waited for: when the answer is there, the bytes are gone.
    assert!(!bytes(&folder).contains(CANARY));
}

#[tokio::test]
async fn words_are_kept_as_long_as_the_server_says_and_facts_longer() {
    let (world, _) = told().await;
    let refused = ada(&world, "memory keep", &[("days", "7")]).await;
    assert!(
        refused.text().contains("Manage Server"),
        "{}",
        refused.text()
    );
    let set = world.owner("memory keep", &[("days", "7")]).await;
    assert!(set.contains("for 7 days"), "{set}");
    world.later(TimeDelta::days(8));
    familiar::housekeeping::tidy(world.companion().house())
        .await
        .unwrap();
    world.ask("do you remember my goat?").await;
    let prompt = world.last_prompt();
    assert!(
        !prompt.contains(&format!("my goat is called {CANARY}")),
        "{prompt}"
    );
    assert!(
        prompt.contains(&format!("- Ada has a goat called {CANARY}.")),
        "{prompt}"
    );
    assert!(
        !prompt.contains(&format!("Ada told of {CANARY}.")),
        "the summary was made of words that are gone: {prompt}"
    );
}

#[tokio::test]
async fn a_server_that_the_bot_was_removed_from_is_forgotten_within_a_day() {
    let (world, _) = told().await;
    let folder = world.config.instance.data.clone();
    world.guild.remove_bot();
    let house = world.companion().house();
    let gone = async {
        loop {
            world.later(TimeDelta::hours(23));
            familiar::housekeeping::tidy(house).await.unwrap();
            if !bytes(&folder).contains(CANARY) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(crate::world::SOON, gone)
        .await
        .unwrap();
}
