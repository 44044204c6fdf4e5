//! MiniLM as memory's embedder: off the runtime's threads, a few texts at a time.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use memory::{EmbedFailed, Embedder, Occasion};

use tokio::sync::Mutex;

use crate::MiniLm;

/// Texts that are read at a stretch: a question that comes meanwhile waits for these, about a tenth of a second, and
/// not for the rest of a batch.
const STRETCH: usize = 8;

/// MiniLM behind memory's trait.
pub struct InProcess {
    model: Arc<MiniLm>,
    /// Who comes next; two at once would only slow each other down. Tokio's lock is fair.
    turn: Mutex<()>,
}

impl From<MiniLm> for InProcess {
    fn from(model: MiniLm) -> Self {
        Self {
            model: Arc::new(model),
            turn: Mutex::default(),
        }
    }
}

impl Embedder for InProcess {
    fn model(&self) -> &str {
        "all-MiniLM-L6-v2"
    }

    fn embed(
        &self,
        texts: Vec<String>,
        _: Occasion,
    ) -> BoxFuture<'_, Result<Vec<Vec<f32>>, EmbedFailed>> {
        async move {
            // Texts of like length together: a stretch takes as long as its longest.
            let mut order: Vec<usize> = (0..texts.len()).collect();
            order.sort_by_key(|&n| texts[n].len());
            let mut vectors = vec![Vec::new(); texts.len()];
            for stretch in order.chunks(STRETCH) {
                let _turn = self.turn.lock().await;
                let model = self.model.clone();
                let texts: Vec<String> = stretch.iter().map(|&n| texts[n].clone()).collect();
                let read = tokio::task::spawn_blocking(move || model.embed(&texts)).await;
                let read = match read {
                    Ok(Ok(read)) => read,
                    Ok(Err(error)) => return Err(EmbedFailed::Failed(error.to_string())),
                    Err(error) => return Err(EmbedFailed::Failed(error.to_string())),
                };
                for (&n, vector) in stretch.iter().zip(read) {
                    vectors[n] = vector;
                }
            }
            Ok(vectors)
        }
        .boxed()
    }
}
