//! An embedder that keeps what it has read in a file: a fit that is run again reads nothing twice.

use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use embed::{DIMENSIONS, InProcess, MiniLm};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use memory::{EmbedFailed, Embedder, Occasion};

/// Bytes of a text's key and its vector.
const RECORD: usize = 8 + 4 * DIMENSIONS;

/// MiniLM, and what it said before.
pub struct Kept {
    model: InProcess,
    file: Option<PathBuf>,
    known: Mutex<HashMap<u64, Vec<f32>>>,
}

impl Kept {
    /// Opens the model in a folder, and the file with what it has read, if one is given.
    pub fn open(folder: &Path, file: Option<&Path>) -> anyhow::Result<Self> {
        let model = InProcess::from(MiniLm::open(folder)?);
        let bytes = match file.map(std::fs::read) {
            Some(Ok(bytes)) => bytes,
            Some(Err(error)) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).context("the kept vectors cannot be read");
            }
            _ => Vec::new(),
        };
        let known = bytes.chunks_exact(RECORD).map(record).collect();
        Ok(Self {
            model,
            file: file.map(Path::to_owned),
            known: Mutex::new(known),
        })
    }

    fn known(&self, texts: &[String]) -> Vec<Option<Vec<f32>>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        texts
            .iter()
            .map(|text| known.get(&key(text)).cloned())
            .collect()
    }

    fn keep(&self, texts: &[String], vectors: &[Vec<f32>]) -> std::io::Result<()> {
        if let Some(file) = &self.file {
            let mut bytes = Vec::with_capacity(texts.len() * RECORD);
            for (text, vector) in texts.iter().zip(vectors) {
                bytes.extend(key(text).to_le_bytes());
                bytes.extend(vector.iter().flat_map(|number| number.to_le_bytes()));
            }
            let mut file = OpenOptions::new().create(true).append(true).open(file)?;
            file.write_all(&bytes)?;
        }
        let keys = texts.iter().map(|text| key(text));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(keys.zip(vectors.iter().cloned()));
        Ok(())
    }
}

impl Embedder for Kept {
    fn model(&self) -> &str {
        self.model.model()
    }

    fn embed(
        &self,
        texts: Vec<String>,
        occasion: Occasion,
    ) -> BoxFuture<'_, Result<Vec<Vec<f32>>, EmbedFailed>> {
        async move {
            let known = self.known(&texts);
            let new: Vec<String> = texts
                .into_iter()
                .zip(&known)
                .filter(|(_, known)| known.is_none())
                .map(|(text, _)| text)
                .collect();
            let mut made = Vec::new();
            if !new.is_empty() {
                made = self.model.embed(new.clone(), occasion).await?;
                self.keep(&new, &made)
                    .map_err(|error| EmbedFailed::Failed(error.to_string()))?;
            }
            let mut made = made.into_iter();
            known
                .into_iter()
                .map(|known| known.or_else(|| made.next()))
                .map(|vector| {
                    vector.ok_or_else(|| EmbedFailed::Failed("a vector is missing".to_owned()))
                })
                .collect()
        }
        .boxed()
    }
}

fn record(bytes: &[u8]) -> (u64, Vec<f32>) {
    let (key, vector) = bytes.split_at(8);
    let key = key
        .iter()
        .rev()
        .fold(0, |key, byte| key << 8 | u64::from(*byte));
    let vector = vector
        .as_chunks()
        .0
        .iter()
        .map(|bytes| f32::from_le_bytes(*bytes))
        .collect();
    (key, vector)
}

/// FNV-1a, which stays the same from one build to the next.
fn key(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    })
}
