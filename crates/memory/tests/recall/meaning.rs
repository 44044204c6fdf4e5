//! Recall by meaning: vectors made in the background by a model that is brought along.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use memory::{EmbedFailed, Embedder, Memory, QUESTION_WAIT};

use crate::{Mind, at, said, scope};

/// A model that knows three subjects, by a few words each.
struct Subjects(&'static str);

const SUBJECTS: [&[&str]; 3] = [
    &["cat", "kitten", "feline"],
    &["sea", "ocean", "beach"],
    &["job", "salary", "office"],
];

impl Embedder for Subjects {
    fn model(&self) -> &str {
        self.0
    }

    fn embed(&self, texts: Vec<String>) -> BoxFuture<'_, Result<Vec<Vec<f32>>, EmbedFailed>> {
        let vector = |text: &String| -> Vec<f32> {
            let has = |subject: &&[&str]| subject.iter().any(|word| text.contains(word));
            let mut vector: Vec<f32> = SUBJECTS
                .iter()
                .map(|subject| if has(subject) { 1.0 } else { 0.0 })
                .collect();
            vector.push(0.05);
            vector
        };
        let vectors = texts.iter().map(vector).collect();
        async move { Ok(vectors) }.boxed()
    }
}

/// A model that never answers.
struct Stuck;

impl Embedder for Stuck {
    fn model(&self) -> &str {
        "subjects"
    }

    fn embed(&self, _: Vec<String>) -> BoxFuture<'_, Result<Vec<Vec<f32>>, EmbedFailed>> {
        futures_util::future::pending().boxed()
    }
}

impl Mind {
    async fn with(self, embedder: impl Embedder) -> Self {
        let memory = Memory::with_embedder(self.store.clone(), Arc::new(embedder), QUESTION_WAIT)
            .await
            .unwrap();
        Self { memory, ..self }
    }

    async fn reads(&self) -> usize {
        let mut all = 0;
        loop {
            match self.memory.read_some().await.unwrap() {
                0 => return all,
                some => all += some,
            }
        }
    }
}

#[tokio::test]
async fn a_turn_is_found_by_what_it_means_as_soon_as_it_was_read() {
    let mind = Mind::new().await.with(Subjects("subjects")).await;
    let here = scope(1, 1, 1);
    mind.hears(
        here,
        &["Ada: my kitten sleeps all day", "Ben: the office was loud"],
    )
    .await;
    assert_eq!(mind.recalls(&here, "any feline friends?").await, [""; 0]);
    assert_eq!(mind.reads().await, 2);
    assert_eq!(
        mind.recalls(&here, "any feline friends?").await,
        ["my kitten sleeps all day"]
    );
    // What comes later is added to the vectors at hand.
    mind.memory
        .remember_turn(said(here, "Ada", "a cat came by", 9))
        .await
        .unwrap();
    assert_eq!(mind.reads().await, 1);
    assert_eq!(mind.recalls(&here, "any feline friends?").await.len(), 2);
    assert_eq!(
        mind.recalls(&scope(1, 2, 1), "any feline friends?").await,
        [""; 0],
        "meaning keeps to its scope"
    );
}

#[tokio::test]
async fn a_model_that_does_not_answer_costs_the_meaning_and_not_the_recall() {
    let mind = Mind::new().await.with(Subjects("subjects")).await;
    let here = scope(1, 1, 1);
    mind.hears(here, &["Ada: my kitten sleeps all day"]).await;
    mind.reads().await;
    let mind = mind.with(Stuck).await;
    let recalled = mind
        .memory
        .recall(&here, "kitten", &[], 1_000, at(5))
        .await
        .unwrap();
    assert_eq!((recalled.len(), recalled[0].why.meaning), (1, 0.0));
}

#[tokio::test]
async fn edited_and_deleted_words_take_their_vectors_along() {
    let mind = Mind::new().await.with(Subjects("subjects")).await;
    let here = scope(1, 1, 1);
    for (message, text) in [(1, "my kitten sleeps"), (2, "a cat came by")] {
        let turn = memory::NewTurn {
            messages: vec![message.into()],
            ..said(here, "Ada", text, message as i64)
        };
        mind.memory.remember_turn(turn).await.unwrap();
    }
    mind.reads().await;
    assert_eq!(mind.recalls(&here, "feline").await.len(), 2);
    mind.memory
        .message_edited(1.into(), "the ocean is blue".into())
        .await
        .unwrap();
    mind.memory.messages_deleted(vec![2.into()]).await.unwrap();
    assert_eq!(mind.recalls(&here, "feline").await, [""; 0]);
    assert_eq!(mind.reads().await, 1, "the edited turn is read again");
    assert_eq!(
        mind.recalls(&here, "a day at the beach").await,
        ["the ocean is blue"]
    );
}

#[tokio::test]
async fn another_model_reads_everything_again() {
    let mind = Mind::new().await.with(Subjects("subjects")).await;
    let here = scope(1, 1, 1);
    mind.hears(here, &["Ada: my kitten sleeps", "Ada: the ocean is blue"])
        .await;
    assert_eq!(mind.reads().await, 2);
    let mind = mind.with(Subjects("subjects")).await;
    assert_eq!(mind.reads().await, 0, "the same model keeps its vectors");
    let mind = mind.with(Subjects("others")).await;
    assert_eq!(mind.recalls(&here, "feline").await, [""; 0]);
    assert_eq!(mind.reads().await, 2);
}
