//! Vectors at hand: those of the scopes that were asked last, scanned in one pass from beginning to end.
//!
//! Reading ten thousand vectors from the database for each question would take longer than all the rest of recall; so
//! they stay in memory, in one block a scope, and what is new is added at the end. A block is read when its scope is
//! first asked, on a task of its own: a question that cannot wait for it goes by words, the next one has it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use store::id::ScopeId;
use store::vectors::Vector;
use store::{Store, StoreError};

/// Bytes of a scope's newest vectors that are scanned; older turns are found by their words. Of MiniLM's these are
/// 101,000 turns: a channel of a million takes no more.
const PER_SCOPE: usize = 40_000_000;
/// Bytes that are kept at hand in all scopes together.
const AT_HAND: usize = 48_000_000;
/// What a vector takes besides its numbers: its turn's number and its scale.
const ROW: usize = 12;
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
    shelf: Mutex<Shelf>,
}

#[derive(Default)]
struct Shelf {
    /// Each with the moment when it was last asked for.
    blocks: HashMap<ScopeId, (Arc<Block>, u64)>,
    /// The scopes that are being read. Whoever changes a scope takes it out: what was read is then used once and not
    /// kept.
    reading: HashMap<ScopeId, u64>,
    moment: u64,
}

impl Vectors {
    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        // A block is replaced or appended to as a whole; a panic elsewhere leaves it as it was.
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a vector to its scope, if that is at hand.
    pub(crate) fn add(&self, scope: &ScopeId, number: i64, vector: &Vector) {
        let mut shelf = self.shelf();
        shelf.reading.remove(scope);
        let Some((block, _)) = shelf.blocks.get_mut(scope) else {
            return;
        };
        let edited = block.numbers.last().is_some_and(|last| *last >= number);
        // One that outgrew its bound is cut when it is read anew.
        if edited || block.size() > PER_SCOPE + PER_SCOPE / 10 {
            shelf.blocks.remove(scope);
        } else {
            Arc::make_mut(block).push(number, vector.scale, &vector.bytes);
        }
    }

    /// Lets go of a scope, after something of it was forgotten.
    pub(crate) fn drop_scope(&self, scope: &ScopeId) {
        let mut shelf = self.shelf();
        shelf.reading.remove(scope);
        shelf.blocks.remove(scope);
    }

    /// Lets go of everything.
    pub(crate) fn clear(&self) {
        let mut shelf = self.shelf();
        shelf.reading.clear();
        shelf.blocks.clear();
    }

    /// How near the turns of a scope are to a question; near to nothing while another question has the scope read.
    pub(crate) async fn nearness(
        self: &Arc<Self>,
        store: &Store,
        scope: &ScopeId,
        question: Vector,
    ) -> Result<Nearness, StoreError> {
        let look = self.shelf().look(scope);
        let ticket = match look {
            Look::AtHand(block) => return Ok(scan(block, question).await),
            Look::BeingRead => return Ok(Nearness::default()),
            Look::Away(ticket) => ticket,
        };
        let (vectors, store, scope) = (self.clone(), store.clone(), *scope);
        let turns = PER_SCOPE / (question.bytes.len() + ROW);
        // A task of its own: it goes on when the question waits no longer.
        let reading = tokio::spawn(async move {
            let read = read(&store, &scope, turns).await;
            vectors.shelf().keep(&scope, ticket, read.as_ref().ok());
            read
        });
        match reading.await {
            Ok(block) => Ok(scan(block?, question).await),
            Err(_) => Ok(Nearness::default()),
        }
    }
}

/// Where a scope's vectors are.
enum Look {
    AtHand(Arc<Block>),
    BeingRead,
    /// They are to be read by who holds this number.
    Away(u64),
}

impl Shelf {
    fn look(&mut self, scope: &ScopeId) -> Look {
        self.moment += 1;
        if let Some((block, asked)) = self.blocks.get_mut(scope) {
            *asked = self.moment;
            return Look::AtHand(block.clone());
        }
        if self.reading.contains_key(scope) {
            return Look::BeingRead;
        }
        self.reading.insert(*scope, self.moment);
        Look::Away(self.moment)
    }

    /// Keeps what was read, unless its scope changed meanwhile; those that were not asked for longest make room.
    fn keep(&mut self, scope: &ScopeId, ticket: u64, read: Option<&Arc<Block>>) {
        if self.reading.get(scope) != Some(&ticket) {
            return;
        }
        self.reading.remove(scope);
        let Some(block) = read else {
            return;
        };
        while self.size() + block.size() > AT_HAND {
            let longest = self.blocks.iter().min_by_key(|(_, (_, asked))| *asked);
            let Some(longest) = longest.map(|(scope, _)| *scope) else {
                break;
            };
            self.blocks.remove(&longest);
        }
        self.blocks.insert(*scope, (block.clone(), ticket));
    }

    fn size(&self) -> usize {
        self.blocks.values().map(|(block, _)| block.size()).sum()
    }
}

async fn read(store: &Store, scope: &ScopeId, turns: usize) -> Result<Arc<Block>, StoreError> {
    let mut block = Block::default();
    let add = |number, scale, bytes: &[u8]| {
        let bytes: Vec<i8> = bytes.iter().map(|byte| byte.cast_signed()).collect();
        block.push(number, scale, &bytes);
    };
    store.scope_vectors(scope, turns as i64, add).await?;
    Ok(Arc::new(block))
}

/// A large scope takes milliseconds, which the runtime's threads have no time for.
async fn scan(block: Arc<Block>, question: Vector) -> Nearness {
    let scan = tokio::task::spawn_blocking(move || Nearness::scan(block, &question));
    scan.await.unwrap_or_default()
}

impl Block {
    fn push(&mut self, number: i64, scale: f32, bytes: &[i8]) {
        // One of another size would shift all that follow.
        if !self.numbers.is_empty() && self.bytes.len() / self.numbers.len() != bytes.len() {
            return;
        }
        self.numbers.push(number);
        self.scales.push(scale);
        self.bytes.extend_from_slice(bytes);
    }

    fn size(&self) -> usize {
        self.bytes.len() + ROW * self.numbers.len()
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

    fn block(rows: &[(i64, &[i8])]) -> Arc<Block> {
        let mut block = Block::default();
        for (number, bytes) in rows {
            block.push(*number, 0.01, bytes);
        }
        Arc::new(block)
    }

    fn scope(channel: u64) -> ScopeId {
        ScopeId {
            guild: None,
            channel: channel.into(),
            persona: store::id::PersonaId(1),
        }
    }

    #[test]
    fn the_nearest_turns_are_told_by_their_numbers() {
        let block = block(&[(3, &[100, 0]), (7, &[0, 100]), (9, &[70, 70])]);
        let near = Nearness::scan(block, &vector(&[100, 0]));
        assert!((near.at(3) - 1.0).abs() < 1e-6 && near.at(7).abs() < 1e-6);
        assert!((near.at(9) - 0.7).abs() < 1e-6 && near.at(4).abs() < 1e-6);
        assert_eq!(near.near().collect::<Vec<_>>(), [3, 9]);
    }

    #[test]
    fn a_question_of_another_size_is_near_to_nothing() {
        let block = block(&[(1, &[100, 0])]);
        assert!(Nearness::scan(block, &vector(&[1, 2, 3])).is_empty());
    }

    #[test]
    fn what_was_read_while_its_scope_changed_is_not_kept() {
        let vectors = Vectors::default();
        let here = scope(1);
        let Look::Away(ticket) = vectors.shelf().look(&here) else {
            panic!("nothing is at hand yet");
        };
        assert!(matches!(vectors.shelf().look(&here), Look::BeingRead));
        vectors.drop_scope(&here);
        let stale = block(&[(1, &[1, 2])]);
        vectors.shelf().keep(&here, ticket, Some(&stale));
        assert!(matches!(vectors.shelf().look(&here), Look::Away(_)));
    }

    #[test]
    fn the_scope_that_was_not_asked_for_longest_makes_room() {
        let vectors = Vectors::default();
        let row = vec![1_i8; AT_HAND / 5];
        let keep = |channel| {
            let Look::Away(ticket) = vectors.shelf().look(&scope(channel)) else {
                panic!("channel {channel} is at hand");
            };
            let block = block(&[(1, &row), (2, &row)]);
            vectors.shelf().keep(&scope(channel), ticket, Some(&block));
        };
        keep(1);
        keep(2);
        assert!(matches!(vectors.shelf().look(&scope(1)), Look::AtHand(_)));
        keep(3);
        assert!(matches!(vectors.shelf().look(&scope(1)), Look::AtHand(_)));
        assert!(matches!(vectors.shelf().look(&scope(2)), Look::Away(_)));
        assert!(vectors.shelf().size() <= AT_HAND);
    }
}
