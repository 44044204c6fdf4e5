//! The window over a growing history.

use memory::{WindowSpec, turn_tokens};

use crate::{Mind, said, scope};

#[tokio::test]
async fn the_prompts_prefix_stays_the_same_for_most_of_a_long_talk() {
    let mind = Mind::new().await;
    let here = scope(1, 1, 1);
    let spec = WindowSpec {
        max_tokens: 400,
        block: 10,
    };
    let mut last: Vec<String> = Vec::new();
    let mut kept = 0;
    for n in 0..150 {
        let text = format!("line {n}: {}", "some words ".repeat(n as usize % 7));
        mind.memory
            .remember_turn(said(here, "Ada", &text, n))
            .await
            .unwrap();
        let window = mind.memory.window(&here, spec).await.unwrap();
        assert!(window.iter().map(turn_tokens).sum::<usize>() <= spec.max_tokens);
        let texts: Vec<String> = window.into_iter().map(|turn| turn.text).collect();
        kept += u32::from(texts.starts_with(&last));
        last = texts;
    }
    assert!(
        kept >= 135,
        "the last prompt was a prefix of the next in {kept} of 150 turns"
    );
}

#[tokio::test]
async fn the_window_is_the_same_after_a_restart() {
    let mind = Mind::new().await;
    let here = scope(1, 1, 1);
    mind.hears_much(
        (0..200)
            .map(|n| said(here, "Ada", &format!("line {n}"), n))
            .collect(),
    )
    .await;
    let before = mind
        .memory
        .window(&here, WindowSpec::default())
        .await
        .unwrap();
    let mind = mind.restarted().await;
    assert_eq!(
        mind.memory
            .window(&here, WindowSpec::default())
            .await
            .unwrap(),
        before
    );
}
