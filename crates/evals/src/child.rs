//! The bot as its operator runs it: the release binary, a configuration file, a process of its own.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail, ensure};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::process::{self, Memory};

/// A process is at rest when it has used no CPU for so long.
const REST: Duration = Duration::from_millis(300);
/// A process that is not at rest by then never will be.
const RESTLESS: Duration = Duration::from_secs(20);

/// A running bot; it ends with this value.
pub struct Bot {
    process: Child,
    pid: u32,
    folder: TempDir,
}

impl Bot {
    /// Starts `familiar run`. `model` is the base URL of an endpoint in OpenAI's dialect.
    pub fn start(
        program: &Path,
        discord: &str,
        gateway: &str,
        token: &str,
        model: &str,
    ) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("no folder for the bot's data can be made")?;
        let path = folder.path().join("familiar.toml");
        std::fs::write(&path, configuration(folder.path(), discord, gateway, model))
            .context("the bot's configuration cannot be written")?;
        let log =
            File::create(folder.path().join("log")).context("the bot's log cannot be written")?;
        let process = Command::new(program)
            .arg("run")
            .arg("--config")
            .arg(&path)
            .env("DISCORD_TOKEN", token)
            // The log is written as it is by default.
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} cannot be started", program.display()))?;
        let pid = process.id().context("the bot ended at once")?;
        Ok(Self {
            process,
            pid,
            folder,
        })
    }

    /// CPU time since its start.
    pub fn cpu(&self) -> anyhow::Result<Duration> {
        process::cpu(self.pid)
    }

    /// Its memory.
    pub fn memory(&self) -> anyhow::Result<Memory> {
        process::memory(self.pid)
    }

    /// Waits until it has nothing to do, so that its work is neither missed nor counted twice.
    pub async fn rest(&self) -> anyhow::Result<()> {
        let resting = async {
            let mut used = self.cpu()?;
            loop {
                tokio::time::sleep(REST).await;
                let now = self.cpu()?;
                if now == used {
                    return Ok(());
                }
                used = now;
            }
        };
        tokio::time::timeout(RESTLESS, resting)
            .await
            .unwrap_or_else(|_| bail!("the bot does not come to rest"))
    }

    /// Waits until it ends by itself, which it should not.
    pub async fn ended(&mut self) -> anyhow::Error {
        match self.process.wait().await {
            Ok(status) => anyhow!(
                "the bot ended by itself ({status}) and logged:\n{}",
                self.log()
            ),
            Err(error) => anyhow!("the bot cannot be waited for: {error}"),
        }
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Ends it.
    pub async fn end(mut self) -> anyhow::Result<()> {
        self.process.kill().await.context("the bot cannot be ended")
    }
}

/// The program beside this one, brought up to date first: a measurement of yesterday's code would be worse than none.
pub async fn program() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe().context("where this program lies is not known")?;
    let folder = own.parent().context("this program lies in no folder")?;
    ensure!(
        folder.ends_with("release"),
        "only a release build is worth measuring: cargo run --release -p evals -- burst"
    );
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--release", "--bin", "familiar"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .status()
        .await
        .context("cargo cannot be started; name a built bot with --bot")?;
    ensure!(built.success(), "the bot does not build");
    Ok(folder.join(format!("familiar{}", std::env::consts::EXE_SUFFIX)))
}

/// The defaults of `familiar.example.toml`, at the addresses of the simulators, with room for a burst in its paces and limits, and without
/// the pause before a turn: it is the same for every bot that waits so long, and here what the bot itself takes is measured.
fn configuration(folder: &Path, discord: &str, gateway: &str, model: &str) -> String {
    let data = folder.join("data");
    format!(
        "[instance]\ndata = {data:?}\noperator = \"a measurement\"\n\n\
         [discord]\nhttp_proxy = \"{discord}\"\ngateway = \"{gateway}\"\n\n\
         [model]\nprovider = \"sim\"\nmodel = \"sim\"\nbase_url = \"{model}\"\ncontext_window = 8192\nmax_output = 2048\nlocal = true\n\n\
         [budget]\nguild_day = {{ tokens = 1_000_000_000 }}\nguild_month = {{ tokens = 1_000_000_000 }}\n\n\
         [rate]\nmember_per_minute = 100_000\nchannel_per_minute = 100_000\nguild_per_minute = 100_000\n\
         concurrent_per_guild = 0\nconcurrent = 0\npause_ms = 0\n"
    )
}
