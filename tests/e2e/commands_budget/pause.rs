//! `/budget pause`: nothing is spent, and everybody is told how it goes on.

use super::{is_refused, speak_chinese, spent};
use crate::world::World;

#[tokio::test]
async fn while_it_is_paused_no_model_is_asked_and_personas_say_one_line() {
    let world = World::new().await;
    let text = world.owner("budget pause", &[]).await;
    assert!(
        text.contains("Paused.") && text.contains("`/budget pause state:off`"),
        "{text}"
    );
    let answer = world.ask("hello").await;
    assert_eq!(answer.author(), "Orla");
    assert!(
        answer.text().starts_with("*Orla is resting.*") && answer.text().contains("paused"),
        "{}",
        answer.text()
    );
    assert!(world.model.generations().is_empty());
    assert_eq!(spent(&world).await, 0);
    let shown = world.owner("budget show", &[]).await;
    assert!(shown.contains("⏸ Paused by an admin since <t:"), "{shown}");
    let text = world.owner("budget pause", &[("state", "on")]).await;
    assert!(text.contains("paused already"), "{text}");
    let text = world.owner("budget pause", &[("state", "off")]).await;
    assert!(text.contains("Personas speak again"), "{text}");
    world.model.say("Awake again.");
    assert_eq!(world.ask("and now?").await.words(), "Awake again.");
    let text = world.owner("budget pause", &[("state", "off")]).await;
    assert!(text.contains("not paused; nothing changed"), "{text}");
}

#[tokio::test]
async fn a_pause_outlives_a_restart_and_holds_for_its_own_server_only() {
    let mut world = World::new().await;
    world.owner("budget pause", &[]).await;
    world.restart().await;
    assert!(world.ask("hello").await.text().contains("is resting"));
    let dm = world.ada.dm_channel().unwrap();
    world.model.say("Between us.");
    let answer = world.say_in(&world.ada, &dm, "hello").await;
    assert_eq!(answer.words(), "**Orla**: Between us.");
}

#[tokio::test]
async fn help_in_a_crisis_comes_during_a_pause_too() {
    let world = World::new().await;
    world.owner("budget pause", &[]).await;
    let answer = world.ask("I want to kill myself tonight").await;
    assert!(!answer.text().contains("is resting"), "{}", answer.text());
    assert!(answer.text().contains("988") || answer.text().contains("findahelpline"));
}

#[tokio::test]
async fn only_who_manages_the_server_pauses_it() {
    let world = World::new().await;
    is_refused(&world, "budget pause", &[]).await;
    world.model.say("Still here.");
    assert_eq!(world.ask("hello").await.words(), "Still here.");
}

#[tokio::test]
async fn a_pause_is_told_in_chinese_too() {
    let world = World::new().await;
    speak_chinese(&world, &world.guild.owner);
    let text = world.owner("budget pause", &[]).await;
    assert!(text.starts_with("**暂停了。**"), "{text}");
    let answer = world.ask("你好，今天过得怎么样？").await;
    assert!(answer.text().contains("暂停"), "{}", answer.text());
}
