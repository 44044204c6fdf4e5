//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

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
    /// Talk with a companion here in the terminal, without Discord and without a key.
    Try(TryArgs),
    /// Look at configuration, database, model and Discord, and say what is wrong and how to mend it.
    Check,
    /// Bring a character card in, or take one out.
    #[command(subcommand)]
    Persona(PersonaCommand),
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
