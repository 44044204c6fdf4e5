//! `[model]` and `[cheaper_model]`: an endpoint, what it is asked for, and what it costs.

use std::path::PathBuf;
use std::time::Duration;

use ledger::Price;
use secrecy::SecretString;
use serde::Deserialize;

use super::ConfigError;
use super::sampling::{Sampling, Setting, temperature};
use super::secret::secret;

/// The wire dialect of a model endpoint.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// `POST {base_url}/chat/completions`.
    #[default]
    Openai,
    /// `POST {base_url}/v1/messages`.
    Anthropic,
}

/// `[model]` and `[cheaper_model]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// A short name of the endpoint, used in prices and reports ("openai", "ollama").
    pub provider: String,
    /// The model's name, as the endpoint calls it.
    pub model: String,
    /// How the endpoint is spoken to.
    #[serde(default)]
    pub dialect: Dialect,
    /// Where the endpoint is.
    pub base_url: String,
    /// Environment variable that holds the key.
    pub api_key_env: Option<String>,
    /// File that holds the key; wins over the variable.
    pub api_key_file: Option<PathBuf>,
    /// Tokens that prompt and reply may have together.
    pub context_window: u32,
    /// The most output tokens that the model can produce in one reply.
    pub max_output: u32,
    /// The most output tokens that one reply may have.
    #[serde(default = "default_cap")]
    pub cap: u32,
    /// The temperature at which replies are sampled.
    #[serde(default, deserialize_with = "temperature")]
    pub temperature: Setting<f32>,
    /// How replies are sampled besides.
    #[serde(default)]
    pub sampling: Sampling,
    /// Whether it has been shown that this endpoint honours the cap; otherwise replies are held at `max_output`.
    #[serde(default)]
    pub caps_certified: bool,
    /// Whether errors may be billed: then a call that ended in one costs all that was set aside for it.
    #[serde(default)]
    pub errors_may_be_billed: bool,
    /// Whether the endpoint tells afterwards what a call has cost, as OpenRouter does; OpenRouter itself is known by its host.
    #[serde(default)]
    pub generation_lookup: bool,
    /// Whether the model is known never to begin a reply in the middle of a thought, so that already its first reply
    /// may be streamed; otherwise that reply is shown whole, and the manner of the model is known from then on.
    #[serde(default)]
    pub plain_replies: bool,
    /// A model on the operator's own machine: free, counted in tokens only.
    #[serde(default)]
    pub local: bool,
    /// US dollars per million tokens; wins over the bundled price table.
    pub price: Option<Price>,
    /// Deadlines; [`Model::deadlines`] knows those that are not set.
    #[serde(default)]
    pub deadlines: Deadlines,
}

fn default_cap() -> u32 {
    400
}

/// `[model.deadlines]`, in seconds.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Deadlines {
    /// To connect.
    pub connect: Option<u64>,
    /// From the request to the first token.
    pub first_token: Option<u64>,
    /// Between two tokens.
    pub between_tokens: Option<u64>,
    /// In all.
    pub total: Option<u64>,
}

/// Seconds to connect, to the first token, between two tokens and in all, for a hosted model.
const HOSTED: [u64; 4] = [10, 60, 30, 180];
/// The same on one's own machine, which reads a prompt of 3,300 tokens at 15 a second and writes 400 at 2 a second, and lets
/// everybody wait while it reads somebody else's.
const LOCAL: [u64; 4] = [10, 300, 120, 600];

impl Model {
    /// How long it may take: as it is set, and otherwise as long as such a model commonly needs.
    pub fn deadlines(&self) -> provider::Deadlines {
        let [connect, first_token, between_tokens, total] = match self.local {
            true => LOCAL,
            false => HOSTED,
        };
        let set = &self.deadlines;
        let seconds = |set: Option<u64>, usual| Duration::from_secs(set.unwrap_or(usual));
        provider::Deadlines {
            connect: seconds(set.connect, connect),
            first_token: seconds(set.first_token, first_token),
            between_tokens: seconds(set.between_tokens, between_tokens),
            total: seconds(set.total, total),
        }
    }

    /// The endpoint's key, or `None` where the configuration names no place for one.
    pub fn api_key(&self) -> Result<Option<SecretString>, ConfigError> {
        if self.api_key_file.is_none() && self.api_key_env.is_none() {
            return Ok(None);
        }
        let env = self.api_key_env.as_deref().unwrap_or_default();
        secret(
            "The model's key",
            "model.api_key_file",
            self.api_key_file.as_deref(),
            env,
        )
        .map(Some)
    }
}
