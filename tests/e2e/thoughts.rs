//! What a model thinks is never seen in a channel, not even for a moment, and never remembered as said.

use std::time::Duration;

use model_sim::{Chunks, Reply};

use crate::world::{Answer, World};

const UNOPENED: &str = "Okay, the user greets me. I should be warm and brief. They like the sea, so a word of it.\n</think>\n\nHello, traveller. The sea is calm today, and the gulls are loud.";
const HARMONY: &str = "<|channel|>analysis<|message|>The user greets. Keep it brief.<|end|><|start|>assistant<|channel|>final<|message|>Hello, traveller.<|return|>";

fn slowly(text: &str) -> Reply {
    Reply::text(text)
        .chunks(Chunks::Words)
        .over(Duration::from_secs(3))
}

#[tokio::test]
async fn a_thought_that_only_its_closing_tag_gives_away_is_never_seen() {
    let world = World::with(|config| config.model.as_mut().unwrap().plain_replies = false).await;
    for _ in 0..2 {
        world.model.queue(slowly(UNOPENED));
        let answer = world.ask("hello").await;
        for revision in &answer.first().revisions {
            let seen = &revision.content;
            assert!(!seen.contains("user") && !seen.contains("brief"), "{seen}");
        }
        assert!(answer.words().starts_with("Hello, traveller."));
    }
}

#[tokio::test]
async fn of_harmony_only_the_final_channel_is_seen_and_remembered() {
    let world = World::new().await;
    world.model.queue(slowly(HARMONY));
    let answer = world.ask("hello").await;
    assert_eq!(answer.words(), "Hello, traveller.");
    for revision in &answer.first().revisions {
        assert!(!revision.content.contains("analysis"), "{revision:?}");
    }
    world.ask("and you?").await;
    let requests = world.model.requests();
    let prompt = format!("{:?}", requests.last());
    assert!(prompt.contains("Hello, traveller."), "{prompt}");
    assert!(
        !prompt.contains("Keep it brief") && !prompt.contains("<|channel|>"),
        "{prompt}"
    );
}

#[tokio::test]
async fn talk_about_tags_and_tokens_is_no_thought() {
    let world = World::new().await;
    let told = "Use `<think>` in front, `</think>` behind, and `<|im_end|>` at the end.";
    world.model.say(told);
    assert_eq!(world.ask("how do models think?").await.words(), told);
}

#[tokio::test]
async fn whether_a_model_opens_its_thoughts_is_found_out_once() {
    let plain = "Hello, traveller. The sea is calm today, and the gulls are loud over the pier, as always at this hour.";
    let mut world =
        World::with(|config| config.model.as_mut().unwrap().plain_replies = false).await;
    world.model.queue(slowly(plain));
    let whole = world.ask("hello").await;
    let in_part = |answer: &Answer| {
        let mut seen = answer.first().revisions.iter();
        seen.any(|revision| !revision.content.contains(plain))
    };
    assert!(!in_part(&whole), "shown when it was over");
    for _ in 0..2 {
        world.model.queue(slowly(plain));
        let streamed = world.ask("and now?").await;
        assert_eq!(streamed.words(), plain);
        assert!(in_part(&streamed), "shown while it came");
        world.restart().await;
    }
}
