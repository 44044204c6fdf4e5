//! Search: the turns of one scope that have words of a question in them, best first.

use std::collections::HashMap;

use crate::id::ScopeId;
use crate::words::{query, scope_word};
use crate::{Store, StoreError};

/// A turn that matches a question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The turn's number in its scope.
    pub number: i64,
    /// BM25, larger is better; comparable within one question only.
    pub weight: f64,
}

impl Store {
    /// The best matches of a question, at most `limit`. The scope is a word of the query, so other scopes' turns are
    /// never looked at, and it is checked again on the rows that come back.
    pub async fn search_turns(
        &self,
        scope: &ScopeId,
        question: &str,
        limit: u32,
    ) -> Result<Vec<Hit>, StoreError> {
        let Some(query) = query(scope, question) else {
            return Ok(Vec::new());
        };
        let hits: Vec<(i64, f64)> = sqlx::query_as(
            "with hits as materialized (
                 select rowid as turn, bm25(turns_index, 0.0, 1.0) as weight from turns_index
                 where turns_index match ?1 order by weight limit ?2
             )
             select turns.number, hits.weight from hits join turns on turns.id = hits.turn
             where turns.scope = ?3 and turns.guild is ?4 and turns.channel = ?5 and turns.persona = ?6
             order by hits.weight, turns.number desc",
        )
        .bind(query)
        .bind(limit)
        .bind(scope_word(scope))
        .bind(scope.guild)
        .bind(scope.channel)
        .bind(scope.persona)
        .fetch_all(self.pool())
        .await?;
        // SQLite's BM25 is negative, the best the most.
        Ok(hits
            .into_iter()
            .map(|(number, weight)| Hit {
                number,
                weight: -weight,
            })
            .collect())
    }

    /// Who said the turns of a scope that have these numbers: a cheap look before the words are read.
    pub async fn turn_speakers(
        &self,
        scope: &ScopeId,
        numbers: &[i64],
    ) -> Result<HashMap<i64, String>, StoreError> {
        let speakers: Vec<(i64, String)> = sqlx::query_as(
            "select number, author_name from turns where scope = ? and number in (select value from json_each(?))",
        )
        .bind(scope_word(scope))
        .bind(sqlx::types::Json(numbers))
        .fetch_all(self.pool())
        .await?;
        Ok(speakers.into_iter().collect())
    }
}
