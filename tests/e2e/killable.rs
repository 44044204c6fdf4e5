//! The bot as a process that can be killed.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Child;

use crate::program::{familiar, written};
use crate::world::{SOON, World};

/// A world whose bot runs in a process of its own.
pub struct Killable {
    pub world: World,
    file: PathBuf,
    process: Child,
}

impl Killable {
    /// The usual stage; the bot hears.
    pub async fn new() -> Self {
        let world = World::without_bot(World::discord(), |_| {}).await;
        let file = written(&world);
        let process = run(&world, &file);
        world.sim.wait_ready(SOON).await.unwrap();
        world.sim.wait_for_commands(SOON).await.unwrap();
        Self {
            world,
            file,
            process,
        }
    }

    /// Kills it where it is.
    pub async fn kill(&mut self) {
        self.process.kill().await.unwrap();
    }

    /// Starts it again, in a process of its own. [`World::start`] does in this one.
    pub fn start(&mut self) {
        self.process = run(&self.world, &self.file);
    }
}

fn run(world: &World, file: &Path) -> Child {
    familiar(file)
        .arg("run")
        .env("TEST_TOKEN", world.sim.token())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}
