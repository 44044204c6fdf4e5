//! Sentence vectors in process: all-MiniLM-L6-v2 on the CPU, from three files in a folder.
//!
//! A room of its own so that nothing else is built with candle: text goes in, 384 numbers come out. As memory's
//! [`memory::Embedder`] it computes on a thread of its own; [`MiniLm::embed`] itself must run off the async runtime.

mod embedder;
mod minilm;

pub use embedder::InProcess;
pub use minilm::{EmbedError, MiniLm};

/// Numbers in a vector.
pub const DIMENSIONS: usize = 384;
/// The files that [`MiniLm::open`] reads.
pub const FILES: [&str; 3] = ["config.json", "tokenizer.json", "model.safetensors"];
