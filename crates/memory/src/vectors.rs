//! Vectors at hand: those of the scopes that were asked last, scanned in one pass from beginning to end.
//!
//! Reading ten thousand vectors from the database for each question would take longer than all the rest of recall; so
//! they stay in memory, in one block a scope, and what is new is added at the end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use store::id::ScopeId;
use store::vectors::Vector;
use store::{Store, StoreError};

/// The newest vectors of a scope that are scanned; older turns are found by their words.
const PER_SCOPE: u32 = 100_000;
/// Vectors that are kept at hand in all scopes together; at 384 bytes each, about 45 MB.
const AT_HAND: usize = 120_000;
/// Turns that a question's meaning alone makes candidates.
const NEAREST: usize = 150;
/// Below this cosine two sentences have nothing to do with each other.
const NEAR: f32 = 0.25;

/// One scope's vectors, in the order of their turns' numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    numbers: Vec<i64>,
    scales: Vec<f32>,
    bytes: Vec<i8>,
}

/// The scopes at hand. The lock is held for a look-up or an append, never while anything is read or scanned.
#[derive(Default)]
pub(crate) struct Vectors {
    blocks: Mutex<HashMap<ScopeId, Arc<Block>>>,
}

impl Vectors {
    fn blocks(&self) -> MutexGuard<'_, HashMap<ScopeId, Arc<Block>>> {
        // A block is replaced or appended to as a whole; a panic elsewhere leaves it as it was.
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a vector to its scope, if that is at hand.
    pub(crate) fn add(&self, scope: &ScopeId, number: i64, vector: &Vector) {
        let mut blocks = self.blocks();
        let Some(block) = blocks.get_mut(scope) else {
            return;
        };
        if block.numbers.last().is_some_and(|last| *last >= number) {
            // An edited turn: its scope is read anew.
            blocks.remove(scope);
        } else {
            Arc::make_mut(block).push(number, vector);
        }
    }

    /// Lets go of everything, after something was forgotten.
    pub(crate) fn clear(&self) {
        self.blocks().clear();
    }

    async fn block(&self, store: &Store, scope: &ScopeId) -> Result<Arc<Block>, StoreError> {
        if let Some(block) = self.blocks().get(scope) {
            return Ok(block.clone());
        }
        let mut block = Block::default();
        for (number, vector) in store.scope_vectors(scope, PER_SCOPE).await? {
            block.push(number, &vector);
        }
        let block = Arc::new(block);
        let mut blocks = self.blocks();
        let held: usize = blocks.values().map(|block| block.numbers.len()).sum();
        if held + block.numbers.len() > AT_HAND {
            blocks.clear();
        }
        blocks.insert(*scope, block.clone());
        Ok(block)
    }

    /// How near the turns of a scope are to a question.
    pub(crate) async fn nearness(
        &self,
        store: &Store,
        scope: &ScopeId,
        question: Vector,
    ) -> Result<Nearness, StoreError> {
        let block = self.block(store, scope).await?;
        // A large scope takes milliseconds, which the runtime's threads have no time for.
        let scan = tokio::task::spawn_blocking(move || Nearness::scan(block, &question));
        Ok(scan.await.unwrap_or_default())
    }
}

impl Block {
    fn push(&mut self, number: i64, vector: &Vector) {
        // One of another size would shift all that follow.
        if !self.numbers.is_empty() && self.bytes.len() / self.numbers.len() != vector.bytes.len() {
            return;
        }
        self.numbers.push(number);
        self.scales.push(vector.scale);
        self.bytes.extend_from_slice(&vector.bytes);
    }
}

/// Cosines between a question and the turns of a scope; empty without vectors.
#[derive(Clone, Debug, Default)]
pub(crate) struct Nearness {
    block: Arc<Block>,
    cosines: Vec<f32>,
    nearest: Vec<i64>,
}

impl Nearness {
    fn scan(block: Arc<Block>, question: &Vector) -> Self {
        let size = question.bytes.len().max(1);
        let cosines: Vec<f32> = block
            .bytes
            .chunks_exact(size)
            .zip(&block.scales)
            .map(|(bytes, scale)| dot(bytes, &question.bytes) * scale * question.scale)
            .collect();
        if cosines.len() != block.numbers.len() {
            // Another model's question.
            return Self::default();
        }
        let mut near: Vec<usize> = (0..cosines.len()).filter(|n| cosines[*n] >= NEAR).collect();
        if near.len() > NEAREST {
            near.select_nth_unstable_by(NEAREST, |a, b| cosines[*b].total_cmp(&cosines[*a]));
            near.truncate(NEAREST);
        }
        let nearest = near.into_iter().map(|n| block.numbers[n]).collect();
        Self {
            block,
            cosines,
            nearest,
        }
    }

    /// How near one turn is; 0 if it has no vector.
    pub(crate) fn at(&self, number: i64) -> f64 {
        let at = self.block.numbers.binary_search(&number).ok();
        at.and_then(|at| self.cosines.get(at))
            .map_or(0.0, |cosine| f64::from(*cosine))
    }

    /// The turns whose meaning is nearest to the question's.
    pub(crate) fn near(&self) -> impl Iterator<Item = i64> {
        self.nearest.iter().copied()
    }

    /// Whether there is nothing to go by.
    pub(crate) fn is_empty(&self) -> bool {
        self.cosines.is_empty()
    }
}

fn dot(a: &[i8], b: &[i8]) -> f32 {
    let sum: i32 = a
        .iter()
        .zip(b)
        .map(|(a, b)| i32::from(i16::from(*a) * i16::from(*b)))
        .sum();
    sum as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(bytes: &[i8]) -> Vector {
        Vector {
            scale: 0.01,
            bytes: bytes.to_vec(),
        }
    }

    #[test]
    fn the_nearest_turns_are_told_by_their_numbers() {
        let mut block = Block::default();
        block.push(3, &vector(&[100, 0]));
        block.push(7, &vector(&[0, 100]));
        block.push(9, &vector(&[70, 70]));
        let near = Nearness::scan(Arc::new(block), &vector(&[100, 0]));
        assert!((near.at(3) - 1.0).abs() < 1e-6 && near.at(7).abs() < 1e-6);
        assert!((near.at(9) - 0.7).abs() < 1e-6 && near.at(4).abs() < 1e-6);
        assert_eq!(near.near().collect::<Vec<_>>(), [3, 9]);
    }

    #[test]
    fn a_question_of_another_size_is_near_to_nothing() {
        let mut block = Block::default();
        block.push(1, &vector(&[100, 0]));
        assert!(Nearness::scan(Arc::new(block), &vector(&[1, 2, 3])).is_empty());
    }
}
