//! A reply ends, whatever the model does.

use model_sim::Reply;

use super::*;

#[tokio::test]
async fn a_model_without_end_posts_five_messages_and_says_that_it_was_cut() {
    let world = World::new().await;
    let words: Vec<String> = (0..12_000).map(|n| format!("word{n:05}")).collect();
    world
        .model
        .queue(Reply::text(words.join(" ")).ignoring_the_cap());
    let answer = world.ask("never stop").await;
    assert_eq!(answer.messages.len(), 5);
    assert_eq!(world.spoken_in(&world.channel).len(), 5);
    assert!(
        answer.text().contains("as much as I post"),
        "{}",
        answer.text()
    );
    // What is remembered is what was shown.
    let shown = answer.words();
    let last = shown.split_whitespace().next_back().unwrap();
    let number: usize = last.trim_start_matches("word").parse().unwrap();
    world.ask("and then?").await;
    let prompt = world.last_prompt();
    assert!(!prompt.contains(&format!("word{:05}", number + 1)));
}
