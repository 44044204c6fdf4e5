//! BM25, in the form for short texts that memory uses: a word counts once a text, however often it stands there.
//!
//! The formula is that of Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), 3.5;
//! the rarity is the one that cannot become negative, as in Lucene's `BM25Similarity`.

/// How soon another occurrence of a word counts less.
const K1: f64 = 1.2;
/// How much a text's length counts.
const B: f64 = 0.75;

/// What a word that a text has counts, by the text's length and the mean of all.
pub(crate) fn damping(length: f64, mean: f64) -> f64 {
    (K1 + 1.0) / (1.0 + K1 * (1.0 - B + B * length / mean))
}

/// How rare a word is that so many of `all` texts have.
pub(crate) fn rarity(having: usize, all: usize) -> f64 {
    let (having, all) = (having as f64, all as f64);
    (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
}
