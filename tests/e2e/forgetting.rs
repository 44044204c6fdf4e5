//! What is forgotten is forgotten, also while it is on its way; what nobody pays for is not kept; what long talk came to is
//! seen.

use std::path::Path;
use std::time::Duration;

use model_sim::{Chunks, Reply};
use store::clock::Clock as _;
use store::consolidations::{Consolidated, Reading};
use store::id::ScopeId;

use crate::commands_memory::press;
use crate::world::{Answer, SOON, World};

const CANARY: &str = "heliotropium";

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

/// Waits until something is so.
async fn until(is_so: impl Fn() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(SOON, waiting).await.unwrap();
}

async fn forget_me(world: &World) {
    let question = world
        .command(&world.ada, &world.channel, "privacy forget-me", &[])
        .await;
    let gone = press(world, &question, "Forget it").await;
    assert!(gone.text().contains("is gone"), "{}", gone.text());
}

async fn scope(world: &World, answer: &Answer) -> ScopeId {
    let orla = answer.first().message.id.get().into();
    let store = &world.companion().house().store;
    ScopeId {
        guild: Some(world.guild.id.get().into()),
        channel: world.channel.id.get().into(),
        persona: store.persona_of_message(orla).await.unwrap().unwrap(),
    }
}

#[tokio::test]
async fn a_reply_that_is_on_its_way_when_its_person_is_forgotten_is_shown_and_not_kept() {
    let world = World::new().await;
    world.ask("hello").await;
    let folder = world.config.instance.data.clone();
    let said = format!(
        "So {CANARY} it is, and nothing else, for as long as the tide is out and the gulls are in."
    );
    let slowly = Reply::text(&said)
        .chunks(Chunks::Words)
        .over(Duration::from_secs(2));
    world.model.queue(slowly);
    let asked = world.prompts().len();
    let text = format!("call it {CANARY}");
    let (answer, ()) = tokio::join!(world.ask(&text), async {
        until(|| world.prompts().len() > asked && bytes(&folder).contains(CANARY)).await;
        forget_me(&world).await;
        assert!(!bytes(&folder).contains(CANARY), "at once");
    });
    assert!(answer.words().contains(CANARY), "{}", answer.words());
    assert!(!bytes(&folder).contains(CANARY));
    world.ask("what did I say?").await;
    assert!(
        !world.last_prompt().contains(CANARY),
        "{}",
        world.last_prompt()
    );
    // Whoever writes again has a new memory.
    world.ask("what did I say?").await;
    assert!(world.last_prompt().matches("what did I say?").count() > 1);
}

#[tokio::test]
async fn a_deleted_message_leaves_the_files_with_its_answer_though_nobody_asks_for_it() {
    let world = World::new().await;
    world.model.say(&format!("{CANARY}? A fine word."));
    let asked = world.ask(&format!("call it {CANARY}")).await;
    let folder = world.config.instance.data.clone();
    assert!(bytes(&folder).contains(CANARY));
    world.ada.delete(&world.channel, asked.to).unwrap();
    until(|| !bytes(&folder).contains(CANARY)).await;
}

#[tokio::test]
async fn a_message_that_the_budget_refuses_is_not_kept() {
    let mut world = World::new().await;
    world.ask("hello").await;
    world.config.memory.keep_days = 0;
    world.restart().await;
    let closed = world
        .owner("budget set", &[("amount", "10"), ("unit", "tokens")])
        .await;
    let answer = world.ask(&format!("call it {CANARY}")).await;
    assert!(
        answer.text().contains("resting"),
        "{closed} {}",
        answer.text()
    );
    world.stop().await;
    assert!(!bytes(&world.config.instance.data).contains(CANARY));
}

#[tokio::test]
async fn the_summary_of_a_place_is_shown_with_what_it_was_made_of() {
    let world = World::with(|config| config.memory.consolidate_every = 0).await;
    let first = world.ask(&format!("call it {CANARY}")).await;
    let show = async |kind: Option<&str>| {
        let options: Vec<(&str, &str)> = kind.map(|kind| ("kind", kind)).into_iter().collect();
        let shown = world
            .command(&world.ada, &world.channel, "memory show", &options)
            .await;
        assert!(shown.is_ephemeral());
        shown.text().to_owned()
    };
    let kind = Some("the summary of this place");
    assert!(show(kind).await.contains("no summary"));
    assert!(!show(None).await.contains("summary"));
    let house = world.companion().house();
    let outcome = Consolidated {
        epoch: 0,
        reading: Reading::Summary,
        through: 2,
        summary: Some(format!("Ada calls it {CANARY}.")),
        learned: vec![],
        confirmed: vec![],
    };
    let scope = scope(&world, &first).await;
    let now = world.clock.now();
    assert!(house.store.consolidate(&scope, outcome, now).await.unwrap());
    let shown = show(kind).await;
    assert!(
        shown.contains(&format!("Ada calls it {CANARY}.")) && shown.contains("2 messages"),
        "{shown}"
    );
    assert!(show(None).await.contains("There is also a summary"));
}
