//! Which model speaks in a trial: the one that was named, else the configured one, else a running Ollama, else a hosted one
//! whose key is in the environment (asked before it spends), else a tiny one on this machine, which tests the connection.

use std::path::Path;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use provider::{Endpoint, OpenAi};

use crate::cli::TryArgs;
use crate::config::{Config, Deadlines, Dialect, Model, Sampling, Setting};
use crate::local_model::{self, LocalServer};
use crate::question;

/// Where Ollama listens unless told otherwise.
const OLLAMA: &str = "http://127.0.0.1:11434/v1";
/// How long a model on this machine may take to say that it is there.
const LOOK: Duration = Duration::from_secs(2);
/// Reply tokens in a trial with the tiny model: it is slow on small machines, and rambles.
const TINY_CAP: u32 = 90;

/// Hosted endpoints that are recognised by a key in the environment.
const HOSTED: [Hosted; 3] = [
    Hosted {
        key: "OPENAI_API_KEY",
        provider: "openai",
        dialect: Dialect::Openai,
        url: "https://api.openai.com/v1",
        model: "gpt-4o-mini",
    },
    Hosted {
        key: "ANTHROPIC_API_KEY",
        provider: "anthropic",
        dialect: Dialect::Anthropic,
        url: "https://api.anthropic.com",
        model: "claude-3-5-haiku-latest",
    },
    Hosted {
        key: "OPENROUTER_API_KEY",
        provider: "openrouter",
        dialect: Dialect::Openai,
        url: "https://openrouter.ai/api/v1",
        model: "openai/gpt-4o-mini",
    },
];

struct Hosted {
    key: &'static str,
    provider: &'static str,
    dialect: Dialect,
    url: &'static str,
    model: &'static str,
}

/// The model of a trial.
pub(super) struct Chosen {
    /// As the configuration would describe it.
    pub(super) model: Model,
    /// What the person is told about it.
    pub(super) said: String,
    /// The model's server, where it was started here; it ends with this value.
    pub(super) keep: Option<LocalServer>,
}

/// Chooses the model.
pub(super) async fn choose(config: &Config, args: &TryArgs) -> anyhow::Result<Chosen> {
    if let Some(url) = &args.endpoint {
        let model = named(url, args).await?;
        let said = format!("Model: {} at {url}.", model.model);
        return Ok(Chosen {
            model,
            said,
            keep: None,
        });
    }
    if let Some(model) = &config.model {
        let said = format!(
            "Model: {} at {}, as configured.",
            model.model, model.base_url
        );
        return Ok(Chosen {
            model: model.clone(),
            said,
            keep: None,
        });
    }
    if let Some(model) = listed(OLLAMA, None).await {
        let said = format!("Model: {model}, from the Ollama that runs here.");
        return Ok(Chosen {
            model: local("ollama", &model, OLLAMA),
            said,
            keep: None,
        });
    }
    for hosted in &HOSTED {
        if std::env::var(hosted.key).is_ok_and(|key| !key.trim().is_empty())
            && may_spend(hosted, args).await
        {
            let said = format!(
                "Model: {} at {}. Each reply costs a little; /budget show tells how much.",
                hosted.model, hosted.provider
            );
            return Ok(Chosen {
                model: of_host(hosted),
                said,
                keep: None,
            });
        }
    }
    tiny(&args.data).await
}

/// The endpoint that was named; its model is the named one, else the first that it lists.
async fn named(url: &str, args: &TryArgs) -> anyhow::Result<Model> {
    let model = match &args.model {
        Some(model) => model.clone(),
        None => {
            let key = args
                .key_env
                .as_ref()
                .and_then(|name| std::env::var(name).ok());
            listed(url, key).await.ok_or_else(|| {
                anyhow::anyhow!("{url} does not list its models, or cannot be reached. Check the address, and name the model with --model NAME.")
            })?
        }
    };
    let is_local = Endpoint::new(url, None, provider::Deadlines::default())?.is_local();
    let mut section = local("endpoint", &model, url);
    section.local = is_local;
    section.api_key_env = args.key_env.clone();
    if !is_local {
        section.max_output = 2048;
    }
    Ok(section)
}

/// The first model that an endpoint lists; `None` where nothing answers.
async fn listed(url: &str, key: Option<String>) -> Option<String> {
    let deadlines = provider::Deadlines {
        connect: LOOK,
        ..provider::Deadlines::default()
    };
    let endpoint = Endpoint::new(url, key.map(Into::into), deadlines).ok()?;
    let models = tokio::time::timeout(LOOK, OpenAi::models(&endpoint))
        .await
        .ok()?
        .ok()?;
    models.into_iter().next().map(|model| model.id)
}

fn local(provider: &str, model: &str, url: &str) -> Model {
    Model {
        provider: provider.into(),
        model: model.into(),
        dialect: Dialect::Openai,
        base_url: url.into(),
        api_key_env: None,
        api_key_file: None,
        context_window: 4096,
        max_output: 1024,
        cap: 300,
        temperature: Setting::Ours,
        sampling: Sampling::default(),
        caps_certified: false,
        errors_may_be_billed: false,
        generation_lookup: false,
        plain_replies: false,
        local: true,
        price: None,
        deadlines: Deadlines::default(),
    }
}

fn of_host(hosted: &Hosted) -> Model {
    Model {
        dialect: hosted.dialect,
        api_key_env: Some(hosted.key.into()),
        context_window: 32_768,
        max_output: 8192,
        local: false,
        ..local(hosted.provider, hosted.model, hosted.url)
    }
}

/// Whether a hosted model may be used: it was said beforehand, or it is said now.
async fn may_spend(hosted: &Hosted, args: &TryArgs) -> bool {
    if args.yes {
        return true;
    }
    if args.script.is_some() || !question::can_be_asked() {
        return false;
    }
    question::yes(&format!(
        "{} is set. May the trial use {} there, which costs a little money?",
        hosted.key, hosted.model
    ))
    .await
}

/// Installs the small model where it is missing, and starts it.
async fn tiny(data: &Path) -> anyhow::Result<Chosen> {
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes}") {
        bar.set_style(style);
    }
    bar.set_message("Fetching a small model, once");
    let installed = local_model::install(&data.join("model"), &|progress| {
        bar.set_length(progress.total);
        bar.set_position(progress.bytes);
    })
    .await;
    bar.finish_and_clear();
    let server = LocalServer::start(&installed?).await?;
    let model = Model {
        context_window: local_model::CONTEXT,
        max_output: 256,
        cap: TINY_CAP,
        temperature: Setting::Is(0.6),
        ..local("local", local_model::MODEL_NAME, &server.base_url())
    };
    let said = format!(
        "Model: {}, on this machine and free. It is here as a connection test, not as a companion: messages, commands, memory and budget all work, but a model this small makes little sense, hardly uses what it remembers, and knows no Chinese. To meet a companion, name a larger model: --endpoint URL.",
        local_model::MODEL_NAME
    );
    Ok(Chosen {
        model,
        said,
        keep: Some(server),
    })
}
