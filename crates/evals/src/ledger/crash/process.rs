//! The bot's process, from the outside: started, told where to die, killed.

use std::fs::File;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// A running bot; it ends with this value.
pub struct Bot {
    process: Child,
    said: BufReader<ChildStdout>,
    told: ChildStdin,
}

impl Bot {
    /// Starts this program as the bot.
    pub fn start(config: &Path, token: &str, log: File) -> anyhow::Result<Self> {
        let own = std::env::current_exe().context("where this program lies is not known")?;
        let mut process = Command::new(own)
            .arg("bot")
            .arg("--config")
            .arg(config)
            .env("DISCORD_TOKEN", token)
            .env_remove("RUST_LOG")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .context("the bot cannot be started")?;
        let said = process.stdout.take().context("the bot has no output")?;
        let told = process.stdin.take().context("the bot has no input")?;
        Ok(Self {
            process,
            said: BufReader::new(said),
            told,
        })
    }

    /// Tells it to die when this step comes for the `times`th time from now.
    pub async fn set(&mut self, step: &str, times: usize) -> anyhow::Result<()> {
        self.told
            .write_all(format!("{times} {step}\n").as_bytes())
            .await
            .context("the bot is not there")?;
        let mut answer = String::new();
        self.said.read_line(&mut answer).await?;
        ensure!(
            answer.trim() == "set",
            "the bot does not know where to die: {answer:?}"
        );
        Ok(())
    }

    /// Kills it.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        self.process
            .kill()
            .await
            .context("the bot cannot be killed")
    }

    /// Waits until it has died; `false` where it lives on.
    pub async fn dies(&mut self, within: Duration) -> anyhow::Result<bool> {
        let Ok(ended) = tokio::time::timeout(within, self.process.wait()).await else {
            return Ok(false);
        };
        use std::os::unix::process::ExitStatusExt as _;
        let status = ended?;
        match status.signal() {
            Some(9) => Ok(true),
            _ => bail!("the bot ended by itself ({status})"),
        }
    }

    /// Whether it still runs.
    pub fn lives(&mut self) -> anyhow::Result<bool> {
        Ok(self.process.try_wait()?.is_none())
    }
}
