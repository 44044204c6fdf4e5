//! The one configuration file. Every key is documented in `familiar.example.toml`; a test keeps the two in step.

mod embedding;
mod memory;
mod model;
mod rate;
mod sampling;
mod secret;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ledger::PicoUsd;
use secrecy::SecretString;
use serde::Deserialize;

pub use embedding::EmbeddingModel;
pub use memory::{Embeddings, Memory};
pub use model::{Deadlines, Dialect, Model};
pub use rate::Rate;
pub use sampling::{Defaults, Sampling, Setting};
use secret::secret;

/// Everything that an operator can set.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Who runs this bot and where its data lies.
    pub instance: Instance,
    /// The connection to Discord.
    pub discord: Discord,
    /// The model that speaks.
    pub model: Option<Model>,
    /// A cheaper model, asked when the budget no longer allows the first.
    pub cheaper_model: Option<Model>,
    /// What may be spent.
    pub budget: Budget,
    /// How many messages are answered.
    pub rate: Rate,
    /// The prompt's fixed token shares.
    pub prompt: Prompt,
    /// What is made of long talk.
    pub memory: Memory,
    /// The endpoint that reads what is meant, where `memory.embeddings` says so.
    pub embedding_model: Option<EmbeddingModel>,
    /// Figures for Prometheus.
    pub metrics: Metrics,
}

/// `[instance]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Instance {
    /// Folder of the database and of downloaded models.
    pub data: PathBuf,
    /// Who runs this bot; shown by `/about`.
    pub operator: String,
    /// IANA time zone of the instance's own budget windows and of direct messages.
    pub time_zone: String,
    /// Slug of the persona that speaks where nobody has chosen one.
    pub default_persona: String,
    /// Whether age-restricted personas may speak in age-restricted channels.
    pub allow_age_restricted: bool,
}

impl Default for Instance {
    fn default() -> Self {
        Self {
            data: PathBuf::from("data"),
            operator: String::new(),
            time_zone: "UTC".into(),
            default_persona: "orla".into(),
            allow_age_restricted: false,
        }
    }
}

/// `[discord]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Discord {
    /// Environment variable that holds the bot's token.
    pub token_env: String,
    /// File that holds the bot's token; wins over the variable.
    pub token_file: Option<PathBuf>,
    /// A Discord REST proxy (or another server that speaks Discord's protocol); serenity's own rate limiter is then off.
    pub http_proxy: Option<String>,
    /// A gateway address, for another server that speaks Discord's protocol.
    pub gateway: Option<String>,
    /// Whether to ask for the message-content intent. Without it only direct messages, mentions and replies to the bot are read.
    pub message_content: bool,
}

impl Default for Discord {
    fn default() -> Self {
        Self {
            token_env: "DISCORD_TOKEN".into(),
            token_file: None,
            http_proxy: None,
            gateway: None,
            message_content: true,
        }
    }
}

/// `[budget]`. An absent limit means: no limit in that unit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Budget {
    /// The whole bot, a day.
    pub instance_day: Limit,
    /// The whole bot, a month.
    pub instance_month: Limit,
    /// A server that has set no limit of its own, a day.
    pub guild_day: Limit,
    /// A server that has set no limit of its own, a month.
    pub guild_month: Limit,
    /// A member of such a server, or a person in direct messages, a day.
    pub member_day: Limit,
    /// The same, a month.
    pub member_month: Limit,
    /// The most that one member may use of their server's limit, in percent.
    pub member_share_percent: u8,
    /// Background work rests where less than this is left of a limit, in percent.
    pub background_stops_below: u8,
    /// Replies come to the point where less than this is left of a limit, in percent.
    pub short_replies_below: u8,
}

impl Default for Budget {
    fn default() -> Self {
        let limit = |dollars, tokens| Limit {
            usd: Some(PicoUsd::dollars(dollars)),
            tokens,
        };
        Self {
            instance_day: limit(5, None),
            instance_month: limit(50, None),
            guild_day: limit(1, Some(2_000_000)),
            guild_month: limit(10, Some(20_000_000)),
            member_day: Limit::default(),
            member_month: Limit::default(),
            member_share_percent: 15,
            background_stops_below: 25,
            short_replies_below: 10,
        }
    }
}

/// A limit in dollars, in tokens, or both.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limit {
    /// US dollars.
    pub usd: Option<PicoUsd>,
    /// Prompt and reply tokens together.
    pub tokens: Option<i64>,
}

/// `[prompt]`: tokens of each section.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Prompt {
    /// Persona and safety frame.
    pub frame: usize,
    /// Lore that is always there, summary and facts.
    pub lore: usize,
    /// Recent turns, word for word.
    pub recent: usize,
    /// Recalled memories and triggered lore.
    pub recalled: usize,
    /// The message that is answered.
    pub message: usize,
}

impl Default for Prompt {
    fn default() -> Self {
        Self {
            frame: 700,
            lore: 400,
            recent: 1000,
            recalled: 1000,
            message: 200,
        }
    }
}

/// `[metrics]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Metrics {
    /// Where Prometheus may ask for figures; nowhere where absent.
    pub listen: Option<SocketAddr>,
}

/// What is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error(
        "I cannot read {path}: {source}. Copy familiar.example.toml to {path} and edit it, or name another file with --config."
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not the configuration that it should be; the message names the line.
    #[error("{path} is not right:\n{message}\nfamiliar.example.toml shows every key.")]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        message: String,
    },
    /// A secret is not where the configuration says.
    #[error(
        "{what} is missing: set the environment variable {env}, or name a file that holds it with {key}."
    )]
    NoSecret {
        /// Which secret.
        what: &'static str,
        /// The variable that was looked at.
        env: String,
        /// The key that names a file.
        key: &'static str,
    },
    /// A secret's file cannot be read.
    #[error("{what} cannot be read from {path}: {source}. Check {key} and the file's permissions.")]
    SecretFile {
        /// Which secret.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// The key that names the file.
        key: &'static str,
        /// Why.
        source: std::io::Error,
    },
}

impl Config {
    /// Reads and checks a configuration file.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
            path: path.into(),
            source,
        })?;
        Self::parse(&text).map_err(|message| ConfigError::Invalid {
            path: path.into(),
            message,
        })
    }

    /// Reads a configuration from text; the error names line and column.
    pub fn parse(text: &str) -> Result<Self, String> {
        let config: Config = toml::from_str(text).map_err(|error| complaint(text, &error))?;
        let models = [
            ("model", &config.model),
            ("cheaper_model", &config.cheaper_model),
        ];
        for (section, model) in models {
            if let Some(key) = model.as_ref().and_then(Model::not_in_its_dialect) {
                return Err(format!(
                    "[{section}.sampling] {key}: Anthropic's dialect has no such field. Take the line out, or set dialect = \"openai\"."
                ));
            }
        }
        Ok(config)
    }
}

impl Discord {
    /// The bot's token.
    pub fn token(&self) -> Result<SecretString, ConfigError> {
        secret(
            "Discord's bot token",
            "discord.token_file",
            self.token_file.as_deref(),
            &self.token_env,
        )
    }
}

/// What is wrong, and where. The line itself is not shown: somebody may have written a secret into it.
fn complaint(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    let Some(before) = before else {
        return error.message().to_owned();
    };
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    format!("line {line}, column {column}: {}", error.message())
}
