//! `[embedding_model]`: an endpoint that turns texts into vectors.

use std::path::PathBuf;

use ledger::Price;
use secrecy::SecretString;
use serde::Deserialize;

use super::ConfigError;
use super::secret::secret;

/// `[embedding_model]`: `POST {base_url}/embeddings` in OpenAI's dialect.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmbeddingModel {
    /// A short name of the endpoint, used in prices and reports.
    pub provider: String,
    /// The model's name, as the endpoint calls it.
    pub model: String,
    /// Where the endpoint is.
    pub base_url: String,
    /// Environment variable that holds the key.
    pub api_key_env: Option<String>,
    /// File that holds the key; wins over the variable.
    pub api_key_file: Option<PathBuf>,
    /// Numbers of a vector, where the model offers a choice.
    pub dimensions: Option<u32>,
    /// A model on the operator's own machine: free, counted in tokens only.
    #[serde(default)]
    pub local: bool,
    /// Whether errors may be billed: then a call that ended in one costs all that was set aside for it.
    #[serde(default)]
    pub errors_may_be_billed: bool,
    /// US dollars per million tokens; wins over the bundled price table.
    pub price: Option<Price>,
}

impl EmbeddingModel {
    /// The endpoint's key, or `None` where the configuration names no place for one.
    pub fn api_key(&self) -> Result<Option<SecretString>, ConfigError> {
        if self.api_key_file.is_none() && self.api_key_env.is_none() {
            return Ok(None);
        }
        let env = self.api_key_env.as_deref().unwrap_or_default();
        secret(
            "The embedding model's key",
            "embedding_model.api_key_file",
            self.api_key_file.as_deref(),
            env,
        )
        .map(Some)
    }
}
