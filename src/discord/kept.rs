//! Things that are found out once per key, by whoever asks first, while the others wait for the answer.

use std::future::Future;
use std::hash::Hash;
use std::sync::Arc;

use dashmap::DashMap;
use tokio::sync::OnceCell;
use tokio::time::Instant;

/// Answers by key, each asked for once at a time.
pub struct Kept<K, V> {
    cells: DashMap<K, Arc<OnceCell<Answer<V>>>>,
}

/// An answer, and how long it is believed.
#[derive(Clone)]
pub struct Answer<V> {
    /// The answer.
    pub value: V,
    /// When to ask again; `None` is never.
    pub until: Option<Instant>,
}

impl<K: Eq + Hash + Clone, V: Clone> Kept<K, V> {
    /// Knows nothing yet.
    pub fn new() -> Self {
        Self {
            cells: DashMap::new(),
        }
    }

    /// The answer for `key`. `ask` runs only if there is none that is still believed; a failure is not kept.
    pub async fn get<E, F>(&self, key: &K, ask: impl FnOnce() -> F) -> Result<V, E>
    where
        F: Future<Output = Result<Answer<V>, E>>,
    {
        let answer = self.cell(key).get_or_try_init(ask).await.cloned()?;
        Ok(answer.value)
    }

    /// The answer for `key` if there is one that is still believed; nobody is asked.
    pub fn known(&self, key: &K) -> Option<V> {
        let cell = self.cells.get(key)?;
        let answer = cell.get()?;
        let believed = answer.until.is_none_or(|until| until > Instant::now());
        believed.then(|| answer.value.clone())
    }

    /// Drops the answer for `key` if it is the one that `outdated` means. A newer one stays.
    pub fn forget(&self, key: &K, outdated: impl Fn(&V) -> bool) {
        self.cells.remove_if(key, |_, cell| {
            cell.get().is_some_and(|a| outdated(&a.value))
        });
    }

    fn cell(&self, key: &K) -> Arc<OnceCell<Answer<V>>> {
        let now = Instant::now();
        let expired = |cell: &OnceCell<Answer<V>>| {
            cell.get()
                .and_then(|answer| answer.until)
                .is_some_and(|until| until <= now)
        };
        self.cells.remove_if(key, |_, cell| expired(cell));
        Arc::clone(&self.cells.entry(key.clone()).or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn twenty_who_ask_at_once_ask_once() {
        let kept = Kept::new();
        let asked = AtomicUsize::new(0);
        let one = || {
            kept.get(&1, || async {
                asked.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(50)).await;
                Ok::<_, Infallible>(Answer {
                    value: "hook",
                    until: None,
                })
            })
        };
        let answers = futures_util::future::join_all((0..20).map(|_| one())).await;
        assert!(answers.into_iter().all(|a| a == Ok("hook")));
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_is_believed_until_its_time_and_a_failure_not_at_all() {
        let kept = Kept::new();
        let until = Some(Instant::now() + Duration::from_secs(60));
        let answer = |value: u8| async move { Ok::<_, u8>(Answer { value, until }) };
        assert_eq!(kept.get(&1, || async { Err(9) }).await, Err::<u8, _>(9));
        assert_eq!(kept.get(&1, || answer(1)).await, Ok(1));
        assert_eq!(kept.get(&1, || answer(2)).await, Ok(1));
        tokio::time::advance(Duration::from_secs(61)).await;
        assert_eq!(kept.get(&1, || answer(3)).await, Ok(3));
    }

    #[tokio::test]
    async fn only_the_outdated_answer_is_forgotten() {
        let kept = Kept::new();
        let answer = |value: u8| async move { Ok::<_, Infallible>(Answer { value, until: None }) };
        assert_eq!(kept.get(&1, || answer(1)).await, Ok(1));
        kept.forget(&1, |v| *v == 7);
        assert_eq!(kept.get(&1, || answer(2)).await, Ok(1));
        kept.forget(&1, |v| *v == 1);
        assert_eq!(kept.get(&1, || answer(2)).await, Ok(2));
    }
}
