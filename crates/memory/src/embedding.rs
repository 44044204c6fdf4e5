//! Embedding: what turns and questions mean, by a model that is brought along. Turns are read in the background; a
//! question is read while its answer waits, but not for long.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use store::id::ScopeId;
use store::vectors::{Unread, Vector};
use store::{Store, StoreError};

use crate::vectors::{Nearness, Vectors};

/// Turns that are read together.
const BATCH: u32 = 32;
/// How long an answer should wait for its question to be read; then words must do.
pub const QUESTION_WAIT: Duration = Duration::from_millis(500);
/// What of a text is read: models of sentences know little to do with more.
const MAX_CHARS: usize = 1_000;

/// A model that turns texts into vectors.
pub trait Embedder: Send + Sync + 'static {
    /// The model's name. Vectors of one model say nothing to another.
    fn model(&self) -> &str;
    /// A vector for each text, in their order, all of one size.
    fn embed(&self, texts: Vec<String>) -> BoxFuture<'_, Result<Vec<Vec<f32>>, EmbedFailed>>;
}

/// A model could not read a text.
#[derive(Clone, Debug, thiserror::Error)]
#[error("turns could not be turned into vectors: {0}")]
pub struct EmbedFailed(pub String);

/// Why vectors were not made.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The model failed.
    #[error(transparent)]
    Embed(#[from] EmbedFailed),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The model, and the vectors that are at hand.
#[derive(Clone)]
pub(crate) struct Reader {
    embedder: Arc<dyn Embedder>,
    question_wait: Duration,
    pub(crate) vectors: Arc<Vectors>,
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reader")
            .field(&self.embedder.model())
            .finish()
    }
}

impl Reader {
    pub(crate) async fn new(
        store: &Store,
        embedder: Arc<dyn Embedder>,
        question_wait: Duration,
    ) -> Result<Self, StoreError> {
        let dropped = store.vectors_are_by(embedder.model().to_owned()).await?;
        if dropped > 0 {
            tracing::info!(
                turns = dropped,
                "another embedding model: turns are read again"
            );
        }
        Ok(Self {
            embedder,
            question_wait,
            vectors: Arc::default(),
        })
    }

    /// How near the turns of a scope are to a question; nothing, if the model fails, or if reading the question and
    /// its scope's vectors takes too long together.
    pub(crate) async fn nearness(
        &self,
        store: &Store,
        scope: &ScopeId,
        question: &str,
    ) -> Result<Nearness, StoreError> {
        let near = async {
            match self.question(question).await {
                Ok(Some(vector)) => self.vectors.nearness(store, scope, vector).await,
                Ok(None) => Ok(Nearness::default()),
                Err(error) => {
                    tracing::warn!(%error, "recall goes by words alone");
                    Ok(Nearness::default())
                }
            }
        };
        let in_time = tokio::time::timeout(self.question_wait, near).await;
        in_time.unwrap_or_else(|_| {
            tracing::debug!("the question was not read in time; recall goes by words alone");
            Ok(Nearness::default())
        })
    }

    async fn question(&self, question: &str) -> Result<Option<Vector>, EmbedFailed> {
        let texts = vec![question.chars().take(MAX_CHARS).collect()];
        let vectors = self.embedder.embed(texts).await?;
        Ok(vectors.first().map(|numbers| in_bytes(numbers)))
    }

    /// Reads the next turns that wait, the oldest first, and says how many it read.
    pub(crate) async fn read_some(&self, store: &Store) -> Result<usize, IndexError> {
        let unread = store.unread(BATCH).await?;
        if unread.is_empty() {
            return Ok(0);
        }
        let texts: Vec<String> = unread.iter().map(as_read).collect();
        let made = self.embedder.embed(texts).await?;
        if made.len() != unread.len() {
            return Err(EmbedFailed("the model gave another number of vectors".to_owned()).into());
        }
        let vectors: Vec<(Unread, Vector)> = unread
            .into_iter()
            .zip(made.iter().map(|numbers| in_bytes(numbers)))
            .collect();
        let kept = store
            .keep_vectors(self.embedder.model().to_owned(), vectors.clone())
            .await?;
        for (read, vector) in vectors
            .into_iter()
            .filter(|(read, _)| kept.contains(&read.turn))
        {
            self.vectors.add(&read.scope, read.number, &vector);
        }
        Ok(kept.len())
    }
}

/// Who said it counts: a question often names them.
fn as_read(turn: &Unread) -> String {
    let said: String = turn.text.chars().take(MAX_CHARS).collect();
    format!("{}: {said}", turn.author_name)
}

/// A vector of length 1 in bytes.
fn in_bytes(numbers: &[f32]) -> Vector {
    let length = numbers
        .iter()
        .map(|number| number * number)
        .sum::<f32>()
        .sqrt()
        .max(f32::MIN_POSITIVE);
    let largest = numbers
        .iter()
        .fold(0.0_f32, |largest, number| largest.max(number.abs()));
    let step = (largest / 127.0).max(f32::MIN_POSITIVE);
    Vector {
        scale: step / length,
        bytes: numbers
            .iter()
            .map(|number| (number / step).round() as i8)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_keep_a_vectors_direction_and_make_its_length_one() {
        let numbers: Vec<f32> = (0..384_u16)
            .map(|n| f32::from(n * 37 % 101) - 50.0)
            .collect();
        let vector = in_bytes(&numbers);
        let back: Vec<f32> = vector
            .bytes
            .iter()
            .map(|byte| f32::from(*byte) * vector.scale)
            .collect();
        let length = back
            .iter()
            .map(|number| number * number)
            .sum::<f32>()
            .sqrt();
        assert!((length - 1.0).abs() < 0.01, "{length}");
        let dot: f32 = back.iter().zip(&numbers).map(|(a, b)| a * b).sum();
        let other = numbers
            .iter()
            .map(|number| number * number)
            .sum::<f32>()
            .sqrt();
        assert!(dot / length / other > 0.999);
    }

    #[test]
    fn nothing_becomes_nothing() {
        assert_eq!(in_bytes(&[0.0; 4]).bytes, [0; 4]);
    }
}
