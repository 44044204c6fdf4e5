//! What the operator sees: figures for Prometheus, and the ledger's commands beside a bot that runs.

mod bounds;
mod export;
mod figures;
mod opening;

use std::path::PathBuf;
use std::process::Output;

use crate::program::{familiar, written};
use crate::world::World;

/// The operator's shell beside this world's bot.
struct Shell {
    file: PathBuf,
}

impl Shell {
    fn beside(world: &World) -> Self {
        Self {
            file: written(world),
        }
    }

    /// Runs `familiar ledger …`.
    async fn ledger(&self, line: &[&str]) -> Said {
        let mut command = familiar(&self.file);
        let output = command.arg("ledger").args(line).output().await.unwrap();
        Said(output)
    }
}

/// What a command printed, and how it ended.
struct Said(Output);

impl Said {
    fn out(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }

    fn all(&self) -> String {
        let errors = String::from_utf8_lossy(&self.0.stderr);
        format!("{}{errors}", self.out())
    }

    /// What it printed, if it succeeded.
    fn good(self) -> String {
        assert!(self.0.status.success(), "{}", self.all());
        self.out()
    }

    /// What it printed, if it failed as it should.
    fn bad(self) -> String {
        assert_eq!(self.0.status.code(), Some(1), "{}", self.all());
        self.all()
    }
}
