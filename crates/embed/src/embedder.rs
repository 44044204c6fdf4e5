//! MiniLM as memory's embedder: off the runtime's threads, one batch at a time.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use memory::{EmbedFailed, Embedder};

use crate::MiniLm;

/// MiniLM behind memory's trait.
pub struct InProcess(Arc<MiniLm>);

impl From<MiniLm> for InProcess {
    fn from(model: MiniLm) -> Self {
        Self(Arc::new(model))
    }
}

impl Embedder for InProcess {
    fn model(&self) -> &str {
        "all-MiniLM-L6-v2"
    }

    fn embed(&self, texts: Vec<String>) -> BoxFuture<'_, Result<Vec<Vec<f32>>, EmbedFailed>> {
        let model = self.0.clone();
        async move {
            let embedding = tokio::task::spawn_blocking(move || model.embed(&texts));
            match embedding.await {
                Ok(Ok(vectors)) => Ok(vectors),
                Ok(Err(error)) => Err(EmbedFailed(error.to_string())),
                Err(error) => Err(EmbedFailed(error.to_string())),
            }
        }
        .boxed()
    }
}
