//! Recall by meaning: vectors made in the background by a model that is brought along.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use memory::{EmbedFailed, Embedder, Memory, Occasion, Pass, QUESTION_WAIT, ScopeId};

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

    fn embed(
        &self,
        texts: Vec<String>,
        _: Occasion,
    ) -> BoxFuture<'_, Result<Vec<Vec<f32>>, EmbedFailed>> {
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

    fn embed(
        &self,
        _: Vec<String>,
        _: Occasion,
    ) -> BoxFuture<'_, Result<Vec<Vec<f32>>, EmbedFailed>> {
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
        .message_edited(1.into(), at(60), "the ocean is blue".into())
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

/// A model that sees something else in each text, so that its bytes can be told apart in a file.
struct Fingerprints;

impl Embedder for Fingerprints {
    fn model(&self) -> &str {
        "fingerprints"
    }

    fn embed(
        &self,
        texts: Vec<String>,
        _: Occasion,
    ) -> BoxFuture<'_, Result<Vec<Vec<f32>>, EmbedFailed>> {
        let fingerprint = |text: &String| -> Vec<f32> {
            let seed = text.bytes().fold(7_u32, |seed, byte| {
                seed.wrapping_mul(31).wrapping_add(byte.into())
            });
            (0..64_u32)
                .map(|n| (seed.wrapping_mul(2 * n + 1) >> 16 & 0xFF) as f32 - 127.5)
                .collect()
        };
        let vectors = texts.iter().map(fingerprint).collect();
        async move { Ok(vectors) }.boxed()
    }
}

impl Mind {
    /// The vectors of a scope, as they lie in the file.
    async fn vectors(&self, scope: &ScopeId) -> Vec<Vec<u8>> {
        let mut vectors = vec![];
        self.store
            .scope_vectors(scope, 1_000, |_, _, bytes| vectors.push(bytes.to_vec()))
            .await
            .unwrap();
        vectors
    }

    /// How many of these byte strings are anywhere in the database's files.
    fn on_disk(&self, vectors: &[Vec<u8>]) -> usize {
        let files: Vec<Vec<u8>> = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|file| std::fs::read(file.unwrap().path()).unwrap())
            .collect();
        let is_in = |vector: &&Vec<u8>| {
            let mut windows = files.iter().flat_map(|file| file.windows(vector.len()));
            windows.any(|window| window == vector.as_slice())
        };
        vectors.iter().filter(is_in).count()
    }
}

#[tokio::test]
async fn a_forgotten_persons_vectors_are_in_no_file_and_not_at_hand() {
    let mind = Mind::new().await.with(Fingerprints).await;
    let here = scope(1, 1, 1);
    mind.hears(here, &["Ada: my kitten sleeps", "Ada: the ocean is blue"])
        .await;
    mind.reads().await;
    let ada = mind.memory.show(&here, None, 0).await.unwrap().rows[0].author;
    let memory::Author::Person(ada) = ada else {
        panic!("Ada is a person");
    };
    let hers = mind.vectors(&here).await;
    assert_eq!((hers.len(), mind.on_disk(&hers)), (2, 2));
    // So that they are at hand.
    assert_eq!(mind.recalls(&here, "Ada: my kitten sleeps").await.len(), 2);
    mind.hears(here, &["Benjamin: I like lemons"]).await;
    mind.reads().await;
    mind.memory.forget_person(ada, 1.into()).await.unwrap();
    assert_eq!(mind.vectors(&here).await.len(), 1);
    assert_eq!(mind.on_disk(&hers), 0);
    assert_eq!(
        mind.recalls(&here, "Ada: my kitten sleeps").await,
        [""; 0],
        "Benjamin's lemons mean something else"
    );
}

#[tokio::test]
async fn vectors_go_with_words_that_were_kept_long_enough_and_with_a_server_that_was_left() {
    let mind = Mind::new().await.with(Fingerprints).await;
    let (here, there) = (scope(1, 1, 1), scope(2, 2, 1));
    mind.hears(here, &["Ada: my kitten sleeps"]).await;
    mind.hears(there, &["Ada: the ocean is blue"]).await;
    mind.reads().await;
    let all = [mind.vectors(&here).await, mind.vectors(&there).await].concat();
    assert_eq!((all.len(), mind.on_disk(&all)), (2, 2));
    let later = at(60 * 24 * 40);
    mind.store
        .note_departure(2.into(), Some(at(0)))
        .await
        .unwrap();
    mind.store.purge_departed(later).await.unwrap();
    assert_eq!(mind.vectors(&there).await.len(), 0);
    mind.store.drop_expired(30, later).await.unwrap();
    mind.store.checkpoint().await.unwrap();
    assert_eq!(mind.vectors(&here).await.len(), 0);
    assert_eq!(mind.on_disk(&all), 0);
}

/// A model that the servers pay for; the first has no budget.
struct Paid;

impl Embedder for Paid {
    fn model(&self) -> &str {
        "paid"
    }

    fn embed(
        &self,
        texts: Vec<String>,
        occasion: Occasion,
    ) -> BoxFuture<'_, Result<Vec<Vec<f32>>, EmbedFailed>> {
        let broke = Occasion::Turns {
            guild: Some(1.into()),
            person: None,
        };
        async move {
            match occasion == broke {
                true => Err(EmbedFailed::Refused("no budget".to_owned())),
                false => Ok(texts.iter().map(|_| vec![1.0]).collect()),
            }
        }
        .boxed()
    }
}

#[tokio::test]
async fn a_server_without_budget_holds_up_no_other_server_and_waits_for_the_next_pass() {
    let mind = Mind::new().await.with(Paid).await;
    mind.hears(scope(1, 1, 1), &["Ada: a", "Ada: b"]).await;
    mind.hears(scope(2, 2, 1), &["Bo: c"]).await;
    mind.hears(scope(1, 1, 1), &["Ada: d"]).await;
    let mut pass = Pass::default();
    let step = mind.memory.read_on(&mut pass).await.unwrap();
    assert_eq!((step.read, step.refused, step.done), (1, 3, false));
    assert!(mind.memory.read_on(&mut pass).await.unwrap().done);
    let mind = mind.with(Subjects("subjects")).await;
    assert!(mind.memory.read_on(&mut pass).await.unwrap().done);
    assert_eq!(mind.reads().await, 4, "another model reads all of them");
}
