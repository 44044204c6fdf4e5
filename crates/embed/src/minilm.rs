//! The model: tokens, a small BERT, the mean of what it says of each token, and that on the unit sphere.

use std::path::{Path, PathBuf};

use candle_core::{D, DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};
use tokenizers::{PaddingParams, Tokenizer, TruncationParams};

/// Longer texts are cut: the model was trained on 128 word pieces and reads at most 256.
const MAX_PIECES: usize = 256;
/// Texts that are computed together. More only takes memory: on a CPU a batch is hardly faster than its parts.
const BATCH: usize = 16;

/// What went wrong with the model.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    /// A file is missing or is not what it should be.
    #[error("{} cannot be used for embeddings ({reason}); fetch the model again", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The model failed on a text.
    #[error("the embedding model failed: {0}")]
    Model(String),
}

impl From<candle_core::Error> for EmbedError {
    fn from(error: candle_core::Error) -> Self {
        Self::Model(error.to_string())
    }
}

impl From<tokenizers::Error> for EmbedError {
    fn from(error: tokenizers::Error) -> Self {
        Self::Model(error.to_string())
    }
}

/// MiniLM, ready to be asked. About 95 MB of memory.
pub struct MiniLm {
    tokenizer: Tokenizer,
    bert: BertModel,
}

impl MiniLm {
    /// Reads the model from a folder that has [`crate::FILES`].
    pub fn open(folder: &Path) -> Result<Self, EmbedError> {
        let [config, tokenizer, weights] = crate::FILES.map(|file| folder.join(file));
        let wrong = |path: &Path, reason: String| EmbedError::File {
            path: path.to_owned(),
            reason,
        };
        let read =
            |path: &Path| std::fs::read(path).map_err(|error| wrong(path, error.to_string()));
        let parsed: Config = serde_json::from_slice(&read(&config)?)
            .map_err(|error| wrong(&config, error.to_string()))?;
        let tokenizer_bytes = read(&tokenizer)?;
        let mut pieces = Tokenizer::from_bytes(&tokenizer_bytes)
            .map_err(|error| wrong(&tokenizer, error.to_string()))?;
        pieces.with_padding(Some(PaddingParams::default()));
        pieces.with_truncation(Some(TruncationParams {
            max_length: MAX_PIECES,
            ..TruncationParams::default()
        }))?;
        let vars = VarBuilder::from_buffered_safetensors(read(&weights)?, DType::F32, &Device::Cpu)
            .map_err(|error| wrong(&weights, error.to_string()))?;
        let bert =
            BertModel::load(vars, &parsed).map_err(|error| wrong(&weights, error.to_string()))?;
        Ok(Self {
            tokenizer: pieces,
            bert,
        })
    }

    /// One vector of length 1 for each text, in their order.
    pub fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        // Texts of like length together: a batch is padded to its longest.
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|&n| texts[n].len());
        let mut vectors = vec![Vec::new(); texts.len()];
        for batch in order.chunks(BATCH) {
            let cut = batch.iter().map(|&n| texts[n].as_str()).collect::<Vec<_>>();
            for (&n, vector) in batch.iter().zip(self.batch(cut)?) {
                vectors[n] = vector;
            }
        }
        Ok(vectors)
    }

    fn batch(&self, texts: Vec<&str>) -> Result<Vec<Vec<f32>>, EmbedError> {
        let encoded = self.tokenizer.encode_batch(texts, true)?;
        let rows = encoded.len();
        let ids: Vec<u32> = encoded
            .iter()
            .flat_map(|text| text.get_ids().to_vec())
            .collect();
        let mask: Vec<u32> = encoded
            .iter()
            .flat_map(|text| text.get_attention_mask().to_vec())
            .collect();
        let shape = (rows, ids.len() / rows.max(1));
        let ids = Tensor::from_vec(ids, shape, &Device::Cpu)?;
        let mask = Tensor::from_vec(mask, shape, &Device::Cpu)?;
        let said = self.bert.forward(&ids, &ids.zeros_like()?, Some(&mask))?;
        let weights = mask.to_dtype(DType::F32)?.unsqueeze(D::Minus1)?;
        let mean = said
            .broadcast_mul(&weights)?
            .sum(1)?
            .broadcast_div(&weights.sum(1)?)?;
        let length = mean.sqr()?.sum_keepdim(D::Minus1)?.sqrt()?;
        Ok(mean.broadcast_div(&length)?.to_vec2()?)
    }
}
