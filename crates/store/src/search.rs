//! Search: the turns of one scope that have words of a question in them.
//!
//! Each word of the question is looked up by itself, newest turns first, up to a cap: a word that stands in every other
//! message of a channel of a million costs no more than any word. What comes back says which turn has which words; how
//! much that counts is for the memory to say.

use std::collections::HashMap;

use crate::id::ScopeId;
use crate::words::{queries, scope_word};
use crate::{Store, StoreError};

/// The newest turns that are looked at for one word.
const PER_WORD: u32 = 2_000;

/// Number and length of the turns of a scope that have these ids, out of an index alone: the turns themselves lie between
/// those of all other scopes, a page each. The scope's word names server, channel and persona. A cross join keeps its
/// order: the hits are few, the scope's turns may be a million.
const HITS_AT_A_GLANCE: &str = "select turns.id, turns.number, length(turns.body)
     from json_each(?1) as hit cross join turns indexed by turns_at_a_glance on turns.id = hit.value
     where turns.scope = ?2";

/// What a question's words were found in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// How rare each word of the question is in this scope (its inverse document frequency); what nobody said is 0.
    pub rarity: Vec<f64>,
    /// The turns that have the most of it, at most as many as asked for.
    pub hits: Vec<Hit>,
}

/// A turn that has words of the question in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The turn's number in its scope.
    pub number: i64,
    /// Which words: bit `n` stands for the `n`th of [`Found::rarity`].
    pub words: u64,
    /// Characters of the turn's text.
    pub length: u32,
}

/// A turn as it is looked at before it is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glimpse {
    /// The name that people saw when it was said.
    pub author_name: String,
    /// The words.
    pub text: String,
    /// When it was said, in milliseconds since 1970.
    pub at: i64,
}

impl Store {
    /// Looks a question's words up in one scope. The scope is part of every word, so other scopes' turns are never
    /// looked at, and it is checked again on the rows that come back.
    pub async fn search_turns(
        &self,
        scope: &ScopeId,
        question: &str,
        limit: usize,
    ) -> Result<Found, StoreError> {
        let word = scope_word(scope);
        // The turns between the first and the last id, to tell how far back a capped list reached.
        let known: Option<(i64, i64, i64, i64)> = sqlx::query_as(
            "select scopes.number, turn_numbers.last,
                    (select id from turns where turns.scope = scopes.scope order by number limit 1) as first,
                    (select id from turns where turns.scope = scopes.scope order by number desc limit 1) as newest
             from scopes join turn_numbers on turn_numbers.scope = scopes.scope
             where scopes.scope = ? and first is not null",
        )
        .bind(&word)
        .fetch_optional(self.pool())
        .await?;
        let Some((number, turns, first, newest)) = known else {
            return Ok(Found::default());
        };
        let queries = queries(number, question);
        let lists: Vec<sqlx::types::Json<Vec<i64>>> = sqlx::query_scalar(
            "select (select json_group_array(rowid) from (
                         select rowid from turns_index where turns_index match query.value
                         order by rowid desc limit ?2))
             from json_each(?1) as query order by query.key",
        )
        .bind(sqlx::types::Json(&queries))
        .bind(PER_WORD)
        .fetch_all(self.pool())
        .await?;
        let lists: Vec<Vec<i64>> = lists.into_iter().map(|list| list.0).collect();
        let rarity: Vec<f64> = lists
            .iter()
            .map(|list| rarity(list, turns as f64, first, newest))
            .collect();
        let best = best(&lists, &rarity, limit);
        let rows: Vec<(i64, i64, u32)> = sqlx::query_as(HITS_AT_A_GLANCE)
            .bind(sqlx::types::Json(best.keys().collect::<Vec<_>>()))
            .bind(&word)
            .fetch_all(self.pool())
            .await?;
        let hits = rows
            .into_iter()
            .map(|(id, number, length)| Hit {
                number,
                words: best.get(&id).copied().unwrap_or_default(),
                length,
            })
            .collect();
        Ok(Found { rarity, hits })
    }

    /// A look at the turns of a scope that have these numbers.
    pub async fn glimpses(
        &self,
        scope: &ScopeId,
        numbers: &[i64],
    ) -> Result<HashMap<i64, Glimpse>, StoreError> {
        let rows: Vec<(i64, String, String, i64)> = sqlx::query_as(
            "select number, author_name, body, at from turns
             where scope = ? and number in (select value from json_each(?))",
        )
        .bind(scope_word(scope))
        .bind(sqlx::types::Json(numbers))
        .fetch_all(self.pool())
        .await?;
        Ok(rows
            .into_iter()
            .map(|(number, author_name, text, at)| {
                let glimpse = Glimpse {
                    author_name,
                    text,
                    at,
                };
                (number, glimpse)
            })
            .collect())
    }
}

/// BM25's inverse document frequency of a word that these turns of the scope have. Where the list was capped, the part
/// of the scope that it reached tells how many there are in all.
fn rarity(list: &[i64], turns: f64, first: i64, newest: i64) -> f64 {
    let Some(oldest) = list.last().filter(|_| list.len() == PER_WORD as usize) else {
        return if list.is_empty() {
            0.0
        } else {
            inverse_frequency(list.len() as f64, turns)
        };
    };
    let reached = (newest - oldest + 1) as f64 / (newest - first + 1).max(1) as f64;
    inverse_frequency((list.len() as f64 / reached).min(turns), turns)
}

fn inverse_frequency(having: f64, turns: f64) -> f64 {
    (1.0 + ((turns - having).max(0.0) + 0.5) / (having + 0.5)).ln()
}

/// The turns that have the rarest words and most of them, of equals the newest; with the words that they have.
fn best(lists: &[Vec<i64>], rarity: &[f64], limit: usize) -> HashMap<i64, u64> {
    let mut words: HashMap<i64, (u64, f64)> = HashMap::new();
    for (bit, (list, rarity)) in lists.iter().zip(rarity).enumerate() {
        for turn in list {
            let (mask, weight) = words.entry(*turn).or_default();
            *mask |= 1 << bit;
            *weight += rarity;
        }
    }
    let mut ranked: Vec<(i64, u64, f64)> = words
        .into_iter()
        .map(|(turn, (mask, weight))| (turn, mask, weight))
        .collect();
    if ranked.len() > limit {
        ranked.select_nth_unstable_by(limit, |a, b| b.2.total_cmp(&a.2).then(b.0.cmp(&a.0)));
        ranked.truncate(limit);
    }
    ranked
        .into_iter()
        .map(|(turn, mask, _)| (turn, mask))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hit_is_looked_at_without_its_turn() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("familiar.db"))
            .await
            .unwrap();
        let explained = format!("explain query plan {HITS_AT_A_GLANCE}");
        let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(explained))
            .bind("[1, 2]")
            .bind("g1c2p3")
            .fetch_all(store.pool())
            .await
            .unwrap();
        assert!(
            plan.iter()
                .any(|(.., step)| step.contains("COVERING INDEX turns_at_a_glance")),
            "{plan:?}"
        );
    }
}
