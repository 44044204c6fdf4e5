//! Sentence vectors in process: all-MiniLM-L6-v2 on the CPU, from three files in a folder.
//!
//! A room of its own so that nothing else is built with candle. It knows neither memory nor the store: text goes in,
//! 384 numbers come out. Everything here computes for milliseconds to seconds and must run off the async runtime.

mod minilm;

pub use minilm::{EmbedError, MiniLm};

/// Numbers in a vector.
pub const DIMENSIONS: usize = 384;
/// The files that [`MiniLm::open`] reads.
pub const FILES: [&str; 3] = ["config.json", "tokenizer.json", "model.safetensors"];
