//! The model server as a child process.

use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};

use super::{CONTEXT, Installed, LocalModelError};

const SCRIPT: &str = include_str!("serve.py");
/// Loading takes under a second on a quiet machine; a busy one gets time.
const START: Duration = Duration::from_secs(120);

/// A running model server. It ends when this value is dropped, and also when this process is killed.
pub struct LocalServer {
    port: u16,
    _child: Child,
    // The child reads its standard input and ends when this end closes.
    _lifeline: ChildStdin,
}

#[derive(Deserialize)]
struct Ready {
    port: u16,
}

impl LocalServer {
    /// Starts the server on a free port of this machine and waits until it answers.
    pub async fn start(installed: &Installed) -> Result<Self, LocalModelError> {
        let threads = std::thread::available_parallelism()
            .map_or(1, |n| n.get())
            .min(8);
        let mut child = Command::new(&installed.python)
            .arg("-c")
            .arg(SCRIPT)
            .arg(&installed.model)
            .arg(CONTEXT.to_string())
            .arg(threads.to_string())
            .env("PYTHONPATH", &installed.packages)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(LocalModelError::NoPython)?;
        let (Some(lifeline), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(LocalModelError::Start(
                "its pipes could not be opened".into(),
            ));
        };
        let last_words = Arc::new(Mutex::new(String::new()));
        tokio::spawn(listen(BufReader::new(stderr), Arc::clone(&last_words)));
        let mut line = String::new();
        let mut stdout = BufReader::new(stdout);
        let heard = tokio::time::timeout(START, stdout.read_line(&mut line)).await;
        match (heard, serde_json::from_str::<Ready>(&line)) {
            (Ok(Ok(_)), Ok(ready)) => Ok(Self {
                port: ready.port,
                _child: child,
                _lifeline: lifeline,
            }),
            _ => {
                // Gives the listener the rest of what the dying child writes.
                let _ = tokio::time::timeout(Duration::from_secs(1), child.wait()).await;
                let said = last_words
                    .lock()
                    .map(|said| said.clone())
                    .unwrap_or_default();
                Err(LocalModelError::Start(said))
            }
        }
    }

    /// Where the server answers in OpenAI's dialect.
    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }
}

/// Keeps the pipe empty and the last few lines in mind.
async fn listen(stderr: BufReader<tokio::process::ChildStderr>, last_words: Arc<Mutex<String>>) {
    const KEPT: usize = 5;
    let mut lines = stderr.lines();
    let mut kept = std::collections::VecDeque::new();
    while let Ok(Some(line)) = lines.next_line().await {
        tracing::trace!(line, "model server");
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(line);
        if let Ok(mut said) = last_words.lock() {
            *said = kept
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join("\n");
        }
    }
}
