//! A map that forgets what it has known longest.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// At most so many entries.
pub struct Bounded<K, V> {
    most: usize,
    entries: HashMap<K, V>,
    /// Keys by age.
    order: VecDeque<K>,
}

impl<K: Clone + Eq + Hash, V> Bounded<K, V> {
    /// Empty, for at most `most` entries.
    pub fn new(most: usize) -> Self {
        Self {
            most,
            entries: HashMap::new(),
            order: VecDeque::new(),
        }
    }

    /// What is known of this key.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.entries.get(key)
    }

    /// Notes what is known now.
    pub fn insert(&mut self, key: K, value: V) {
        if self.entries.insert(key.clone(), value).is_some() {
            return;
        }
        self.order.push_back(key);
        while self.order.len() > self.most {
            if let Some(oldest) = self.order.pop_front() {
                self.entries.remove(&oldest);
            }
        }
    }

    /// Forgets a key.
    pub fn remove(&mut self, key: &K) {
        if self.entries.remove(key).is_some() {
            self.order.retain(|one| one != key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten_first_and_what_is_noted_anew_keeps_its_age() {
        let mut map = Bounded::new(2);
        map.insert(1, "a");
        map.insert(2, "b");
        map.insert(1, "c");
        assert_eq!(map.get(&1), Some(&"c"));
        map.insert(3, "d");
        assert_eq!((map.get(&1), map.get(&2)), (None, Some(&"b")));
        map.remove(&2);
        map.insert(4, "e");
        assert_eq!((map.get(&3), map.get(&4)), (Some(&"d"), Some(&"e")));
    }
}
