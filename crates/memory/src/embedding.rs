//! Embedding: what turns and questions mean, by a model that is brought along. Turns are read in the background; a
//! question is read while its answer waits, but not for long.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use store::id::{ScopeId, TurnId};
use store::vectors::{Unread, Vector};
use store::{Store, StoreError};

use crate::occasion::{Inquiry, Occasion};
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
    /// A vector for each text, in their order, all of one size. All of them are read for the same occasion.
    fn embed(
        &self,
        texts: Vec<String>,
        occasion: Occasion,
    ) -> BoxFuture<'_, Result<Vec<Vec<f32>>, EmbedFailed>>;
}

/// Texts were not read.
#[derive(Clone, Debug, thiserror::Error)]
pub enum EmbedFailed {
    /// The budget of whoever pays says no. Others may have theirs.
    #[error("texts are not turned into vectors now: {0}")]
    Refused(String),
    /// The model failed.
    #[error("texts could not be turned into vectors: {0}")]
    Failed(String),
}

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

/// One walk through the turns that wait, the oldest first. What a budget refuses or the model fails at is passed over,
/// so that it holds up nothing else, and waits for another walk.
#[derive(Clone, Copy, Debug)]
pub struct Pass {
    after: TurnId,
}

impl Default for Pass {
    fn default() -> Self {
        Self { after: TurnId(0) }
    }
}

/// What one step of a [`Pass`] came to.
#[derive(Debug, Default)]
pub struct Step {
    /// Turns that got their vectors.
    pub read: usize,
    /// Turns whose budget says no.
    pub refused: usize,
    /// The model failed on others.
    pub failed: Option<EmbedFailed>,
    /// Nothing came after: the pass has walked through.
    pub done: bool,
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
        inquiry: Inquiry<'_>,
    ) -> Result<Nearness, StoreError> {
        let near = async {
            match self.question(inquiry).await {
                Ok(Some(vector)) => self.vectors.nearness(store, scope, vector).await,
                Ok(None) => Ok(Nearness::default()),
                Err(error @ EmbedFailed::Refused(_)) => {
                    tracing::debug!(%error, "recall goes by words alone");
                    Ok(Nearness::default())
                }
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

    async fn question(&self, inquiry: Inquiry<'_>) -> Result<Option<Vector>, EmbedFailed> {
        let text: String = inquiry.text.chars().take(MAX_CHARS).collect();
        if text.trim().is_empty() {
            return Ok(None);
        }
        let occasion = Occasion::Question(inquiry.asker);
        let vectors = self.embedder.embed(vec![text], occasion).await?;
        Ok(vectors.first().map(|numbers| in_bytes(numbers)))
    }

    /// Reads the next turns of a pass.
    pub(crate) async fn read_on(&self, store: &Store, pass: &mut Pass) -> Result<Step, StoreError> {
        let mut unread = store.unread(pass.after, BATCH).await?;
        let Some(last) = unread.last() else {
            return Ok(Step {
                done: true,
                ..Step::default()
            });
        };
        let after = last.turn;
        let mut step = Step::default();
        while let Some(first) = unread.first() {
            let occasion = Occasion::of(first);
            let (same, others) = unread
                .into_iter()
                .partition(|turn| Occasion::of(turn) == occasion);
            unread = others;
            let many = Vec::len(&same);
            match self.read(store, same, occasion).await {
                Ok(read) => step.read += read,
                Err(IndexError::Embed(EmbedFailed::Refused(why))) => {
                    tracing::debug!(%why, "turns are not read now");
                    step.refused += many;
                }
                Err(IndexError::Embed(failed)) => {
                    step.failed = Some(failed);
                    break;
                }
                Err(IndexError::Store(error)) => return Err(error),
            }
        }
        pass.after = after;
        Ok(step)
    }

    /// Reads turns of one occasion, and says how many got their vectors.
    async fn read(
        &self,
        store: &Store,
        unread: Vec<Unread>,
        occasion: Occasion,
    ) -> Result<usize, IndexError> {
        let texts: Vec<String> = unread.iter().map(as_read).collect();
        let made = self.embedder.embed(texts, occasion).await?;
        if made.len() != unread.len() {
            let why = "the model gave another number of vectors".to_owned();
            return Err(EmbedFailed::Failed(why).into());
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

    /// The model's name.
    pub(crate) fn model(&self) -> &str {
        self.embedder.model()
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
