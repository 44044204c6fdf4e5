//! What reads the meaning of messages, as `memory.embeddings` says: nothing, the fetched model on this machine, or an
//! endpoint through the ledger.

use std::sync::Arc;
use std::time::Duration;

use companion::embedding::FromEndpoint;
use companion::endpoints::Endpoints;
use companion::slots::Slots;
use embed::{InProcess, MiniLm};
use ledger::{Ledger, ModelKey, ModelTerms};
use memory::Embedder;
use provider::{Deadlines, Embeddings, Endpoint};
use tokio_util::task::TaskTracker;

use crate::config::{self, Config, EmbeddingModel};
use crate::models::{Pin, folder, looks_whole};
use crate::setup::SetupError;

/// How long a hosted endpoint may take, and one on this machine: turns can wait, and a question waits half a second in any
/// case.
const PATIENCE: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(300));

fn deadlines(local: bool) -> Deadlines {
    let patience = match local {
        true => PATIENCE.1,
        false => PATIENCE.0,
    };
    Deadlines {
        connect: Duration::from_secs(10),
        first_token: patience,
        between_tokens: patience,
        total: patience,
    }
}

/// What the configuration names. A local model that is not there, or is broken, costs the meaning and not the start.
///
/// # Errors
/// If an endpoint is wanted and cannot be used as it is described.
pub async fn embedder(
    config: &Config,
    ledger: &Ledger,
    calls: &TaskTracker,
    endpoints: &Endpoints,
    slots: &Slots,
) -> Result<Option<Arc<dyn Embedder>>, SetupError> {
    match config.memory.embeddings {
        config::Embeddings::None => Ok(None),
        config::Embeddings::Local => Ok(local(config).await),
        config::Embeddings::Endpoint => {
            let endpoint = endpoint(config)?;
            let (endpoints, slots) = (endpoints.clone(), slots.clone());
            let reader =
                FromEndpoint::new(endpoint, ledger.clone(), calls.clone(), endpoints, slots);
            Ok(Some(Arc::new(reader)))
        }
    }
}

async fn local(config: &Config) -> Option<Arc<dyn Embedder>> {
    let pin = Pin::mini_lm();
    let folder = folder(&config.instance.data, &pin);
    if !looks_whole(&folder, &pin) {
        tracing::warn!("{}", not_there(config));
        return None;
    }
    let opened = tokio::task::spawn_blocking(move || MiniLm::open(&folder)).await;
    let why = match opened {
        Ok(Ok(model)) => return Some(Arc::new(InProcess::from(model))),
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    tracing::warn!(
        "memory is searched by words alone: {why}. `familiar models fetch` looks at the model's files and mends them."
    );
    None
}

/// What is said where the local model is wanted and not there.
pub fn not_there(config: &Config) -> String {
    let pin = Pin::mini_lm();
    format!(
        "memory.embeddings is \"local\", and {} is not whole in {}: memory is searched by words alone until `familiar models fetch` has fetched it ({} MB) and the bot is started again",
        pin.model,
        folder(&config.instance.data, &pin).display(),
        pin.bytes() / 1_000_000
    )
}

/// The endpoint that the configuration describes.
///
/// # Errors
/// If there is none, or it cannot be used.
pub fn endpoint(config: &Config) -> Result<Embeddings, SetupError> {
    let section = config
        .embedding_model
        .as_ref()
        .ok_or(SetupError::NoEmbeddingModel)?;
    let deadlines = deadlines(section.local);
    let endpoint =
        Endpoint::new(&section.base_url, section.api_key()?, deadlines).map_err(|source| {
            SetupError::Endpoint {
                section: "embedding_model",
                source,
            }
        })?;
    let embeddings = Embeddings::new(endpoint, terms(section));
    Ok(match section.dimensions {
        Some(dimensions) => embeddings.with_dimensions(dimensions),
        None => embeddings,
    })
}

/// It writes nothing, and no window bounds how many texts go into one call.
fn terms(section: &EmbeddingModel) -> ModelTerms {
    ModelTerms {
        key: ModelKey {
            provider: section.provider.clone(),
            model: section.model.clone(),
        },
        context_window: u32::MAX,
        max_output: 0,
        caps_certified: false,
        local: section.local,
        errors_may_be_billed: section.errors_may_be_billed,
        price: section
            .price
            .clone()
            .or_else(|| ledger::known_price(&section.provider, &section.model)),
    }
}
