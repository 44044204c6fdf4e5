//! A model of meaning that needs none: words fall into a few classes, so that talk of the same things is near, and all
//! secrets of all places are as near to each other as can be.

use ::memory::{EmbedFailed, Embedder, Occasion};
use futures_util::future::BoxFuture;

/// Classes of words.
const CLASSES: usize = 64;

/// The model.
pub struct Alike;

impl Embedder for Alike {
    fn model(&self) -> &str {
        "alike"
    }

    fn embed(
        &self,
        texts: Vec<String>,
        _: Occasion,
    ) -> BoxFuture<'_, Result<Vec<Vec<f32>>, EmbedFailed>> {
        Box::pin(async move { Ok(texts.iter().map(|text| meaning(text)).collect()) })
    }
}

fn meaning(text: &str) -> Vec<f32> {
    let mut classes = vec![0.0_f32; CLASSES];
    for word in text
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| word.len() > 2)
    {
        let hash = word
            .to_lowercase()
            .bytes()
            .fold(7_usize, |hash, byte| hash * 31 % 1_009 + usize::from(byte));
        classes[hash % CLASSES] += 1.0;
    }
    let length = classes
        .iter()
        .map(|n| n * n)
        .sum::<f32>()
        .sqrt()
        .max(f32::MIN_POSITIVE);
    classes.iter().map(|n| n / length).collect()
}
