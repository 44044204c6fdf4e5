//! Builds the house from a configuration: database, ledger, cast, models.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use companion::cast::CastError;
use companion::compose::Shares;
use companion::counts::Counts;
use companion::endpoints::Endpoints;
use companion::house::{Manner, Model};
use companion::pace::Rates;
use companion::queue::Bounds;
use companion::slots::Slots;
use companion::standing::Standings;
use companion::{House, cast::Cast, lessons};
use ledger::{Ledger, LedgerConfig, LedgerError, Limits, ModelKey, ModelTerms};
use memory::Memory;
use provider::{Anthropic, Endpoint, EndpointError, OpenAi, Provider};
use store::clock::{Clock, SystemClock};
use store::{Store, StoreError};
use tokio_util::task::TaskTracker;

use crate::config::{self, Config, ConfigError, Dialect};
use crate::meaning;

/// The database's file in the data folder.
const DATABASE: &str = "familiar.db";

/// Why the house cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The configuration is not right.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// There is no model in the configuration.
    #[error("no model is configured: add a [model] section as familiar.example.toml shows it")]
    NoModel,
    /// A model's endpoint cannot be used.
    #[error("[{section}] in the configuration: {source}")]
    Endpoint {
        /// The section.
        section: &'static str,
        /// Why.
        source: EndpointError,
    },
    /// Memory is to be searched by an endpoint, and there is none.
    #[error(
        "memory.embeddings in the configuration is \"endpoint\": add an [embedding_model] section as familiar.example.toml shows it, or set \"local\" or \"none\""
    )]
    NoEmbeddingModel,
    /// The time zone is none.
    #[error(
        "instance.time_zone in the configuration is \"{0}\", which is no IANA time zone; write one like Europe/Berlin"
    )]
    Zone(String),
    /// There is no such persona.
    #[error(
        "instance.default_persona in the configuration is \"{0}\", and no persona has that short name; there are: {1}"
    )]
    DefaultPersona(String, String),
    /// The database cannot be used.
    #[error("{source} (the database is {path})")]
    Store {
        /// The database.
        path: PathBuf,
        /// Why.
        source: StoreError,
    },
    /// There is no database.
    #[error(
        "there is no database at {}. Start the bot once (familiar run), or name its configuration with --config.",
        .0.display()
    )]
    NoDatabase(PathBuf),
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A card cannot be used.
    #[error(transparent)]
    Cast(#[from] CastError),
}

/// Where the database of this configuration lies.
pub fn database(config: &Config) -> PathBuf {
    config.instance.data.join(DATABASE)
}

/// Opens the database of this configuration.
pub async fn open_store(config: &Config) -> Result<Store, SetupError> {
    let path = database(config);
    Store::open(&path)
        .await
        .map_err(|source| SetupError::Store { path, source })
}

/// Opens the database of this configuration if there is one, beside a bot that may be running.
pub async fn open_existing_store(config: &Config) -> Result<Store, SetupError> {
    let path = database(config);
    match tokio::fs::try_exists(&path).await {
        Ok(true) => open_store(config).await,
        _ => Err(SetupError::NoDatabase(path)),
    }
}

/// Opens the ledger of this configuration on a database, and recovers nothing.
pub async fn open_ledger(config: &Config, store: &Store) -> Result<Ledger, SetupError> {
    let settings = ledger_config(config, zone(config)?);
    Ok(Ledger::open(store.clone(), Arc::new(SystemClock), settings).await?)
}

/// The instance's time zone.
pub fn zone(config: &Config) -> Result<chrono_tz::Tz, SetupError> {
    let name = &config.instance.time_zone;
    name.parse().map_err(|_| SetupError::Zone(name.clone()))
}

/// Opens the house. Holds that an earlier run left open are posted before this returns.
pub async fn open_house(config: &Config) -> Result<Arc<House>, SetupError> {
    open_house_at(config, Arc::new(SystemClock)).await
}

/// Opens the house beside a bot that may be running: nothing is recovered, since open holds may be that bot's.
pub async fn open_house_beside(config: &Config) -> Result<Arc<House>, SetupError> {
    assemble(config, Arc::new(SystemClock), false).await
}

/// Opens the house by another clock than the machine's.
pub async fn open_house_at(
    config: &Config,
    clock: Arc<dyn Clock>,
) -> Result<Arc<House>, SetupError> {
    let house = assemble(config, clock, true).await?;
    house.ledger.recover().await?;
    Ok(house)
}

/// Builds the house. Only one that talks reads what is meant: another would forget the vectors of the bot that runs, where
/// the configuration names another model by now.
async fn assemble(
    config: &Config,
    clock: Arc<dyn Clock>,
    talks: bool,
) -> Result<Arc<House>, SetupError> {
    let zone = zone(config)?;
    let section = config.model.as_ref().ok_or(SetupError::NoModel)?;
    let first = model(section, "model")?;
    let cheaper = config
        .cheaper_model
        .as_ref()
        .map(|section| model(section, "cheaper_model"))
        .transpose()?;
    let store = open_store(config).await?;
    let ledger = Ledger::open(
        store.clone(),
        Arc::clone(&clock),
        ledger_config(config, zone),
    )
    .await?;
    for model in std::iter::once(&first).chain(&cheaper) {
        let provider = &model.provider;
        ledger
            .prices()
            .place(&provider.terms().key, provider.place());
        lessons::recall(&store, model, clock.now())
            .await
            .map_err(|source| SetupError::Store {
                path: database(config),
                source,
            })?;
    }
    let cast = Cast::open(store.clone(), &config.instance.default_persona, clock.now()).await?;
    check_default(&cast, config).await?;
    let prompt = config.prompt;
    let manner = Manner {
        operator: config.instance.operator.clone(),
        endpoint: endpoint_in_words(section),
        shares: Shares {
            frame: prompt.frame,
            lore: prompt.lore,
            recent: prompt.recent,
            recalled: prompt.recalled,
            message: prompt.message,
        },
        rates: rates(config.rate),
        bounds: bounds(config.rate),
        bot_turns_per_hour: config.rate.bot_turns_per_hour,
        pause: Duration::from_millis(config.rate.pause_ms),
        consolidate_every: config.memory.consolidate_every,
        keep_days: config.memory.keep_days,
        keep_bytes: u64::from(config.memory.keep_kib_per_member) * 1_024,
        allow_age_restricted: config.instance.allow_age_restricted,
        zone,
    };
    let calls = TaskTracker::new();
    let endpoints = Endpoints::new(Arc::clone(&clock));
    let slots = Slots::default();
    let reader = match talks {
        true => meaning::embedder(config, &ledger, &calls, &endpoints, &slots).await?,
        false => None,
    };
    let memory = match reader {
        None => Memory::new(store.clone()),
        Some(reader) => Memory::with_embedder(store.clone(), reader, memory::QUESTION_WAIT)
            .await
            .map_err(|source| SetupError::Store {
                path: database(config),
                source,
            })?,
    };
    Ok(Arc::new(House {
        store,
        ledger,
        memory,
        cast,
        model: first,
        cheaper,
        clock,
        manner,
        calls,
        counts: Counts::default(),
        endpoints,
        slots,
        standings: Standings::default(),
    }))
}

async fn check_default(cast: &Cast, config: &Config) -> Result<(), SetupError> {
    let wanted = &config.instance.default_persona;
    let known = cast.instance_slugs().await.map_err(CastError::from)?;
    if wanted.is_empty() || known.iter().any(|slug| slug == wanted) {
        return Ok(());
    }
    Err(SetupError::DefaultPersona(wanted.clone(), known.join(", ")))
}

/// The model that a section of the configuration describes.
fn model(section: &config::Model, name: &'static str) -> Result<Model, SetupError> {
    let wrong = |source| SetupError::Endpoint {
        section: name,
        source,
    };
    let endpoint = Endpoint::new(&section.base_url, section.api_key()?, section.deadlines())
        .map_err(wrong)?
        .with_generation_lookup(section.generation_lookup)
        .with_plain_replies(section.plain_replies);
    let terms = ModelTerms {
        key: ModelKey {
            provider: section.provider.clone(),
            model: section.model.clone(),
        },
        context_window: section.context_window,
        max_output: section.max_output,
        caps_certified: section.caps_certified,
        local: section.local,
        errors_may_be_billed: section.errors_may_be_billed,
        price: section
            .price
            .clone()
            .or_else(|| ledger::known_price(&section.provider, &section.model)),
    };
    let provider: Arc<dyn Provider> = match section.dialect {
        Dialect::Openai => Arc::new(OpenAi::new(endpoint, terms)),
        Dialect::Anthropic => Arc::new(Anthropic::new(endpoint, terms)),
    };
    Ok(Model {
        provider,
        cap: section.cap.min(section.max_output),
        talking: section.talking(),
        retelling: section.retelling(),
    })
}

/// Where messages go, for `/about`.
fn endpoint_in_words(section: &config::Model) -> String {
    if section.local {
        return "the operator's own machine".into();
    }
    let host = url::Url::parse(&section.base_url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    format!(
        "{} ({})",
        section.provider,
        host.unwrap_or_else(|| section.base_url.clone())
    )
}

fn ledger_config(config: &Config, zone: chrono_tz::Tz) -> LedgerConfig {
    let limit = |limit: config::Limit| ledger::Limit {
        usd: limit.usd,
        tokens: limit.tokens,
    };
    let budget = &config.budget;
    LedgerConfig {
        zone,
        instance: Limits {
            day: limit(budget.instance_day),
            month: limit(budget.instance_month),
        },
        guild: Limits {
            day: limit(budget.guild_day),
            month: limit(budget.guild_month),
        },
        member: Limits {
            day: limit(budget.member_day),
            month: limit(budget.member_month),
        },
        member_share_percent: budget.member_share_percent,
        background_stops_below: budget.background_stops_below,
        short_replies_below: budget.short_replies_below,
    }
}

fn bounds(rate: config::Rate) -> Bounds {
    let or_none = |bound: usize| if bound == 0 { usize::MAX } else { bound };
    Bounds {
        waiting: rate.queue.max(1),
        per_guild: or_none(rate.concurrent_per_guild),
        in_all: or_none(rate.concurrent),
    }
}

fn rates(rate: config::Rate) -> Rates {
    // Nought would mean that nobody is ever answered; `/chat mode off` is there for that.
    let at_least_one = |n: u32| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
    Rates {
        member_per_minute: at_least_one(rate.member_per_minute),
        channel_per_minute: at_least_one(rate.channel_per_minute),
        guild_per_minute: at_least_one(rate.guild_per_minute),
    }
}
